"""Who stands at the terminal: judges what a card says before anything is asked with it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import assert_never

from devices.document import DocumentKind, IdentityDocument, Verified
from flows.application import Assurance, Identity
from flows.resident_number import ResidentNumber, WrongNumber


class Refusal(StrEnum):
    """Why a card that was read cannot be used here. The citizen is told in words, and the way out."""

    EXPIRED = "expired"
    WRONG_KIND = "wrong_kind"  # not a mainland resident: another matter, another window
    NUMBER_INVALID = "number_invalid"
    NOT_READABLE = "not_readable"


class DocumentRefused(Exception):
    """The card was read, but it does not say who may be served here."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(str(reason))
        self.reason = reason


def identify(document: IdentityDocument, today: date) -> Identity:
    """The person on a card; raises DocumentRefused. A chip that reads well may still have expired."""
    match document.kind:
        case DocumentKind.RESIDENT_CARD | DocumentKind.SOCIAL_SECURITY_CARD:
            pass
        case (
            DocumentKind.RESIDENCE_PERMIT_HMT
            | DocumentKind.FOREIGNER_PERMIT_2017
            | DocumentKind.FOREIGNER_PERMIT_2023
            | DocumentKind.HK_MACAU_PERMIT
            | DocumentKind.TAIWAN_PERMIT
            | DocumentKind.PASSPORT
            | DocumentKind.HOME_RETURN_PERMIT
            | DocumentKind.TAIWAN_COMPATRIOT_PERMIT
        ):
            raise DocumentRefused(Refusal.WRONG_KIND)
        case _:
            assert_never(document.kind)
    if not document.name.strip() or not document.number.strip():
        raise DocumentRefused(Refusal.NOT_READABLE)
    try:
        number = ResidentNumber.read(document.number)
    except WrongNumber:
        raise DocumentRefused(Refusal.NUMBER_INVALID) from None
    if document.valid_to is not None and not document.long_term and document.valid_to < today:
        raise DocumentRefused(Refusal.EXPIRED)
    return Identity(
        number=number.text,
        name=document.name,
        sex=document.sex,
        birth=document.birth or number.birth,
        document=str(document.kind),
        assurance=_assurance(document.verified),
        ethnic_group=document.ethnic_group,
        address=document.address,
        card_expiry=document.valid_to,
        warnings=_warnings(document, number, today),
    )


def _assurance(verified: Verified) -> Assurance:
    match verified:
        case Verified.SAM:
            return Assurance.SAM
        case Verified.CHIP | Verified.ISSUER:
            return Assurance.CHIP
        case Verified.NONE:
            return Assurance.NONE
        case _:
            assert_never(verified)


def _warnings(document: IdentityDocument, number: ResidentNumber, today: date) -> tuple[str, ...]:
    """What a clerk should look at; differences inside one card never stop a citizen."""
    found = {str(warning) for warning in document.warnings}
    if document.birth is not None and document.birth != number.birth:
        found.add("birth_differs_from_number")
    if document.valid_from is not None and document.valid_from > today:
        found.add("not_yet_valid")  # or the terminal's clock is wrong
    return tuple(sorted(found))
