"""Installs the fonts of terminal and slip into assets/fonts: python scripts/fonts.py [FOLDER]."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "fonts"
SYSTEM = Path("/usr/share/fonts")


class FontMissing(Exception):
    """A font of the system is not there. The text names the Debian package that brings it."""


@dataclass(frozen=True)
class Font:
    """One font file of ours: where the system keeps its source, and how ours is made from it."""

    name: str
    source: str
    package: str
    make: Callable[[Path, Path], None]


def simplified_face(source: Path, target: Path) -> None:
    """Saves the Simplified Chinese face of a collection: Kivy and Pillow draw face 0, the Japanese
    one, in which 直 角 边 骨 look foreign to a reader of Chinese."""
    with TTCollection(str(source), lazy=True) as collection:
        face = next(f for f in collection.fonts if str(f["name"].getDebugName(1)).startswith("Noto Sans CJK SC"))
        face.save(str(target))


def copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


FONTS = (
    Font("HanSC-Regular.otf", "opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk", simplified_face),
    Font("HanSC-Bold.otf", "opentype/noto/NotoSansCJK-Bold.ttc", "fonts-noto-cjk", simplified_face),
    Font("HanaMinA.ttf", "truetype/hanazono/HanaMinA.ttf", "fonts-hanazono", copy),
    Font("HanaMinB.ttf", "truetype/hanazono/HanaMinB.ttf", "fonts-hanazono", copy),
)


def install(folder: Path = FOLDER, system: Path = SYSTEM) -> list[str]:
    """The names of the fonts made now; those already in the folder stay untouched."""
    missing = [font for font in FONTS if not (folder / font.name).exists() and not (system / font.source).exists()]
    if missing:
        packages = " ".join(sorted({font.package for font in missing}))
        raise FontMissing(f"{', '.join(font.name for font in missing)} cannot be made: apt-get install {packages}")
    folder.mkdir(parents=True, exist_ok=True)
    made = [font for font in FONTS if not (folder / font.name).exists()]
    for font in made:
        # A stopped run must not leave half a font behind that the next run takes for whole.
        part = folder / f"{font.name}.part"
        font.make(system / font.source, part)
        os.replace(part, folder / font.name)
    return [font.name for font in made]


def main() -> int:
    try:
        made = install(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    except FontMissing as error:
        print(error, file=sys.stderr)
        return 1
    print(f"fonts made: {', '.join(made) or 'none, all are there'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
