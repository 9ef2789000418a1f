"""Who used my data: every read of a person's records is found by that person, and nobody else's is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.application import Assurance, Identity
from flows.usage import Kept, Reader, ShowUsage, UsageShown, Use, UseKind
from flows.wire import OpenVisit
from hall.access_log import access_log
from hall.departments.connection import Access, Purpose
from hall.errors import AnotherRequest, AuditUnavailable, NotAllowed, NotKnown
from hall.exchange import Exchange
from hall.store.audit_file import stored_audit
from hall.usage import PAGE, Usage
from hall.visits import Visits
from tests.hall.engines import place, refuse
from tests.hall.fakes import AT_ONCE, FLOW, GRANDMOTHER, ME, NOON, Hall, change, dump, filled_in, open_hall, visit_id
from tests.hall.test_guardian import CATALOGUE, CHILD, FAMILY, SAME, register
from tests.hall.test_guardian import MATTERS as FAMILIES

ONE = visit_id(1)
Happens = Callable[[Hall], Awaitable[None]]
Told = tuple[str, str, str]


async def shown(hall: Hall, who: Identity = ME, look: int = 0x700, before: int = 0, terminal: str = "K07") -> UsageShown:
    return await hall.usage.show(visit_id(look), terminal, ShowUsage(who, before))


def told(uses: Sequence[Use]) -> list[Told]:
    return [(use.kind, use.reader, use.name) for use in uses]


async def asked(hall: Hall, access: Access) -> None:
    await access_log(hall.store, hall.clock)(access)


async def opens(hall: Hall) -> None:
    await hall.open(ONE, "K07", FLOW.code, ME)


async def opens_twice(hall: Hall) -> None:
    await opens(hall)
    await opens(hall)


async def leaves(hall: Hall) -> None:
    await opens(hall)
    await hall.visits.leave(ONE, "K07")


async def leaves_before_the_records_come(hall: Hall) -> None:
    await hall.visits.leave(ONE, "K07")
    with pytest.raises(NotKnown):
        await opens(hall)


async def comes_out_of_the_outbox(hall: Hall) -> None:
    await hall.visits.submit_sealed(ONE, "K07", filled_in(ONE, None, NOON))


async def is_opened_at_the_counter(hall: Hall) -> None:
    await hall.desk.case(await hall.called(1), "3", "zhang")


async def certificate_at_the_terminal(hall: Hall) -> None:
    await hall.submit(1, flow=AT_ONCE)
    await hall.visits.certificate(ONE, "K07")


async def certificate_at_the_counter(hall: Hall) -> None:
    await hall.submit(1, flow=AT_ONCE)
    await hall.queue.requeue(ONE, "zhang", "again")
    await hall.queue.call_next("4", "zhang", "call")
    await hall.desk.certificate(ONE, "4", "zhang")


AT_K07: Told = (UseKind.ASKED, Reader.TERMINAL, "K07")
READINGS: dict[str, tuple[Happens, list[Told]]] = {
    "a visit is opened": (opens, [AT_K07]),
    "a repeat reads nothing": (opens_twice, [AT_K07]),
    "a visit is left": (leaves, [AT_K07]),
    "a visit is left before its records come": (leaves_before_the_records_come, [AT_K07]),
    "an application comes out of the outbox": (comes_out_of_the_outbox, [AT_K07]),
    "a clerk opens the case": (
        is_opened_at_the_counter,
        [(UseKind.ASKED, Reader.WINDOW, "3"), (UseKind.OPENED, Reader.WINDOW, "3"), AT_K07],
    ),
    "a certificate is printed at the terminal": (
        certificate_at_the_terminal,
        [(UseKind.PAPER, Reader.TERMINAL, "K07"), AT_K07],
    ),
    "a certificate is printed at the counter": (
        certificate_at_the_counter,
        [(UseKind.PAPER, Reader.WINDOW, "4"), AT_K07],
    ),
}


@pytest.mark.parametrize("name", READINGS)
def test_every_way_of_reading_is_found_once_by_its_person_and_by_nobody_else(tmp_path: Path, name: str) -> None:
    happens, expected = READINGS[name]

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await happens(hall)
            assert told((await shown(hall)).uses) == expected
            assert (await shown(hall, GRANDMOTHER, 0x701)).uses == ()

    asyncio.run(story())


def test_a_use_says_when_for_which_matter_and_which_items_and_no_value(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await opens(hall)
            (use,) = (await shown(hall)).uses
            assert (use.at, use.visit, use.matter, use.matter_title) == (NOON, ONE, FLOW.code, "开具证明")
            assert use.department_title == "公安户籍"
            assert use.items == ("姓名", "公民身份号码", "户口所在地址", "联系电话", "工作单位")

    asyncio.run(story())


def test_looking_is_itself_a_use_that_the_next_look_lists(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            assert await shown(hall) == UsageShown((), Kept(0))
            assert await shown(hall) == UsageShown((), Kept(0)), "a repeat is the same look"
            assert told((await shown(hall, look=0x701)).uses) == [(UseKind.SHOWN, Reader.TERMINAL, "K07")]

    asyncio.run(story())


def test_a_repeat_and_a_later_page_are_of_the_moment_of_the_first(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await opens(hall)
            first = await shown(hall)
            await hall.submit(2, ME)
            assert await shown(hall) == first
            assert (await shown(hall, before=10**9)).uses == first.uses, "nothing newer can be asked for under an old look"
            assert len((await shown(hall, look=0x701)).uses) == 3

    asyncio.run(story())


def test_a_look_belongs_to_its_person_and_its_terminal(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await shown(hall)
            before = dump(hall.path)
            for who, terminal in ((GRANDMOTHER, "K07"), (ME, "K08")):
                with pytest.raises(AnotherRequest):
                    await shown(hall, who, terminal=terminal)
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_number_that_was_typed_is_shown_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await asked(hall, Access(Purpose(ONE, FLOW.code, "terminal:K07"), "household", ("person.name",), CHILD.number))
            before = dump(hall.path)
            with pytest.raises(NotAllowed):
                await shown(hall, CHILD)
            assert dump(hall.path) == before
            assert len((await shown(hall, replace(CHILD, assurance=Assurance.CHIP))).uses) == 1

    asyncio.run(story())


def test_a_childs_visit_is_found_by_the_child_and_by_the_guardian_each_for_their_own_records(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, matters=FAMILIES) as hall:
            register_office = register(*SAME)
            log = access_log(hall.store, hall.clock)
            hall.desk._exchange = exchange = Exchange([register_office], CATALOGUE, log, matters=FAMILIES, budget_s=5.0)
            visits = Visits(hall.store, exchange, hall.clock, matters=FAMILIES)
            opened = await visits.open(ONE, "K07", OpenVisit("child", "1", CHILD, ME))
            form = filled_in(ONE, opened.lookup, NOON, CHILD, flow=FAMILY, name="吕小满")
            await visits.submit(ONE, "K07", replace(form, guardian=ME))
            await hall.queue.call_next("3", "zhang", "call")
            await hall.desk.case(ONE, "3", "zhang")
            guardians = (await shown(hall)).uses
            childs = (await shown(hall, replace(CHILD, assurance=Assurance.SAM), 0x701)).uses
            at_window = [(UseKind.ASKED, Reader.WINDOW, "3"), (UseKind.OPENED, Reader.WINDOW, "3")]
            assert told(guardians) == told(childs) == [*at_window, AT_K07]
            assert {use.as_guardian for use in guardians} == {True}
            assert {use.as_guardian for use in childs} == {False}
            assert [use.items for use in guardians][-1] == ("监护人户号", "监护人与户主关系")
            assert [use.items for use in childs][-1] == ("姓名", "户号", "与户主关系")
            assert {use.matter_title for use in (*guardians, *childs)} == {"未成年人申请"}

    asyncio.run(story())


@pytest.mark.parametrize(
    ("asked_by", "reader", "name"),
    [("hall", Reader.HALL, ""), ("hall:H2", Reader.ANOTHER_HALL, "H2"), ("peer:H2", Reader.ANOTHER_HALL, "H2")],
)
def test_the_hall_itself_and_another_hall_are_named(tmp_path: Path, asked_by: str, reader: Reader, name: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            access = Access(Purpose(ONE, "fishing", asked_by), "waterworks", ("water.meter",), ME.number, from_library=True)
            await asked(hall, access)
            (use,) = (await shown(hall)).uses
            assert (use.reader, use.name, use.from_library) == (reader, name, True)
            assert (use.matter_title, use.department_title, use.items) == ("fishing", "waterworks", ("water.meter",))

    asyncio.run(story())


def test_somebody_whose_records_were_read_two_thousand_times_sees_all_of_them_page_by_page(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            purpose = Purpose(ONE, FLOW.code, "terminal:K07")
            log = access_log(hall.store, hall.clock)
            access = [Access(purpose, f"d{number}", (), ME.number) for number in range(2 * PAGE + 1)]
            await asyncio.gather(*(log(one) for one in access))
            first = await shown(hall)
            second = await shown(hall, before=first.older)
            last = await shown(hall, before=second.older)
            assert [len(page.uses) for page in (first, second, last)] == [PAGE, PAGE, 1]
            assert last.older == 0
            seen = [use.department_title for page in (first, second, last) for use in page.uses]
            assert seen == [one.department for one in reversed(access)]
            assert len([line for line in dump(hall.path) if "usage_shown" in line]) == 1, "one look, however many pages"

    asyncio.run(story())


class Shelf:
    async def owner(self, number: str) -> Sequence[str]:
        return ("population",) if number == ME.number else ()

    async def of(self, number: str) -> Sequence[object]:
        return (object(), object()) if number == ME.number else ()


def test_what_is_kept_is_told_with_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            hall.usage = Usage(hall.store, hall.clock, {}, libraries=Shelf(), corrections=Shelf())
            assert (await shown(hall)).kept == Kept(1, ("population",), 2)
            assert (await shown(hall, GRANDMOTHER, 0x701)).kept == Kept(0)

    asyncio.run(story())


@pytest.mark.parametrize("table", ["audit", "usage"])
def test_what_its_person_could_not_find_is_not_read(tmp_path: Path, table: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            visit = await hall.called(1)
            refuse(hall.path, table)
            before = dump(hall.path)
            hall.exchange.asked.clear()
            with pytest.raises(AuditUnavailable):
                await hall.open(visit_id(2), "K07", FLOW.code, ME)
            with pytest.raises(AuditUnavailable):
                await hall.desk.case(visit, "3", "zhang")
            with pytest.raises(AuditUnavailable):
                await shown(hall)
            assert hall.exchange.asked == []
            assert dump(hall.path) == before

    asyncio.run(story())


@pytest.mark.on_file
def test_reads_from_before_the_index_are_found_through_submitted_applications(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await is_opened_at_the_counter(hall)
            await hall.open(visit_id(2), "K07", FLOW.code, ME)
            await hall.visits.leave(visit_id(2), "K07")
        change(hall.path, "DROP TABLE usage")
        change(hall.path, "DELETE FROM _yoyo_migration WHERE migration_id = '0004.usage'")
        async with open_hall(tmp_path) as hall:
            old = [(UseKind.ASKED, Reader.WINDOW, ""), (UseKind.OPENED, Reader.WINDOW, ""), AT_K07]
            uses = (await shown(hall)).uses
            assert told(uses) == old
            assert {use.matter for use in uses} == {FLOW.code}
            assert (await shown(hall, GRANDMOTHER, 0x701)).uses == ()

    asyncio.run(story())


def test_rows_hold_nothing_personal(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await is_opened_at_the_counter(hall)
            await shown(hall)
            rows = [line for line in dump(hall.path) if '"usage"' in line or '"replay"' in line]
            assert len([row for row in rows if row.startswith('INSERT INTO "usage"')]) == 4
            text = "\n".join(rows)
            personal = (ME.number, ME.name, f"{ME.birth:%Y%m%d}", str(ME.birth), ME.number.encode().hex())
            assert not [value for value in personal if value in text]

    asyncio.run(story())


PEOPLE = (ME, GRANDMOTHER)
STEPS = st.lists(st.tuples(st.sampled_from(["open", "leave", "submit", "counter", "look"]), st.sampled_from(PEOPLE)), max_size=12)


@pytest.mark.on_file
@settings(max_examples=40)
@given(steps=STEPS)
def test_what_a_person_is_shown_is_what_the_audit_says_about_them(steps: list[tuple[str, Identity]]) -> None:
    """Whatever happens in whatever order: every line about a read, by the person whose visit it was."""

    async def story(folder: Path) -> None:
        async with open_hall(folder) as hall:
            whose = {visit_id(number): who for number, (_, who) in enumerate(steps)}
            for number, (step, who) in enumerate(steps):
                hall.clock.later(minutes=2)
                await _takes(hall, step, number, who)
            lines = [line for line in stored_audit(place(hall.path)).get("H1", ()) if line.event in set(UseKind)]
            for at, who in enumerate(PEOPLE):
                uses = (await shown(hall, who, 0x700 + at)).uses
                about = [line for line in reversed(lines) if whose[line.object] is who]
                assert [(use.at, use.kind, use.visit) for use in uses] == [(a.at, a.event, a.object) for a in about]

    with TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder)))


async def _takes(hall: Hall, step: str, number: int, who: Identity) -> None:
    match step:
        case "open" | "leave":
            await hall.open(visit_id(number), "K07", FLOW.code, who)
            if step == "leave":
                await hall.visits.leave(visit_id(number), "K07")
        case "submit":
            await hall.submit(number, who)
        case "counter":
            called = await hall.queue.call_next(f"{number}", "zhang", f"call {number}")
            if called:
                await hall.desk.case(called, f"{number}", "zhang")
        case "look":
            await shown(hall, who, number)
