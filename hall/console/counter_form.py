"""The counter's forms as they are posted: texts and pictures by field, each of them within limits."""

from __future__ import annotations

from collections.abc import Mapping

from litestar.datastructures import UploadFile

from hall.console.asked import Asked
from hall.console.language import say
from hall.counter_sheet import Posted
from hall.errors import FormNotUnderstood
from hall.pictures import LONGEST_UPLOAD

LONGEST_TEXT = 2000
MOST_FORM = 3 * LONGEST_UPLOAD
"""A page sends each picture as it is chosen; only without a script several come together."""

VALUE, WAS, FILE, FORCED, DROPPED = "f.", "was.", "file.", "forced.", "drop."


async def posted_form(request: Asked) -> tuple[Mapping[str, str], Posted]:
    """The form's own texts (key, then) and what it says of the sheet."""
    given = list((await request.form()).multi_items())
    texts = {name: text for name, text in given if isinstance(text, str) and len(text) <= LONGEST_TEXT}
    files = {name: file for name, file in given if isinstance(file, UploadFile) and name.startswith(FILE)}
    if len(texts) + len(files) != len(given):
        raise FormNotUnderstood
    uploads = {name.removeprefix(FILE): await file.read() for name, file in files.items()}
    return texts, Posted(
        _number(texts.get("version", "")),
        frozenset(texts.get("pages", "").split()),
        _named(texts, VALUE),
        _named(texts, WAS),
        {name: upload for name, upload in uploads.items() if upload},
        frozenset(_named(texts, FORCED)),
        frozenset(_named(texts, DROPPED)),
        say,
    )


def _named(texts: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in texts.items() if name.startswith(prefix)}


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise FormNotUnderstood
    return int(text)
