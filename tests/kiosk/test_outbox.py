"""The outbox: sealed for the hall alone, never lost, never sent twice as two, never stuck."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.application import CITIZEN, Answer, Application, Assurance, Attached, Identity, Ticket
from flows.pictures import MOST_BYTES
from flows.visit_number import new_visit
from flows.wire import SealedVisit, Submitted, from_json
from hall.sealing import open_sealed
from kiosk.hall_client import HallAway, Refused
from kiosk.outbox import Outbox, seal
from tests.kiosk.people import LYU, NOW

HALL_KEY = X25519PrivateKey.generate()


def application(minutes: int = 0) -> Application:
    identity = Identity(LYU.number, LYU.name, LYU.sex, NOW.date(), "resident_card", Assurance.SAM)
    visit = new_visit(NOW + timedelta(minutes=minutes))
    answers: dict[str, Answer] = {}
    return Application(visit, "hk-macau-permit", "1", "", identity, answers, NOW)


def opened(visit: str, blob: bytes) -> Application:
    """As the hall does it, written down once more from the agreement."""
    shared = HALL_KEY.exchange(X25519PublicKey.from_public_bytes(blob[:32]))
    secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yimen sealed visit 1").derive(shared)
    return from_json(SealedVisit, AESGCM(secret).decrypt(blob[32:44], blob[44:], visit.encode())).application


class FakeLetterbox:
    """A hall that opens what it gets; one ticket per visit, however often it is sent."""

    def __init__(self) -> None:
        self.away = False
        self.loses_answers = 0
        self.forbids = False
        self.tickets: dict[str, Ticket] = {}

    async def send_sealed(self, visit: str, blob: bytes) -> Submitted:
        if self.away:
            raise HallAway
        if self.forbids:
            raise Refused("not_allowed")
        try:
            sent = opened(visit, blob)
        except (InvalidTag, ValueError):
            raise Refused("not_understood") from None
        ticket = Ticket(f"A{len(self.tickets):03}", sent.visit, sent.matter, NOW.date(), NOW, 0)
        ticket = self.tickets.setdefault(visit, ticket)
        if self.loses_answers:
            self.loses_answers -= 1
            raise HallAway
        return Submitted(ticket)


@pytest.fixture
def hall() -> FakeLetterbox:
    return FakeLetterbox()


@pytest.fixture
def outbox(tmp_path: Path, hall: FakeLetterbox) -> Outbox:
    return Outbox(tmp_path / "outbox", HALL_KEY.public_key().public_bytes_raw(), hall)


def test_what_lies_on_the_disk_names_nobody_and_only_the_hall_can_read_it(outbox: Outbox, tmp_path: Path) -> None:
    kept = application()
    outbox.keep(kept)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name == f"{kept.visit}.sealed"
    assert LYU.number.encode() not in file.read_bytes()
    assert opened(kept.visit, file.read_bytes()) == kept


def test_a_sealed_visit_carries_its_pictures_and_shows_none_of_them(outbox: Outbox, tmp_path: Path) -> None:
    pictures = [Attached("image/jpeg", bytes([number]) * MOST_BYTES) for number in range(4)]
    answers = {f"paper{number}": Answer(picture.digest, CITIZEN) for number, picture in enumerate(pictures)}
    kept = replace(application(), answers=answers, attached={picture.digest: picture for picture in pictures})
    outbox.keep(kept)
    (file,) = (tmp_path / "outbox").iterdir()
    assert opened(kept.visit, file.read_bytes()) == kept
    assert file.stat().st_size < 2_000_000
    assert pictures[1].content[:64] not in file.read_bytes()


def test_the_hall_opens_what_a_terminal_sealed() -> None:
    visit = application().visit
    blob = seal(HALL_KEY.public_key().public_bytes_raw(), visit, b"plain")
    assert open_sealed(HALL_KEY, visit, blob) == b"plain"


def test_the_same_visit_is_sealed_anew_each_time(outbox: Outbox, tmp_path: Path) -> None:
    kept = application()
    outbox.keep(kept)
    (file,) = (tmp_path / "outbox").iterdir()
    first = file.read_bytes()
    outbox.keep(kept)
    assert file.read_bytes() != first
    assert outbox.waiting() == (kept.visit,)


def test_it_waits_while_the_hall_is_away_and_goes_when_it_is_back(outbox: Outbox, hall: FakeLetterbox) -> None:
    kept = application()
    hall.away = True
    outbox.keep(kept)
    assert asyncio.run(outbox.send(kept.visit)) is None
    assert outbox.waiting() == (kept.visit,)
    hall.away = False
    assert asyncio.run(outbox.send_all()) == 1
    assert outbox.waiting() == ()
    assert list(hall.tickets) == [kept.visit]


def test_an_answer_that_was_lost_is_asked_for_again_and_gives_the_same_ticket(outbox: Outbox, hall: FakeLetterbox) -> None:
    kept = application()
    hall.loses_answers = 1
    outbox.keep(kept)
    assert asyncio.run(outbox.send(kept.visit)) is None
    assert outbox.waiting() == (kept.visit,)
    sent = asyncio.run(outbox.send(kept.visit))
    assert sent == Submitted(hall.tickets[kept.visit])
    assert len(hall.tickets) == 1


def test_a_tampered_one_is_set_aside_and_does_not_hold_the_others(outbox: Outbox, hall: FakeLetterbox, tmp_path: Path) -> None:
    first, second = application(0), application(1)
    outbox.keep(first)
    outbox.keep(second)
    file = tmp_path / "outbox" / f"{first.visit}.sealed"
    blob = bytearray(file.read_bytes())
    blob[-1] ^= 1
    file.write_bytes(blob)
    assert asyncio.run(outbox.send_all()) == 1
    assert list(hall.tickets) == [second.visit]
    assert outbox.waiting() == ()
    assert [aside.name for aside in (tmp_path / "outbox").iterdir()] == [f"{first.visit}.aside"]


def test_one_filed_under_another_visit_stays_shut(outbox: Outbox, hall: FakeLetterbox, tmp_path: Path) -> None:
    kept, other = application(0), application(1)
    outbox.keep(kept)
    folder = tmp_path / "outbox"
    (folder / f"{kept.visit}.sealed").rename(folder / f"{other.visit}.sealed")
    assert asyncio.run(outbox.send_all()) == 0
    assert hall.tickets == {}


def test_a_terminal_that_is_shut_out_keeps_everything(outbox: Outbox, hall: FakeLetterbox) -> None:
    kept = application()
    outbox.keep(kept)
    hall.forbids = True
    assert asyncio.run(outbox.send_all()) == 0
    assert outbox.waiting() == (kept.visit,)


def test_a_file_that_is_no_visit_and_one_half_written_are_left_alone(outbox: Outbox, tmp_path: Path) -> None:
    (tmp_path / "outbox" / "readme.sealed").write_bytes(b"")
    (tmp_path / "outbox" / f"{application().visit}.new").write_bytes(b"half")
    assert outbox.waiting() == ()


def test_a_restart_finds_what_was_kept(outbox: Outbox, hall: FakeLetterbox, tmp_path: Path) -> None:
    kept = application()
    outbox.keep(kept)
    again = Outbox(tmp_path / "outbox", HALL_KEY.public_key().public_bytes_raw(), hall)
    assert asyncio.run(again.send_all()) == 1


def test_it_goes_on_trying_by_itself(outbox: Outbox, hall: FakeLetterbox) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        hall.away = False
        if len(waits) == 2:
            raise asyncio.CancelledError

    hall.away = True
    outbox.keep(application())
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(outbox.run(wait))
    assert outbox.waiting() == ()


def test_visits_are_numbered_in_order_of_time() -> None:
    numbers = [new_visit(NOW + timedelta(milliseconds=n)) for n in range(20)]
    assert numbers == sorted(numbers)
    assert all(number[14] == "7" and number[19] in "89ab" for number in numbers)
