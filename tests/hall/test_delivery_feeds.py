"""What departments say of their cases: each word once, forward only, whenever and however it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.application import Action, Status
from flows.delivery import FED, FED_FROM, RANK, Progress
from hall.delivery import Deliverer
from hall.departments.connection import DepartmentFailure, Reason
from hall.errors import NotAllowed
from hall.feeds import Feeds, News, messages_in
from hall.store.feeds import Message
from hall.store.request import Request
from tests.hall.fakes import JOINT, Hall, dump, open_hall, visit_id
from tests.hall.test_approvals import AGREED, REFUSED, Department

ONE = visit_id(1)
MAKING, READY, COLLECTED, POSTED = Progress
NO_WORDS: Mapping[str, str] = {}


@dataclass
class Feed:
    """A department's feed in memory: a mark is how many messages were read."""

    department: str = "exit_entry"
    poll_s: float = 30.0
    peer: str = "CRJ"
    words: Mapping[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    part: int = 2
    fails: Reason | None = None
    asked: list[str] = field(default_factory=list)

    def say(self, progress: Progress, number: str = "E-1", name: str = "") -> None:
        self.messages.append(Message(name or str(len(self.messages) + 1), number, progress))

    async def news(self, mark: str) -> News:
        self.asked.append(mark)
        if self.fails:
            raise DepartmentFailure(self.fails)
        since = int(mark or 0)
        found = tuple(self.messages[since : since + self.part])
        return News(found, str(since + len(found)), since + len(found) < len(self.messages))


async def accepted(hall: Hall) -> None:
    await hall.called(1)
    await hall.decide(Action.CONFIRM)


async def numbered(hall: Hall, department: str = "exit_entry", number: str = "E-1") -> None:
    await hall.store.step_done(ONE, department, "accept", number, hall.clock())


async def status(hall: Hall) -> Status:
    return (await hall.store.standing(ONE)).status


async def hear(hall: Hall, *said: tuple[str, Progress], department: str = "exit_entry", number: str = "E-1") -> int:
    messages = [Message(name, number, progress) for name, progress in said]
    return await hall.store.hear(department, messages, None, Request("", "hall", hall.clock()))


def test_a_case_goes_from_making_to_ready_to_collected_and_every_page_hears_of_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            feed = Feed()
            feeds = Feeds(hall.store, [feed], hall.clock)
            expected = [(MAKING, Status.MAKING), (READY, Status.READY), (COLLECTED, Status.DELIVERED)]
            for progress, after in expected:
                feed.say(progress)
                assert await feeds.poll(feed) == 1
                assert await status(hall) is after
                hall.clock.later(seconds=31)
            events = [event.name for event in await hall.store.events_after(0)]
            assert [name for name in events if name in ("case_making", "case_ready", "case_delivered")] == [
                "case_making",
                "case_ready",
                "case_delivered",
            ]
            lines = [(line.event, line.outcome) for line in await hall.store.audit_of(ONE) if line.event == "progress_heard"]
            assert lines == [("progress_heard", f"exit_entry {progress}") for progress, _ in expected]

    asyncio.run(story())


def test_what_can_be_collected_is_told_to_the_board_by_number_and_day_alone(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            begin = hall.clock() - timedelta(days=30)
            assert await hall.store.ready(begin) == ()
            await hear(hall, ("1", READY))
            (ready,) = await hall.store.ready(begin)
            assert (ready.number, ready.working_day, ready.department) == ("A001", hall.clock().date(), "exit_entry")
            await hear(hall, ("2", COLLECTED))
            assert await hall.store.ready(begin) == ()

    asyncio.run(story())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.sampled_from(list(Progress)), min_size=1, max_size=8))
def test_in_whatever_order_and_however_often_it_is_said_a_case_never_goes_back(
    tmp_path_factory: pytest.TempPathFactory, said: Sequence[Progress]
) -> None:
    async def story(folder: Path) -> None:
        async with open_hall(folder) as hall:
            await accepted(hall)
            await numbered(hall)
            furthest, order = 0, [Status.ACCEPTED, Status.MAKING, Status.READY, Status.DELIVERED]
            for position, progress in enumerate(said):
                moved = await hear(hall, (str(position), progress))
                assert moved == (RANK[progress] > furthest)
                furthest = max(furthest, RANK[progress])
                assert await status(hall) is order[furthest]

    asyncio.run(story(tmp_path_factory.mktemp("order")))


