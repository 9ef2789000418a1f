"""The text of a simulated card of the resident card family, from fields or from a wish in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from devices.cards.resident_card import ADDRESS_BYTES, TYPES, Layout
from devices.document import DocumentKind

PERSON_FIELDS = frozenset(("name", "sex", "ethnic_group", "birth", "address", "number", "issuer", "valid_from", "valid_to"))
APPENDED_ADDRESS = "appended_address"


class NotUnderstood(ValueError):
    """A control message that cannot be followed. Its text repeats no value of the message."""


def card_of(person: Mapping[str, object]) -> bytes:
    """Raises NotUnderstood."""
    fields = {name: value for name, value in person.items() if isinstance(value, str)}
    if len(fields) != len(person):
        raise NotUnderstood("every field of a card is a text")
    fields.pop(APPENDED_ADDRESS, None)
    try:
        kind = DocumentKind(fields.pop("kind", DocumentKind.RESIDENT_CARD))
        layout = _layout(kind)[1]
    except (ValueError, StopIteration):
        raise NotUnderstood(f"kind is one of {', '.join(of_kind for of_kind, _ in TYPES.values())}") from None
    if missing := sorted(PERSON_FIELDS & set(layout) - set(fields)):
        raise NotUnderstood(f"missing: {', '.join(missing)}")
    if unknown := set(fields) - set(layout) - PERSON_FIELDS:
        raise NotUnderstood(f"this kind of card does not have {len(unknown)} of these fields")
    for name in ("birth", "valid_from", "valid_to"):
        fields[name] = fields[name].replace("-", "")
    return card_text(kind, {name: value for name, value in fields.items() if name in layout})


def appended_of(person: Mapping[str, object]) -> bytes:
    """What was appended to the card after a move: one address, or none."""
    address = str(person.get(APPENDED_ADDRESS, ""))
    return _field({APPENDED_ADDRESS: ADDRESS_BYTES}, APPENDED_ADDRESS, address) if address else b""


def card_text(kind: DocumentKind, fields: Mapping[str, str]) -> bytes:
    """The 256 bytes of a card. What is too long is cut, as on cards of people with long names."""
    flag, layout = _layout(kind)
    given = {"type": flag, **fields}
    return b"".join(_field(layout, name, given.get(name, "")) for name in layout)


def _layout(kind: DocumentKind) -> tuple[str, Layout]:
    return next((flag, layout) for flag, (of_kind, layout) in TYPES.items() if of_kind is kind)


def _field(layout: Layout, name: str, value: str) -> bytes:
    encoded = value.encode("utf-16-le", "surrogatepass")[: layout[name]]
    return encoded + b"\x20\x00" * ((layout[name] - len(encoded)) // 2)
