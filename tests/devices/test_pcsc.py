"""Cards over a real pcscd: laid, read, pulled and swapped at any moment, while pcscd comes and goes."""

from __future__ import annotations

import asyncio
import threading

import pytest

from devices.device import Completion, DeviceStatus, MediaStatus
from devices.drivers.pcsc import PcscReader
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.vpcd import CardProgram, CardPulled, FaultAt, VirtualCard, pulled
from tests.devices.laying import Noted, Slot, card_of, heard, lying, opened, refused, tell, until

COMMANDS_OF_A_READ = 14


class Slow(Noted):
    """A card that thinks about its fifth answer until `go_on`."""

    def __init__(self, program: CardProgram) -> None:
        super().__init__(program)
        self.thinks, self.go_on = threading.Event(), threading.Event()

    def answer(self, command: bytes) -> bytes:
        if len(self.asked) == 4:
            self.thinks.set()
            self.go_on.wait()
        return super().answer(command)


def test_a_laid_card_is_read_with_the_media_id_of_its_presence(slot: Slot) -> None:
    async def story() -> None:
        async with lying(slot, card_of("lyu")) as (reader, laid):
            document = await reader.read_identity()
            assert (document.name, document.number) == ("吕晓岚", "440602199202299863")
            assert (document.media_id, document.device_id) == (laid.media_id, "left")

    tell(story())


def test_a_read_asks_the_card_no_more_than_needed(slot: Slot) -> None:
    async def story() -> None:
        card = Noted(card_of("lyu"))
        async with lying(slot, card) as (reader, _):
            await reader.read_identity()
        assert len(card.asked) == COMMANDS_OF_A_READ

    tell(story())


def test_a_card_is_asked_nothing_more_for_a_read_that_was_given_up(slot: Slot) -> None:
    async def story() -> None:
        card = Slow(card_of("lyu"))
        async with lying(slot, card) as (reader, _):
            given_up = asyncio.create_task(reader.read_identity())
            await asyncio.to_thread(card.thinks.wait)
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
            card.go_on.set()
            await reader.read_identity()
        assert len(card.asked) == 5 + COMMANDS_OF_A_READ

    tell(story())


@pytest.mark.parametrize("first", range(1, COMMANDS_OF_A_READ + 1, 2))
def test_a_card_pulled_at_any_moment_gives_nothing(slots: tuple[Slot, Slot], first: int) -> None:
    async def pulled_at(nth: int, slot: Slot) -> None:
        async with lying(slot, FaultAt(card_of("lyu"), nth, pulled)) as (reader, _):
            assert (await refused(reader)).code is Completion.MEDIA_REMOVED

    async def story() -> None:
        await asyncio.gather(pulled_at(first, slots[0]), pulled_at(first + 1, slots[1]))

    tell(story())


def swapped_for(second: VirtualCard) -> bytes:
    second.insert()
    raise CardPulled


def test_a_card_swapped_for_one_with_the_same_atr_while_it_is_read_gives_nothing(slots: tuple[Slot, Slot]) -> None:
    async def swapped_at(nth: int, slot: Slot) -> None:
        second = VirtualCard(card_of("elder"), slot.port)
        async with lying(slot, FaultAt(card_of("lyu"), nth, lambda: swapped_for(second))) as (reader, first):
            events = reader.events()
            # Swapped faster than pcscd looks, no counter tells: then the card that lies there is not read at all.
            assert (await refused(reader)).code in (Completion.MEDIA_REMOVED, Completion.INVALID_MEDIA)
            assert (await heard(events, "mediaRemoved")).media_id == first.media_id
            assert (await heard(events, "mediaInserted", "invalidMedia")).media_id != first.media_id
            second.pull()
            await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)
            with second:
                laid = await heard(events, "mediaInserted")
                assert (await reader.read_identity()).media_id == laid.media_id

    async def story() -> None:
        await asyncio.gather(swapped_at(2, slots[0]), swapped_at(COMMANDS_OF_A_READ, slots[1]))

    tell(story())


