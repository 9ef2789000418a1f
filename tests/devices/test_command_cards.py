"""Any card there is, laid by `python -m devices insert` and read from there, while its faults are told to come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

from devices.simulators.deck import CardKind, NotInTheDeck, Wish, Wrong, everything, find
from devices.simulators.kept_authority import kept_authority
from devices.simulators.resident_card_specimens import resident_card_specimens
from flows.resident_number import check_character
from tests.devices.keyboard import Keyboard, running, until_it_listens


def pem(certificate: Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


@pytest.fixture
def with_module(keyboard: Keyboard) -> Iterator[Keyboard]:
    with running("devices.simulators.sam_v", "--state", str(keyboard.state)):
        until_it_listens(keyboard.state / "sam_v.control")
        yield keyboard


def test_everything_that_is_listed_can_be_laid_by_its_key(tmp_path: Path) -> None:
    keys = [key for key, *_ in everything()]
    assert len(keys) == len(set(keys))
    assert all(find(Wish(key)).title for key in keys)


def test_a_travel_document_is_vouched_for_where_its_authority_is_trusted(with_readers: Keyboard) -> None:
    devices, trusted = with_readers, with_readers.state / "trusted"
    devices("trust", str(trusted))
    assert "吕晓岚 (lyu-passport)" in devices("insert", "lyu-passport")
    printed = ("--number", "E62345678", "--birth", "920229", "--expiry", "251008")
    said = devices("read", *printed, "--trust", str(trusted))
    assert "vouched by    issuer" in said
    assert "LYU, XIAOLAN" in said
    said = devices("read", "--specimen", "lyu-passport")
    assert "vouched by    chip" in said
    assert "issuer_unknown" in said
    assert "opens to what is printed" in devices.refused("read")
    assert "something else than was given" in devices.refused("read", "--specimen", "lyu-passport", "--birth", "920228")


def test_a_travel_document_that_is_wrong_is_found_out(with_readers: Keyboard) -> None:
    devices, trust = with_readers, ("--trust", str(with_readers.state / "trusted"))
    devices("trust", trust[1])
    devices("insert", "elsa-passport", "--wrong", "tampered")
    assert "not what its issuer signed" in devices.refused("read", "--specimen", "elsa-passport", *trust)
    devices("insert", "elsa-passport", "--wrong", "foreign-issuer")
    assert "vouched by    chip" in devices("read", "--specimen", "elsa-passport", *trust)
    devices("insert", "elsa-passport")
    assert "vouched by    issuer" in devices("read", "--specimen", "elsa-passport", *trust)


@pytest.mark.long
def test_cards_of_nobody_are_called_what_they_are(with_readers: Keyboard) -> None:
    for name, said in (
        ("bank", "This is a bank card."),
        ("octopus", "This is a transport card."),
        ("memory", "This is a memory card"),
        ("resident-without-module", "only a reader with a security module reads it"),
        ("nothing", "another kind of card"),
        ("mute", "does not answer"),
    ):
        with_readers("insert", name)
        assert said in with_readers.refused("read")


def test_a_social_security_card_is_laid_in_any_version_by_its_contacts_or_without(with_readers: Keyboard) -> None:
    with_readers("insert", "lyu", "--version", "1.00", "--contactless")
    assert "440602199202299863" in with_readers("read")
    with_readers("insert", "lyu", "--version", "3.00")
    assert "only to a security module" in with_readers.refused("read")


def test_a_chip_card_leaves_at_the_command_that_was_told(with_readers: Keyboard) -> None:
    devices = with_readers
    devices("insert", "lyu")
    devices("fault", "pulled", "--at", "4")
    assert "taken away while it was read" in devices.refused("read")
    assert "pulled at command 6" in devices("insert", "elder", "--fault", "pulled", "--at", "6")
    assert "taken away while it was read" in devices.refused("read")
    assert "No simulated card lies" in devices.refused("pull")
    assert "Lay one first" in devices.refused("fault", "pulled")


@pytest.mark.long
def test_a_chip_card_that_hangs_can_be_pulled_and_one_that_would_is_well_when_that_is_told(with_readers: Keyboard) -> None:
    devices = with_readers
    devices("insert", "lyu", "--fault", "hangs", "--at", "3")
    assert "did not answer in time" in devices.refused("read")
    devices("pull")
    devices("insert", "elder", "--fault", "hangs")
    devices("fault", "none")
    assert "霍锦棠" in devices("read")


def test_every_card_of_the_resident_family_is_laid_and_read(with_module: Keyboard) -> None:
    for key, kind, words in (
        ("hong-kong-residence", "residence_permit_hmt", "H20260713"),
        ("elsa-2017", "foreigner_permit_2017", "UTO440674081215"),
        ("elsa-2023", "foreigner_permit_2023", "NORDQVIST, ELSA MAERTA WILHELMINA OLIVIA"),
    ):
        assert key in with_module("insert", key)
        said = with_module("read", "--card", "resident")
        assert kind in said
        assert words in said


def test_two_resident_cards_on_one_another_are_told_apart_from_one(with_module: Keyboard) -> None:
    assert "吕晓岚 (lyu) and the resident card of 霍锦棠 (elder)" in with_module("insert", "lyu", "elder", "--card", "resident")
    assert "more than one card" in with_module.refused("read", "--card", "resident")
    with_module("insert", "elder", "--card", "resident")
    assert "霍锦棠" in with_module("read", "--card", "resident")


def test_the_reader_on_which_something_lies_is_the_one_that_is_read(with_readers: Keyboard) -> None:
    with running("devices.simulators.sam_v", "--state", str(with_readers.state)):
        until_it_listens(with_readers.state / "sam_v.control")
        with_readers("insert", "elsa-2023")
        assert "foreigner_permit_2023" in with_readers("read")
        with_readers("insert", "lyu")
        assert "social_security_card" in with_readers("read")
        assert "--at counts" in with_readers.refused("fault", "silent", "--at", "3")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("insert", "lyu", "bank"), "insert mute"),
        (("insert", "lyu", "elder", "uyghur"), "Two cards at once are enough"),
        (("insert", "elder", "lyu", "--card", "resident", "--fault", "hangs"), "Only a card on the chip card reader"),
        (("insert", "bank", "--version", "2.00"), "A bank card takes no --version"),
        (("insert", "lyu", "--wrong", "tampered"), "takes no --wrong"),
        (("insert", "lyu", "--card", "resident", "--contactless"), "A resident card takes no --contactless"),
        (("insert", "lyu-passport", "--card", "resident"), "takes no --card"),
        (("read", "--specimen", "lyu"), "There is no travel document lyu. Known: lyu-passport"),
        (("read", "--trust", "nowhere"), "python -m devices trust"),
        (("trust", "pyproject.toml"), "pyproject.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_is_refused_in_words(keyboard: Keyboard, words: tuple[str, ...], said: str) -> None:
    assert said in keyboard.refused(*words)


def test_the_authority_stays_the_same_and_belongs_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "state" / "authority.pem"
    made = kept_authority(file)
    assert kept_authority(file).certificate == made.certificate
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_an_authority_that_is_none_is_named_and_not_replaced(with_readers: Keyboard) -> None:
    devices, file = with_readers, with_readers.state / "authority.pem"
    ours, theirs = (kept_authority(devices.state / name).certificate for name in ("authority.pem", "other.pem"))
    for content in (b"nothing", file.read_bytes().replace(pem(ours), pem(theirs))):
        file.write_bytes(content)
        assert f"{file} holds" in devices.refused("trust", str(devices.state / "trusted"))
        assert f"{file} holds" in devices.refused("insert", "lyu-passport")
        assert file.read_bytes() == content


def test_the_numbers_of_the_resident_family_are_valid_in_form() -> None:
    numbers = [card.number for card in resident_card_specimens() if len(card.number) == 18]
    assert len(numbers) == 3
    assert all(check_character(number[:17]) == number[17] for number in numbers)


def test_an_option_that_a_card_does_not_take_is_named_whoever_asks() -> None:
    with pytest.raises(NotInTheDeck, match="takes no --card, --version, --contactless, --wrong"):
        find(Wish("memory", CardKind.RESIDENT, "2.00", contactless=True, wrong=Wrong.TAMPERED))
