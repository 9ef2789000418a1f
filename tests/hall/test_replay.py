"""Every request of a terminal, a clerk and the deliverer, made three times; and what it leaves on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.application import Action, Status
from flows.kept import Keeping, Origin
from flows.usage import ShowUsage
from flows.wire import OpenVisit, VisitOpened
from hall.amendments import Said
from hall.appointments import Wish
from hall.by import By
from hall.corrections import Challenge
from hall.counter import Wanted, Way
from hall.counter_sheet import Posted
from hall.document_desk import DocumentDesk, Scan
from hall.errors import NotKnown
from hall.roles import Role
from hall.store.dead_letter_rows import DeadLetterCommands
from hall.store.documents import Adoption, NewDocument
from hall.store.feed_rows import FeedCommands
from hall.store.hall_store import HallStore
from hall.store.hand_over_rows import HandOverCommands
from hall.store.library_reading import LibraryCommands
from hall.store.overview_rows import OverviewCommands
from hall.store.rating_rows import RatingCommands
from hall.store.reconciliation_rows import ReconciliationCommands
from hall.store.request import Request
from hall.store.screen_rows import ScreenCommands
from hall.store.staff import Account, Ended, StaffSession
from hall.visits import AtWindow
from hall.working_day import working_day
from tests.hall.fakes import (
    CHECKED,
    FLOW,
    GRANDMOTHER,
    JOINT,
    ME,
    NOON,
    RECORDS,
    Hall,
    dump,
    filled_in,
    open_hall,
    somebody,
    visit_id,
)
from tests.hall.stage_matters import PORTRAIT
from tests.visits.small_matters import number_of

ONE = visit_id(1)
PICTURE = PORTRAIT.content
READING = {
    "visit", "ticket", "visits_of", "answered", "standing", "lines", "last_at", "case", "next_delivery_at",
    "certificate", "certificate_by", "figures_of", "first_day", "events_after", "last_event", "audit_of",
    "audit_after", "last_audit",
    "account", "accounts", "session", "session_at", "entry", "drawn",
    "wrong_log_ins", "usage_of", "close", "correction", "evidence", "corrections", "corrections_of", "unheard",
    "sent_corrections", "calls_since", "waiting_on", "to_collect", "call_of_event",
    "line_page", "ahead", "stranded", "open_windows", "step_times", "handled", "slots", "appointment_of", "busy_windows",
    "beside",
    "beats", "changes_of", "draft_at", "draft_version", "elsewhere",
    "open_promises", "promised_picture", "in_review",
    "documents_of", "documents_in", "document", "owns_document", "document_page",
}  # fmt: skip
EACH_TIME = {
    "audit", "keep_reading", "due_deliveries", "session_seen", "wrong_log_in", "forget", "send_left", "by_hand",
    "park", "start_entry", "change_entry", "end_entry", "take_step", "take_recovery_code",
    "keep_beat", "forget_beats", "drop_old_drafts",
    "turn_day", "appointments", "destroy_due",
}  # fmt: skip
"""Commands that carry no key: a line is a line, a read is a read, a lease is a lease, a request was seen again, every
wrong try counts, what is forgotten is forgotten, and what is sent or handed over is not open any more. What was sent last
is kept, a log-in goes from step to step, and a code is taken once by itself."""


class Recorder:
    """Passes everything on to a store and remembers which commands were used."""

    def __init__(self, store: HallStore) -> None:
        self.store = store
        self.used: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.used.add(name)
        return getattr(self.store, name)


def walk(hall: Hall) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every request that changes something, in an order that makes each possible."""
    visits, queue, desk, store = hall.visits, hall.queue, hall.desk, hall.store
    two, three, four = visit_id(2), visit_id(3), visit_id(4)

    def decide(visit: str, action: Action, reason: str = "", **amended: str) -> Callable[[], Awaitable[Status]]:
        key = f"{action} {visit}"
        return lambda: desk.decide(visit, action, window="3", clerk="zhang", key=key, said=Said(reason, amended=amended))

    def confirm(visit: str, window: str) -> Callable[[], Awaitable[Status]]:
        async def click() -> Status:
            said = Said(seen=await hall.seen(visit))
            return await desk.decide(visit, Action.CONFIRM, window=window, clerk="zhang", key=f"confirm {visit}", said=said)

        return click

    async def miss() -> None:
        hall.clock.now = NOON + timedelta(minutes=3)
        await queue.miss(ONE, "3", "zhang", "miss")
        hall.clock.now = NOON

    opened: dict[str, VisitOpened] = {}

    async def open_one() -> VisitOpened:
        opened[ONE] = await hall.open(ONE, "K07", FLOW.code, ME)
        return opened[ONE]

    async def open_joint() -> VisitOpened:
        opened[four] = await visits.open(four, "K07", OpenVisit(JOINT.code, JOINT.version, ME))
        return opened[four]

    return {
        "open": open_one,
        "submit": lambda: visits.submit(ONE, "K07", filled_in(ONE, opened[ONE].lookup, NOON)),
        "submit sealed": lambda: visits.submit_sealed(two, "K07", filled_in(two, None, NOON, somebody(2))),
        "open another": lambda: hall.open(three, "K08", FLOW.code, GRANDMOTHER),
        "who used my data": lambda: hall.usage.show(visit_id(9), "K07", ShowUsage(ME)),
        "leave": lambda: visits.leave(three, "K08"),
        "call": lambda: queue.call_next("3", "zhang", "call 1"),
        "recall": lambda: queue.recall(ONE, "3", "zhang", "recall"),
        "miss": miss,
        "requeue": lambda: queue.requeue(ONE, "zhang", "requeue"),
        "call again": lambda: queue.call_next("3", "zhang", "call 2"),
        "return": decide(ONE, Action.RETURN, "CARD_TO_RENEW"),
        "call the other": lambda: queue.call_next("3", "zhang", "call 3"),
        "reject": decide(two, Action.REJECT, "NOT_ELIGIBLE"),
        "requeue the returned": lambda: queue.requeue(ONE, "zhang", "requeue 2"),
        "call the first": lambda: queue.call_next("3", "zhang", "call 4"),
        "amend": decide(ONE, Action.AMEND, "TYPING_ERROR", mobile="13700137000"),
        "confirm": confirm(ONE, "3"),
        "call nobody": lambda: queue.call_next("3", "zhang", "call 5"),
        "step failed": lambda: store.step_failed(ONE, "exit_entry", "accept", "late", NOON + timedelta(minutes=2)),
        "step done": lambda: store.step_done(ONE, "exit_entry", "accept", "E-1", NOON),
        "last step done": lambda: store.step_done(ONE, "exit_entry", "read_back", "", NOON),
        "open the joint": open_joint,
        "submit the joint": lambda: visits.submit(four, "K07", filled_in(four, opened[four].lookup, NOON, flow=JOINT)),
        "call the joint": lambda: queue.call_next("4", "zhang", "call 6"),
        "confirm the joint": confirm(four, "4"),
        "it has not decided": lambda: store.step_waits(four, "traffic", "approval", NOON + timedelta(seconds=2)),
        "one agrees": lambda: store.decided(four, "traffic", "agreed", NOON),
        "one refuses": lambda: store.decided(four, "population", "refused not_eligible", NOON),
        **_disputing(hall),
        **_promising(hall),
        **_moving(hall),
        **_keeping(hall),
        **_at_the_counter(hall),
        **_staffing(store),
    }


