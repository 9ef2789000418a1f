"""The numbers of documents and organisations: which kind a number is, by its form and its check character."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.fields import CONFUSED, LOOKS_ALIKE, Described, Written, plain
from flows.flow import Known
from flows.resident_number import ResidentNumber, WrongNumber, check_character

DocumentCode = Literal[
    "eep_card",
    "eep_booklet",
    "passport",
    "passport_old",
    "twp_card",
    "twp_booklet",
    "home_return",
    "home_return_foreign",
    "taiwan_compatriot",
    "resident",
    "residence_hmt",
    "foreigner_2023",
    "foreigner_2017",
    "credit_code",
]


def nothing(number: str, today: date) -> str:
    return ""


@dataclass(frozen=True)
class DocumentKind:
    """One kind of number. `this_is` tells whoever typed it instead of another kind; `judge` says what is wrong with a
    number of the right form, `doubt` what a person should look at although it may be right."""

    code: DocumentCode
    form: str
    this_is: str
    judge: Callable[[str, date], str] = nothing
    doubt: Callable[[str, date], str] = nothing


def _resident(number: str, today: date) -> str:
    try:
        born = ResidentNumber.read(number).birth
    except WrongNumber as error:
        return error.words
    return WrongNumber("birth").words if born > today else ""


def _foreigner(number: str, today: date) -> str:
    """The card of 2023: MOD 11-2 as in a resident number; the day of birth in the same eight places (grade G)."""
    return "" if check_character(number[:17]) == number[17] else "外国人永久居留证号码有误，请检查每一位"


def _out_of_use(number: str, today: date) -> str:
    return "这种证件已经停用，请核对"


_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code_check(first_seventeen: str) -> str:
    """The last character by GB 32100-2015; its 31 stands for 0."""
    total = sum(_VALUES[sign] * pow(3, place, 31) for place, sign in enumerate(first_seventeen))
    return "0123456789ABCDEFGHJKLMNPQRTUWXY"[-total % 31]


def organisation_check(first_eight: str) -> str:
    """The ninth character of an organisation's own code by GB 11714, where all 26 letters have a value."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(first_eight, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _credit_code(number: str, today: date) -> str:
    """Issued codes that fail are met: nobody is stopped."""
    right = credit_code_check(number[:17]) == number[17] and organisation_check(number[8:16]) == number[16]
    return "" if right else "统一社会信用代码的校验码不符，请核对"


DOCUMENTS: Mapping[DocumentCode, DocumentKind] = {
    kind.code: kind
    for kind in (
        # I and O never stand in the second place; the form with two letters since about 2018 and 2017.
        DocumentKind("eep_card", r"C(\d{8}|[A-HJ-NP-Z]\d{7})", "这是往来港澳通行证的号码"),
        DocumentKind("eep_booklet", r"W\d{8}", "这是本式往来港澳通行证的号码，这种证件已经停用", doubt=_out_of_use),
        DocumentKind("passport", r"E(\d{8}|[A-HJ-NP-Z]\d{7})", "这是护照的号码"),
        DocumentKind("passport_old", r"G\d{8}", "这是护照的号码"),
        DocumentKind("twp_card", r"L\d{8}", "这是往来台湾通行证的号码"),
        DocumentKind("twp_booklet", r"T\d{8}", "这是往来台湾通行证的号码"),
        DocumentKind("home_return", r"[HM]\d{8}(\d{2})?", "这是港澳居民来往内地通行证的号码"),
        DocumentKind("home_return_foreign", r"[HM]A\d{7}", "这是港澳居民来往内地通行证的号码"),
        # Eight digits alone are more often a number whose letter was forgotten: nobody is told what they are.
        DocumentKind("taiwan_compatriot", r"\d{8}", ""),
        DocumentKind("residence_hmt", r"8[123]0000\d{11}[\dX]", "这是港澳台居民居住证的号码", judge=_resident),
        DocumentKind("resident", r"(?!8[123]0000)[1-8]\d{16}[\dX]", "这是公民身份号码", judge=_resident),
        DocumentKind("foreigner_2023", r"9\d{16}[\dX]", "这是外国人永久居留证的号码", judge=_foreigner),
        DocumentKind("foreigner_2017", r"[A-Z]{3}\d{12}", "这是外国人永久居留证的号码"),
        DocumentKind(
            "credit_code", r"[159Y][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}", "这是统一社会信用代码", doubt=_credit_code
        ),
    )
}
"""By the forms of domain knowledge of 2026, most general ones last: a credit code may also look like another number."""


def document_kind(number: str, among: tuple[DocumentCode, ...] = ()) -> DocumentKind | None:
    """Which kind a canonical number is, of those asked for or of all; None when it is none."""
    kinds = [DOCUMENTS[code] for code in among] if among else list(DOCUMENTS.values())
    return next((kind for kind in kinds if re.fullmatch(kind.form, number, re.ASCII)), None)


@dataclass(frozen=True)
class DocumentNumber(Written):
    """The number of a document of one of these kinds; `wrong` when it is not even nearly one."""

    kinds: tuple[DocumentCode, ...]
    wrong: str

    @property
    def described(self) -> Described:
        return Described("text", form="|".join(DOCUMENTS[kind].form for kind in self.kinds))

    def normal(self, text: str) -> str:
        return re.sub(r"[\s-]", "", plain(text)).upper()

    def kind_of(self, value: str) -> DocumentKind | None:
        return document_kind(value, self.kinds)

    def mistake(self, value: str, known: Known) -> str:
        if kind := self.kind_of(value):
            return kind.judge(value, known.today)
        if self.kind_of(value.translate(LOOKS_ALIKE)):
            return CONFUSED
        other = document_kind(value)
        return (other.this_is if other else "") or self.wrong

    def warning(self, value: str, known: Known) -> str:
        kind = self.kind_of(value)
        return kind.doubt(value, known.today) if kind else ""
