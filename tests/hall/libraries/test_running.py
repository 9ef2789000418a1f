"""The collector as it runs: one source never holds up another, a knock is heard, and a killed process loses nothing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hall.departments.connection import DepartmentFailure
from hall.libraries import collector as collecting
from hall.libraries.keeping import tidy
from hall.libraries.setting import LibrarySettings
from hall.store.libraries import Share, Shelf
from hall.verify import verify
from tests.hall.engines import place
from tests.hall.fakes import dump
from tests.hall.libraries.registers import ME, Desk, desk, number, until

HOUSEHOLD, SOCIAL = Shelf("population", "household"), Shelf("population", "social_security")


@asynccontextmanager
async def running(stage: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(stage.collector.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def told(folder: Path, story: Callable[[Desk], Awaitable[None]]) -> None:
    async def with_desk() -> None:
        async with desk(folder) as stage:
            await story(stage)

    asyncio.run(with_desk())


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "BETWEEN_S", 0.0)


def test_a_department_that_hangs_or_fails_does_not_hold_up_another(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.before = asyncio.Event().wait  # type: ignore[assignment]
        stage.social.tell(ME, contact_mobile="13800138000")
        async with running(stage):
            await until(stage.store, lambda: succeeded(stage, SOCIAL))
        assert (await stage.store.shelf(HOUSEHOLD)).succeeded_at is None

    told(tmp_path, story)


async def succeeded(stage: Desk, shelf: Shelf) -> bool:
    return (await stage.store.shelf(shelf)).succeeded_at is not None


def test_a_hanging_department_is_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "BATCH_S", 0.01)

    async def story(stage: Desk) -> None:
        stage.household.before = asyncio.Event().wait  # type: ignore[assignment]
        state = await stage.collect()
        assert (state.problem, state.failures) == ("late", 1)

    told(tmp_path, story)


def test_a_knock_is_collected_at_once_and_nobody_else_is(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        async with running(stage):
            await until(stage.store, lambda: succeeded(stage, HOUSEHOLD))
            await until(stage.store, lambda: succeeded(stage, SOCIAL))
            stage.household.tell(ME, person_name="吕晓岚")
            stage.social.tell(ME, person_name="吕晓岚")
            assert stage.collector.knock("NOBODY") == 0
            assert stage.collector.knock("POLICE") == 1

            async def heard() -> bool:
                return await stage.names(ME) == ["吕晓岚"]

            await until(stage.store, heard)
        assert len(stage.social.asked) == 1

    told(tmp_path, story)


def test_a_wish_of_another_process_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "LOOK_S", 0.01)

    async def story(stage: Desk) -> None:
        async with running(stage):
            await until(stage.store, lambda: succeeded(stage, HOUSEHOLD))
            stage.household.tell(ME, person_name="吕晓岚")
            with stage.collector.alone() as alone:
                assert not alone
            await stage.store.want(HOUSEHOLD)

            async def heard() -> bool:
                return await stage.names(ME) == ["吕晓岚"]

            await until(stage.store, heard)

    told(tmp_path, story)


def test_one_source_is_never_collected_twice_at_the_same_time(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        inside = 0

        async def count() -> None:
            nonlocal inside
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1

        stage.household.before = count
        for serial in range(1, 9):
            stage.household.tell(number(serial), person_name="人")
        one = stage.settings.sources[0]
        states = await asyncio.gather(*(stage.collector.collect(one) for _ in range(5)))
        assert [state.problem for state in states] == [""] * 5

    told(tmp_path, story)


def test_a_failing_department_is_tried_again_after_growing_pauses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "LOOK_S", 0.01)

    async def story(stage: Desk) -> None:
        stage.household.answers = [DepartmentFailure("down")] * 3
        stage.household.tell(ME, person_name="吕晓岚")
        async with running(stage):
            for failures, pause_s in ((1, 15), (2, 30), (3, 60)):

                async def failed(failures: int = failures) -> bool:
                    return (await stage.store.shelf(HOUSEHOLD)).failures == failures

                await until(stage.store, failed)
                assert len(stage.household.asked) == failures
                stage.clock.later(seconds=pause_s)

            await until(stage.store, lambda: succeeded(stage, HOUSEHOLD))
        assert await stage.names(ME) == ["吕晓岚"]

    told(tmp_path, story)


def test_what_is_collected_no_more_is_struck_off_and_its_shelf_with_it(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        for serial in range(1, 130):
            stage.household.tell(number(serial), person_name="人")
        stage.social.tell(ME, person_name="人")
        await stage.collect()
        await stage.collect("social_security")
        library = stage.settings.libraries[0]
        less = LibrarySettings((replace(library, sources=library.sources[1:]),))
        await tidy(less, stage.store, stage.clock)
        assert [state.shelf for state in await stage.store.shelves()] == [SOCIAL]
        entries = [line for line in dump(stage.path) if 'INSERT INTO "library_entry"' in line]
        assert len(entries) == 1
        assert (await stage.store.figures("population")).shares == {("social_security", "person.name"): Share(1, 0)}

    told(tmp_path, story)


def test_what_was_not_confirmed_for_too_long_is_struck_off(tmp_path: Path) -> None:
    async def story(stage: Desk) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        stage.clock.now += timedelta(days=30)
        await tidy(stage.settings, stage.store, stage.clock)
        assert await stage.libraries.owner(ME) == ("population",)
        stage.clock.now += timedelta(seconds=1)
        await tidy(stage.settings, stage.store, stage.clock)
        await stage.collector.settle(stage.settings.sources[0])
        assert await stage.libraries.owner(ME) == ()
        assert not [line for line in dump(stage.path) if 'INSERT INTO "library_entry"' in line]
        await stage.collect()
        assert await stage.libraries.owner(ME) == ("population",)

    told(tmp_path, story)


COLLECTS_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from tests.hall.libraries.registers import desk, number

async def story():
    async with desk(Path(sys.argv[1])) as stage:
        stage.household.page = 7
        for serial in range(1, 301):
            stage.household.tell(number(serial), person_name=f"人{serial}")
        async def tell():
            print(len(stage.household.asked), flush=True)
        stage.household.before = tell
        await stage.collect()
        print("done", flush=True)

asyncio.run(story())
"""


