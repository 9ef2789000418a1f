"""One target under libFuzzer, in a process of its own: `python -m fuzz.worker TARGET [libFuzzer's options] CORPUS`, or an input
to repeat in place of the corpus."""

from __future__ import annotations

import logging
import sys

import atheris

MEASURED = ["devices", "asn1crypto", "pyipp"]


def main() -> None:
    with atheris.instrument_imports(include=MEASURED):
        from fuzz.targets import TARGETS
    logging.disable()
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    target.run(b"")  # what is made once is no part of an input's time
    atheris.Setup([sys.argv[0], f"-max_len={target.longest}", *options], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
