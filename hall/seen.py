"""What a page showed a clerk, in marks short enough for its form: nobody decides upon what was not shown.

The page keeps the marks and the hall keeps nothing, so a decision may come to another process, or after a restart.
A mark is of one record that differs from something, not of the difference: when another department falls silent, the
kinds and the other sides of differences may change, and yet the clerk has seen all there is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from flows.application import Application, Record
from flows.compare import ON_THE_CARD, Difference
from flows.flow import Flow, Known, Route
from flows.items import ITEMS
from flows.wire import to_json
from hall.facts import kinship

MARK_SIGNS = 12
TO_COUNTER, NO_PROOF = "counter", "kin"
"""Marks for what rules conclude from records that no answer stands beside: the clerk has to look, or to see a paper."""


def marks(flow: Flow, application: Application, present: Known, differences: Iterable[Difference]) -> frozenset[str]:
    """One mark for everything on a case's page that a decision rests on and that can change under it."""
    found = {answers_mark(application)}
    for difference in differences:
        if not _rests_on_the_application(flow, application, difference):
            found |= marks_of(difference)
    if flow.route(present) is Route.COUNTER:
        found.add(TO_COUNTER)
    kin = kinship(present)
    if kin is not None and not kin.proven:
        found.add(NO_PROOF)
    return frozenset(found)


def answers_mark(application: Application) -> str:
    """Changes with every amendment: a page opened before it shows another application."""
    return _mark(to_json(application.answers).decode())


def marks_of(difference: Difference) -> frozenset[str]:
    """Of the record; and of the other side where that is a record too."""
    item, record = difference.item, difference.record
    found = {_mark(item, difference.department, record, difference.doubt)}
    return frozenset(found | ({_mark(item, difference.said_by, difference.answer, "")} if difference.said_by else set()))


def mark_of(record: Record) -> str:
    """Of a record as a difference would show it."""
    kind = ITEMS[record.item].kind
    return _mark(record.item, record.department, kind.shown(kind.normal(record.value)), record.doubt)


def written(seen: Iterable[str]) -> str:
    """As one text of a form."""
    return " ".join(sorted(seen))


def read(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _rests_on_the_application(flow: Flow, application: Application, difference: Difference) -> bool:
    """The card's words beside an answer, or beside a record that says what an answer says: both are on every page."""
    if difference.department == ON_THE_CARD:
        return True
    answers = {name: answer for name, answer in application.answers.items() if name in flow.fields}
    kind = ITEMS[difference.item].kind
    said = {kind.shown(kind.normal(a.value)) for name, a in answers.items() if flow.fields[name].item == difference.item}
    return difference.field.startswith("card.") and not difference.doubt and difference.record in said


def _mark(*said: str) -> str:
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:MARK_SIGNS]
