"""How one name is written in two registers: widths, dots, brackets, blanks, case, traditional characters, cuts.

What is found here is a relation for a person to judge, never an equality: 乾 and 干 are written alike in a register
that was converted, and are two names all the same (docs/comparison.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from enum import StrEnum
from functools import cache

DOT = "·"
SHORTEST_CUT = 10
"""A shared beginning shorter than this is chance, not a field that was too short."""

# U+2014 too: registers that could not write the dot of a minority name wrote a dash (docs/comparison.md).
_DOTS = "•‧・･.．∙⋅●—"
_BRACKETS = str.maketrans("[]{}【】〔〕〈〉「」", "()()()()()()")
# A dot between digits is a decimal point; any other is left out by registers that cannot write it.
_DOT = re.compile(rf"(?<![0-9]){DOT}|{DOT}(?![0-9])")


class Likeness(StrEnum):
    """How two texts that are not the same may still say the same, from the closest on."""

    SPELLING = "spelling"  # the same words in another writing
    FORMER = "former"  # the same place by a name that it no longer has
    CUT = "cut"  # one says less, and nothing that the other contradicts


def dotted(name: str) -> str:
    """A name with the one dot that documents use (U+00B7)."""
    return name.translate({ord(dot): DOT for dot in _DOTS})


def spelling(text: str) -> str:
    """What is left of a text when only its writing may differ: equal results mean the same words."""
    narrow = dotted(unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    return _DOT.sub("", "".join(narrow.translate(simplified()).split())).upper()


def likeness(one: str, other: str) -> Likeness | None:
    """How two writings of a name are alike; None when they are two names. The order of the two does not count."""
    short, long = sorted((spelling(one), spelling(other)), key=len)
    if short == long:
        return Likeness.SPELLING
    return Likeness.CUT if len(short) >= SHORTEST_CUT and begins(short, long) else None


def is_same(one: str, other: str) -> bool:
    """Whether two writings are of one name beyond doubt, so that a rule may go by it: 錦 is nothing but 锦, while 乾 may
    be 干 or itself, and 叶 is also a name of its own."""
    return _certainly(one) == _certainly(other)


def begins(short: str, long: str) -> bool:
    """Whether one text is the beginning of the other, and the cut goes through no number."""
    return long.startswith(short) and not (short[-1:].isdigit() and long[len(short) : len(short) + 1].isdigit())


@cache
def simplified() -> dict[int, str]:
    """The simplified character of every traditional one, by OpenCC, each looked at alone: beside its neighbours a
    phrase of OpenCC's would decide, and a name must not change with what stands next to it. Made once and read-only:
    any thread may use it."""
    from opencc import OpenCC  # its dictionaries are read by the first comparison, not at every start

    every = [chr(code) for code in (*range(0x3400, 0xA000), *range(0x20000, 0x32400))]
    found = dict(zip(every, OpenCC("t2s").convert("\n".join(every)).split("\n"), strict=True))
    return {ord(one): found.get(to, to) for one, to in found.items() if to != one}


def _certainly(name: str) -> str:
    return dotted(unicodedata.normalize("NFKC", name)).translate(_certain())


@cache
def _certain() -> dict[int, str]:
    """The pairs of which neither character is written for anything else: the traditional one is none of the simplified
    script (GB 2312), the simplified one stands for no second one and is in no code table of a script that the
    reform did not reach (Taiwan's, Japan's, Korea's). Some certain pairs are lost by this, and no uncertain one kept."""
    stands_for = Counter(simplified().values())
    return {
        code: to
        for code, to in simplified().items()
        if stands_for[to] == 1 and not _is_in(chr(code), "gb2312") and not _is_in(to, "big5", "shift_jis", "euc_kr")
    }


def _is_in(character: str, *code_tables: str) -> bool:
    return any(character.encode(table, "ignore") for table in code_tables)
