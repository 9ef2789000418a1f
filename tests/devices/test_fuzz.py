"""The short form of `python -m fuzz`: the same targets and inputs near their seeds, without coverage and the same each time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from devices.device import Completion, DeviceError
from fuzz import campaign
from fuzz.campaign import fuzzed
from fuzz.choices import Choices
from fuzz.mutations import variants
from fuzz.target import Target
from fuzz.targets import TARGETS

INPUTS = 300
each_target = pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)


@each_target
def test_nothing_but_worded_errors_comes_out(target: Target) -> None:
    for entry in variants(target.seeds(), INPUTS, target.longest):
        try:
            target.run(entry)
        except Exception as error:
            pytest.fail(f"{type(error).__name__}: {error} of bytes.fromhex('{entry.hex()}')")


@each_target
def test_a_target_takes_what_is_sound(target: Target) -> None:
    """One whose every input is refused at the first look would find nothing."""
    taken = 0
    for entry in (b"", *target.seeds()):
        with suppress(DeviceError, *target.worded):
            target.feed(entry)
            taken += 1
    assert taken


def broken(error: Exception) -> Target:
    def feed(entry: bytes) -> None:
        raise error

    return Target("broken", feed, lambda: [b""], worded=(ValueError,))


@pytest.mark.parametrize(
    "error",
    [
        KeyError("number"),
        ValueError("the card said \x00\x01"),
        ValueError("the card said 吕晓岚"),
        DeviceError(Completion.INVALID_DATA, "the card said " + "A" * 300),
    ],
)
def test_an_error_that_is_not_documented_or_quotes_what_came_is_a_finding(error: Exception) -> None:
    with pytest.raises((KeyError, AssertionError)):
        broken(error).run(b"")


@pytest.mark.parametrize("error", [ValueError("no line of a board"), DeviceError(Completion.TIME_OUT, "no answer to FIND")])
def test_a_worded_error_is_none(error: Exception) -> None:
    broken(error).run(b"")


def test_the_same_inputs_come_each_time() -> None:
    seeds = [b"BOARD 1", b"", bytes(40)]
    first = list(variants(seeds, 200, 64))
    assert first == list(variants(seeds, 200, 64))
    assert first[:3] == seeds
    assert len(set(first)) > 150
    assert max(map(len, first)) <= 64


def test_choices_end_with_their_input() -> None:
    choices = Choices(b"\x05\x01\x02\x02AAA\x00B")
    assert (choices.below(4), choices.below(0x200)) == (1, 0x102)
    assert choices.pieces() == [b"AAA", b"B"]
    assert (choices.left, choices.below(9), choices.taken(5), choices.rest()) == (0, 0, b"", b"")


@pytest.mark.long
def test_a_campaign_fuzzes_by_coverage_and_keeps_its_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("atheris")
    monkeypatch.setattr(campaign, "MOST_MEMORY_MB", 8192)  # the peak of whoever starts a process is held to be its own

    async def one() -> None:
        (outcome,) = [outcome async for outcome in fuzzed([TARGETS["objects"]], 1.0, tmp_path)]
        assert outcome.ended_well
        assert outcome.crashes == ()
        assert min(outcome.runs, outcome.runs_per_s, outcome.edges, outcome.peak_memory_mb) > 0
        assert len(list((tmp_path / "objects" / "corpus").iterdir())) >= len(TARGETS["objects"].seeds())

    asyncio.run(one())
