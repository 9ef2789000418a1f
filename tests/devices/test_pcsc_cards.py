"""Cards over a real pcscd that are silent, foreign, closed, too slow or too talkative."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from devices.device import Completion, DeviceStatus
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.vpcd import FaultAt, Hang, Scripted
from tests.devices.laying import Slot, card_of, heard, lying, opened, refused, tell, until


@pytest.mark.parametrize("atr", [b"\x3b" + bytes(33)], ids=["34 bytes"])
def test_a_mute_card_is_invalid_media(slot: Slot, atr: bytes) -> None:
    async def story() -> None:
        async with lying(slot, Scripted(b"\x90\x00", atr=atr)) as (reader, laid):
            assert laid.name == "invalidMedia"
            assert (await refused(reader)).code is Completion.INVALID_MEDIA

    tell(story())


@pytest.mark.parametrize("atr", [b"\xff" * 10, b"\x3b", bytes.fromhex("3B801F05")], ids=["noise", "one byte", "T=15 only"])
def test_a_card_with_a_garbled_atr_is_not_ours(slot: Slot, atr: bytes) -> None:
    async def story() -> None:
        async with lying(slot, Scripted(b"\x90\x00", atr=atr)) as (reader, _):
            assert (await refused(reader)).code in (Completion.UNSUPPORTED_DATA, Completion.INVALID_MEDIA)
            assert reader.status().device is DeviceStatus.ONLINE

    tell(story())


def test_an_expired_card_is_read(slot: Slot) -> None:
    async def story() -> None:
        card = card_of("lyu")
        records = tuple((tag, bytes.fromhex("20200101") if tag == 0x06 else value) for tag, value in card.files[0xEF05])
        async with lying(slot, replace(card, files={**card.files, 0xEF05: records})) as (reader, _):
            document = await reader.read_identity()
            assert document.valid_to is not None
            assert document.valid_to.isoformat() == "2020-01-01"

    tell(story())


def test_a_card_that_hangs_costs_its_reader_only_until_it_ends(slot: Slot, pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        hang = Hang()
        other = Slot(*next(pair for pair in zip(pcscd.readers, pcscd.ports, strict=True) if pair[0] != slot.reader))
        async with lying(slot, FaultAt(card_of("lyu"), 5, hang)) as (reader, laid):
            assert (await refused(reader, deadline_s=0.2)).code is Completion.TIME_OUT
            assert reader.status().device is DeviceStatus.DEVICE_BUSY
            assert (await refused(reader)).code is Completion.DEVICE_NOT_READY
            async with lying(other, card_of("elder")) as (neighbour, _):
                assert (await neighbour.read_identity()).name == "霍锦棠"
            hang.release()
            await until(reader, lambda: reader.status().device is DeviceStatus.ONLINE)
            assert (await reader.read_identity()).media_id == laid.media_id

    tell(story())


def test_a_card_that_hangs_for_ever_makes_its_reader_broken(slot: Slot) -> None:
    async def story() -> None:
        hang = Hang()
        async with lying(slot, FaultAt(card_of("lyu"), 5, hang), hung_s=0.1) as (reader, _):
            assert (await refused(reader, deadline_s=0.1)).code is Completion.TIME_OUT
            await until(reader, lambda: reader.status().device is DeviceStatus.HARDWARE_ERROR)
            hang.release()
            await until(reader, lambda: reader.status().device is DeviceStatus.ONLINE)

    tell(story())


def test_a_reader_with_a_hung_card_can_be_closed(slot: Slot) -> None:
    async def story() -> None:
        hang = Hang()
        async with lying(slot, FaultAt(card_of("lyu"), 5, hang)) as (reader, _):
            await refused(reader, deadline_s=0.1)
            await reader.close()
            assert reader.status().device is DeviceStatus.OFFLINE
            hang.release()

    tell(story())


def test_the_answer_of_a_read_that_was_given_up_reaches_nobody(slot: Slot) -> None:
    async def story() -> None:
        hang = Hang()
        async with lying(slot, FaultAt(card_of("lyu"), 14, hang)) as (reader, laid):
            given_up = asyncio.create_task(reader.read_identity())
            await asyncio.to_thread(hang.begun.wait)
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
            assert given_up.cancelled()
            hang.release()
            assert (await reader.read_identity()).media_id == laid.media_id

    tell(story())


def test_two_reads_at_once_are_refused(slot: Slot) -> None:
    async def story() -> None:
        hang = Hang()
        async with lying(slot, FaultAt(card_of("lyu"), 5, hang)) as (reader, _):
            first = asyncio.create_task(reader.read_identity())
            await asyncio.to_thread(hang.begun.wait)
            assert (await refused(reader)).code is Completion.SEQUENCE_ERROR
            hang.release()
            await asyncio.gather(first, return_exceptions=True)

    tell(story())


@pytest.mark.parametrize(
    "answer",
    [b"\x61\xff", bytes(65_000) + b"\x90\x00", b"\x00" * 250 + b"\x61\xff"],
    ids=["endless 61xx", "65 KB answer", "endless 61xx with a body"],
)
def test_a_card_that_says_too_much_is_cut_short(slot: Slot, answer: bytes) -> None:
    async def story() -> None:
        async with lying(slot, Scripted(answer)) as (reader, _):
            assert (await refused(reader)).code is Completion.INVALID_DATA

    tell(story())


def test_a_card_that_breaks_off_is_not_read_before_it_was_taken_away_and_laid_again(slot: Slot) -> None:
    async def story() -> None:
        async with lying(slot, FaultAt(card_of("lyu"), 4, lambda: b"\x90")) as (reader, laid):
            events = reader.events()
            assert (await refused(reader)).code is Completion.INVALID_MEDIA
            assert (await heard(events, "mediaRemoved")).media_id == laid.media_id
            assert (await heard(events, "invalidMedia")).media_id != laid.media_id
            assert (await refused(reader)).code is Completion.INVALID_MEDIA

    tell(story())


def test_while_another_program_holds_the_card_ours_is_not_ready(slot: Slot) -> None:
    async def story() -> None:
        hang = Hang()
        async with lying(slot, FaultAt(card_of("lyu"), 5, hang)) as (reader, _), opened(slot) as other:
            first = asyncio.create_task(reader.read_identity())
            await asyncio.to_thread(hang.begun.wait)
            asyncio.get_running_loop().call_later(0.1, hang.release)
            assert (await refused(other)).code is Completion.DEVICE_NOT_READY
            await asyncio.gather(first, return_exceptions=True)

    tell(story())
