"""Every card that can be laid on a simulated reader, by name: the specimens', and one line each for those that are nobody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from devices.simulators import foreign_cards
from devices.simulators.resident_card_specimens import ResidentCardSpecimen, resident_card_fields, resident_card_specimens
from devices.simulators.social_security_card import VERSIONS, card_of
from devices.simulators.specimens import Specimen, find_specimen, specimens
from devices.simulators.travel_document_specimens import DocumentSpecimen, document_specimens
from devices.simulators.vpcd import CardProgram, Scripted


class NotInTheDeck(Exception):
    """There is no such card; the text says which there are, or what this one does not take."""


class CardKind(StrEnum):
    """Which of a person's cards."""

    SOCIAL_SECURITY = "social-security"
    RESIDENT = "resident"


class Wrong(StrEnum):
    """What can be wrong with a travel document."""

    TAMPERED = "tampered"  # another name than the issuer signed
    FOREIGN_ISSUER = "foreign-issuer"  # signed by an issuer that nobody here knows


@dataclass(frozen=True)
class Wish:
    """A card by name. `card` is of a person; `version` and `contactless` of a social security card, `wrong` of a travel
    document."""

    name: str
    card: CardKind | None = None
    version: str = ""
    contactless: bool = False
    wrong: Wrong | None = None


@dataclass(frozen=True)
class ChipCard:
    """For a PC/SC reader. `program` takes the file of the authority that travel documents are signed under."""

    title: str
    program: Callable[[Path], CardProgram]
    person: str = ""  # whose, by key


@dataclass(frozen=True)
class PlateCard:
    """For a reader with a security module. `fields` are those of a wish to its simulator."""

    title: str
    fields: Mapping[str, str]
    person: str = ""


Laid = ChipCard | PlateCard


@dataclass(frozen=True)
class Nobodys:
    title: str
    program: Callable[[], CardProgram]


NOBODYS: Mapping[str, Nobodys] = {
    "bank": Nobodys("a bank card", foreign_cards.bank_card),
    "bank-by-contacts": Nobodys("a bank card on a reader with contacts", foreign_cards.bank_card_by_its_contacts),
    "bank-for-the-bus": Nobodys("a bank card that also pays the bus", foreign_cards.bank_card_for_the_bus),
    "transport": Nobodys("a transport card", foreign_cards.transport_card),
    "octopus": Nobodys("an Octopus card", foreign_cards.octopus),
    "memory": Nobodys("a memory card, as doors and canteens have", foreign_cards.memory_card),
    "resident-without-module": Nobodys("a resident card on a reader without a security module", foreign_cards.resident_card),
    "nothing": Nobodys("a card that knows nothing", lambda: Scripted(b"\x6a\x82")),
    "mute": Nobodys("a card that does not answer, as upside down or two on one another", foreign_cards.mute_card),
}


def find(wish: Wish) -> Laid:
    """Raises NotInTheDeck."""
    if wish.name in NOBODYS:
        row = NOBODYS[wish.name]
        _takes_only(wish, row.title)
        return ChipCard(row.title, lambda authority: row.program())
    if document := next((one for one in document_specimens() if one.key == wish.name), None):
        return _travel_document(wish, document)
    if card := next((one for one in resident_card_specimens() if one.key == wish.name), None):
        title = f"the {card.kind.replace('_', ' ')} of {card.name} ({card.key})"
        _takes_only(wish, title)
        return PlateCard(title, card.fields)
    if person := find_specimen(wish.name):
        return _card_of_a_person(wish, person)
    raise NotInTheDeck(
        f"There is no {wish.name}. Known: " + "  ".join(f"{key} {name}".strip() for key, _, name, _ in everything())
    )


def everything() -> Iterator[tuple[str, str, str, str]]:
    """Key, number, name and note of all that can be laid, the people first."""
    listed: tuple[tuple[Specimen | ResidentCardSpecimen | DocumentSpecimen, ...], ...] = (
        specimens(),
        resident_card_specimens(),
        document_specimens(),
    )
    for rows in listed:
        yield from ((one.key, one.number, one.name, one.note) for one in rows)
    yield from ((key, "", "", row.title) for key, row in NOBODYS.items())


def _card_of_a_person(wish: Wish, person: Specimen) -> Laid:
    whose = f"{person.name} ({person.key})"
    match wish.card:
        case CardKind.RESIDENT:
            _takes_only(wish, "a resident card", "card")
            return PlateCard(f"the resident card of {whose}", resident_card_fields(person), person.key)
        case CardKind.SOCIAL_SECURITY | None:
            _takes_only(wish, "a social security card", "card", "version", "contactless")
            version = wish.version or person.card_version
            if version not in VERSIONS:
                raise NotInTheDeck(f"There is no social security card of version {version}. Known: {', '.join(VERSIONS)}")
            card = card_of(replace(person, card_version=version), contactless=wish.contactless)
            return ChipCard(f"the social security card of {whose}", lambda authority: card, person.key)
        case _:
            assert_never(wish.card)


def _travel_document(wish: Wish, specimen: DocumentSpecimen) -> ChipCard:
    wrong = {Wrong.TAMPERED: ", tampered with", Wrong.FOREIGN_ISSUER: ", of an issuer that nobody knows", None: ""}[wish.wrong]
    title = f"the travel document {specimen.number} of {specimen.name} ({specimen.key}){wrong}"
    _takes_only(wish, title, "wrong")
    return ChipCard(title, lambda authority: _document_program(specimen, wish.wrong, authority), specimen.person)


def _document_program(specimen: DocumentSpecimen, wrong: Wrong | None, authority: Path) -> CardProgram:
    # Here, because they draw and sign: no other card needs what they need.
    from devices.cards.icao_9303.elementary_files import File
    from devices.simulators.kept_authority import kept_authority
    from devices.simulators.travel_document import TravelDocumentCard
    from devices.simulators.travel_document_files import chip_of, data_group_1
    from devices.simulators.travel_document_issuer import Issuer
    from devices.simulators.travel_document_specimens import zone_on_the_chip

    issuer = Issuer("XX") if wrong is Wrong.FOREIGN_ISSUER else Issuer(authority=kept_authority(authority))
    chip = chip_of(specimen, issuer)
    if wrong is Wrong.TAMPERED:
        other = replace(specimen, given_names=f"X{specimen.given_names}")
        chip = chip.with_file(File.DG1, data_group_1(zone_on_the_chip(other)))
    return TravelDocumentCard(chip)


def _takes_only(wish: Wish, title: str, *taken: str) -> None:
    options = ("card", "version", "contactless", "wrong")
    if others := [name for name in options if getattr(wish, name) and name not in taken]:
        raise NotInTheDeck(f"{title[0].upper()}{title[1:]} takes no --{', --'.join(others)}")