def test_two_cards_of_the_same_kind_in_a_row_are_two_presences(slot: Slot) -> None:
    async def story() -> None:
        async with opened(slot) as reader:
            await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)
            events = reader.events()
            with VirtualCard(card_of("lyu"), slot.port):
                first = await heard(events, "mediaInserted")
            removed = await heard(events, "mediaRemoved")
            with VirtualCard(card_of("lyu"), slot.port):
                second = await heard(events, "mediaInserted")
            assert removed.media_id == first.media_id != second.media_id

    tell(story())


def test_pcscd_killed_and_started_again_comes_back_alone_with_the_card_as_a_new_presence(slot: Slot, pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        async with lying(slot, card_of("lyu")) as (reader, before):
            events = reader.events()
            await heard(events, "mediaInserted")
            pcscd.kill()
            assert (await heard(events, "mediaRemoved")).media_id == before.media_id
            await until(reader, lambda: reader.status().device is DeviceStatus.OFFLINE)
            assert (await refused(reader)).code is Completion.DEVICE_NOT_READY
            pcscd.start()
            after = await heard(events, "mediaInserted")
            assert after.media_id != before.media_id
            assert (await reader.read_identity()).media_id == after.media_id

    tell(story())


def test_pcscd_killed_in_the_middle_of_a_read_gives_nothing_and_comes_back(slot: Slot, pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        dead = threading.Event()

        def killed() -> bytes:
            pcscd.kill()
            dead.set()
            raise CardPulled

        async with lying(slot, FaultAt(card_of("lyu"), 9, killed)) as (reader, _):
            assert (await refused(reader)).code in (Completion.DEVICE_NOT_READY, Completion.MEDIA_REMOVED)
            await asyncio.to_thread(dead.wait)
            pcscd.start()
            await until(reader, lambda: reader.status().device is DeviceStatus.ONLINE)

    tell(story())


def test_a_pcscd_that_answers_nobody_does_not_hold_the_program(slot: Slot, pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        async with opened(slot) as reader:
            pcscd.pause()
            try:
                await reader.close()
                assert reader.status().device is DeviceStatus.OFFLINE
            finally:
                pcscd.go_on()
            await reader.open()
            assert reader.status().device is DeviceStatus.ONLINE

    tell(story())


def test_no_pcscd_is_a_status(slot: Slot, pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        pcscd.kill()
        try:
            async with opened(slot) as reader:
                assert reader.status().device is DeviceStatus.OFFLINE
                assert (await reader.check_health()).device is DeviceStatus.OFFLINE
        finally:
            pcscd.start()

    tell(story())


def test_no_such_reader_is_a_status(pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        async with opened(Slot("A reader of another make", 0)) as reader:
            assert reader.status().device is DeviceStatus.NO_DEVICE
            assert (await refused(reader)).code is Completion.DEVICE_NOT_READY

    tell(story())


def test_a_reader_that_was_never_opened_is_offline_and_can_be_closed() -> None:
    async def story() -> None:
        reader = PcscReader("left")
        assert reader.status().device is DeviceStatus.OFFLINE
        assert (await reader.check_health()).device is DeviceStatus.OFFLINE
        await reader.close()

    tell(story())


def test_a_reader_can_be_closed_and_opened_again_with_the_card_lying_there(slot: Slot) -> None:
    async def story() -> None:
        async with lying(slot, card_of("lyu")) as (reader, _):
            await reader.close()
            assert (await refused(reader)).code is Completion.DEVICE_NOT_READY
            await reader.open()
            await reader.open()
            assert (await reader.read_identity()).name == "吕晓岚"

    tell(story())


def test_an_empty_reader_has_nothing_to_read(slot: Slot) -> None:
    async def story() -> None:
        async with opened(slot) as reader:
            await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)
            assert (await refused(reader)).code is Completion.MEDIA_REMOVED

    tell(story())
