"""Disputes about records as the console draws them: in their row while they wait, with their answer afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.application import Attached
from flows.correction import Correction, CorrectionState
from flows.fields import Code
from flows.items import ITEMS
from flows.pictures import Paper, Photo
from hall.case import Case
from hall.console import words
from hall.console.clock import day_and_time, on_day
from hall.console.language import listed, say
from hall.console.shown import shown


@dataclass(frozen=True)
class DisputeView:
    """One dispute that waits for the clerk. `row` is the row that shows its record; `now` is what the department says
    by now, when that is something else; `papers` are pictures of the case that could go with it, as (field, label)."""

    id: str
    row: str
    label: str
    says: str
    now: str = ""
    pictures: int = 0
    papers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CorrectionLine:
    """One dispute on its way, or answered, with values in full. `answer` tells all of it in one line."""

    correction: Correction
    label: str
    title: str
    value: str
    claim: str
    reason: str
    as_of: str
    asked_by: str
    answer: str


def disputed_rows(case: Case) -> tuple[DisputeView, ...]:
    """Those still to be settled or sent."""
    lookup = case.now or case.then
    titles = {source.department: source.title for source in lookup.sources} if lookup else {}
    waiting = [one for one in case.corrections if one.state is CorrectionState.OPEN]
    return tuple(_waiting(case, line) for line in correction_lines(waiting, titles))


def correction_lines(corrections: Sequence[Correction], titles: Mapping[str, str]) -> tuple[CorrectionLine, ...]:
    return tuple(_line(one, titles) for one in corrections)


def claims(item: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen as the right value; () where it is typed."""
    kind = ITEMS[item].kind if item in ITEMS else None
    return tuple((code, say(meaning)) for code, meaning in kind.table.items()) if isinstance(kind, Code) else ()


def _line(correction: Correction, titles: Mapping[str, str]) -> CorrectionLine:
    dispute, item = correction.dispute, ITEMS[correction.dispute.item]
    asked_by, reason = correction.asked_by, say(words.disputed_because(dispute.reason))
    claim = shown(item.kind, dispute.claim)
    return CorrectionLine(
        correction,
        say(item.title),
        say(titles.get(dispute.department, dispute.department)),
        shown(item.kind, item.kind.normal(dispute.value)),
        claim,
        reason,
        on_day(dispute.as_of),
        asked_by.removeprefix("clerk:") if asked_by.startswith("clerk:") else say("申请人在终端"),
        listed(_told(correction, reason, claim), "；"),
    )


def _told(correction: Correction, reason: str, claim: str) -> Iterator[str]:
    yield say("{reason}，应为「{claim}」", reason=reason, claim=claim) if claim else reason
    if correction.state is CorrectionState.SETTLED:
        yield say(words.settled_because(correction.reason))
    elif correction.answered_at:
        yield say("{at} 答复", at=day_and_time(correction.answered_at))
    if correction.note:
        yield correction.note


def _waiting(case: Case, line: CorrectionLine) -> DisputeView:
    one = line.correction
    value = {"department": line.title, "value": line.value, "reason": line.reason}
    says = [say("申请人认为{department}登记的「{value}」不对（{reason}）", **value)]
    says += [say("应为「{claim}」", claim=line.claim)] if line.claim else []
    return DisputeView(
        one.id,
        one.field,
        line.label,
        listed(says, "；"),
        _now(case, one),
        one.pictures,
        _papers(case),
    )


def _now(case: Case, one: Correction) -> str:
    """What its owner says by now, "" when that is still what was disputed or the owner is silent."""
    dispute, kind = one.dispute, ITEMS[one.dispute.item].kind
    records = case.now.records(dispute.item) if case.now else ()
    now = next((kind.normal(r.value) for r in records if r.department == dispute.department), "")
    return shown(kind, now) if now != kind.normal(dispute.value) else ""


def _papers(case: Case) -> tuple[tuple[str, str], ...]:
    """Papers and photos of the case; a signature proves nothing about a record."""
    attached: Mapping[str, Attached] = case.application.attached
    fields = case.flow.fields
    return tuple(
        (name, say(fields[name].label))
        for name, answer in case.application.answers.items()
        if answer.value in attached and name in fields and isinstance(fields[name].kind, Paper | Photo)
    )
