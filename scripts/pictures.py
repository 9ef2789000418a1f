"""`make pictures`: a tour for the two pictures of the README, then every screen of every story."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from scripts.desk import python

SHOWN = {"terminal": ("records", 540, 1920), "console": ("case", 1080, 960)}
"""Per picture of the README: the kind of screen, of which the fullest is shown, its width there, how much of its height."""


def main() -> int:
    tour = Path("build/tour")
    if failed := subprocess.run(python("scripts.tour", "--into", str(tour)), check=False).returncode:
        return failed
    shown = Path("docs/pictures")
    shown.mkdir(exist_ok=True)
    for name, (screen, width, height) in SHOWN.items():
        with Image.open(max(tour.glob(f"*-{screen}.png"), key=lambda file: file.stat().st_size)) as picture:
            part = picture.crop((0, 0, picture.width, min(picture.height, height)))
            small = part.resize((width, round(part.height * width / part.width)), Image.Resampling.LANCZOS)
            small.convert("P", palette=Image.Palette.ADAPTIVE).save(shown / f"{name}.png", optimize=True)
    print(f"Pictures of the README in {shown}/, of the tour in {tour}/")
    every = {**os.environ, "YIMEN_ALBUM": "1"}
    return subprocess.run(
        python("pytest", "-m", "", "tests/ui/test_samples.py", "tests/ui/test_pictures.py"), env=every, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