def as_zhang(key: str) -> Request:
    return Request(key, "clerk:zhang", NOON)


def _staffing(store: HallStore) -> dict[str, Callable[[], Awaitable[object]]]:
    """An account, its telephone, its sessions and its end."""
    clerk, here, there = frozenset({Role.CLERK}), StaffSession("zhang", "3", NOON, NOON), StaffSession("zhang", "4", NOON, NOON)
    return {
        "add staff": lambda: store.add_staff(Account("zhang", "hash"), as_zhang("add")),
        "give a password": lambda: store.give_password("zhang", "other", as_zhang("give")),
        "choose a password": lambda: store.choose_password("zhang", "other", "own", as_zhang("choose")),
        "other roles": lambda: store.set_roles("zhang", clerk | {Role.SUPERVISOR}, as_zhang("roles")),
        "enrol": lambda: store.enrol("zhang", "SECRET", 1, ("one", "two"), as_zhang("enrol")),
        "log in": lambda: store.start_session("token", here, as_zhang("in")),
        "lock": lambda: store.lock_session("token", as_zhang("lock")),
        "unlock": lambda: store.unlock_session("token", as_zhang("unlock")),
        "log out": lambda: store.end_session("token", Ended.LOGGED_OUT, as_zhang("out")),
        "log in again": lambda: store.start_session("another", there, as_zhang("in again")),
        "end by security": lambda: store.end_sessions_of("zhang", Ended.BY_SECURITY, as_zhang("end")),
        "no telephone": lambda: store.reset_second_factor("zhang", as_zhang("reset")),
        "shut": lambda: store.set_disabled("zhang", True, as_zhang("shut")),
    }


