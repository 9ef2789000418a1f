"""The audit of one case in words: who saw or changed which items, never what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.application import Status
from flows.correction import CorrectionState
from flows.dispute import DISPUTE_REASONS
from flows.flow import Flow
from flows.items import ITEMS
from flows.kept import KINDS, title_of
from hall.audit import AuditEvent
from hall.console import audit_words, screen_words, words
from hall.console.clock import at_time
from hall.console.document_words import KEEPING
from hall.console.language import listed, say
from hall.store.screens import Asking, Reply
from hall.store.usage import FROM_LIBRARY

ACTORS = {"clerk": "{name}", "terminal": "终端 {name}", "screen": "副屏 {name}"}
UNNAMED = {"hall": "大厅", "unknown": "未知"}


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit; `code` stays beside the words, it is what the catalogue lists."""

    number: int
    at: str
    what: str
    code: str
    actor: str
    items: str
    outcome: str
    hash: str


def audit_view(events: Iterable[AuditEvent], flow: Flow, titles: Mapping[str, str]) -> tuple[AuditRow, ...]:
    """`titles` are the departments' names by code."""
    known = {
        **{item.key: item.title for item in ITEMS.values()},
        **{name: field.label for name, field in flow.fields.items()},
        **words.STEP,
        **{asking.value: screen_words.ASKING[asking] for asking in Asking},
        **{reply.value: screen_words.REPLY[reply] for reply in Reply},
        **titles,
        **{status.value: words.STATUS[status] for status in Status},
        **{state.value: words.CORRECTION[state] for state in CorrectionState},
        **{code: reason.formal for code, reason in DISPUTE_REASONS.items()},
        **words.REASON,
        FROM_LIBRARY: "（汇集的资料）",
        **{code: title_of(code) for code in KINDS},
        **{keeping.value: said for keeping, said in KEEPING.items()},
        flow.code: flow.title,
    }
    return tuple(_row(event, known) for event in events)


def _row(event: AuditEvent, known: Mapping[str, str]) -> AuditRow:
    return AuditRow(
        number=event.number,
        at=at_time(event.at),
        what=say(audit_words.EVENT.get(event.event, event.event)),
        code=event.event,
        actor=actor(event),
        items=listed(say(known.get(item, item)) for item in event.items),
        outcome=" ".join(say(known.get(part, part)) for part in event.outcome.split(" ")),
        hash=event.hash[:12],
    )


def actor(event: AuditEvent) -> str:
    """Who did it, in words."""
    kind, _, name = event.actor.rpartition(":")
    return say(ACTORS.get(kind, kind + "{name}"), name=name) if kind else say(UNNAMED.get(name, name))
