"""A real pcscd and a card, or our own program, that does what none should."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
import traceback
from collections.abc import Callable

import pytest

from devices.apdu import Card, Command
from devices.cards import ChipCard, Reading
from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus
from devices.document import AccessKey, DocumentKind, IdentityDocument, Verified
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.vpcd import FaultAt, Hang, Scripted, VirtualCard, contactless
from tests.devices.laying import Noted, Slot, card_of, heard, lying, opened, refused, tell, until
from tests.devices.travel_documents import TRUST

SELECT_HOLDER = bytes.fromhex("00A4020002EF06")
READ_NAME = bytes.fromhex("00B20204")
EXTENDED = bytes(Command(0x00, 0xB0, 0x00, 0x00)) + b"\x00\x04\x00"


class Otherwise:
    """The card of 吕晓岚, which answers commands that begin so otherwise."""

    def __init__(self, command: bytes, says: bytes) -> None:
        self._card = card_of("lyu")
        self.atr = self._card.atr
        self._command, self._says = command, says

    def reset(self) -> None:
        self._card.reset()

    def answer(self, command: bytes) -> bytes:
        return self._says if command.startswith(self._command) else self._card.answer(command)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("6982", Completion.NEEDS_AUTHORITY),
        ("6983", Completion.NEEDS_AUTHORITY),
        ("6A82", Completion.UNSUPPORTED_DATA),
        ("6D00", Completion.UNSUPPORTED_DATA),
        ("6E00", Completion.UNSUPPORTED_DATA),
        ("6F00", Completion.UNSUPPORTED_DATA),
    ],
)
@pytest.mark.parametrize("command", [SELECT_HOLDER, READ_NAME], ids=["file", "record"])
def test_a_card_that_refuses_says_why_and_is_offered_no_pin(slot: Slot, command: bytes, status: str, outcome: Completion) -> None:
    async def story() -> None:
        card = Noted(Otherwise(command, bytes.fromhex(status)))
        async with lying(slot, card) as (reader, _):
            assert (await refused(reader)).code is outcome
        assert all(asked[1] != 0x20 for asked in card.asked)

    tell(story())


def test_a_record_that_is_not_found_is_an_empty_one(slot: Slot) -> None:
    async def story() -> None:
        async with lying(slot, Otherwise(READ_NAME, b"\x6a\x83")) as (reader, _):
            assert (await reader.read_identity()).name == "吕晓岚"  # it has the tag all the same

    tell(story())


@pytest.mark.parametrize(
    "says",
    ["6C05", "0820" + "34" * 4 + "9000", "08FF9000", "089000", "9000"],
    ids=["6Cxx for ever", "past", "far past", "torn", ""],
)
def test_a_record_that_cannot_be_is_invalid(slot: Slot, says: str) -> None:
    async def story() -> None:
        async with lying(slot, Otherwise(b"\x00\xb2", bytes.fromhex(says))) as (reader, _):
            assert (await refused(reader)).code is Completion.INVALID_DATA

    tell(story())


@pytest.mark.parametrize("answer_to_reset", ["3B80800102", "3B6D000000814E43"], ids=["wrong TCK", "cut short"])
def test_an_answer_to_reset_that_is_wrong_does_no_harm(slot: Slot, answer_to_reset: str) -> None:
    async def story() -> None:
        async with lying(slot, Scripted(b"\x6a\x82", atr=bytes.fromhex(answer_to_reset))) as (reader, _):
            assert (await refused(reader)).code in (Completion.UNSUPPORTED_DATA, Completion.INVALID_MEDIA)
            assert reader.status().device is DeviceStatus.ONLINE

    tell(story())


def test_a_card_without_any_answer_to_reset_is_no_card_and_the_next_is_read(slot: Slot) -> None:
    async def story() -> None:
        silent = Scripted(b"\x90\x00", atr=b"")
        with VirtualCard(silent, slot.port):
            async with opened(slot) as reader:
                assert (await refused(reader)).code in (Completion.MEDIA_REMOVED, Completion.INVALID_MEDIA)
        async with lying(slot, card_of("lyu")) as (reader, _):
            assert (await reader.read_identity()).name == "吕晓岚"

    tell(story())


class Passport:
    """A document of its own for what the reader does around reading one; every card is such a one. `does` is the reading."""

    def __init__(self, does: Callable[[Card, Reading], None], *, keeps_keys: bool = False) -> None:
        self._does = does
        self.readings: list[Reading] = []
        self.rows = (ChipCard((DocumentKind.PASSPORT,), lambda card: True, self._read, keeps_keys),)

    def _read(self, card: Card, reading: Reading) -> IdentityDocument:
        self.readings.append(reading)
        self._does(card, reading)
        return IdentityDocument(
            DocumentKind.PASSPORT, "E12345678", "陈测试", "1", None, reading.media_id, reading.device_id, Verified.CHIP
        )


def opens_to_nothing(card: Card, reading: Reading) -> None:
    raise DeviceError(Completion.ACCESS_KEY_WRONG if reading.access else Completion.ACCESS_KEY_NEEDED)


def test_what_opens_a_document_reaches_it_and_its_refusal_comes_back(slot: Slot) -> None:
    async def story() -> None:
        passport, key = Passport(opens_to_nothing), AccessKey("CA1234567", "900307", "300912")
        async with lying(slot, Scripted(b"\x90\x00"), trust=TRUST, cards=passport.rows) as (reader, _):
            assert (await refused(reader)).code is Completion.ACCESS_KEY_NEEDED
            assert (await refused(reader, access=key)).code is Completion.ACCESS_KEY_WRONG
            assert reader.capabilities()["cards"] == (DocumentKind.PASSPORT,)
        assert [(reading.access, reading.trust) for reading in passport.readings] == [(None, TRUST), (key, TRUST)]

    tell(story())


class CountsResets(Scripted):
    """A card that counts how often it was made to forget everything."""

    def __init__(self) -> None:
        super().__init__(b"\x90\x00")
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1


@pytest.mark.parametrize(("keeps_keys", "resets"), [(True, 1), (False, 0)])
def test_a_card_forgets_the_keys_of_a_session_and_is_still_the_same_presence(slot: Slot, keeps_keys: bool, resets: int) -> None:
    async def story() -> None:
        card, passport = CountsResets(), Passport(lambda card, reading: None, keeps_keys=keeps_keys)
        async with lying(slot, card, cards=passport.rows) as (reader, laid):
            before = card.resets
            assert (await reader.read_identity()).media_id == laid.media_id
            assert card.resets - before == resets
            assert (await reader.read_identity()).media_id == laid.media_id

    tell(story())


def test_a_fault_of_our_own_is_an_outcome_that_does_not_quote_the_card(slot: Slot, caplog: pytest.LogCaptureFixture) -> None:
    def stumbles(card: Card, reading: Reading) -> None:
        raise ValueError("440602199202299863")

    async def story() -> None:
        async with lying(slot, Scripted(b"\x90\x00"), cards=Passport(stumbles).rows) as (reader, _):
            error = await refused(reader)
            assert error.code is Completion.INVALID_DATA
            assert "4406" not in "".join(traceback.format_exception(error)) + caplog.text
            assert reader.status().device is DeviceStatus.ONLINE

    with caplog.at_level(logging.ERROR):
        tell(story())
    assert [(record.message, record.__dict__["fault"]) for record in caplog.records] == [("card_contents_fault", "ValueError")]


def test_a_card_with_contacts_is_sent_no_extended_command_and_one_without_is(slot: Slot) -> None:
    said: list[bytes] = []

    def asks(card: Card, reading: Reading) -> None:
        said.append(card.transmit(EXTENDED))

    async def story() -> None:
        for answer_to_reset in (bytes.fromhex("3B6500002063CB6800"), contactless()):
            card = Noted(Scripted(b"\x90\x00", atr=answer_to_reset))
            async with lying(slot, card, cards=Passport(asks).rows) as (reader, _):
                await reader.read_identity()
            said.extend(card.asked)

    tell(story())
    assert said == [b"\x67\x00", b"\x90\x00", EXTENDED]


LEAVES = """
import asyncio, sys
from devices.drivers.pcsc import PcscReader
async def story():
    reader = PcscReader("left", reader=sys.argv[1])
    await reader.open()
    async for event in reader.events():
        if event.name == "mediaInserted":
            await reader.read_identity(deadline_s=0.2)
