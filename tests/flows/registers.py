"""Registers by hand: what a department says of one item, on top of what it says of a specimen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from flows.application import Application, Assurance, Attached, Identity, Lookup, Outcome, Record, SourceAnswer
from flows.flow import Flow, Known
from flows.fold import Given, State, fold, start
from flows.recheck import Problem, recheck
from tests.flows.people import NOW, TODAY, VISIT, identity, lookup

REGION = "440604"


def told(department: str, records: Mapping[str, str], doubt: str = "") -> SourceAnswer:
    said = tuple(Record(item, value, department, NOW, doubt) for item, value in records.items())
    return SourceAnswer(department, department, Outcome.RECORD, said)


def silent(department: str) -> SourceAnswer:
    return SourceAnswer(department, department, Outcome.NO_ANSWER, reason="late")


def lookup_with(*sources: SourceAnswer, key: str = "lyu", without: tuple[str, ...] = ()) -> Lookup:
    """What is said of a specimen, these sources first: their records have authority over the specimen's."""
    rest = tuple(source for source in lookup(key).sources if source.department not in without)
    return Lookup(NOW, (*sources, *rest))


def typed_child(number: str, birth: date, sex: str) -> Identity:
    """A child without a card: the number was typed, and says day of birth and sex."""
    return Identity(number, "", sex, birth, "typed", Assurance.NONE)


def picture(of: str, media_type: str = "image/png") -> tuple[str, Attached]:
    """Something that stands for a picture, with its digest."""
    attached = Attached(media_type, sha256(of.encode()).digest())
    return attached.digest, attached


def pictured(name: str, media_type: str = "image/png") -> Given:
    """A page whose only field is a picture, given."""
    digest, attached = picture(name, media_type)
    return Given({name: digest}, attached={digest: attached})


def begin(
    flow: Flow,
    found: Lookup | None,
    *,
    who: Identity | None = None,
    guardian: Identity | None = None,
    today: date = TODAY,
    region: str = REGION,
) -> Known:
    return start(flow, who or identity("lyu"), found, today, region=region, guardian=guardian)


def submitted(flow: Flow, state: State, who: Identity | None = None, guardian: Identity | None = None) -> Application:
    return Application(
        visit=VISIT,
        matter=flow.code,
        flow_version=flow.version,
        policy_version=flow.policy_version,
        identity=who or identity("lyu"),
        answers=state.known.answers,
        submitted_at=NOW,
        guardian=guardian,
        attached=state.known.attached,
    )


def filled(
    flow: Flow,
    given: Mapping[str, Given],
    found: Lookup | None,
    *,
    who: Identity | None = None,
    guardian: Identity | None = None,
) -> tuple[State, tuple[Problem, ...]]:
    """Where these answers lead, and what the hall finds wrong with them."""
    state = fold(flow, begin(flow, found, who=who, guardian=guardian), given)
    return state, recheck(flow, submitted(flow, state, who, guardian), found, TODAY, REGION)
