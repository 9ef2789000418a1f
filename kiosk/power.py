"""A power cut: the visit in progress is finished, no new one is begun, and then the machine is shut down in good order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from devices.device import Power, PowerSource

log = logging.getLogger(__name__)

LOOK_S = 1.0
BRIDGED_S = 60.0
"""A cut that is over within that time is none."""


class Supply(Protocol):
    """What the terminal runs on."""

    def power(self) -> Power: ...


class PowerCut:
    """Whether the terminal has to come to an end. `shut_down` is called once in each cut that lasts."""

    def __init__(self, supply: Supply, shut_down: Callable[[], Awaitable[None]]) -> None:
        self._supply = supply
        self._shut_down = shut_down
        self._on_battery_s = 0.0
        self._ending = asyncio.Event()
        self._no_cut = asyncio.Event()
        self._no_cut.set()
        self._told = False

    @property
    def lasts(self) -> bool:
        return self._ending.is_set()

    async def comes(self) -> None:
        """Returns when no new visit may begin."""
        await self._ending.wait()

    async def over(self) -> None:
        """Returns when visits may begin again."""
        await self._no_cut.wait()

    async def no_visit_is_left(self) -> None:
        """Nobody is served any more: the machine may go."""
        if not self._told:
            self._told = True
            await self._shut_down()

    async def run(self, wait: Callable[[float], Awaitable[None]]) -> None:
        """For ever. While nobody knows what the terminal runs on, it is taken to be as it was."""
        while True:
            source = self._supply.power().source
            if source is PowerSource.MAINS:
                self._mains()
            elif source is PowerSource.BATTERY or self._on_battery_s:
                self._battery()
            await wait(LOOK_S)

    def _mains(self) -> None:
        if self.lasts:
            log.info("power_is_back")
        self._on_battery_s, self._told = 0.0, False
        self._ending.clear()
        self._no_cut.set()

    def _battery(self) -> None:
        self._on_battery_s += LOOK_S
        if self._on_battery_s > BRIDGED_S and not self.lasts:
            log.warning("power_cut_lasts")
            self._no_cut.clear()
            self._ending.set()


async def run_command(command: Sequence[str]) -> None:
    """The configured command that shuts the machine down; nothing when none is configured."""
    if not command:
        return
    log.warning("machine_is_shut_down", extra={"command": command[0]})
    try:
        process = await asyncio.create_subprocess_exec(*command)
    except OSError as error:
        log.error("machine_not_shut_down", extra={"errno": error.errno})
        return
    if code := await process.wait():
        log.error("machine_not_shut_down", extra={"code": code})
