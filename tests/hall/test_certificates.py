"""A certificate on the spot: issued once when nothing is disputed, found by its code, taken back by a clerk's decision."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.application import Action, Lookup, Outcome, Record, SourceAnswer, Status
from flows.certificate import grouped
from flows.flow import Route
from flows.masking import masked_name, masked_number
from flows.wire import Submitted
from hall.certificates import CODE_LENGTH, SIGNS, certificate_of, new_code, read_code
from hall.errors import NotAllowed, NotKnown
from hall.facts import facts
from tests.hall.fakes import AT_ONCE, FLOW, ME, NOON, Hall, dump, filled_in, open_hall, visit_id

ONE = visit_id(1)


async def submitted(hall: Hall, **values: str) -> Submitted:
    opened = await hall.open(ONE, "K07", AT_ONCE.code, ME)
    application = filled_in(ONE, opened.lookup, NOON, ME, frozenset(), AT_ONCE, **values)
    return await hall.visits.submit(ONE, "K07", application)


def test_a_matter_that_the_hall_can_end_is_done_at_once_and_never_stands_in_line(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            done = await submitted(hall)
            assert (done.ticket.number, done.ticket.ahead) == ("Z001", 0)
            assert (await hall.store.standing(ONE)).status is Status.ISSUED
            assert (await hall.submit(2)).ahead == 0
            assert await hall.queue.call_next("3", "zhang", "a") == visit_id(2)
            issued = await hall.visits.certificate(ONE, "K07")
            assert (issued.code, issued.ticket, issued.name) == (done.certificate, "Z001", ME.name)
            assert issued.certificate.rows[1] == ("地址", "佛山市禅城区同济路1号")
            events = [line.event for line in await hall.store.audit_of(ONE)]
            assert events[-4:] == ["ticket_issued", "certificate_issued", "document_kept", "certificate_shown"]

    asyncio.run(story())


def test_the_same_submission_again_gets_the_same_code_and_no_second_paper(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            first = await submitted(hall)
            before = dump(hall.path)
            assert await submitted(hall) == first
            assert dump(hall.path) == before

    asyncio.run(story())


def test_neither_the_code_nor_what_the_paper_says_lies_open_in_the_file(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            code = (await submitted(hall)).certificate
            found = await hall.store.certificate_by(code)
            assert found is not None
            assert found.visit == ONE
            assert await hall.store.certificate_by(new_code()) is None
            text = "\n".join(dump(hall.path))
            assert "certificate_issued" in text
            assert not [value for value in (code, ME.name, ME.number, "同济路") if value in text]

    asyncio.run(story())


def told(*records: Record) -> Lookup:
    departments = dict.fromkeys(record.department for record in records)
    answers = (
        SourceAnswer(code, code, Outcome.RECORD, tuple(record for record in records if record.department == code))
        for code in departments
    )
    return Lookup(NOON, tuple(answers))


ADDRESS = Record("household.address", "佛山市禅城区同济路1号", "household", NOON)
MOBILE = Record("contact.mobile", "13800138000", "household", NOON)


@pytest.mark.parametrize(
    ("more", "issued"),
    [
        ((), True),
        ((Record("household.address", "佛山市禅城区同济路2号", "population", NOON),), False),
        ((Record("contact.mobile", "13700137000", "exit_entry", NOON),), True),
        ((Record("person.name", "吕小岚", "population", NOON),), False),
    ],
    ids=["all agree", "the address it shows is disputed", "a number it does not show is disputed", "whose it is is disputed"],
)
def test_only_a_dispute_about_what_the_paper_shows_stops_it(more: tuple[Record, ...], issued: bool) -> None:
    lookup = told(ADDRESS, MOBILE, *more)
    application = filled_in(ONE, lookup, NOON, flow=AT_ONCE)
    known = facts(AT_ONCE, application, lookup, date(2026, 11, 23), "")
    assert (certificate_of(AT_ONCE, application, lookup, known) is not None) is issued


@pytest.mark.parametrize(
    "needed",
    [
        (Record("permit.route", "terminal", "exit_entry", NOON, doubt="under_review"),),
        (Record("permit.route", "terminal", "exit_entry", NOON), Record("permit.route", "counter", "population", NOON)),
    ],
    ids=["in doubt", "not the same everywhere"],
)
def test_a_fact_that_the_rules_read_and_nobody_is_shown_must_be_sure_too(needed: tuple[Record, ...]) -> None:
    flow = replace(AT_ONCE, needs=("permit.route",))
    lookup = told(ADDRESS, MOBILE, *needed)
    application = filled_in(ONE, lookup, NOON, flow=flow)
    known = facts(flow, application, lookup, date(2026, 11, 23), "")
    assert certificate_of(flow, application, lookup, known) is None


def test_what_the_rules_send_to_the_counter_or_the_citizen_left_unfinished_is_not_issued() -> None:
    lookup = told(ADDRESS, MOBILE)
    application = filled_in(ONE, lookup, NOON, flow=AT_ONCE)
    known = facts(AT_ONCE, application, lookup, date(2026, 11, 23), "")
    away = replace(AT_ONCE, route=lambda known: Route.COUNTER)
    assert certificate_of(away, application, lookup, known) is None
    assert certificate_of(AT_ONCE, replace(application, to_counter=True), lookup, known) is None
    assert certificate_of(FLOW, application, lookup, known) is None


def test_without_the_fact_the_citizen_gets_a_place_in_line_instead(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            hall.exchange.records = {"contact.mobile": "13800138000"}
            opened = await hall.open(ONE, "K07", AT_ONCE.code, ME)
            left = filled_in(ONE, opened.lookup, NOON, flow=AT_ONCE, left=frozenset({"address"}))
            done = await hall.visits.submit(ONE, "K07", left)
            assert (done.ticket.number, done.certificate) == ("A001", "")
            with pytest.raises(NotKnown):
                await hall.visits.certificate(ONE, "K07")

    asyncio.run(story())


def test_what_comes_out_of_an_outbox_is_never_issued_to_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", AT_ONCE.code, ME)
            done = await hall.visits.submit_sealed(ONE, "K07", filled_in(ONE, opened.lookup, NOON, flow=AT_ONCE))
            assert (done.ticket.number, done.certificate) == ("A001", "")

    asyncio.run(story())


def test_only_the_terminal_itself_fetches_the_paper_and_only_on_the_day(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await submitted(hall)
            with pytest.raises(NotAllowed):
                await hall.visits.certificate(ONE, "K08")
            hall.clock.later(days=1)
            with pytest.raises(NotAllowed):
                await hall.visits.certificate(ONE, "K07")

    asyncio.run(story())


def test_when_the_printer_failed_a_clerk_takes_the_case_and_prints_the_paper(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            code = (await submitted(hall)).certificate
            with pytest.raises(NotAllowed):
                await hall.desk.certificate(ONE, "3", "zhang")
            await hall.queue.requeue(ONE, "zhang", "again")
            assert await hall.queue.call_next("3", "zhang", "call") == ONE
            assert (await hall.desk.case(ONE, "3", "zhang")).certificate is not None
            assert (await hall.desk.certificate(ONE, "3", "zhang")).code == code
            with pytest.raises(NotAllowed):
                await hall.desk.certificate(ONE, "4", "li")

    asyncio.run(story())


@pytest.mark.parametrize("action", [Action.AMEND, Action.RETURN, Action.REJECT])
def test_a_decision_against_what_the_paper_says_takes_it_back(tmp_path: Path, action: Action) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            code = (await submitted(hall)).certificate
            await hall.queue.requeue(ONE, "zhang", "again")
            await hall.queue.call_next("3", "zhang", "call")
            await hall.decide(action, "decided")
            found = await hall.store.certificate_by(code)
            assert found is not None
            assert found.revoked_at == NOON
            assert "certificate_revoked" in [line.event for line in await hall.store.audit_of(ONE)]
            with pytest.raises(NotKnown):
                await hall.desk.certificate(ONE, "3", "zhang")

    asyncio.run(story())


def test_a_confirmation_leaves_the_paper_good(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            code = (await submitted(hall)).certificate
            await hall.queue.requeue(ONE, "zhang", "again")
            await hall.queue.call_next("3", "zhang", "call")
            await hall.decide(Action.CONFIRM, "k")
            found = await hall.store.certificate_by(code)
            assert found is not None
            assert found.revoked_at is None

    asyncio.run(story())


def test_codes_are_sixteen_signs_of_chance_and_read_however_they_are_typed() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == CODE_LENGTH and set(code) <= set(SIGNS) for code in codes)
    code = "0123456789ABCDEF"
    assert grouped(code) == "0123 4567 89AB CDEF"
    assert {read_code(typed) for typed in (code, code.lower(), grouped(code), "o123-4567-89ab-cdef", "OI23456789ABCDEF")} == {
        code
    }
    assert {read_code(typed) for typed in ("", "0123", code + "0", "0123456789ABCDEU", "吕" * 16)} == {""}


def test_the_public_learns_a_name_and_a_number_by_their_ends_only() -> None:
    assert (masked_name("吕晓岚"), masked_name("阿依古丽·买买提")) == ("吕**", "阿*******")
    assert masked_number(ME.number) == "4****************3"