def test_the_same_message_again_leaves_everything_as_it_is(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            await hear(hall, ("1", MAKING), ("2", READY))
            after = dump(hall.path)
            for _ in range(2):
                assert await hear(hall, ("1", MAKING), ("2", READY)) == 0
                assert dump(hall.path) == after
            assert await hear(hall, ("1", POSTED)) == 0  # its name was used for something else: the first word stays
            assert await status(hall) is Status.READY

    asyncio.run(story())


def test_what_comes_before_its_number_is_held_until_the_number_is_known(tmp_path: Path) -> None:
    """The department answered, the answer was lost, and its feed was faster than the repeat."""

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            feed = Feed()
            feed.say(READY)
            feed.say(MAKING)
            feeds = Feeds(hall.store, [feed], hall.clock)
            assert await feeds.poll(feed) == 0
            assert [(one.held, one.failures) for one in await hall.store.feeds()] == [(2, 0)]
            assert await status(hall) is Status.ACCEPTED
            await numbered(hall)
            assert await status(hall) is Status.READY
            assert [one.held for one in await hall.store.feeds()] == [0]

    asyncio.run(story())


def test_a_case_that_departments_still_decide_upon_is_not_made_before_all_agreed(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=JOINT)
            await hall.decide(Action.CONFIRM)
            every = [Department(code) for code in JOINT.told]
            deliverer = Deliverer(hall.store, every, hall.clock, asyncio.Event())
            await deliverer.run_once()
            number = every[0].given[f"{ONE}:population"]
            await hear(hall, ("1", MAKING), department="population", number=number)
            assert await status(hall) is Status.ACCEPTED
            for one in every:
                one.says = AGREED
            for _ in range(3):
                hall.clock.later(seconds=61)
                await deliverer.run_once()
            assert await status(hall) is Status.MAKING
            assert [one.ended for one in every] == [["complete"]] * 3

    asyncio.run(story())


def test_a_case_that_was_refused_stays_refused_whatever_is_made(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=JOINT)
            await hall.decide(Action.CONFIRM)
            every = [Department(code) for code in JOINT.told]
            every[0].says = REFUSED
            await Deliverer(hall.store, every, hall.clock, asyncio.Event()).run_once()
            number = every[1].given[f"{ONE}:social_security"]
            assert await hear(hall, ("1", READY), department="social_security", number=number) == 0
            assert await status(hall) is Status.REFUSED

    asyncio.run(story())


def test_a_case_of_two_departments_is_ready_when_both_are(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            await numbered(hall, "household", "H-1")
            await hear(hall, ("1", MAKING))
            await hear(hall, ("1", MAKING), department="household", number="H-1")
            await hear(hall, ("2", READY))
            assert await status(hall) is Status.MAKING
            await hear(hall, ("2", READY), department="household", number="H-1")
            assert await status(hall) is Status.READY

    asyncio.run(story())


def test_a_number_that_no_case_has_is_held_counted_and_forgotten_after_a_while(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            feed = Feed()
            feed.say(READY, number="E-999")
            feed.say(MAKING)
            await Feeds(hall.store, [feed], hall.clock).poll(feed)
            assert [one.held for one in await hall.store.feeds()] == [1]
            assert await status(hall) is Status.MAKING
            await hall.store.tidy_feed("exit_entry", hall.clock() + timedelta(days=1), rewind=False)
            assert [one.held for one in await hall.store.feeds()] == [0]

    asyncio.run(story())


def test_one_departments_word_moves_no_case_of_another(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            assert await hear(hall, ("1", READY), department="household", number="E-1") == 0
            assert await status(hall) is Status.ACCEPTED

    asyncio.run(story())


def test_a_feed_is_read_on_from_where_it_was_also_by_another_process_and_after_a_failure(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall, open_hall(tmp_path, hall.clock()) as beside:
            await accepted(hall)
            await numbered(hall)
            feed = Feed(part=1)
            feed.say(MAKING)
            feed.say(READY)
            one, other = Feeds(hall.store, [feed], hall.clock), Feeds(beside.store, [feed], beside.clock)
            assert sorted(await asyncio.gather(one.poll(feed), other.poll(feed))) in ([0, 2], [1, 1])
            assert feed.asked == ["", "1"]
            feed.fails = "down"
            for hall_clock in (hall.clock, beside.clock):
                hall_clock.later(seconds=31)
            assert await one.poll(feed) == 0
            (state,) = await hall.store.feeds()
            assert (state.failures, state.problem, state.mark) == (1, "down", "2")
            feed.fails = None
            feed.say(COLLECTED)
            assert await other.poll(feed) == 0  # it rests
            for hall_clock in (hall.clock, beside.clock):
                hall_clock.later(seconds=61)
            assert await other.poll(feed) == 1
            assert feed.asked[-1] == "2"

    asyncio.run(story())


def test_a_knock_of_the_department_is_heard_at_once_and_nobody_elses(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await accepted(hall)
            await numbered(hall)
            feed, silent = Feed(), Feed("household", peer="")
            feeds = Feeds(hall.store, [feed, silent], hall.clock)
            await feeds.poll(feed)
            feed.say(MAKING)
            assert await feeds.poll(feed) == 0
            assert not await feeds.knock("")
            assert not await feeds.knock("FOSHAN")
            assert await feeds.knock("CRJ")
            assert await feeds.poll(feed) == 1
            with pytest.raises(NotAllowed):
                await feeds.bring("FOSHAN", [{"number": "E-1", "state": "ready"}])
            assert await feeds.bring("CRJ", [{"id": 9, "number": "E-1", "state": "ready"}]) == 1
            assert await status(hall) is Status.READY

    asyncio.run(story())


@pytest.mark.parametrize(
    "entries",
    [
        None,
        {},
        ["x"],
        [{"number": "", "state": "ready"}],
        [{"number": "E-1"}],
        [{"number": "E-1", "state": 7}],
        [{"number": "E-1", "state": "ready", "id": ""}],
        [{"number": "E" * 65, "state": "ready"}],
        [{"number": "E-1\n", "state": "ready"}],
        [{"number": "E-1", "state": "ready"}, {"number": 7, "state": "ready"}],
    ],
)
def test_what_cannot_be_read_is_garbled_as_a_whole(entries: object) -> None:
    with pytest.raises(DepartmentFailure, match="garbled"):
        messages_in(entries, NO_WORDS)


def test_a_departments_own_words_are_translated_and_stages_that_are_none_of_ours_are_left_out() -> None:
    entries = [{"number": "1", "state": "ZZ"}, {"number": "1", "state": "质检"}, {"number": "1", "state": "posted"}]
    found = messages_in(entries, {"ZZ": "making"})
    assert [(one.id, one.progress) for one in found] == [("1 ZZ", MAKING), ("1 posted", POSTED)]


def test_the_table_of_statuses_goes_one_way() -> None:
    order = [Status.ACCEPTED, Status.APPROVED, Status.MAKING, Status.READY, Status.DELIVERED]
    assert set(FED.values()) == set(FED_FROM)
    assert all(order.index(before) < order.index(after) for after, befores in FED_FROM.items() for before in befores)