@pytest.mark.on_file
@pytest.mark.parametrize("killed_at", [2, 9, 23])
def test_a_process_killed_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path: Path, killed_at: int) -> None:
    command = [sys.executable, "-c", COLLECTS_FOR_EVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hall:
        assert hall.stdout is not None
        while hall.stdout.readline().strip() != str(killed_at):
            pass
        hall.kill()

    async def after_the_restart(stage: Desk) -> None:
        stage.household.page = 7
        for serial in range(1, 301):
            stage.household.tell(number(serial), person_name=f"人{serial}")
        state = await stage.collect()
        assert int(stage.household.asked[0]) >= 7 * (killed_at - 1)
        assert (state.entries, state.problem) == (300, "")
        assert await stage.names(*(number(serial) for serial in range(1, 301))) == [f"人{serial}" for serial in range(1, 301)]
        assert (await stage.store.figures("population")).shares == {("household", "person.name"): Share(300, 0)}
        assert sum('INSERT INTO "library_entry"' in line for line in dump(stage.path)) == 300
        assert verify(place(stage.path)) == {"H1": None}

    told(tmp_path, after_the_restart)


@pytest.mark.parametrize(("page", "killed_at"), [(120, 2), (60, 4)], ids=["the first batch", "a later one"])
def test_half_a_batch_that_is_told_differently_the_second_time_leaves_nothing_behind(
    tmp_path: Path, page: int, killed_at: int
) -> None:
    """Killed between two parts of one batch: what the second telling does not name is not there."""

    async def story(stage: Desk) -> None:
        stage.household.page = page
        for serial in range(1, 121):
            stage.household.tell(number(serial), person_name="人")
        put = stage.store.put
        parts = 0

        async def put_once(*asked: object) -> object:
            nonlocal parts
            parts += 1
            if parts == killed_at:
                raise KeyboardInterrupt
            return await put(*asked)  # type: ignore[arg-type]

        stage.store.put = put_once  # type: ignore[method-assign, assignment]
        with pytest.raises(KeyboardInterrupt):
            await stage.collect()
        stage.store.put = put  # type: ignore[method-assign]
        first = 120 - page
        del stage.household.log[first : first + 10]
        state = await stage.collect()
        assert state.entries == 110
        assert await stage.names(number(first + 1), number(first + 11)) == [None, "人"]
        assert (await stage.store.figures("population")).shares == {("household", "person.name"): Share(110, 0)}

    told(tmp_path, story)
