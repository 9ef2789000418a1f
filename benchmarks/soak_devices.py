"""Readers under hard hands: cards pulled and swapped at random moments, pcscd killed, the serial adapter unplugged, again and
again, on a real pcscd and a real pseudo-terminal. Nobody's data may be read as another's, every reader must come back by
itself, and the memory of the process with the drivers must stay flat.

`python -m benchmarks.soak_devices [--pulls 1000] [--swaps 1000] [--kills 200] [--unplugs 1000] [--seed 1]`; 1 if not."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.soak_hands import COMMANDS_OF_A_READ, Hand
from devices.device import DeviceError, IdentityReader
from devices.document import IdentityDocument
from devices.drivers import make_reader
from devices.plate import Plate, Presence
from devices.supervisor import Patience, Supervision

ROUND_S = 60.0
"""A reader that is not back by then does not come back by itself."""
UNSEEN_S = 1.2
"""A card that came and went and was not seen by then never will be: pcscd looks every 400 ms."""
LONGEST_GAP_S = 0.6
UNREADABLE_AFTER_S = 0.05
"""There is no other reader for a card that is mute to this one."""
FLAT = 1.02
SPARE_BYTES = 500_000
FEW_ROUNDS = 60
"""Below this the memory of a phase still warms up."""
SAME_BY_NATURE = frozenset({"kind", "verified", "device_id", "media_id", "warnings"})


class Wrong(Exception):
    """What must never happen; the text names the round and nothing of a card."""


@dataclass
class Found:
    """What happened in one phase: outcomes, how long the reader needed to be back, and resident memory after each round."""

    name: str
    rounds: int
    outcomes: Counter[str] = field(default_factory=Counter)
    back_s: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    took_s: float = 0.0
    wrong: str = ""

    @property
    def is_flat(self) -> bool:
        third = len(self.memory) // 3
        if self.rounds < FEW_ROUNDS:
            return True
        return statistics.median(self.memory[-third:]) <= FLAT * statistics.median(self.memory[:third]) + SPARE_BYTES

    def told(self) -> str:
        verdict = "PASS" if not self.wrong and self.is_flat else "MISSED"
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self.outcomes.items()))
        third = max(1, len(self.memory) // 3)
        first, last = (statistics.median(part) / 1e6 for part in (self.memory[:third] or [0], self.memory[-third:] or [0]))
        lines = [f"{verdict}  {self.rounds} {self.name} in {self.took_s:.0f} s: {counts}"]
        if self.back_s:
            slowest = max(self.back_s)
            lines.append(f"      back by itself after {statistics.median(self.back_s):.2f} s (median), {slowest:.2f} s (longest)")
        lines.append(f"      memory of the drivers' process: {first:.1f} MB in the first third, {last:.1f} MB in the last")
        return "\n".join([*lines, *([f"      {self.wrong}"] if self.wrong else [])])


@dataclass
class Desk:
    """One reader, its plate, whoever lays cards there, and what the two people's cards say when nobody disturbs."""

    hand: Hand
    plate: Plate
    chance: random.Random
    cards: list[IdentityDocument] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)

    async def presence(self) -> Presence:
        return await self.plate.card_laid()

    def stands(self) -> str:
        return f"{len(self.plate.lying)} cards seen, {'ready' if self.plate.ready() else 'not ready'}"

    async def empty(self) -> None:
        while self.plate.lying:
            await self.plate.changed()

    async def read(self, presence: Presence, *lay_there: int) -> str:
        """How a read ended. Raises Wrong when a document is not wholly that of somebody whose card lay there."""
        try:
            document = await self.plate.read(presence)
        except DeviceError as error:
            return str(error.code)
        if not any(of_nobody(document) == of_nobody(self.cards[who]) for who in lay_there):
            whose = [who for who, card in enumerate(self.cards) if of_nobody(document) == of_nobody(card)]
            raise Wrong("the other person's card was read" if whose else "a mixture of two cards was read")
        if document.media_id != presence.media_id:
            raise Wrong("a document of another presence was returned")
        return "read"

    async def is_back(self, who: int) -> None:
        """Returns when a card that lies still was read again."""
        began = time.monotonic()
        presence = await self.presence()
        self.back_s.append(time.monotonic() - began)
        while await self.read(presence, who) != "read":
            await self.plate.card_gone(presence)
            presence = await self.presence()


