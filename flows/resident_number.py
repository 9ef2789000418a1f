"""公民身份号码 GB 11643-1999: six digits of region, eight of birth, three of sequence, one check character."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class WrongNumber(ValueError):
    """This is not a valid resident number. The message never repeats it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        """A Chinese message id for the citizen."""
        return {
            "form": "公民身份号码是 18 位，最后一位可以是 X",
            "check": "公民身份号码有误，请检查每一位",
            "birth": "公民身份号码中的出生日期不存在",
        }[self.code]


@dataclass(frozen=True)
class ResidentNumber:
    """A valid number and what it says. `region` is where it was first given out, with the code of that
    day: neither the birth place nor the present household."""

    text: str
    region: str
    birth: date
    sex: str

    @classmethod
    def read(cls, text: str) -> ResidentNumber:
        """The number in any usual writing; raises WrongNumber with code form, check or birth."""
        number = normal(text)
        if not re.fullmatch(r"[1-8][0-9]{16}[0-9X]", number):
            raise WrongNumber("form")
        if check_character(number[:17]) != number[17]:
            raise WrongNumber("check")
        try:
            birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        except ValueError:
            raise WrongNumber("birth") from None
        return cls(number, number[:6], birth, "1" if int(number[16]) % 2 else "2")


def normal(text: str) -> str:
    """Narrow, upper-case, without blanks: x, Ｘ and full-width digits are met on old forms."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_character(first_seventeen: str) -> str:
    """The last character by ISO 7064 MOD 11-2."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, first_seventeen, strict=True)) % 11]
