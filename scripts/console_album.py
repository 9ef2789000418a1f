"""`python -m scripts.console_album`: every page of the console, in both languages, and for everybody, as pictures in
build/pictures/console/."""

from __future__ import annotations

import os
import subprocess
import sys

from scripts.desk import python


def main() -> int:
    """The walk that judges the pages takes the pictures: an album shows what was judged, at 1366 and 1920 pixels."""
    album = {**os.environ, "YIMEN_ALBUM": "1"}
    return subprocess.run(
        python("pytest", "-q", "-m", "long or not long", "tests/hall/test_accessibility.py"), env=album, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
