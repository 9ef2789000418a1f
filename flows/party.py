"""Who may apply: a person by number alone, a child under 16, the guardian who acts for one."""

from __future__ import annotations

from datetime import date

from flows.application import Assurance, Identity
from flows.pages import months_later
from flows.resident_number import ResidentNumber, WrongNumber

CHILD_UNDER, GUARDIAN_FROM = 16, 18
"""Years of age; the birthday itself counts as reached."""

TYPED = "typed"
"""The document of an identity of which nobody read a card."""


class NotServed(ValueError):
    """This number cannot stand for whom it was typed; `words` is a Chinese message id."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


def is_child(identity: Identity, today: date) -> bool:
    return is_under(CHILD_UNDER, identity.birth, today)


def is_under(years: int, birth: date, today: date) -> bool:
    return today < months_later(birth, 12 * years)


def typed(number: str, today: date) -> Identity:
    """Somebody of whom nothing but the number is known. Raises NotServed."""
    try:
        read = ResidentNumber.read(number)
    except WrongNumber as wrong:
        raise NotServed(wrong.words) from None
    if read.birth > today:
        raise NotServed("公民身份号码有误，请检查每一位")
    return Identity(read.text, "", read.sex, read.birth, TYPED, Assurance.NONE)


def child_of(number: str, today: date) -> Identity:
    """A child whose guardian typed the number. Raises NotServed."""
    child = typed(number, today)
    if not is_child(child, today):
        raise NotServed("已满 16 周岁的，请本人放自己的卡办理")
    return child
