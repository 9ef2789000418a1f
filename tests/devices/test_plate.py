"""Several readers as one place where cards are laid."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from devices.device import Completion, Counters, DeviceError, DeviceEvent, DeviceStatus, MediaStatus, Status
from devices.device_events import MOST_WAITING, Events
from devices.document import AccessKey, DocumentKind, IdentityDocument, Verified
from devices.drivers.pcsc import PcscReader
from devices.plate import Plate, Presence
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.vpcd import VirtualCard
from tests.devices.laying import Slot, card_of, tell


class FakeReader:
    """A reader whose cards and troubles a test decides."""

    kind = "fake"

    def __init__(self, device_id: str) -> None:
        self.id = device_id
        self.device = DeviceStatus.OFFLINE
        self.reading = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.reads: IdentityDocument | DeviceError | None = None
        self.keys: list[AccessKey | None] = []
        self._events = Events(device_id)

    def capabilities(self) -> Mapping[str, object]:
        return {}

    def status(self) -> Status:
        return Status(self.device, MediaStatus.UNKNOWN)

    async def open(self) -> None:
        self.now(DeviceStatus.ONLINE)

    async def check_health(self) -> Status:
        return self.status()

    async def reset(self) -> None:
        """There is nothing to let go of."""

    def counters(self) -> Counters:
        return Counters()

    async def close(self) -> None:
        self.device = DeviceStatus.OFFLINE

    def events(self) -> AsyncIterator[DeviceEvent]:
        return self._events.listen()

    async def read_identity(self, *, access: AccessKey | None = None, deadline_s: float = 10.0) -> IdentityDocument:
        self.keys.append(access)
        self.reading.set()
        await self.go_on.wait()
        if isinstance(self.reads, IdentityDocument):
            return self.reads
        raise self.reads or DeviceError(Completion.INVALID_DATA)

    def now(self, device: DeviceStatus) -> None:
        self.device = device
        self._events.tell("statusChanged")

    def lay(self, media_id: int, *, readable: bool = True) -> None:
        self._events.tell("mediaInserted" if readable else "invalidMedia", media_id)
        self.reads = IdentityDocument(
            DocumentKind.SOCIAL_SECURITY_CARD, "1", f"person {media_id}", "2", None, media_id, self.id, Verified.CHIP
        )

    def take(self, media_id: int) -> None:
        self._events.tell("mediaRemoved", media_id)


@asynccontextmanager
async def opened(*readers: FakeReader) -> AsyncIterator[Plate]:
    plate = Plate(readers, unreadable_after_s=0.01)
    await plate.open()
    try:
        yield plate
    finally:
        await plate.close()


async def refusal(plate: Plate, presence: Presence) -> Completion:
    try:
        await plate.read(presence)
    except DeviceError as error:
        return error.code
    raise AssertionError("the card was read")


def test_a_card_on_any_reader_is_laid_read_and_gone() -> None:
    async def story() -> None:
        chip, resident = FakeReader("chip"), FakeReader("resident")
        async with opened(chip, resident) as plate:
            waiting = asyncio.create_task(plate.card_laid())
            resident.lay(5)
            presence = await waiting
            assert presence == Presence("resident", 5, readable=True)
            assert await plate.card_laid() == presence
            assert (await plate.read(presence)).name == "person 5"
            gone = asyncio.create_task(plate.card_gone(presence))
            resident.take(5)
            await gone
            assert plate.lying == ()

    tell(story())


def test_an_old_presence_is_over_when_another_card_lies_there() -> None:
    async def story() -> None:
        reader = FakeReader("chip")
        async with opened(reader) as plate:
            reader.lay(1)
            first = await plate.card_laid()
            reader.lay(2)
            await plate.card_gone(first)
            assert await refusal(plate, first) is Completion.MEDIA_REMOVED
            assert (await plate.card_laid()).media_id == 2

    tell(story())


def test_a_card_swapped_while_it_is_read_is_not_given_out() -> None:
    async def story() -> None:
        reader = FakeReader("chip")
        async with opened(reader) as plate:
            reader.lay(1)
            first = await plate.card_laid()
            reader.go_on.clear()
            reading = asyncio.create_task(refusal(plate, first))
            await reader.reading.wait()
            reader.lay(2)
            reader.go_on.set()
            assert await reading is Completion.MEDIA_REMOVED

    tell(story())


def test_a_document_of_another_presence_is_not_given_out_even_before_its_event() -> None:
    async def story() -> None:
        reader = FakeReader("chip")
        async with opened(reader) as plate:
            reader.lay(1)
            first = await plate.card_laid()
            reader.lay(2)
            assert await refusal(plate, first) is Completion.MEDIA_REMOVED

    tell(story())


def test_why_a_card_is_not_read_is_passed_on_while_it_lies_there() -> None:
    async def story() -> None:
        reader = FakeReader("chip")
        async with opened(reader) as plate:
            reader.lay(1)
            reader.reads = DeviceError(Completion.NEEDS_AUTHORITY)
            assert await refusal(plate, await plate.card_laid()) is Completion.NEEDS_AUTHORITY

    tell(story())


def test_a_card_mute_to_one_reader_is_read_by_the_other() -> None:
    async def story() -> None:
        chip, resident = FakeReader("chip"), FakeReader("resident")
        async with opened(chip, resident) as plate:
            waiting = asyncio.create_task(plate.card_laid())
            chip.lay(1, readable=False)
            resident.lay(2)  # at once: the moment given to a mute card is 10 ms here
            assert await waiting == Presence("resident", 2, readable=True)

    tell(story())


def test_a_card_that_was_refused_is_passed_over_for_one_on_another_reader() -> None:
    async def story() -> None:
        chip, resident = FakeReader("chip"), FakeReader("resident")
        async with opened(chip, resident) as plate:
            chip.lay(1)
            refused = await plate.card_laid()
            waiting = asyncio.create_task(plate.card_laid(besides=[refused]))
            resident.lay(2)
            assert await waiting == Presence("resident", 2, readable=True)
            assert await plate.card_laid() == refused
            chip.lay(3)  # taken away and laid again: another presence
            assert (await plate.card_laid(besides=[refused, await waiting])).media_id == 3

    tell(story())


def test_what_opens_a_document_is_passed_on_to_its_reader() -> None:
    async def story() -> None:
        reader, key = FakeReader("chip"), AccessKey(card_access_number="123456")
        async with opened(reader) as plate:
            reader.lay(1)
            presence = await plate.card_laid()
            await plate.read(presence)
            await plate.read(presence, access=key)
            assert reader.keys == [None, key]

    tell(story())


def test_a_card_mute_to_every_reader_is_told_after_a_moment() -> None:
    async def story() -> None:
        reader = FakeReader("chip")
        async with opened(reader) as plate:
            reader.lay(1, readable=False)
            assert await plate.card_laid() == Presence("chip", 1, readable=False)

    tell(story())


def test_a_reader_that_went_is_told_from_a_card_that_went_although_another_reader_stays() -> None:
    async def story() -> None:
        chip, resident = FakeReader("chip"), FakeReader("resident")
        async with opened(chip, resident) as plate:
            chip.lay(1)
            presence = await plate.card_laid()
            assert plate.serves(presence)
            chip.now(DeviceStatus.OFFLINE)
            await plate.changed()
            assert plate.ready()
            assert not plate.serves(presence)

    tell(story())


def test_one_reader_online_is_enough_to_be_ready() -> None:
    async def story() -> None:
        chip, resident = FakeReader("chip"), FakeReader("resident")
        plate = Plate([chip, resident])
        assert not plate.ready()
        async with opened(chip, resident) as plate:
            assert plate.ready()
            chip.now(DeviceStatus.OFFLINE)
            await plate.changed()
            assert plate.ready()
            resident.now(DeviceStatus.HARDWARE_ERROR)
            await plate.changed()
            assert not plate.ready()

    tell(story())


def test_nobody_listening_to_a_reader_costs_no_memory_and_keeps_what_came_last() -> None:
    async def story() -> None:
        events = Events("chip")
        listener = events.listen()
        for media_id in range(MOST_WAITING * 2):
            events.tell("statusChanged")
            events.tell("mediaInserted", media_id)
        waiting = [await anext(listener) for _ in range(MOST_WAITING)]
        assert waiting[-1].media_id == MOST_WAITING * 2 - 1
        assert [event.name for event in waiting].count("statusChanged") == 1

    tell(story())


def test_a_real_card_that_lay_there_before_the_plate_was_opened_is_seen_and_read(pcscd: PrivatePcscd, slot: Slot) -> None:
    async def story() -> None:
        with VirtualCard(card_of("rare"), slot.port):
            reader = PcscReader("chip", reader=slot.reader)
            plate = Plate([reader])
            await plate.open()
            presence = await plate.card_laid()
            assert (await plate.read(presence)).name == "梁𠮷彤"
            pcscd.restart()
            await plate.card_gone(presence)
            assert await refusal(plate, presence) is Completion.MEDIA_REMOVED
            assert (await plate.read(await plate.card_laid())).name == "梁𠮷彤"
        await plate.close()
        assert not plate.ready()

    tell(story())
