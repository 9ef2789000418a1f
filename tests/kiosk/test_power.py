"""A power cut: what is begun is finished, nothing new is begun, and the machine is shut down once, if it is to be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from devices.device import Power, PowerSource
from kiosk.power import BRIDGED_S, LOOK_S, PowerCut, run_command
from kiosk.serve import serve
from kiosk.view import Touch, View
from tests.kiosk.fakes import Stage
from tests.patience import SOON_S

LONG = int(BRIDGED_S / LOOK_S) + 2
MAINS, BATTERY, UNKNOWN = (Power(source) for source in PowerSource)
CLOSED, TAKE_CARD = "本终端暂停服务", "请取走感应区里的卡"


class Supply:
    def __init__(self) -> None:
        self.says = MAINS

    def power(self) -> Power:
        return self.says


class Grid:
    """A supply, a cut that watches it, and time that passes for it alone."""

    def __init__(self) -> None:
        self.supply = Supply()
        self.shut_down = 0
        self.cut = PowerCut(self.supply, self._shut_down)

    async def is_on(self, power: Power, looks: int = LONG) -> None:
        self.supply.says = power
        left = looks

        async def wait(seconds: float) -> None:
            nonlocal left
            assert seconds == LOOK_S
            left -= 1
            if not left:
                raise TimeoutError

        with pytest.raises(TimeoutError):
            await self.cut.run(wait)

    async def _shut_down(self) -> None:
        self.shut_down += 1


class Screen:
    """A display that somebody touches only when the story says so."""

    touches = 0

    def __init__(self) -> None:
        self.view: View | None = None
        self._touching: asyncio.Future[Touch] | None = None
        self._turn = asyncio.Event()

    async def show(self, view: View) -> Touch:
        self._touching = asyncio.get_running_loop().create_future()
        self.update(view)
        return await self._touching

    def update(self, view: View) -> None:
        self.view = view
        self._turn.set()
        self._turn = asyncio.Event()

    def forget(self) -> None:
        self.view = None

    def touch(self, button: str) -> None:
        assert self._touching
        self._touching.set_result(Touch(button))

    async def shows(self, words: str) -> None:
        while not (self.view and words in (self.view.kind, self.view.title)):
            await self._turn.wait()


def tell(story: Callable[[Stage, Screen, Grid], Coroutine[None, None, None]]) -> None:
    async def told() -> None:
        stage = Stage()
        screen, grid = Screen(), Grid()
        serving = asyncio.create_task(serve(stage.terminal(screen), grid.cut))
        try:
            async with asyncio.timeout(SOON_S):
                await story(stage, screen, grid)
        finally:
            serving.cancel()
            await asyncio.wait({serving})

    asyncio.run(told())


def test_nobody_is_invited_in_a_cut_and_everybody_after_it() -> None:
    async def story(stage: Stage, screen: Screen, grid: Grid) -> None:
        await screen.shows("attract")
        await grid.is_on(BATTERY)
        await screen.shows(CLOSED)
        assert grid.shut_down == 1
        screen.touch("done")
        await screen.shows(CLOSED)
        await grid.is_on(MAINS, looks=1)
        await screen.shows("attract")
        await grid.is_on(BATTERY)
        await screen.shows(CLOSED)
        assert grid.shut_down == 2

    tell(story)


def test_a_visit_that_somebody_began_is_finished_first() -> None:
    async def story(stage: Stage, screen: Screen, grid: Grid) -> None:
        await screen.shows("attract")
        screen.touch("hk-macau-permit")
        await screen.shows("notice")
        await grid.is_on(BATTERY)
        assert screen.view is not None
        assert (screen.view.kind, grid.shut_down) == ("notice", 0)
        screen.touch("quit")
        await screen.shows(CLOSED)
        assert grid.shut_down == 1

    tell(story)


def test_the_battery_does_not_wait_for_a_card_that_was_left_behind() -> None:
    async def story(stage: Stage, screen: Screen, grid: Grid) -> None:
        await screen.shows("attract")
        screen.touch("hk-macau-permit")
        await screen.shows("notice")
        screen.touch("understood")
        await screen.shows("card")
        stage.plate.lay()
        await screen.shows("form")
        await grid.is_on(BATTERY)
        assert grid.shut_down == 0
        screen.touch("quit")
        await screen.shows(TAKE_CARD)
        assert grid.shut_down == 1
        stage.plate.pull()
        await screen.shows(CLOSED)
        assert grid.shut_down == 1

    tell(story)


@pytest.mark.parametrize(
    ("course", "lasts"),
    [
        ([(BATTERY, LONG)], True),
        ([(BATTERY, LONG - 3)], False),
        ([(BATTERY, LONG - 3), (MAINS, 1), (BATTERY, LONG - 3)], False),
        ([(UNKNOWN, 10 * LONG)], False),
        ([(BATTERY, 5), (UNKNOWN, LONG)], True),
        ([(BATTERY, LONG), (UNKNOWN, LONG)], True),
        ([(BATTERY, LONG), (MAINS, 1)], False),
    ],
)
def test_a_cut_lasts_when_the_mains_were_seen_to_go_and_not_to_come_back(course: list[tuple[Power, int]], lasts: bool) -> None:
    async def told() -> None:
        grid = Grid()
        for power, looks in course:
            await grid.is_on(power, looks)
        assert grid.cut.lasts is lasts

    asyncio.run(told())


def test_the_command_that_shuts_down_is_run_and_may_fail(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    done = tmp_path / "done"
    asyncio.run(run_command([sys.executable, "-c", f"open({str(done)!r}, 'w')"]))
    assert done.exists()
    assert "machine_not_shut_down" not in caplog.text
    asyncio.run(run_command([sys.executable, "-c", "raise SystemExit(3)"]))
    asyncio.run(run_command([str(tmp_path / "none")]))
    assert caplog.text.count("machine_not_shut_down") == 2


def test_without_a_command_nothing_is_run(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(run_command(()))
    assert caplog.text == ""