def of_nobody(document: IdentityDocument) -> IdentityDocument:
    return replace(document, media_id=0, device_id="")


def differ_everywhere(one: IdentityDocument, other: IdentityDocument) -> bool:
    """Whether no field that a card fills is the same on both: else a mixture could go unnoticed."""
    first, second = asdict(one), asdict(other)
    return all(first[name] != second[name] or not first[name] for name in first if name not in SAME_BY_NATURE)


async def pull(desk: Desk) -> str:
    """At a command of its read, or at any time from before it is seen until after it was read."""
    who = desk.chance.randrange(2)
    if desk.chance.random() < 0.5:
        await desk.hand.do("lay", who=who, at=desk.chance.randint(1, COMMANDS_OF_A_READ))
    else:
        await desk.hand.do("lay", who=who, after_s=desk.chance.uniform(0, 1.0))
    try:
        async with asyncio.timeout(UNSEEN_S):
            presence = await desk.presence()
    except TimeoutError:
        return "unseen"
    outcome = await desk.read(presence, who)
    await desk.hand.do("pull")
    await desk.empty()
    return outcome


async def swap(desk: Desk) -> str:
    """For the other's card, of the same kind and ATR, in the middle of a read or between two, faster than pcscd looks or not."""
    who, gap_s = desk.chance.randrange(2), desk.chance.choice((0.0, desk.chance.uniform(0, LONGEST_GAP_S)))
    between = desk.chance.random() < 0.3
    at = 0 if between else desk.chance.randint(1, COMMANDS_OF_A_READ)
    await desk.hand.do("lay", who=who, at=at, then=1 - who, gap_s=gap_s)
    first = await desk.presence()
    if between:
        await desk.read(first, who)
        await desk.hand.do("swap", then=1 - who, gap_s=gap_s)
    outcome = await desk.read(first, who)
    await desk.hand.do("turned")
    await desk.plate.card_gone(first)
    second = await desk.presence()
    if second.readable:
        await desk.read(second, 1 - who)
    else:
        outcome += " and refused until taken away"
    await desk.hand.do("pull")
    await desk.empty()
    return f"{outcome} (between two reads)" if between else outcome


async def kill(desk: Desk) -> str:
    """pcscd, at a command of a read or at any time. The card stays, and is read when pcscd is there again."""
    who, amid = desk.chance.randrange(2), desk.chance.random() < 0.7
    await desk.hand.do("lay", who=who, at=amid and desk.chance.randint(1, COMMANDS_OF_A_READ), kills=True)
    presence = await desk.presence()
    if amid:
        outcome = await desk.read(presence, who)
        await desk.hand.do("turned")
    else:
        await asyncio.sleep(desk.chance.uniform(0, 0.5))
        await desk.hand.do("kill")
        outcome = "not being read"
    await desk.plate.card_gone(presence)
    await desk.hand.do("start")
    await desk.is_back(who)
    await desk.hand.do("pull")
    await desk.empty()
    return outcome


async def unplug(desk: Desk) -> str:
    """The adapter, at a command of a read or at any time; when it is plugged in again the other's card lies there."""
    who = desk.chance.randrange(2)
    await desk.hand.do("plug", who=who)
    await desk.is_back(who)
    at = desk.chance.choice(("FIND", "SELECT", "READ", ""))
    presence = await desk.presence()
    if at:
        await desk.hand.do("unplug", command=at)
        outcome = await desk.read(presence, who)
    else:
        await asyncio.sleep(desk.chance.uniform(0, 0.3))
        await desk.hand.do("unplug")
        outcome = "not being read"
    await desk.plate.card_gone(presence)
    return outcome


