"""The soak of the readers on a small scale, and that it would notice what must never happen."""

from __future__ import annotations

import asyncio
import random
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import pytest

from benchmarks.soak_devices import SPARE_BYTES, Desk, Found, Wrong, differ_everywhere
from benchmarks.soak_hands import Hand
from devices.device import Completion, DeviceError
from devices.document import DocumentKind, IdentityDocument, Verified
from devices.plate import Plate, Presence
from devices.simulators.pcscd import missing
from tests.devices.keyboard import without_card_service

ONE = IdentityDocument(
    DocumentKind.SOCIAL_SECURITY_CARD, "1", "one", "1", date(1990, 1, 1), 7, "plate", Verified.CHIP, address="here", photo=b"1"
)
OTHER = replace(ONE, number="2", name="other", sex="2", birth=date(1980, 2, 2), address="there", photo=b"2")
LIES = Presence("plate", 7, readable=True)


@dataclass
class Returns:
    """A plate whose reader says this."""

    says: IdentityDocument | Completion

    async def read(self, presence: Presence) -> IdentityDocument:
        if isinstance(self.says, Completion):
            raise DeviceError(self.says)
        return self.says


def read(says: IdentityDocument | Completion) -> str:
    desk = Desk(cast("Hand", None), cast("Plate", Returns(says)), random.Random(1), [ONE, OTHER])
    return asyncio.run(desk.read(LIES, 0))


def test_a_document_of_whoever_lies_there_and_a_refusal_are_right() -> None:
    assert read(ONE) == "read"
    assert read(Completion.MEDIA_REMOVED) == "mediaRemoved"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (OTHER, "the other person's card was read"),
        (replace(ONE, address="there"), "a mixture of two cards was read"),
        (replace(ONE, photo=b"2"), "a mixture of two cards was read"),
        (replace(ONE, media_id=8), "a document of another presence was returned"),
    ],
)
def test_what_must_never_happen_is_noticed(says: IdentityDocument, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        read(says)


def test_two_cards_that_are_alike_in_a_field_are_no_proof() -> None:
    assert differ_everywhere(ONE, OTHER)
    assert not differ_everywhere(ONE, replace(OTHER, birth=ONE.birth))


def test_memory_that_grows_is_noticed() -> None:
    flat = Found("rounds", 90, memory=[30_000_000] * 90)
    assert flat.is_flat
    assert not replace(flat, memory=[30_000_000 + round_ * 6 * SPARE_BYTES // 90 for round_ in range(90)]).is_flat


def soaked(pulls: int, swaps: int, kills: int, unplugs: int) -> str:
    if packages := missing():
        pytest.skip(f"Debian packages not installed: {packages}")
    counts = {"--pulls": pulls, "--swaps": swaps, "--kills": kills, "--unplugs": unplugs}
    command = [sys.executable, "-m", "benchmarks.soak_devices", *(str(part) for pair in counts.items() for part in pair)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=without_card_service(), timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_few_rounds_of_each_kind_go_well() -> None:
    told = re.findall(r"^PASS  (\d+ [a-z]+)", soaked(2, 4, 1, 3), re.MULTILINE)
    assert sorted(told) == ["1 kills", "2 cards", "3 serial", "4 cards"]


@pytest.mark.long
def test_some_rounds_of_each_kind_go_well() -> None:
    assert soaked(20, 20, 3, 20).count("PASS") == 4
