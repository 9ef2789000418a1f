"""`python -m hall ...` within the test's own process: starting another takes two seconds."""

from __future__ import annotations

from subprocess import CompletedProcess

import pytest

from hall.__main__ import main


def commanded(capsys: pytest.CaptureFixture[str], *arguments: str) -> CompletedProcess[str]:
    capsys.readouterr()
    try:
        status = main(list(arguments))
    except SystemExit as ended:
        status = int(ended.code or 0)
    said = capsys.readouterr()
    return CompletedProcess(arguments, status, said.out, said.err)
