"""A value as a clerk reads it: what a code means is said in the page's language, what a person wrote stays as it is."""

from __future__ import annotations

import re

from markupsafe import Markup

from flows.fields import Text
from flows.flow import Kind
from flows.insurance import Codes
from hall.console.language import listed, say

PARTS = re.compile(r"(\d{6})(\d{8})(\d{3}[\dX])|([0-9A-Z]{8})([0-9A-Z]{10})")
"""An identity number by region, birth and order; a credit code after its region."""


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


def parted(value: str) -> Markup:
    """In a narrow column a long number ends its line where one of its parts does, and not before its last digit."""
    found = PARTS.fullmatch(value)
    return Markup("<wbr>").join(filter(None, found.groups()) if found else (value,))
