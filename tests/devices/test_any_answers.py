"""Cards that answer anything to any command: read as they are, or refused in words, after a bounded number of commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.apdu import Card
from devices.cards import CHIP_CARDS, find_chip_card
from devices.cards.social_security_card import read_social_security_card
from devices.device import DeviceError
from devices.document import IdentityDocument
from devices.simulators import foreign_cards
from devices.simulators.social_security_card import SocialSecurityCard, files
from devices.simulators.specimens import find_specimen
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.vpcd import CardProgram
from fuzz.told_card import STATUS_WORDS
from tests.devices.travel_documents import KEY, PHOTO, elsa, outcome
from tests.devices.travel_documents import read as read_travel

MOST_COMMANDS = 400
STATUSES = st.sampled_from(STATUS_WORDS).map(lambda word: word.to_bytes(2, "big")) | st.binary(max_size=2)
ANSWERS = st.builds(lambda body, status: body + status, st.binary(max_size=300), STATUSES)
CHANGES = st.dictionaries(st.integers(1, 40), ANSWERS, min_size=1, max_size=6)


class Answering:
    """A sound card but for some of its answers, counted from 1."""

    def __init__(self, program: CardProgram, changed: Mapping[int, bytes]) -> None:
        self._program = program
        self._changed = changed
        self.count = 0

    def transmit(self, command: bytes) -> bytes:
        self.count += 1
        sound = self._program.answer(command)
        return self._changed.get(self.count, sound)


def lyu() -> SocialSecurityCard:
    person = find_specimen("lyu")
    assert person
    return SocialSecurityCard(files(person))


def read_social(card: Card) -> IdentityDocument:
    return read_social_security_card(card, media_id=7, device_id="left")


def ended(card: Answering, reading: Callable[[Card], IdentityDocument]) -> IdentityDocument | DeviceError:
    said = outcome(lambda: reading(card))
    assert card.count <= MOST_COMMANDS
    if isinstance(said, DeviceError):
        assert said.technical.isascii()
        assert not any(secret in said.technical for secret in (KEY.number, KEY.birth, "440602199202299863"))
    return said


def found_and_read(card: Card) -> IdentityDocument:
    return read_social(card) if find_chip_card(card, b"", CHIP_CARDS) is CHIP_CARDS[0] else read_travel(card)


@given(changed=CHANGES)
def test_a_social_security_card_of_any_answers_gives_a_holder_or_words(changed: Mapping[int, bytes]) -> None:
    document = ended(Answering(lyu(), changed), found_and_read)
    if isinstance(document, IdentityDocument):
        assert document.name
        assert document.number


@pytest.mark.parametrize("way", ["BAC", "PACE GENERIC AES_128 12", "PACE CHIP_AUTHENTICATION AES_128 13"])
@settings(max_examples=60)
@given(changed=CHANGES)
def test_a_travel_document_of_any_answers_is_read_as_it_was_issued_or_not_at_all(way: str, changed: Mapping[int, bytes]) -> None:
    document = ended(Answering(TravelDocumentCard(elsa(way)), changed), read_travel)
    if isinstance(document, IdentityDocument):
        assert (document.number, document.name, document.photo) == (KEY.number, "NORDQVIST ELSA MÄRTA", PHOTO)


@given(answer_to_reset=st.binary(max_size=40), changed=CHANGES)
def test_any_other_card_is_named_whatever_it_answers(answer_to_reset: bytes, changed: Mapping[int, bytes]) -> None:
    def found(card: Card) -> IdentityDocument:
        assert find_chip_card(card, answer_to_reset, CHIP_CARDS) in CHIP_CARDS
        return found_and_read(card)

    ended(Answering(foreign_cards.bank_card_for_the_bus(), changed), found)