Round = Callable[[Desk], Awaitable[str]]


async def phase(name: str, rounds: int, one: Round, desk: Desk) -> Found:
    found, began = Found(name, rounds), time.monotonic()
    desk.back_s.clear()
    for number in range(1, rounds + 1):
        try:
            async with asyncio.timeout(ROUND_S):
                found.outcomes[await one(desk)] += 1
        except (Wrong, TimeoutError) as error:
            found.wrong = f"round {number}: {str(error) or f'a reader did not come back by itself ({desk.stands()})'}"
            break
        found.memory.append(resident_bytes())
    found.back_s, found.took_s = list(desk.back_s), time.monotonic() - began
    print(found.told(), flush=True)
    return found


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@asynccontextmanager
async def desk_of(reader: IdentityReader, hand: Hand, seed: int) -> AsyncIterator[Desk]:
    """A reader as a terminal has it: on its plate, under its supervisor."""
    plate = Plate([reader], unreadable_after_s=UNREADABLE_AFTER_S)
    supervising = asyncio.create_task(Supervision([reader], Patience(probe_s=1.0)).run())
    await plate.open()
    try:
        yield Desk(hand, plate, random.Random(seed))  # noqa: S311 - chance that can be repeated, no secret
    finally:
        supervising.cancel()
        await asyncio.gather(supervising, return_exceptions=True)
        await plate.close()


async def calm_read(desk: Desk, lay: str, away: str) -> None:
    """What the two cards say, and that it differs in everything."""
    for who in (0, 1):
        await desk.hand.do(lay, who=who)
        desk.cards.append(await desk.plate.read(await desk.presence()))
        await desk.hand.do(away)
        await desk.empty()
    if not differ_everywhere(*desk.cards):
        raise Wrong("the two specimens are alike in a field")


async def soak(pulls: int, swaps: int, kills: int, unplugs: int, seed: int) -> list[Found]:
    """Pulls, swaps and unplugs at the same time, at three readers of one process; the kills of pcscd then, at one."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="yimen-")))
        one = await stack.enter_async_context(Hand(folder))
        other = await stack.enter_async_context(Hand(folder, one.ports[1]))
        line = await stack.enter_async_context(Hand(folder, one.ports[0]))
        readers = (
            make_reader("pcsc", {"id": "left", "socket": one.socket, "reader": "00 00"}),
            make_reader("pcsc", {"id": "right", "reader": "00 01"}),
            make_reader("sam_v", {"id": "resident", "port": str(line.line)}),
        )
        left, right, resident = [
            await stack.enter_async_context(desk_of(reader, hand, seed + number))
            for number, (reader, hand) in enumerate(zip(readers, (one, other, line), strict=True))
        ]
        for desk, lay, away in ((left, "lay", "pull"), (right, "lay", "pull"), (resident, "plug", "unplug")):
            await calm_read(desk, lay, away)
        together = await asyncio.gather(
            phase("cards pulled", pulls, pull, left),
            phase("cards swapped for one with the same ATR", swaps, swap, right),
            phase("serial adapters unplugged", unplugs, unplug, resident),
        )
        return [*together, await phase("kills of pcscd", kills, kill, left)]


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.soak_devices")
    for name, usual in (("pulls", 1000), ("swaps", 1000), ("kills", 200), ("unplugs", 1000), ("seed", 1)):
        options.add_argument(f"--{name}", type=int, default=usual)
    given = options.parse_args(arguments)
    logging.getLogger("devices").setLevel(logging.CRITICAL)  # every round is an event
    began = time.monotonic()
    found = asyncio.run(soak(given.pulls, given.swaps, given.kills, given.unplugs, given.seed))
    print(f"      {time.monotonic() - began:.0f} s, seed {given.seed}")
    return 0 if all(not one.wrong and one.is_flat for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
