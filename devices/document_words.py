"""What a card says, or why it says nothing, in words for whoever tries a reader with a specimen."""

from __future__ import annotations

from collections.abc import Mapping

from devices.device import Completion, DeviceError
from devices.document import IdentityDocument, Recognised

REFUSED: Mapping[Completion, str] = {
    Completion.NEEDS_AUTHORITY: "The card opens its contents only to a security module.",
    Completion.UNSUPPORTED_DATA: "This is another kind of card.",
    Completion.INVALID_MEDIA: "The card does not answer. Lay it again, the other way round.",
    Completion.MEDIA_REMOVED: "The card was taken away while it was read.",
    Completion.TIME_OUT: "The card did not answer in time.",
    Completion.DEVICE_NOT_READY: "The reader is not ready; another program may be using it.",
    Completion.INVALID_DATA: "What the card says makes no sense.",
    Completion.ACCESS_KEY_NEEDED: "It opens to what is printed on it: --number, --birth and --expiry, or --access-number.",
    Completion.ACCESS_KEY_WRONG: "It opens to something else than was given.",
    Completion.FRAUD_ATTEMPT: "It is not what its issuer signed.",
}
WHAT: Mapping[Recognised | None, str] = {
    Recognised.BANK_CARD: "This is a bank card.",
    Recognised.TRANSPORT_CARD: "This is a transport card.",
    Recognised.MEMORY_CARD: "This is a memory card: it has no applications.",
    Recognised.TRAVEL_DOCUMENT: "This is a travel document.",
    Recognised.RESIDENT_CARD: "This is a resident card: only a reader with a security module reads it.",
    Recognised.MORE_THAN_ONE: "There is more than one card. Lay one.",
}


def why_not(error: DeviceError) -> str:
    what = WHAT.get(error.recognised, "")
    reason = "" if what and error.code is Completion.UNSUPPORTED_DATA else REFUSED.get(error.code, "")
    return " ".join(filter(None, (what, reason))) or "The reader failed."


def lines_of(document: IdentityDocument) -> list[tuple[str, str]]:
    values = {
        "kind": document.kind,
        "number": document.number,
        "name": document.name,
        "sex": document.sex,
        "birth": document.birth,
        "ethnic group": document.ethnic_group,
        "address": document.address,
        "issuer": document.issuer,
        "valid from": document.valid_from,
        "valid to": "长期" if document.long_term else document.valid_to,
        "card number": document.card_number,
        "latin name": document.latin_name,
        "nationality": document.nationality,
        "vouched by": document.verified,
        "look at": ", ".join(sorted(document.warnings)),
    }
    return [(name, str(value)) for name, value in values.items() if value]
