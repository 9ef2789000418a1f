"""The exchange asks every department at once, and says of each one what came of it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from flows.application import Lookup, Outcome
from hall.departments.connection import DepartmentFailure, Purpose
from hall.errors import AuditUnavailable, NotAllowed, NotKnown
from tests.hall.fake_departments import ITEMS, ME, NUMBER, VISIT, WELL, Hall, failing, for_ever, outcomes


def test_departments_are_asked_at_once_and_each_for_its_own_items_only() -> None:
    hall = Hall()

    async def story() -> Lookup:
        all_three = asyncio.Barrier(3)  # one after another, nobody would ever get past it

        async def meet() -> None:
            await all_three.wait()

        hall.household.before = hall.social_security.before = hall.exit_entry.before = meet
        return await hall.exchange.lookup(ME, ITEMS, VISIT)

    assert set(outcomes(asyncio.run(story())).values()) == {WELL}
    assert hall.household.asked == [(NUMBER, ("person.name", "household.address"))]
    assert hall.exit_entry.asked == [(NUMBER, ("permit.number", "contact.mobile"))]


def test_the_record_with_authority_comes_first_even_when_it_comes_last() -> None:
    hall = Hall()

    async def story() -> Lookup:
        exit_entry_was_asked = asyncio.Event()

        async def tell() -> None:
            exit_entry_was_asked.set()

        async def wait() -> None:
            await exit_entry_was_asked.wait()

        hall.exit_entry.before, hall.social_security.before = tell, wait
        return await hall.exchange.lookup(ME, ITEMS, VISIT)

    assert [r.department for r in asyncio.run(story()).records("contact.mobile")] == ["social_security", "exit_entry"]


def test_a_silent_department_is_late_by_its_own_deadline_and_the_others_are_kept() -> None:
    hall = Hall()
    hall.household.before, hall.household.deadline_s = for_ever, 0.01
    found = outcomes(hall.lookup())
    assert found.pop("household") == (Outcome.NO_ANSWER, "late")
    assert set(found.values()) == {WELL}


def test_the_deadline_belongs_to_the_lookup_also_for_a_department_that_waits_for_its_key() -> None:
    hall = Hall(budget_s=3.0)
    hall.market_regulation.before = hall.household.before = for_ever
    hall.market_regulation.deadline_s = hall.household.deadline_s = 3600
    began = hall.time.now
    found = outcomes(hall.lookup())
    assert hall.time.now - began <= 3.0
    assert found["household"] == found["market_regulation"] == (Outcome.NO_ANSWER, "late")
    assert found["exit_entry"] == WELL


def test_a_failure_is_told_by_its_reason() -> None:
    hall = Hall()
    hall.household.before = failing(DepartmentFailure("down"))
    hall.exit_entry.before = failing(DepartmentFailure("garbled"))
    found = outcomes(hall.lookup())
    assert found["household"] == (Outcome.NO_ANSWER, "down")
    assert found["exit_entry"] == (Outcome.NO_ANSWER, "garbled")


def test_a_connection_that_breaks_unexpectedly_is_garbled_and_its_words_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    hall = Hall()
    hall.household.before = failing(ValueError(f"row of {NUMBER}"))
    with caplog.at_level(logging.DEBUG):
        found = hall.lookup()
    assert outcomes(found)["household"] == (Outcome.NO_ANSWER, "garbled")
    assert "department_connection_broke" in caplog.messages
    assert NUMBER not in "".join(str(vars(record)) for record in caplog.records)


def test_a_department_without_a_record_is_no_failure() -> None:
    hall = Hall()
    hall.exit_entry.values = {}
    assert outcomes(hall.lookup())["exit_entry"] == (Outcome.NO_RECORD, "")


def test_nothing_of_another_persons_record_is_kept() -> None:
    hall = Hall()
    hall.household.values["person.number"] = "440603194807123514"
    found = hall.lookup()
    assert outcomes(found)["household"] == (Outcome.NO_ANSWER, "wrong_person")
    assert not [record for source in found.sources for record in source.records if record.department == "household"]


def test_an_answer_that_does_not_say_whom_it_is_about_is_not_kept() -> None:
    hall = Hall()
    del hall.household.values["person.number"]
    assert outcomes(hall.lookup())["household"] == (Outcome.NO_ANSWER, "garbled")


def test_the_same_number_in_another_writing_is_the_same_person() -> None:
    hall = Hall()
    hall.household.values["person.number"] = f" {NUMBER[:6]} {NUMBER[6:]}"
    assert outcomes(hall.lookup())["household"] == WELL


def test_what_a_department_tells_unasked_is_dropped() -> None:
    hall = Hall()
    hall.household.values["person.birth_place"] = "广东"
    found = hall.lookup(("household.address",))
    assert [record.item for source in found.sources for record in source.records] == ["household.address"]


def test_a_department_that_has_none_of_the_items_does_not_appear() -> None:
    assert set(outcomes(Hall().lookup(("permit.number",)))) == {"exit_entry"}


def test_the_company_is_asked_as_soon_as_its_code_arrives_while_others_are_still_silent() -> None:
    hall = Hall()

    async def story() -> Lookup:
        company_was_asked = asyncio.Event()

        async def tell() -> None:
            company_was_asked.set()

        async def wait() -> None:
            await company_was_asked.wait()

        hall.market_regulation.before = tell
        hall.household.before = hall.exit_entry.before = wait
        return await hall.exchange.lookup(ME, ITEMS, VISIT)

    assert set(outcomes(asyncio.run(story())).values()) == {WELL}
    assert hall.market_regulation.asked == [("91440604MA9XK7P27D", ("company.name",))]


@pytest.mark.parametrize("why", ["no record", "down", "not declared"])
def test_without_its_key_a_department_is_not_asked(why: str) -> None:
    hall = Hall()
    if why == "no record":
        hall.social_security.values = {}
    if why == "down":
        hall.social_security.before = failing(DepartmentFailure("down"))
    items = tuple(item for item in ITEMS if why != "not declared" or item != "employment.credit_code")
    assert outcomes(hall.lookup(items))["market_regulation"] == (Outcome.NOT_ASKED, "no_key")
    assert not hall.market_regulation.asked
    assert "market_regulation" not in dict(hall.logged)


def test_an_item_that_the_matter_does_not_declare_is_refused_before_anybody_is_asked() -> None:
    hall = Hall()
    with pytest.raises(NotAllowed):
        hall.lookup(("person.name", "person.ethnic_group"))
    with pytest.raises(NotKnown):
        hall.lookup(purpose=Purpose("visit-1", "another matter", "terminal:K07"))
    assert not hall.logged
    assert not any(department.asked for department in hall.departments)


def test_every_access_is_written_down_before_it_is_made() -> None:
    hall = Hall()
    for department in hall.departments:

        async def is_written(code: str = department.code) -> None:
            assert code in dict(hall.logged)

        department.before = is_written
    assert set(outcomes(hall.lookup()).values()) == {WELL}
    assert dict(hall.logged) == {department.code: department.asked[0][1] for department in hall.departments}
    assert {(access.purpose, access.person) for access in hall.accesses} == {(VISIT, NUMBER)}


def test_when_one_access_cannot_be_written_down_nobody_is_asked() -> None:
    hall = Hall()
    hall.log_refuses = "exit_entry"
    with pytest.raises(AuditUnavailable):
        hall.lookup()
    assert not any(department.asked for department in hall.departments)


def test_when_the_second_access_cannot_be_written_down_the_whole_lookup_fails() -> None:
    hall = Hall()
    hall.log_refuses = "market_regulation"
    with pytest.raises(AuditUnavailable):
        hall.lookup()
    assert not hall.market_regulation.asked
