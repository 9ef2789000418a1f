"""The citizen without a terminal: a clerk fills in for them, hands in at the window, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.application import Action, Assurance, SourceKind, Status, Ticket
from flows.usage import Reader, ShowUsage
from hall.counter import Filling, Wanted, Way
from hall.counter_sheet import Posted
from hall.errors import AtAnotherWindow, NotKnown, NotTaken, WindowTaken
from hall.store.counter import CounterDraft
from hall.visits import AtWindow
from tests.hall.fakes import AT_ONCE, FLOW, ME, RECORDS, Hall, dump, open_hall, visit_id
from tests.visits.small_matters import number_of

HERE, THERE = AtWindow("3", "zhang"), AtWindow("5", "li")
ALL = ("who", "contact", "way", "post")
SAID = {"mobile": "13800138000", "employer": "佛山市某某有限公司", "way": "pickup"}

Story = Callable[[Hall], Awaitable[None]]


def told(folder: Path, story: Story) -> None:
    async def run() -> None:
        async with open_hall(folder) as hall:
            hall.exchange.records = {**RECORDS, "person.name": ME.name}
            await story(hall)

    asyncio.run(run())


def wanted(number: int = 1, matter: str = FLOW.code, person: str = ME.number, guardian: str = "") -> Wanted:
    return Wanted(visit_id(number), matter, person, guardian)


def posted(version: int = 1, pages: tuple[str, ...] = ALL, /, **values: str) -> Posted:
    return Posted(version, frozenset(pages), {**SAID, **values}, {"mobile": "13800138000"})


async def begun(hall: Hall, number: int = 1, at: AtWindow = HERE, matter: str = FLOW.code) -> CounterDraft:
    return await hall.counter.begin(wanted(number, matter), at)


async def handed(hall: Hall, visit: int = 1, way: Way = Way.HERE, at: AtWindow = HERE, /, **values: str) -> Ticket:
    ticket = await hall.counter.submit(visit_id(visit), at, posted(**values), way, f"k{visit}")
    assert isinstance(ticket, Ticket), ticket.mistakes
    return ticket


def test_what_is_handed_in_is_called_to_this_window_and_accepted_there(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        ticket = await handed(hall)
        standing = await hall.store.standing(ticket.visit)
        assert (standing.status, standing.window, standing.calls) == (Status.CALLED, "3", 1)
        kept = await hall.store.case(ticket.visit)
        assert kept.application.identity.assurance is Assurance.NONE
        assert kept.application.answers["name"].source.kind is SourceKind.DEPARTMENT
        assert not kept.application.to_counter
        assert [decision.action for decision in kept.decisions] == [Action.CALL]
        assert await hall.decide(Action.CONFIRM) is Status.ACCEPTED
        assert await hall.counter.draft(HERE) is None
        assert [line.event for line in await hall.store.audit_of(ticket.visit)][:3] == [
            "records_asked",
            "visit_opened",
            "ticket_issued",
        ]
        assert {line.actor for line in await hall.store.audit_of(ticket.visit)} == {"clerk:zhang"}

    told(tmp_path, story)


def test_whoever_has_to_fetch_something_waits_in_line(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.submit(9)
        await begun(hall)
        ticket = await handed(hall, 1, Way.LINE)
        assert (ticket.number, ticket.ahead) == ("A002", 1)
        assert (await hall.store.standing(ticket.visit)).status is Status.SUBMITTED

    told(tmp_path, story)


def test_the_same_click_twice_is_one_ticket(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        both = await asyncio.gather(*(hall.counter.submit(visit_id(1), HERE, posted(), Way.HERE, "k") for _ in range(2)))
        assert both[0] == both[1]
        assert await hall.counter.submit(visit_id(1), HERE, posted(), Way.HERE, "k") == both[0]
        assert len(await hall.store.lines(date(2026, 11, 23))) == 1
        with pytest.raises(NotKnown):
            await hall.counter.submit(visit_id(1), HERE, posted(mobile="13900139000"), Way.HERE, "another tab")

    told(tmp_path, story)


def test_a_window_that_holds_a_ticket_gets_no_second_one_and_nothing_is_lost(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        await hall.submit(9, replace(ME, number=number_of(date(1980, 1, 1))))
        await hall.queue.call_next("3", "zhang", "call")
        with pytest.raises(WindowTaken):
            await handed(hall, mobile="13900139000")
        with pytest.raises(NotKnown):
            await hall.store.standing(visit_id(1))
        filling = await hall.counter.filling(visit_id(1), HERE)
        assert filling.sheet.known["mobile"] == "13900139000"
        ticket = await hall.counter.submit(visit_id(1), HERE, posted(filling.draft.version), Way.LINE, "line")
        assert isinstance(ticket, Ticket)
        assert ticket.number == "A002"  # the one undone left no gap

    told(tmp_path, story)


def test_two_clerks_for_the_same_person_are_told_and_only_one_is_called(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall, 1, HERE)
        (other,) = await hall.counter.elsewhere(wanted(2))
        assert (other.window, other.clerk, other.number) == ("3", "zhang", "")
        await begun(hall, 2, THERE)
        await handed(hall, 1)
        (other,) = await hall.counter.elsewhere(wanted(2))
        assert (other.window, other.number, other.is_waiting) == ("3", "A001", False)
        with pytest.raises(AtAnotherWindow) as caught:
            await handed(hall, 2, Way.HERE, THERE)
        assert (caught.value.number, caught.value.window) == ("A001", "3")
        assert (await hall.counter.filling(visit_id(2), THERE)).draft.given

    told(tmp_path, story)


def test_what_still_waits_is_replaced(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.submit(1, ME)
        assert (await hall.counter.elsewhere(wanted(2)))[0].is_waiting
        await begun(hall, 2)
        await handed(hall, 2)
        assert (await hall.store.standing(visit_id(1))).status is Status.REPLACED

    told(tmp_path, story)


def test_a_value_of_a_register_cannot_be_typed_over(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        ticket = await handed(hall, name="李四", address="别处", number="110101199003070010")
        answers = (await hall.store.case(ticket.visit)).application.answers
        assert (answers["name"].value, answers["address"].value) == (ME.name, "佛山市禅城区同济路1号")
        assert answers["number"].value == ME.number

    told(tmp_path, story)


def test_a_choice_that_a_terminal_sends_to_the_counter_is_made_here(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        ticket = await handed(hall, way="courier")
        assert (await hall.store.case(ticket.visit)).application.answers["way"].value == "courier"

    told(tmp_path, story)


def test_what_is_wrong_is_said_and_what_is_asked_next_is_shown(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        filling = await hall.counter.submit(visit_id(1), HERE, posted(mobile="12", way="balloon"), Way.HERE, "k")
        assert isinstance(filling, Filling)
        assert set(filling.mistakes) == {"mobile", "way"}
        filling = await hall.counter.submit(visit_id(1), HERE, posted(2, way="post"), Way.HERE, "k")
        assert isinstance(filling, Filling)
        assert filling.mistakes == {"post_to": "请填写这一项"}
        filling = await hall.counter.keep(visit_id(1), HERE, posted(3, ("who", "contact", "way"), way="post", mobile=""))
        assert "post" in {page.name for page in filling.sheet.pages}
        assert filling.mistakes["mobile"] == "请填写这一项"

    told(tmp_path, story)


def test_a_page_drawn_before_another_saved_undoes_nothing_and_loses_nothing(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        await hall.counter.keep(visit_id(1), HERE, posted(1, mobile="13900139000"))
        again = await hall.counter.keep(visit_id(1), HERE, posted(1, mobile="13900139000"))
        assert not again.stale  # the same click twice
        filling = await hall.counter.submit(visit_id(1), HERE, posted(1, mobile="13700137000"), Way.HERE, "k")
        assert isinstance(filling, Filling)
        assert filling.stale
        assert filling.sheet.known["mobile"] == "13700137000"
        assert (await hall.counter.filling(visit_id(1), HERE)).sheet.known["mobile"] == "13900139000"
        ticket = await hall.counter.submit(visit_id(1), HERE, posted(filling.draft.version, mobile="13700137000"), Way.HERE, "k2")
        assert isinstance(ticket, Ticket)

    told(tmp_path, story)


def test_a_hall_that_stopped_while_it_was_filled_in_goes_on_after_it(tmp_path: Path) -> None:
    async def first(hall: Hall) -> None:
        await begun(hall)
        await hall.counter.keep(visit_id(1), HERE, posted(mobile="13900139000"))

    async def second(hall: Hall) -> None:
        draft = await hall.counter.draft(HERE)
        assert draft is not None
        assert draft.visit == visit_id(1)
        assert (await hall.counter.filling(visit_id(1), HERE)).sheet.known["mobile"] == "13900139000"
        assert hall.exchange.asked == []  # what departments said is kept with the visit
        for at in (THERE, AtWindow("3", "li"), AtWindow("5", "zhang")):
            assert await hall.counter.draft(at) is None
            with pytest.raises(NotKnown):
                await hall.counter.filling(visit_id(1), at)

    told(tmp_path, first)
    told(tmp_path, second)


def test_whoever_leaves_leaves_nothing_behind(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        await hall.counter.keep(visit_id(1), HERE, posted())
        await hall.counter.give_up(visit_id(1), HERE)
        await hall.counter.give_up(visit_id(1), HERE)
        assert await hall.counter.draft(HERE) is None
        assert await hall.store.visit(visit_id(1)) is None
        assert hall.exchange.forgotten == [visit_id(1)]
        assert (await hall.store.audit_of(visit_id(1)))[-1].event == "visit_left"
        with pytest.raises(NotKnown):
            await begun(hall)  # the page of the one who left begins nobody else's
        assert await hall.counter.draft(HERE) is None
        assert (await begun(hall, 2)).visit == visit_id(2)

    told(tmp_path, story)


def test_at_the_end_of_the_day_a_draft_is_gone(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        hall.clock.now += timedelta(days=1)
        assert await hall.counter.draft(HERE) is None
        await begun(hall, 2, THERE)
        assert await hall.store.draft_at("3", "zhang") is None
        assert await hall.store.visit(visit_id(1)) is None
        await hall.store.drop_old_drafts(date(2026, 11, 25), hall.clock())
        assert await hall.store.draft_at("5", "li") is None
        with pytest.raises(NotKnown):
            await hall.counter.keep(visit_id(2), THERE, posted())

    told(tmp_path, story)


def test_a_second_one_is_not_begun_before_the_first_is_done(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall, 1)
        assert (await begun(hall, 2)).visit == visit_id(1)
        assert len(hall.exchange.asked) == 1

    told(tmp_path, story)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (wanted(person="440602199202299864"), "number"),
        (wanted(person=""), "number"),
        (wanted(person=number_of(date(2026, 11, 24))), "number"),
        (wanted(matter="no such"), "matter"),
        (wanted(guardian=number_of(date(1980, 1, 1))), "guardian"),
        (wanted(guardian="123"), "guardian"),
    ],
)
def test_what_cannot_be_begun_is_said_and_asks_nobody(tmp_path: Path, wish: Wanted, field: str) -> None:
    async def story(hall: Hall) -> None:
        for trying in (hall.counter.elsewhere(wish), hall.counter.begin(wish, HERE)):
            with pytest.raises(NotTaken) as caught:
                await trying
            assert caught.value.problems[0].field == field
            assert all(problem.words for problem in caught.value.problems)
        assert hall.exchange.asked == []

    told(tmp_path, story)


def test_the_person_is_shown_the_window_as_reader(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        shown = await hall.usage.show(visit_id(77), "K07", ShowUsage(ME, 0))
        assert {(use.reader, use.name) for use in shown.uses} == {(Reader.WINDOW, "3")}

    told(tmp_path, story)


def test_nothing_personal_lies_open_in_the_file(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall)
        await hall.counter.keep(visit_id(1), HERE, posted(mobile="13912345678"))
        rows = "\n".join(dump(hall.path))
        assert "counter_draft" in rows
        assert not [value for value in (ME.number, ME.name, "13912345678") if value in rows]

    told(tmp_path, story)


def test_a_certificate_is_issued_only_where_its_clerk_says_so(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await begun(hall, 1, matter=AT_ONCE.code)
        ticket = await handed(hall, 1)
        assert (await hall.store.standing(ticket.visit)).status is Status.CALLED
        await begun(hall, 2, THERE, matter=AT_ONCE.code)
        with pytest.raises(AtAnotherWindow):
            await handed(hall, 2, Way.ISSUE, THERE)
        await hall.decide(Action.RETURN)
        issued = await hall.counter.submit(visit_id(2), THERE, posted(2), Way.ISSUE, "i")
        assert isinstance(issued, Ticket)
        assert issued.number == "Z001"
        assert (await hall.store.standing(issued.visit)).status is Status.ISSUED
        assert (await hall.visits.certificate(issued.visit, THERE)).number == ME.number

    told(tmp_path, story)
