"""Chip cards without keys: what a card is, and the social security card, whatever is answered."""

from __future__ import annotations

from collections.abc import Sequence

from devices.cards import CHIP_CARDS, find_chip_card
from devices.cards.foreign_card import historical_bytes
from devices.cards.social_security_card import find_social_security, read_social_security_card
from devices.simulators import foreign_cards
from devices.simulators.social_security_card import SocialSecurityCard, files
from devices.simulators.specimens import specimens
from devices.simulators.vpcd import CardProgram
from fuzz.choices import Choices
from fuzz.target import Target
from fuzz.told_card import ToldCard

_PEOPLE = tuple(files(person) for person in specimens())


def social_security(entry: bytes) -> None:
    choices = Choices(entry)
    program = SocialSecurityCard(_PEOPLE[choices.below(len(_PEOPLE))], protected=choices.below(4) == 3)
    card = ToldCard(program, choices)
    if find_social_security(card):
        document = read_social_security_card(card, media_id=7, device_id="left")
        assert document.name
        assert document.number


def social_security_seeds() -> Sequence[bytes]:
    cut, other, for_ever = b"\0\0\0\0\0\0\x06\x03", b"\0\0\0\0\0\x08\x06\x09\x04AAAA\0", b"\0\0\0\0\x0a\x01\x01\x15"
    return [b"", b"\x01\x03", b"\x02\x00" + b"\x05\x03\x7f" * 20, cut, other, for_ever]


def recognition(entry: bytes) -> None:
    choices = Choices(entry)
    programs = _foreign_cards()
    program = programs[choices.below(len(programs))]
    answer_to_reset = program.atr if choices.below(2) else choices.taken(choices.below(40))
    assert len(historical_bytes(answer_to_reset)) < 0x10
    found = find_chip_card(ToldCard(program, choices), answer_to_reset, CHIP_CARDS)
    assert found in CHIP_CARDS


def recognition_seeds() -> Sequence[bytes]:
    every = range(len(_foreign_cards()))
    return [bytes((which, 1)) for which in every] + [bytes((which, 0, len(card.atr))) + card.atr for which, card in _numbered()]


def _numbered() -> list[tuple[int, CardProgram]]:
    return list(enumerate(_foreign_cards()))


def _foreign_cards() -> Sequence[CardProgram]:
    return (
        foreign_cards.bank_card(),
        foreign_cards.bank_card_by_its_contacts(),
        foreign_cards.bank_card_for_the_bus(),
        foreign_cards.transport_card(),
        foreign_cards.octopus(),
        foreign_cards.memory_card(),
        foreign_cards.resident_card(),
        foreign_cards.resident_card_passed_through(),
        SocialSecurityCard(_PEOPLE[0]),
    )


TARGETS = (
    Target("social_security", social_security, social_security_seeds, longest=1024),
    Target("recognition", recognition, recognition_seeds, longest=512),
)
