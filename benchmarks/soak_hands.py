"""The hands of a soak, in a process of their own: they lay, pull and swap cards, kill pcscd and unplug the adapter.

One JSON line is one order, one line the answer. What a reader has read is checked against what lay here.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from devices.document import DocumentKind
from devices.drivers.sam_v_frames import Command
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.sam_v import SamVSimulator
from devices.simulators.sam_v_card import card_text
from devices.simulators.sam_v_plate import PHOTO
from devices.simulators.social_security_card import SocialSecurityCard, digits, files
from devices.simulators.specimens import Specimen, specimens
from devices.simulators.vpcd import CardPulled, FaultAt, VirtualCard

COMMANDS_OF_A_READ = 14
EF05, ISSUED = 0xEF05, 0x05
LINE = "sam_v.tty"


def people() -> tuple[Specimen, Specimen]:
    """Two whose cards differ in every field."""
    one = replace(specimens()[0], card_version="2.00")
    other = replace(
        one,
        key="other",
        name="欧阳测试",
        number="110105198806153416",
        sex="1",
        ethnic_group="11",
        birth=date(1988, 6, 15),
        address="北京市朝阳区测试路一号",
        issuer="北京市公安局朝阳分局",
        valid_from=date(2015, 1, 2),
        valid_to="20350102",
        card_version="1.00",
        card_expiry=date(2031, 3, 4),
        card_number="A98765432",
    )
    return one, other


def chip_card(who: int) -> SocialSecurityCard:
    """The simulator issues every card on the same day; the other's is of another."""
    made = files(people()[who])
    issued = tuple((tag, digits("20190909", 4) if who and tag == ISSUED else value) for tag, value in made[EF05])
    return SocialSecurityCard({**made, EF05: issued})


def lay_of(module: SamVSimulator, person: Specimen) -> None:
    """A resident card whose photo too is this person's."""
    fields = {"name": person.name, "sex": person.sex, "ethnic_group": person.ethnic_group, "number": person.number}
    fields |= {"birth": f"{person.birth:%Y%m%d}", "address": person.address, "issuer": person.issuer}
    fields |= {"valid_from": f"{person.valid_from:%Y%m%d}", "valid_to": person.valid_to.replace("-", "")}
    photo = PHOTO[:8] + person.number.encode().ljust(len(PHOTO) - 8, b"-")
    module.lay(card_text(DocumentKind.RESIDENT_CARD, fields), photo=photo)


class Hands:
    """What can be ordered; see Hand for the other end."""

    def __init__(self, line: Path, port: int, pcscd: PrivatePcscd | None) -> None:
        self._pcscd = pcscd
        self._port = port
        self._line = line
        self._module: SamVSimulator | None = None
        self._cards: list[VirtualCard] = []
        self._turned = threading.Event()

    def lay(
        self, who: int, *, at: int = 0, after_s: float = -1.0, then: int = -1, gap_s: float = 0.0, kills: bool = False
    ) -> None:
        """A chip card. At its command `at` pcscd is killed; or there, or after a time, the card is pulled, and another laid
        `gap_s` later."""
        self._turned.clear()
        card = chip_card(who)
        fault = self._dies if kills else lambda: self._torn_away(then, gap_s)
        laid = VirtualCard(FaultAt(card, at, fault) if at else card, self._port)
        self._cards.append(laid.insert())
        if after_s >= 0:
            time.sleep(after_s)
            laid.pull()

    def swap(self, then: int, gap_s: float) -> None:
        """The card that lies there, at once."""
        self._turned.clear()
        self._cards[-1].pull()
        with suppress(CardPulled):
            self._torn_away(then, gap_s)

    def pull(self) -> None:
        for card in self._cards:
            card.pull()
        self._cards.clear()

    def turned(self) -> None:
        """Returns when the swap, or the kill, that was ordered has happened."""
        if not self._turned.wait(30):
            raise TimeoutError

    def kill(self) -> None:
        assert self._pcscd
        self._pcscd.kill()

    def start(self) -> None:
        assert self._pcscd
        self._pcscd.start()

    def plug(self, who: int) -> None:
        """An adapter under its lasting name, and somebody's card on its plate."""
        self._module = SamVSimulator()
        lay_of(self._module, people()[who])
        self._line.unlink(missing_ok=True)
        self._line.symlink_to(self._module.path)

    def unplug(self, command: str = "") -> None:
        """At once, or just before the module answers that command: from then on until `plug` the name leads nowhere."""
        module = self._module
        assert module
        if command:
            module.before[Command[command]] = lambda: self._gone(module)
        else:
            self._gone(module)

    def _gone(self, module: SamVSimulator) -> None:
        self._line.unlink(missing_ok=True)
        module.unplug()

    def _dies(self) -> bytes:
        self.kill()
        self._turned.set()
        return b"\x6f\x00"  # which nobody hears any more

    def _torn_away(self, then: int, gap_s: float) -> bytes:
        if then >= 0:
            second = VirtualCard(chip_card(then), self._port)
            self._cards.append(second)
            threading.Thread(target=self._lay_after, args=(second, gap_s), daemon=True).start()
        raise CardPulled

    def _lay_after(self, card: VirtualCard, gap_s: float) -> None:
        time.sleep(gap_s)
        card.insert()
        self._turned.set()


class Hand:
    """The driver's end. Without a port it starts a pcscd of its own, whose socket and ports it then tells."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.line = folder / f"{port}.{LINE}"
        self.socket, self.ports = "", (port, port)
        self._arguments = (os.fspath(folder), os.fspath(self.line), str(port))
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        command = (sys.executable, "-m", "benchmarks.soak_hands", *self._arguments)
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        told = await self._answer()
        self.socket, self.ports = str(told["socket"]), (int(told["ports"][0]), int(told["ports"][1]))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()

    async def do(self, what: str, **how: object) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"what": what, **how}).encode() + b"\n")
        await self._answer()

    async def _answer(self) -> dict[str, Any]:
        assert self._process
        assert self._process.stdout
        line = await self._process.stdout.readline()
        if not line:
            raise BrokenPipeError("the hands are gone")
        answer: dict[str, Any] = json.loads(line)
        return answer


def main(folder: Path, line: Path, port: int) -> int:
    with ExitStack() as stack:
        pcscd = None if port else stack.enter_context(PrivatePcscd(folder / "pcscd"))
        ports = pcscd.ports if pcscd else (port, port)
        hands = Hands(line, ports[0], pcscd)
        _say({"socket": str(pcscd.socket) if pcscd else "", "ports": ports})
        for order in map(json.loads, sys.stdin):
            work: Callable[..., None] = getattr(hands, order.pop("what"))
            work(**order)
            _say({})
        with suppress(AssertionError):
            hands.unplug()
        hands.pull()
    return 0


def _say(answer: Mapping[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
