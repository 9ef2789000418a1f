"""A value as a clerk reads it: what a code means is said in the page's language, what a person wrote stays as it is."""

from __future__ import annotations

from flows.fields import Text
from flows.flow import Kind
from flows.insurance import Codes
from hall.console.language import listed, say


def shown(kind: Kind, value: str) -> str:
    match kind:
        case Text():
            return kind.shown(value)
        case Codes():
            return listed(say(kind.shown(code)) for code in value.split(","))
        case _:
            return say(kind.shown(value))
