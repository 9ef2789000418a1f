"""Copies htmx and its SSE extension out of the installed distribution django-htmx, which is never imported."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from pathlib import Path

INTO = Path(__file__).resolve().parent.parent / "hall" / "console" / "static" / "vendor"
WANTED = ("htmx-2.min.js", "ext/hx-sse-2.min.js")


def vendor(into: Path = INTO) -> list[Path]:
    """The files written; raises LookupError when the distribution does not hold them."""
    held = {file.as_posix().removeprefix("django_htmx/static/django_htmx/"): file for file in _files()}
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name in WANTED:
        if name not in held:
            raise LookupError(f"django-htmx holds no {name}")
        file = into / Path(name).name
        beside = file.with_name(f"{file.name}.{os.getpid()}")  # a hall may be giving out the one that is there
        shutil.copyfile(held[name].locate(), beside)
        written.append(beside.replace(file))
    return written


def _files() -> list[importlib.metadata.PackagePath]:
    try:
        return list(importlib.metadata.files("django-htmx") or ())
    except importlib.metadata.PackageNotFoundError:
        raise LookupError("django-htmx is not installed (requirements/files.txt)") from None


if __name__ == "__main__":
    try:
        for path in vendor():
            print(path.name)
    except LookupError as error:
        sys.exit(str(error))
