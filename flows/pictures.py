"""The kinds of field whose value is a picture: the answer holds its digest, the application the picture."""

from __future__ import annotations

from dataclasses import dataclass

from flows.fields import Written
from flows.flow import Known

MOST_BYTES = 300_000
"""The largest picture that travels with an application."""


@dataclass(frozen=True)
class Picture(Written):
    """What all pictures have in common. Nobody can type one, so a wrong digest is no citizen's mistake."""

    def normal(self, text: str) -> str:
        return text.strip()

    def mistake(self, value: str, known: Known) -> str:
        attached = known.attached.get(value)
        if attached is None:
            return "请重新拍摄"
        return "图像太大，请重新拍摄" if len(attached.content) > MOST_BYTES else ""

    def shown(self, value: str) -> str:
        return "已附图像" if value else ""


@dataclass(frozen=True)
class Photo(Picture):
    """A portrait for a document, by the sheet of assets/policy/photo.toml that `sheet` names."""

    sheet: str = "exit_entry"


@dataclass(frozen=True)
class Signature(Picture):
    """What the citizen wrote with a finger under `statement`, a Chinese message id."""

    statement: str = ""

    def mistake(self, value: str, known: Known) -> str:
        return "请重新签名" if value not in known.attached else ""

    def shown(self, value: str) -> str:
        return "已签名" if value else ""


@dataclass(frozen=True)
class Paper(Picture):
    """A document to keep: one page, photographed. `what` names it on the screen, a Chinese message id; `document` is its
    kind in assets/policy/documents.toml, "" where there is no rule for it."""

    what: str = ""
    document: str = ""