asyncio.run(story())
"""


def test_a_program_ends_while_a_card_hangs_and_the_next_program_has_the_reader(slot: Slot) -> None:
    async def story() -> None:
        hang = Hang()
        async with lying(slot, FaultAt(card_of("lyu"), 5, hang)) as (reader, _):
            program = await asyncio.create_subprocess_exec(sys.executable, "-c", LEAVES, slot.reader, stderr=subprocess.PIPE)
            _, complaint = await program.communicate()
            assert b"deadline of the command" in complaint  # it ended by the error that nobody caught, not by a signal
            assert program.returncode == 1
            hang.release()
            document = None
            while document is None:  # pcscd lets go of the dead program's card as soon as that has answered
                with contextlib.suppress(DeviceError):
                    document = await reader.read_identity()
            assert document.name == "吕晓岚"

    tell(story())


def test_readers_that_go_and_come_back_are_followed_without_a_restart_of_ours(slot: Slot, pcscd: PrivatePcscd) -> None:
    async def story() -> None:
        async with lying(slot, card_of("lyu")) as (reader, before):
            pcscd.unplug()
            await until(reader, lambda: reader.status().device is DeviceStatus.NO_DEVICE)
            assert (await refused(reader)).code is Completion.DEVICE_NOT_READY
            events = reader.events()
            pcscd.plug_in()
            after = await heard(events, "mediaInserted")
            assert after.media_id != before.media_id
            assert (await reader.read_identity()).media_id == after.media_id

    tell(story())


def test_of_several_readers_the_first_is_taken_where_none_is_named(slots: tuple[Slot, Slot]) -> None:
    async def story() -> None:
        left, right = slots
        async with opened(Slot("Virtual Reader", 0)) as reader:
            await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)
            events = reader.events()
            with VirtualCard(card_of("elder"), right.port), VirtualCard(card_of("lyu"), left.port):
                await heard(events, "mediaInserted")
                assert (await reader.read_identity()).name == "吕晓岚"

    tell(story())


def test_two_readers_read_two_cards_at_the_same_time(slots: tuple[Slot, Slot]) -> None:
    async def story() -> None:
        async with lying(slots[0], card_of("lyu")) as (left, _), lying(slots[1], card_of("elder")) as (right, _):
            both = await asyncio.gather(left.read_identity(), right.read_identity())
            assert [document.name for document in both] == ["吕晓岚", "霍锦棠"]

    tell(story())


def test_after_a_reset_a_card_that_lies_there_is_another_presence_and_is_read(slot: Slot) -> None:
    async def story() -> None:
        async with lying(slot, card_of("lyu")) as (reader, laid):
            events = reader.events()
            await reader.reset()
            assert (await heard(events, "mediaRemoved")).media_id == laid.media_id
            again = await heard(events, "mediaInserted")
            assert again.media_id != laid.media_id
            assert (await reader.read_identity()).media_id == again.media_id

    tell(story())
