"""`python -m hall ...` within the test's own process: starting another takes two seconds."""

from __future__ import annotations

import logging
from subprocess import CompletedProcess

import pytest

from hall.__main__ import main


def commanded(capsys: pytest.CaptureFixture[str], *arguments: str) -> CompletedProcess[str]:
    # A command sets how much the libraries say, for its own process; here it is everybody's.
    loggers = [logging.getLogger(name) for name in ("", "httpx", "httpcore")]
    before = [logger.level for logger in loggers]
    capsys.readouterr()
    try:
        status = main(list(arguments))
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
    said = capsys.readouterr()
    return CompletedProcess(arguments, status, said.out, said.err)
