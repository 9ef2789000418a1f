"""How a touch screen takes and shows a value of each kind."""

from __future__ import annotations

from flows.fields import Choice, Code, Date, PartialDate, Phone, Text
from flows.flow import Field, Kind
from flows.items import ITEMS, Sensitivity
from flows.masking import masked_number
from flows.pictures import Picture, Signature
from kiosk.present import Look
from kiosk.view import LineKind


def line_kind(kind: Kind) -> LineKind:
    match kind:
        case Choice() | Code():
            return "choice"
        case Phone() | Date() | PartialDate():
            return "digits"
        case Signature():
            return "signature"
        case Picture():
            return "text"  # the camera has a page of its own
        case Text() if not can_be_typed(kind):
            return "text"
        case _:
            return "latin"


def can_be_typed(kind: Kind) -> bool:
    """Chinese text cannot: it can only be confirmed, or left to the counter."""
    return not isinstance(kind, Text) or kind.script == "latin"


def shown_value(look: Look, field: Field, raw: str) -> str:
    """As a person reads it. The words of tables are translated; what a person or an office wrote is not."""
    shown = field.kind.shown(field.kind.normal(raw))
    if isinstance(field.kind, Picture):
        return look.words(shown)
    if field.item in ITEMS and ITEMS[field.item].sensitivity is Sensitivity.SENSITIVE:
        return masked_number(shown)
    return look.words(shown) if isinstance(field.kind, Choice | Code) else shown
