"""A register is collected into its library: whole, once, with nothing that is not listed, and what went goes here too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.application import Record
from hall.departments.connection import Batch, DepartmentFailure, Subject
from hall.store.libraries import Share
from hall.verify import verify
from tests.hall.engines import place
from tests.hall.fakes import NOON, dump
from tests.hall.libraries.registers import HE, HOUSEHOLD, ME, SHE, WHEN, Desk, desk, number, subject

Story = Callable[[Desk], Awaitable[None]]


def told(folder: Path, story: Story, **options: int) -> None:
    async def with_desk() -> None:
        async with desk(folder, peers=(), **options) as stage:
            await story(stage)

    asyncio.run(with_desk())


def test_a_register_is_collected_page_by_page_and_then_only_what_is_new(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        for key, name in ((ME, "吕晓岚"), (SHE, "何焕章"), (HE, "阿依")):
            stage.household.tell(key, person_name=name, household_address="佛山市")
        state = await stage.collect()
        assert (state.entries, state.changed, state.gone, state.problem) == (3, 3, 0, "")
        assert stage.household.asked == ["", "2"]
        stage.household.tell(SHE, person_name="何焕璋")
        state = await stage.collect()
        assert (state.entries, state.changed) == (3, 1)
        assert stage.household.asked[2:] == ["3"]
        assert await stage.names(ME, SHE, HE) == ["吕晓岚", "何焕璋", "阿依"]

    told(tmp_path, story)


def test_who_went_at_the_source_goes_here(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        stage.household.tell(SHE, person_name="何焕章")
        await stage.collect()
        stage.household.strike(ME)
        state = await stage.collect()
        assert (state.entries, state.gone) == (1, 1)
        assert await stage.names(ME, SHE) == [None, "何焕章"]
        assert await stage.libraries.owner(ME) == ()
        assert await stage.libraries.owner(SHE) == ("population",)

    told(tmp_path, story)


def test_nothing_is_kept_that_is_not_listed_and_nothing_lies_open_in_the_file(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚", person_birth="1992-02-29", household_address="同济路1号")
        stage.household.tell(SHE, person_birth="1992-02-29")
        state = await stage.collect()
        assert state.entries == 1
        assert stage.household.asked_items == [HOUSEHOLD]
        kept = await stage.libraries.kept("household", ME, ("person.name", "person.birth", "household.address"))
        assert kept is not None
        assert [record.item for record in kept[1]] == ["person.name", "household.address"]
        in_file = "\n".join(dump(stage.path))
        assert not [value for value in (ME, SHE, "吕晓岚", "同济路", "1992-02-29") if value in in_file]

    told(tmp_path, story)


def test_each_round_is_audited_with_its_counts(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        (line,) = await stage.store.audit_of("library:population")
        assert (line.event, line.actor, line.items) == ("library_collected", "hall", HOUSEHOLD)
        assert line.outcome == "household changed=1 gone=0"
        assert verify(place(stage.path)) == {"H1": None}

    told(tmp_path, story)


def test_a_record_keeps_its_own_date_and_the_library_says_until_when_it_was_so(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        stage.clock.later(hours=5)
        await stage.collect()
        kept = await stage.libraries.kept("household", ME, ("person.name",))
        assert kept == (NOON + timedelta(hours=5), (Record("person.name", "吕晓岚", "household", WHEN),))

    told(tmp_path, story)


def test_a_department_that_only_passes_on_what_it_knew_yesterday_is_believed_as_of_yesterday(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.known_at = NOON - timedelta(days=1)
        stage.household.tell(ME, person_name="吕晓岚")
        state = await stage.collect()
        assert state.known_at == NOON - timedelta(days=1)
        kept = await stage.libraries.kept("household", ME, ("person.name",))
        assert kept is not None
        assert kept[0] == NOON - timedelta(days=1)

    told(tmp_path, story)


def test_what_is_too_old_is_not_served(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        stage.clock.later(hours=72)
        assert await stage.names(ME) == ["吕晓岚"]
        stage.clock.later(seconds=1)
        assert await stage.names(ME) == [None]

    told(tmp_path, story)


def whole(*subjects: Subject, mark: str = "file 2", more: bool = False) -> Batch:
    return Batch(subjects, mark, more, whole=True)


def test_a_whole_drop_takes_the_place_of_the_last_one_in_one_step(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.answers = [
            whole(subject(ME, "吕晓岚"), subject(SHE, "何焕章"), mark="file 1"),
            whole(subject(HE, "阿依"), mark="file 2, row 1", more=True),
        ]
        await stage.collect()

        async def half() -> None:
            if stage.household.asked[-1] == "file 2, row 1":
                assert await stage.names(ME, SHE, HE) == ["吕晓岚", "何焕章", None]
                stage.household.answers = [whole(subject(SHE, "何焕璋"))]

        stage.household.before = half
        state = await stage.collect()
        assert (state.entries, state.changed, state.gone) == (2, 2, 1)
        assert await stage.names(ME, SHE, HE) == [None, "何焕璋", "阿依"]
        assert sum('INSERT INTO "library_entry"' in line for line in dump(stage.path)) == 2

    told(tmp_path, story)


def test_a_round_from_the_beginning_strikes_off_what_it_does_not_name(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        stage.household.answers = [DepartmentFailure("garbled")] * 3
        stage.household.log = []
        stage.household.tell(SHE, person_name="何焕章")
        states = [await stage.collect() for _ in range(4)]
        assert [state.failures for state in states] == [1, 2, 3, 0]
        assert stage.household.asked == ["", "1", "1", "1", ""]
        assert await stage.names(ME, SHE) == [None, "何焕章"]

    told(tmp_path, story)


def test_a_register_that_is_suddenly_empty_is_believed_the_third_time(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.answers = [whole(subject(ME, "吕晓岚"), mark="file 1"), whole(), whole(), whole()]
        await stage.collect()
        states = [await stage.collect() for _ in range(2)]
        assert [(state.problem, state.failures) for state in states] == [("empty", 1), ("empty", 2)]
        assert await stage.names(ME) == ["吕晓岚"]
        state = await stage.collect()
        assert (state.problem, state.entries, state.gone) == ("", 0, 1)
        assert await stage.names(ME) == [None]

    told(tmp_path, story)


def test_garbage_in_the_middle_keeps_what_was_collected_and_goes_on_from_there(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        for serial in range(1, 6):
            stage.household.tell(number(serial), person_name=f"人{serial}")

        async def garble() -> None:
            if stage.household.asked == ["", "2"]:
                raise ValueError(f"the answer quotes {ME}")

        stage.household.before = garble
        state = await stage.collect()
        assert (state.problem, state.failures, state.mark, state.entries) == ("broken", 1, "2", 0)
        state = await stage.collect()
        assert (state.problem, state.entries, state.changed) == ("", 5, 5)
        assert stage.household.asked == ["", "2", "2", "4"]

    told(tmp_path, story)


@pytest.mark.parametrize(
    "answer",
    [
        Batch((subject(ME, "吕晓岚"),), "", more=True),
        Batch((), "7", more=True),
        Batch((), "m" * 5000),
        whole(subject(ME, "吕晓岚"), mark="7", more=True),
    ],
)
def test_a_page_that_never_ends_or_leads_nowhere_is_refused(tmp_path: Path, answer: Batch) -> None:
    async def story(stage: Desk) -> None:
        stage.household.answers = [Batch((subject(SHE, "何焕章"),), "7"), answer]
        await stage.collect()
        state = await stage.collect()
        assert state.problem in ("endless", "too_large")
        assert await stage.names(SHE) == ["何焕章"]

    told(tmp_path, story)


def test_a_round_of_too_many_pages_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hall.libraries.collector.MOST_BATCHES", 3)

    async def story(stage: Desk) -> None:
        stage.household.answers = [Batch((), str(n), more=True) for n in range(1, 9)]
        state = await stage.collect()
        assert state.problem == "endless"
        assert len(stage.household.asked) == 4

    told(tmp_path, story)


def test_one_subject_twice_in_a_round_counts_once_and_the_newer_one_stays(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        newer = WHEN + timedelta(days=1)
        stage.household.answers = [
            Batch((subject(ME, "新名", as_of=newer), subject(SHE, "旧名")), "1", more=True),
            Batch((subject(ME, "旧名"), subject(SHE, "新名", as_of=newer), subject(SHE, "新名", as_of=newer)), "2"),
        ]
        state = await stage.collect()
        assert (state.entries, state.changed) == (2, 3)
        assert await stage.names(ME, SHE) == ["新名", "新名"]
        figures = await stage.store.figures("population")
        assert figures.shares == {("household", "person.name"): Share(2, 0)}

    told(tmp_path, story)


def test_an_entry_about_somebody_else_is_left_out_and_one_without_a_key_stops_the_round(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        lying = replace(subject(ME, "吕晓岚"), records=(Record("person.number", SHE, "household", WHEN),))
        stage.household.answers = [Batch((lying, subject(HE, "阿依")), "1"), Batch((subject("", "无号"),), "2")]
        state = await stage.collect()
        assert (state.entries, state.problem) == (1, "")
        assert (await stage.collect()).problem == "garbled"

    told(tmp_path, story)


def test_what_a_register_strikes_off_without_telling_goes_when_everything_is_collected_anew(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        for key in (ME, SHE):
            stage.household.tell(key, person_name="人")
        await stage.collect()
        stage.household.log = [entry for entry in stage.household.log if entry[0] != ME]
        stage.clock.later(days=6)
        await stage.collect()
        assert await stage.names(ME, SHE) == ["人", "人"]
        stage.clock.later(days=1)
        state = await stage.collect()
        assert stage.household.asked == ["", "2", ""]
        assert (state.changed, state.gone) == (0, 1)
        assert await stage.names(ME, SHE) == [None, "人"]

    told(tmp_path, story)


def test_other_items_than_before_are_collected_anew(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚", household_address="佛山市")
        await stage.collect()
        one = stage.settings.sources[0]
        less = replace(one, items=("person.name",))
        await stage.collector.collect(less)
        await stage.collector.settle(less)
        assert stage.household.asked == ["", ""]
        kept = await stage.libraries.kept("household", ME, HOUSEHOLD)
        assert kept is not None
        assert [record.item for record in kept[1]] == ["person.name"]

    told(tmp_path, story)


def test_two_departments_that_differ_are_counted_and_only_counted(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        for key, one, other in ((ME, "吕晓岚", "吕晓岚"), (SHE, "何焕章", "何焕璋"), (HE, "阿依", "阿衣")):
            stage.household.tell(key, person_name=one)
            stage.social.tell(key, person_name=other, contact_mobile="13800138000")
        await stage.collect()
        await stage.collect("social_security")
        figures = await stage.store.figures("population")
        assert figures.contradictions == {"person.name": 2}
        assert figures.shares[("social_security", "contact.mobile")] == Share(3, 0)
        stage.social.tell(SHE, person_name="何焕章")
        stage.household.strike(HE)
        await stage.collect()
        await stage.collect("social_security")
        figures = await stage.store.figures("population")
        assert figures.contradictions == {}
        assert figures.shares[("social_security", "contact.mobile")] == Share(2, 0)

    told(tmp_path, story)


def test_shares_in_doubt_are_counted(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.answers = [Batch((subject(ME, "吕晓岚", doubt="twice"), subject(SHE, "何焕章")), "1")]
        await stage.collect()
        assert (await stage.store.figures("population")).shares == {("household", "person.name"): Share(2, 1)}

    told(tmp_path, story)
