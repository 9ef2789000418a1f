"""A value as a clerk reads it: what a code means is said in the page's language, what a person wrote stays as it is."""

from __future__ import annotations

from flows.fields import Text
from flows.flow import Kind
from flows.insurance import Codes
from hall.console.language import listed, say


def shown(kind: Kind, value: str) -> str:
    return in_words(kind, kind.shown(value))


def in_words(kind: Kind, words: str) -> str:
    """`words` as the kind shows its values, in Chinese."""
    match kind:
        case Text():
            return words
        case Codes():
            return listed(say(part) for part in words.split("、"))
        case _:
            return say(words)
