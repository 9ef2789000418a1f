"""What the hall's own rules look at in an application: the same facts wherever the hall judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flows.application import Application, Attached, Lookup
from flows.calendar import due_day
from flows.flow import Flow, Known, Term
from flows.fold import start
from flows.guardian import is_proven
from flows.pictures import MOST_BYTES
from flows.policy import PolicyError
from flows.recheck import Problem
from hall.case import Due, Kinship
from hall.store.standing import Told

FIRST_BYTES: Mapping[str, bytes] = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


def facts(flow: Flow, application: Application, lookup: Lookup | None, day: date, region: str) -> Known:
    """The answers as they stand, beside these records, on that day."""
    begin = start(flow, application.identity, lookup, day, region=region, guardian=application.guardian)
    return replace(begin, answers=application.answers, attached=application.attached)


def due(term: Term | None, accepted_on: date) -> Due | None:
    if term is None:
        return None
    try:
        return Due(term, accepted_on, due_day(term, accepted_on))
    except PolicyError:
        return Due(term, accepted_on, None)


def told(flow: Flow, application: Application) -> Told:
    """Whom the outcome concerns. A department that the citizen need not tell, because the answer named
    register_DEPARTMENT is no, is left out."""
    answers = application.answers
    out = {code for code in flow.told if (said := answers.get(f"register_{code}")) is not None and said.value == "no"}
    return Told(tuple(code for code in flow.told if code not in out), flow.approvals)


def applicant_name(flow: Flow, application: Application) -> str:
    """The card's name; of a child whose number was typed, what the register or the guardian said."""
    asked = (field.name for field in flow.fields.values() if field.item == "person.name")
    said = (application.answers[name].value for name in asked if name in application.answers)
    return application.identity.name or next(said, "")


def kinship(known: Known) -> Kinship | None:
    """None where nobody acts for a child."""
    if known.guardian is None:
        return None
    household = known.record("household.number")
    return Kinship(
        bool(household) and household == known.record("guardian.household_number"),
        known.record("guardian.household_relation"),
        known.record("household.relation"),
        is_proven(known),
    )


def picture_problems(application: Application) -> tuple[Problem, ...]:
    """Pictures that nobody should have to open: too large, or not what they are said to be."""
    wrong = [digest for digest, one in application.attached.items() if not _is_picture(one)]
    names = [name for name, answer in application.answers.items() if answer.value in wrong] or [""]
    return tuple(Problem(name, "not_attached", "随附的图像不完整") for name in names) if wrong else ()


def _is_picture(attached: Attached) -> bool:
    begins = FIRST_BYTES.get(attached.media_type)
    return begins is not None and attached.content.startswith(begins) and len(attached.content) <= MOST_BYTES
