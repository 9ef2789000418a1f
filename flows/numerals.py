"""Chinese numerals in house numbers: 三十六, 八〇二, 一百零五."""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_ONE = f"[{_DIGITS[1:]}]"
_SAME = str.maketrans("零○", "〇〇")
_COUNTED = re.compile(rf"(?:(?P<hundreds>{_ONE})百(?:〇(?={_ONE}$)|(?=$|{_ONE}?十)))?(?:(?P<tens>{_ONE}?)十)?(?P<ones>{_ONE}?)")

SIGNS = f"{_DIGITS}零○十百"
NUMERAL = f"[{SIGNS}]+"


def number(numeral: str) -> str:
    """The digits of a numeral below a thousand, or of one that is written digit by digit; "" when it is neither.
    一百五 is neither: some say 105 by it and some 150."""
    plain = numeral.translate(_SAME)
    if len(plain) > 1 and set(plain) <= set(_DIGITS):
        return "".join(str(_DIGITS.index(sign)) for sign in plain)
    found = _COUNTED.fullmatch(plain)
    if found is None:
        return ""
    tens = 0 if found["tens"] is None else 10 * (_digit(found["tens"]) or 1)
    value = 100 * _digit(found["hundreds"]) + tens + _digit(found["ones"])
    return str(value) if value else ""


def _digit(sign: str | None) -> int:
    return _DIGITS.index(sign) if sign else 0