def _moving(hall: Hall) -> dict[str, Callable[[], Awaitable[object]]]:
    """What else a clerk does with a ticket, and an appointment that is made and cancelled."""
    queue, first, second = hall.queue, visit_id(21), visit_id(22)
    wish = Wish(ME.number, ME.name, FLOW.code, "2026-11-25", "10:00")
    booked: dict[str, str] = {}

    async def book() -> str:
        booked["id"] = await hall.appointments.book(wish, "zhang", "6", "book")
        return booked["id"]

    def reject() -> Awaitable[Status]:
        said = Said("NOT_ELIGIBLE")
        return hall.desk.decide(first, Action.REJECT, window="4", clerk="zhang", key="reject the passed", said=said)

    return {
        "one comes": lambda: hall.submit(21),
        "with another matter": lambda: hall.submit(22, somebody(21), flow=JOINT),
        "put forward": lambda: queue.put_forward(first, "zhang", "forward", ground="CARE"),
        "call the one put forward": lambda: queue.call_next("6", "zhang", "call 8"),
        "hold": lambda: queue.hold(first, "6", "zhang", "hold"),
        "resume": lambda: queue.resume(first, "6", "zhang", "resume"),
        "pass on": lambda: queue.pass_on(first, "6", "zhang", "pass", to="4", why="CONFLICT"),
        "call the passed": lambda: queue.call_next("4", "zhang", "call 9"),
        "reject the passed": reject,
        "take the other matter": lambda: queue.take(second, "4", "zhang", "take"),
        "hold the other": lambda: queue.hold(second, "4", "zhang", "hold 2"),
        "back into the line": lambda: queue.requeue(second, "zhang", "back"),
        "book": book,
        "cancel": lambda: hall.appointments.cancel(booked["id"], "zhang", "6", "cancel"),
    }


def _promising(hall: Hall) -> dict[str, Callable[[], Awaitable[object]]]:
    """A case that a second person sends back, then accepts with a paper promised, until what became of the promise."""
    seven, him = visit_id(7), somebody(7)

    async def submit() -> object:
        lookup = (await hall.open(seven, "K07", CHECKED.code, him)).lookup
        return await hall.visits.submit(seven, "K07", filled_in(seven, lookup, NOON, him, flow=CHECKED))

    def propose(key: str) -> Callable[[], Awaitable[object]]:
        async def click() -> Status:
            said = Said(seen=await hall.seen(seven), lacking=("LEASE", "LICENCE"), until="2026-11-27", promised_by="某人")
            return await hall.desk.decide(seven, Action.PROPOSE, window="6", clerk="zhang", key=key, said=said)

        return click

    def by(clerk: str, key: str) -> By:
        return By(clerk, "6", key)

    async def approve() -> Status:
        return await hall.reviews.approve(seven, await hall.seen(seven), by("wang", "approve"))

    async def follow_up() -> Status:
        hall.clock.now = NOON + timedelta(days=7)
        done = await hall.promises.follow_up(seven, "CITIZEN_WITHDREW", "", by("wang", "follow up"))
        hall.clock.now = NOON
        return done

    back = Said(ticked={"REVIEW_PAPERS": ()})
    return {
        "submit the checked": submit,
        "call the checked": lambda: hall.queue.call_next("6", "zhang", "call checked"),
        "propose": propose("propose"),
        "send back": lambda: hall.reviews.send_back(seven, back, by("wang", "send back")),
        "take up": lambda: hall.reviews.take_up(seven, by("zhang", "take up")),
        "propose again": propose("propose again"),
        "approve": approve,
        "bring": lambda: hall.promises.bring(seven, {"LEASE": PICTURE}, "", by("zhang", "bring")),
        "follow up": follow_up,
    }


