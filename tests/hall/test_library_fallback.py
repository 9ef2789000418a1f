"""A department is silent: what the hall's base library collected of it is used, marked with its age, and never as firmly."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.application import Application, Lookup, Outcome, Record, Source, SourceAnswer, SourceKind
from flows.flow import Field, Flow, Page
from flows.fold import Given, fold, is_locked, start
from flows.items import ITEMS as KNOWN_ITEMS
from flows.recheck import recheck
from hall.certificates import certificate_of
from hall.console.case_view import case_view
from hall.console.cautions import cautions
from hall.departments.connection import DepartmentFailure
from hall.exchange import LAST_WORD
from hall.facts import facts
from hall.working_day import working_day
from tests.hall import fakes
from tests.hall.fake_departments import (
    COLLECTED,
    ITEMS,
    ME,
    NOON,
    NUMBER,
    VALUES,
    WELL,
    FakeLibrary,
    Hall,
    failing,
    for_ever,
    nothing,
    outcomes,
    taking,
)

PERMIT = ("permit.number",)
KEPT = {(code, NUMBER): dict(VALUES[code]) for code in ("household", "social_security", "exit_entry")}


def hall_with_library(budget_s: float = 3.0) -> Hall:
    return Hall(budget_s=budget_s, library=FakeLibrary(dict(KEPT)))


def permit(found: Lookup) -> SourceAnswer:
    return next(source for source in found.sources if source.department == "exit_entry")


@pytest.mark.parametrize("reason", ["late", "down", "busy", "garbled", "refused", "untrusted"])
def test_what_was_collected_stands_in_with_its_age_and_the_reason_stays(reason: str) -> None:
    hall = hall_with_library()
    hall.exit_entry.before = failing(DepartmentFailure(reason))  # type: ignore[arg-type]
    source = permit(hall.lookup(PERMIT))
    assert (source.outcome, source.reason, source.collected_at) == (Outcome.RECORD, reason, COLLECTED)
    assert [(record.item, record.value) for record in source.records] == [("permit.number", "CB2345678")]


def test_another_persons_record_is_replaced_by_nothing() -> None:
    hall = hall_with_library()
    hall.exit_entry.values["person.number"] = "440603194807123514"
    assert outcomes(hall.lookup(PERMIT))["exit_entry"] == (Outcome.NO_ANSWER, "wrong_person")


def test_the_read_of_the_library_is_written_down_first_beside_the_question() -> None:
    hall = hall_with_library()
    hall.exit_entry.before = failing(DepartmentFailure("down"))

    async def is_written() -> None:
        assert [access.from_library for access in hall.accesses] == [False, True]

    library = hall.library
    assert library is not None
    library.before = is_written
    hall.lookup(PERMIT)
    assert library.looked_for == [("exit_entry", NUMBER, PERMIT)]
    assert {(access.department, access.items, access.person) for access in hall.accesses} == {("exit_entry", PERMIT, NUMBER)}


def test_a_spared_department_is_not_asked_and_only_the_library_is_read() -> None:
    hall = hall_with_library()
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    for _ in range(3):
        hall.lookup(PERMIT)
    hall.accesses.clear()
    assert permit(hall.lookup(PERMIT)).collected_at == COLLECTED
    assert [access.from_library for access in hall.accesses] == [True]


def test_the_budget_holds_for_both_together() -> None:
    hall = hall_with_library(budget_s=3.0)
    hall.exit_entry.before, hall.exit_entry.deadline_s = for_ever, 60.0
    began = hall.time.now
    assert permit(hall.lookup(PERMIT)).collected_at == COLLECTED
    assert hall.time.now - began < 3.0
    library = hall.library
    assert library is not None
    library.before = for_ever
    began = hall.time.now
    assert outcomes(hall.lookup(PERMIT))["exit_entry"] == (Outcome.NO_ANSWER, "late")
    assert hall.time.now - began == pytest.approx(3.0 * LAST_WORD)


def test_nothing_collected_is_silence_not_the_absence_of_a_record() -> None:
    hall = Hall(library=FakeLibrary({("exit_entry", NUMBER): {}}))
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    assert outcomes(hall.lookup(PERMIT))["exit_entry"] == (Outcome.NO_ANSWER, "down")


def test_a_key_from_the_library_still_leads_to_the_company() -> None:
    hall = hall_with_library()
    hall.social_security.before = failing(DepartmentFailure("down"))
    assert outcomes(hall.lookup(ITEMS))["market_regulation"] == WELL


def test_a_department_that_comes_back_is_heard_at_once() -> None:
    hall = hall_with_library()
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    hall.lookup(PERMIT)
    hall.exit_entry.before = taking(0.1)
    assert (permit(hall.lookup(PERMIT)).collected_at, permit(hall.lookup(PERMIT)).reason) == (None, "")
    hall.exit_entry.before = nothing


FIXED = replace(
    fakes.FLOW,
    pages=(
        Page(
            name="who",
            title="核对",
            fields=(
                Field(
                    name="address",
                    label="地址",
                    kind=KNOWN_ITEMS["household.address"].kind,
                    item="household.address",
                    locked=True,
                ),
            ),
        ),
    ),
    needs=(),
)


def collected(found: Lookup) -> Lookup:
    """The same, as if every department had been silent."""
    return Lookup(found.at, tuple(replace(source, reason="down", collected_at=COLLECTED) for source in found.sources))


def live() -> Lookup:
    return Hall().lookup(("household.address",))


def test_a_collected_value_prefills_and_can_be_corrected_and_a_live_one_cannot() -> None:
    for lookup, kind, locked in ((live(), SourceKind.DEPARTMENT, True), (collected(live()), SourceKind.LIBRARY, False)):
        answer = start(FIXED, ME, lookup, NOON.date()).answers["address"]
        assert answer.source == Source(kind, "household")
        assert is_locked(FIXED.fields["address"], answer) is locked


def test_the_hall_takes_both_the_collected_value_and_the_citizens_own() -> None:
    lookup = collected(live())
    begin = start(FIXED, ME, lookup, NOON.date())
    for value, kind in (("佛山市禅城区祖庙街道", SourceKind.LIBRARY), ("佛山市禅城区同济路1号", SourceKind.CITIZEN)):
        answers = fold(FIXED, begin, {"who": Given({"address": value})}).known.answers
        assert answers["address"].source.kind is kind
        application = Application("", FIXED.code, FIXED.version, "", ME, answers, NOON)
        assert not recheck(FIXED, application, lookup, NOON.date())


def test_a_collected_value_is_no_live_one_in_disguise() -> None:
    answers = start(FIXED, ME, live(), NOON.date()).answers
    application = Application("", FIXED.code, FIXED.version, "", ME, answers, NOON)
    assert [problem.code for problem in recheck(FIXED, application, collected(live()), NOON.date())] == ["invented_source"]


def test_rules_see_a_collected_record_as_doubtful_and_its_department_as_silent() -> None:
    sure, aged = (start(FIXED, ME, lookup, NOON.date()) for lookup in (live(), collected(live())))
    assert (sure.answered, sure.doubted) == (frozenset({"household"}), frozenset())
    assert (aged.answered, aged.doubted) == (frozenset(), frozenset({"household.address"}))
    assert aged.record("household.address") == sure.record("household.address")


def test_no_certificate_is_issued_at_once_from_what_was_collected() -> None:
    flow = fakes.AT_ONCE
    live = Lookup(NOON, (fakes_answer(flow),))
    for lookup, issued in ((live, True), (collected(live), False)):
        form = fakes.filled_in("visit", lookup, NOON, flow=flow)
        known = facts(flow, form, lookup, working_day(NOON), "")
        assert (certificate_of(flow, form, lookup, known) is not None) is issued


def fakes_answer(flow: Flow) -> SourceAnswer:
    """Everything the small matter shows, from the household register."""
    values = {"person.number": fakes.ME.number, "person.name": fakes.ME.name, **fakes.RECORDS}
    told = tuple(Record(item, values[item], "household", NOON) for item in flow.items if item in values)
    return SourceAnswer("household", "公安户籍", Outcome.RECORD, told, asked=flow.items)


@dataclass
class AgedExchange(fakes.FakeExchange):
    """Its one department is silent at the counter; what was collected of it stands in."""

    async def lookup(self, *asked: Any, **how: Any) -> Lookup:
        found = await super().lookup(*asked, **how)
        return found if len(self.asked) == 1 else collected(found)


def test_the_clerk_sees_that_a_register_is_silent_and_how_old_its_records_are(tmp_path: Path) -> None:
    async def story() -> None:
        async with fakes.open_hall(tmp_path) as hall:
            aged = AgedExchange(hall.store, hall.clock)
            hall.visits._exchange = hall.desk._exchange = aged
            visit = await hall.called(1)
            case = await hall.desk.case(visit, "3", "zhang")
            (column,) = case_view(case, hall.clock()).columns
            assert (column.outcome_word, column.reason, column.aged) == ("归集资料", "2026-11-28 归集；连接不上", True)
            said = [caution.words for caution in cautions(case, hall.clock()) if caution.mark == "归集资料"]
            assert said == ["公安户籍没有答复（连接不上），比对用的是 2026-11-28 归集的资料"]

    asyncio.run(story())


def test_the_clerk_sees_when_a_department_was_really_asked(tmp_path: Path) -> None:
    async def story() -> None:
        async with fakes.open_hall(tmp_path) as hall:
            visit = await hall.called(1)
            case = await hall.desk.case(visit, "3", "zhang")
            assert case.now is not None
            heard = replace(case.now.sources[0], heard_at=NOON)
            remembered = replace(case, now=Lookup(NOON + timedelta(seconds=59), (heard,)))
            assert case_view(remembered, hall.clock()).columns[0].at == "12:00:00"

    asyncio.run(story())
