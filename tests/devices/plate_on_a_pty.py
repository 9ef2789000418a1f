"""A SAM_V module on a pseudo-terminal, its reader, and everything that happened."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import pytest

from devices.device import DeviceError, DeviceEvent, DeviceStatus
from devices.document import DocumentKind
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_photo import PhotoDecoder
from devices.drivers.sam_v_port import Port, port_of
from devices.simulators.sam_v import SamVSimulator
from devices.simulators.sam_v_card import card_text
from devices.simulators.sam_v_module import SimulatedModule
from tests.patience import SOON_S

CALM = Patience(poll_s=0.01, command_s=2.0, read_s=2.0, gap_s=1.0, reopen_s=(0.01, 0.02))
QUICK = Patience(poll_s=0.01, command_s=0.2, read_s=0.2, gap_s=0.1, failing_s=0.6, several_s=0.2, reopen_s=(0.01, 0.02))
"""For stories in which answers never come; all others wait as long as a busy machine needs."""

LYU = card_text(
    DocumentKind.RESIDENT_CARD,
    {"name": "吕晓岚", "sex": "2", "ethnic_group": "01", "birth": "19920229", "number": "440602199202299863"},
)
OTHER = card_text(
    DocumentKind.RESIDENT_CARD,
    {"name": "陈测试", "sex": "1", "ethnic_group": "01", "birth": "19800101", "number": "440602198001019872"},
)


Module = TypeVar("Module", bound=SimulatedModule)


class Plate(Generic[Module]):
    """A module, its reader, and every event so far."""

    def __init__(self, simulator: Module, port: Port, patience: Patience, decoder: PhotoDecoder | None = None) -> None:
        self.simulator = simulator
        self.reader = SamVReader("plate", port, patience, decoder=decoder)
        self.events: list[DeviceEvent] = []
        self._changed = asyncio.Condition()

    async def listen(self, events: AsyncIterator[DeviceEvent]) -> None:
        async for event in events:
            async with self._changed:
                self.events.append(event)
                self._changed.notify_all()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON_S), self._changed:
            await self._changed.wait_for(holds)

    async def media(self, *names: tuple[str, int]) -> None:
        """Waits until exactly these cards came and went, in this order."""
        wanted = [DeviceEvent(name, "plate", media_id) for name, media_id in names]
        await self.until(lambda: len(self.of_media()) >= len(wanted))
        assert self.of_media() == wanted

    def of_media(self) -> list[DeviceEvent]:
        return [event for event in self.events if event.name.startswith("media")]

    async def status(self, wanted: DeviceStatus) -> None:
        await self.until(lambda: self.reader.status().device is wanted)

    async def refusal(self) -> DeviceError:
        with pytest.raises(DeviceError) as refused:
            await self.reader.read_identity(deadline_s=SOON_S)
        return refused.value

    async def read_name(self) -> tuple[str, int]:
        card = await self.reader.read_identity(deadline_s=SOON_S)
        return card.name, card.media_id


@asynccontextmanager
async def plate(
    simulator: SamVSimulator | None = None,
    path: str = "",
    *,
    baud: str = "",
    patience: Patience = CALM,
    decoder: PhotoDecoder | None = None,
) -> AsyncIterator[Plate[SamVSimulator]]:
    simulator = simulator or SamVSimulator()
    made = Plate(simulator, port_of(path or simulator.path, baud), patience, decoder)
    listening = asyncio.ensure_future(made.listen(made.reader.events()))
    await made.reader.open()
    try:
        yield made
    finally:
        await made.reader.close()
        await listening
        simulator.unplug()


def tell(story: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(story())