def _disputing(hall: Hall) -> dict[str, Callable[[], Awaitable[object]]]:
    """A dispute of a clerk's from its opening to the owner's answer and the citizen who reads it."""
    store, corrections, five, six = hall.store, hall.corrections, visit_id(5), visit_id(6)
    said = Challenge("household.address", "household", RECORDS["household.address"], "CHANGED", "佛山市禅城区文华路2号")
    opened: dict[str, str] = {}

    def by(key: str) -> By:
        return By("zhang", "5", key)

    async def dispute() -> str:
        opened["id"] = await corrections.open(five, said, by("dispute"))
        return opened["id"]

    async def submit() -> object:
        lookup = (await hall.open(five, "K07", FLOW.code, GRANDMOTHER)).lookup
        return await hall.visits.submit(five, "K07", filled_in(five, lookup, NOON, GRANDMOTHER))

    more = Challenge("contact.mobile", "household", RECORDS["contact.mobile"], "OTHER")
    return {
        "submit the disputed": submit,
        "call the disputed": lambda: hall.queue.call_next("5", "zhang", "call 7"),
        "dispute": dispute,
        "add evidence": lambda: corrections.upload(opened["id"], PICTURE, by("evidence")),
        "send": lambda: corrections.send(opened["id"], by("send")),
        "request failed": lambda: store.step_failed(opened["id"], "household", "request", "late", NOON + timedelta(minutes=3)),
        "requested": lambda: store.step_done(opened["id"], "household", "request", "JH-1", NOON),
        "request read back": lambda: store.step_done(opened["id"], "household", "read_back", "", NOON),
        "not looked into yet": lambda: store.step_waits(opened["id"], "household", "answer", NOON + timedelta(seconds=2)),
        "corrected": lambda: store.decided(opened["id"], "household", "corrected", NOON),
        "open to hear": lambda: hall.open(six, "K07", FLOW.code, GRANDMOTHER),
        "heard": lambda: hall.visits.heard(six, "K07", (opened["id"],)),
        "dispute another": lambda: corrections.open(five, more, by("another")),
    }


def _at_the_counter(hall: Hall) -> dict[str, Callable[[], Awaitable[object]]]:
    """What a clerk fills in for somebody without a terminal, handed in; and another one given up."""
    counter, at, eight, nine = hall.counter, AtWindow("6", "zhang"), visit_id(8), visit_id(10)
    wanted = Wanted(eight, FLOW.code, number_of(date(1980, 1, 1)))
    said = {"name": "王五", "mobile": "13700137000", "employer": "无", "way": "pickup"}
    pages = frozenset(page.name for page in FLOW.pages)

    def posted(version: int) -> Posted:
        return Posted(version, pages, said)

    return {
        "begin at the counter": lambda: counter.begin(wanted, at),
        "keep at the counter": lambda: counter.keep(eight, at, posted(1)),
        "hand in at the counter": lambda: counter.submit(eight, at, posted(2), Way.HERE, "counter"),
        "begin another at the counter": lambda: counter.begin(replace(wanted, visit=nine), at),
        "give up at the counter": lambda: counter.give_up(nine, at),
    }


