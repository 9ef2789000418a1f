"""What may be said against a record: which value is a department's, and what the right one may be."""

from __future__ import annotations

from flows.application import Answer, Lookup, Record, SourceKind
from flows.dispute import DISPUTE_REASONS, Dispute
from flows.fields import Code, Text
from flows.flow import Field, Known
from flows.items import ITEMS

MOST_OFFERED = 8
"""A code with more meanings than this is not offered on a touch screen beside the reasons."""


def record_behind(asked: Field, answer: Answer | None, lookup: Lookup | None) -> Record | None:
    """The record that this value was read from; None for a value that no department said."""
    if answer is None or lookup is None or answer.source.kind is not SourceKind.DEPARTMENT:
        return None
    for record in lookup.records(asked.item):
        same = (record.department, record.as_of) == (answer.source.name, answer.as_of)
        if same and asked.kind.normal(record.value) == answer.value:
            return record
    return None


def can_be_claimed(item: str) -> bool:
    """Whether a touch screen can take the right value: Chinese text and long tables are the counter's."""
    match ITEMS[item].kind:
        case Code(table):
            return len(table) <= MOST_OFFERED
        case Text(script=script):
            return script == "latin"
        case _:
            return True


def reason_mistake(dispute: Dispute) -> str:
    return "" if dispute.reason in DISPUTE_REASONS else "请选择一项"


def claim_mistake(dispute: Dispute, known: Known) -> str:
    """What is wrong with the value that is said to be right, in words."""
    kind = ITEMS[dispute.item].kind
    if not dispute.claim:
        return ""
    if dispute.claim == kind.normal(dispute.value):
        return "和登记的一样，请检查"
    return kind.mistake(dispute.claim, known)


def is_about(dispute: Dispute, record: Record | None) -> bool:
    """Whether the dispute is about this very record, as it was when it was shown."""
    if record is None:
        return False
    return (dispute.item, dispute.department, dispute.value, dispute.as_of) == (
        record.item,
        record.department,
        record.value,
        record.as_of,
    )
