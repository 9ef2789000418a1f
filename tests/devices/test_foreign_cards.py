"""Which card is this? Cards that people lay by mistake, on a real pcscd, and what is said to be there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import CHIP_CARDS, find_chip_card
from devices.cards.foreign_card import TRANSPORT_APPLICATIONS, historical_bytes
from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus
from devices.document import Recognised
from devices.simulators import foreign_cards
from devices.simulators.foreign_cards import ForeignCard
from devices.simulators.vpcd import CardProgram, Scripted, VirtualCard, contactless
from tests.devices.laying import Noted, Slot, card_of, heard, lying, opened, refused, social_security_card, tell, until

KNOWN_REFUSALS = (
    Completion.UNSUPPORTED_DATA,
    Completion.WRONG_READER,
    Completion.NEEDS_AUTHORITY,
    Completion.INVALID_DATA,
)
MOST_QUESTIONS = 12
"""At the 10 to 20 ms that a contactless card takes for an answer: a quarter of a second."""

CARDS: list[tuple[str, CardProgram, Recognised]] = [
    ("a bank card", foreign_cards.bank_card(), Recognised.BANK_CARD),
    ("a bank card by its contacts", foreign_cards.bank_card_by_its_contacts(), Recognised.BANK_CARD),
    ("a bank card that also pays the bus", foreign_cards.bank_card_for_the_bus(), Recognised.BANK_CARD),
    *(
        (f"transport card {name.hex()}", foreign_cards.transport_card(name), Recognised.TRANSPORT_CARD)
        for name in TRANSPORT_APPLICATIONS
    ),
    ("Octopus", foreign_cards.octopus(), Recognised.TRANSPORT_CARD),
    ("MIFARE Classic 1K", foreign_cards.memory_card("0001"), Recognised.MEMORY_CARD),
    ("MIFARE Classic 4K", foreign_cards.memory_card("0002"), Recognised.MEMORY_CARD),
    ("MIFARE Ultralight", foreign_cards.memory_card("0003"), Recognised.MEMORY_CARD),
    ("a card that knows nothing", Scripted(b"\x6a\x82"), Recognised.UNKNOWN),
    ("a card that refuses everything", Scripted(b"\x6f\x00"), Recognised.UNKNOWN),
    (
        "a card with half a directory in its answer to reset",
        Scripted(b"\x6d\x00", atr=contactless(b"\x80\x4f")),
        Recognised.UNKNOWN,
    ),
]


@pytest.mark.parametrize(("card", "what"), [row[1:] for row in CARDS], ids=[row[0] for row in CARDS])
def test_whatever_is_laid_there_is_named(slot: Slot, card: CardProgram, what: Recognised) -> None:
    async def story() -> None:
        async with lying(slot, card) as (reader, _):
            error = await refused(reader)
            assert (error.code, error.recognised, error.retry) == (Completion.UNSUPPORTED_DATA, what, False)

    tell(story())


@pytest.mark.parametrize(
    "card", [foreign_cards.resident_card(), foreign_cards.resident_card_passed_through()], ids=["mute", "passed through"]
)
def test_a_resident_card_belongs_on_the_other_reader(slot: Slot, card: CardProgram) -> None:
    async def story() -> None:
        async with lying(slot, card) as (reader, _):
            error = await refused(reader)
            assert (error.code, error.recognised) == (Completion.WRONG_READER, Recognised.RESIDENT_CARD)
            assert "0102030405060708" not in str(error)  # its chip number is nobody's business

    tell(story())


def test_a_foreign_card_is_asked_little_and_nothing_but_what_it_is(slot: Slot) -> None:
    async def story() -> None:
        card = ForeignCard({})
        async with lying(slot, card) as (reader, _):
            await refused(reader)
        assert 2 < len(card.asked) <= MOST_QUESTIONS
        assert {command[:2] for command in card.asked} == {b"\x00\xa4", b"\x00\x36"}
        assert len(set(card.asked)) == len(card.asked)

    tell(story())


def test_after_any_foreign_card_the_right_one_is_read(slot: Slot) -> None:
    async def story() -> None:
        async with opened(slot) as reader:
            await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)
            events = reader.events()
            with VirtualCard(foreign_cards.bank_card(), slot.port):
                await heard(events, "mediaInserted")
                assert (await refused(reader)).recognised is Recognised.BANK_CARD
            await heard(events, "mediaRemoved")
            with VirtualCard(card_of("lyu"), slot.port):
                await heard(events, "mediaInserted")
                assert (await reader.read_identity()).name == "吕晓岚"

    tell(story())


@pytest.mark.parametrize("without_contacts", [False, True], ids=["T=0", "T=1"])
@pytest.mark.parametrize("version", ["1.00", "2.00"])
def test_a_social_security_card_is_read_by_its_contacts_and_without(slot: Slot, version: str, without_contacts: bool) -> None:
    async def story() -> None:
        async with lying(slot, social_security_card(version, without_contacts=without_contacts)) as (reader, _):
            document = await reader.read_identity()
            assert (document.name, document.number) == ("吕晓岚", "440602199202299863")

    tell(story())


@pytest.mark.parametrize("without_contacts", [False, True], ids=["T=0", "T=1"])
def test_a_social_security_card_of_version_3_needs_authority_and_is_offered_no_pin(slot: Slot, without_contacts: bool) -> None:
    async def story() -> None:
        card = Noted(social_security_card("3.00", without_contacts=without_contacts))
        async with lying(slot, card) as (reader, _):
            assert (await refused(reader)).code is Completion.NEEDS_AUTHORITY
            assert reader.status().device is DeviceStatus.ONLINE
        assert {command[1] for command in card.asked} <= {0xA4, 0xB2, 0xC0}  # SELECT, READ RECORD, GET RESPONSE

    tell(story())


@pytest.mark.parametrize(
    ("answer_to_reset", "historical"),
    [
        ("3B6D000000814E43238697159900BF7C7A", "00814E43238697159900BF7C7A"),
        ("3B8F8001804F0CA000000306030001000000006A", "804F0CA00000030603000100000000"),
        ("3B80800101", ""),
        ("3FFF9500FF918171FE4700444E415350313432205265764139303000", "444E41535031343220526576413930"),
        ("3B", ""),
        ("", ""),
        ("FFFFFFFF", ""),
        ("3BFF", ""),
        ("3BF0FFFFFFFFFFFF", ""),
    ],
)
def test_historical_bytes_are_found_behind_any_interface_bytes(answer_to_reset: str, historical: str) -> None:
    assert historical_bytes(bytes.fromhex(answer_to_reset)).hex().upper() == historical


class Says:
    """A card without pcscd between, which says what it is told to and then nothing that makes sense."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers

    def transmit(self, command: bytes) -> bytes:
        return self._answers.pop(0) if self._answers else b""


STATUS_WORDS = st.sampled_from([b"\x90\x00", b"\x6a\x82", b"\x61\x10", b"\x6c\x08", b"\x69\x82", b"\x62\x83", b""])
ANSWERS = st.tuples(st.binary(max_size=300), STATUS_WORDS).map(lambda both: both[0] + both[1])


@given(st.lists(ANSWERS, max_size=30), st.binary(max_size=40))
def test_whatever_a_card_says_it_is_found_or_refused_in_words(answers: list[bytes], answer_to_reset: bytes) -> None:
    try:
        outcome = find_chip_card(Says(answers), answer_to_reset, CHIP_CARDS) in CHIP_CARDS
    except DeviceError as error:
        outcome = error.code in KNOWN_REFUSALS
    assert outcome