OVER = ("open another", "begin at the counter", "keep at the counter", "begin another at the counter")
"""What cannot be asked again: it was left, or handed in, and the records with it."""


def _keeping(hall: Hall) -> dict[str, Callable[[], Awaitable[object]]]:
    """Papers of the same case: scanned, seen in the original, taken over from another one, given up again."""
    store, five, documents = hall.store, visit_id(5), dict[str, str]()
    desk = DocumentDesk(hall.store, hall.desk, hall.clock, matters=hall.matters)

    def by(key: str) -> By:
        return By("zhang", "5", key)

    def request(key: str) -> Request:
        return Request(key, "clerk:zhang", NOON, "5")

    async def scan() -> str:
        documents["scan"] = await desk.scan(five, Scan("other", (PICTURE,)), by("scan"))
        return documents["scan"]

    async def keep() -> str:
        day = working_day(NOON)
        kept = NewDocument(
            "home_proof", Keeping.REUSE, GRANDMOTHER.number, ONE, "letter", Origin.TERMINAL, "K07", day, day, (PORTRAIT,)
        )
        documents["kept"] = await store.keep_document(kept, request("keep"))
        return documents["kept"]

    return {
        "scan": scan,
        "original seen": lambda: desk.seen(five, documents["scan"], by("seen")),
        "keep": keep,
        "adopt": lambda: store.adopt(Adoption(documents["kept"], five, working_day(NOON)), request("adopt"), working_day(NOON)),
        "give up": lambda: store.withdraw_document(documents["kept"], GRANDMOTHER.number, request("give up")),
    }


def test_every_request_made_three_times_is_done_once_and_answered_alike(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            recorder: Any = Recorder(hall.store)
            at_the_window = (hall.queue, hall.desk, hall.counter, hall.reviews, hall.promises)
            for service in (hall.visits, hall.usage, hall.corrections, hall.appointments, *at_the_window):
                service._store = recorder
            hall.store = recorder
            requests = walk(hall)
            answers: dict[str, object] = {}
            for name, request in requests.items():
                before = dump(hall.path)
                answers[name] = await request()
                assert dump(hall.path) != before, name
            after = dump(hall.path)
            answers |= dict.fromkeys(OVER, NotKnown)
            for _ in range(2):
                for name, request in requests.items():
                    assert await _answer(request) == answers[name], name
                    assert dump(hall.path) == after, name
            # What goes from mark to mark, day to day, or failure to failure has tests of its own.
            told = (LibraryCommands, FeedCommands, ReconciliationCommands, DeadLetterCommands)
            shown = (ScreenCommands, RatingCommands, HandOverCommands, OverviewCommands)
            own = {part for topic in (*told, *shown) for part in topic.__mro__}
            topics = [topic for topic in HallStore.__mro__ if topic not in own]
            commands = {name for topic in topics for name in vars(topic) if not name.startswith("_")} - {"open"}
            assert commands - READING - EACH_TIME - recorder.used == set(), "a command the walk forgot"

    asyncio.run(story())


async def _answer(request: Callable[[], Awaitable[object]]) -> object:
    try:
        return await request()
    except NotKnown as error:
        return type(error)


@pytest.mark.on_file
def test_no_personal_data_lies_in_the_file_or_its_log(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            for request in walk(hall).values():
                await request()
            await hall.open(visit_id(9), "K07", FLOW.code, ME)
            files = [file for file in list_files(tmp_path) if file.name != "field.key"]
            assert {file.name for file in files} >= {"hall.db", "hall.db-wal"}
            on_disk = b"".join(file.read_bytes() for file in files)
            assert b"ticket_issued" in on_disk
            for value in (ME.number, ME.name, ME.address, "13900139000", "13700137000", "某某有限公司", *RECORDS.values()):
                assert value.encode() not in on_disk
                assert value.encode("unicode_escape") not in on_disk

    asyncio.run(story())


def list_files(folder: Path) -> list[Path]:
    return list(folder.iterdir())
