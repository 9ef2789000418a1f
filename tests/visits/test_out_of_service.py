"""A terminal with a device that is out of service: what that closes, what is said of it, and its coming back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from devices.drivers.escpos import EscposPrinter
from devices.simulators.receipt_printer import PrinterSimulator, Roll
from devices.supervisor import Patience, Supervision
from flows.flow import Flow
from flows.heartbeat import Heartbeat, Part, PartKind
from flows.words import Language
from kiosk.heartbeat import Heart
from kiosk.paper import SlipPrinter
from kiosk.view import Touch, View
from kiosk.visit import Ended, serve_one
from kiosk.without import TOLD, told
from kiosk.words import all_words
from tests.kiosk.fakes import Stage
from tests.kiosk.people import NOW
from tests.patience import SOON_S
from tests.visits import world
from tests.visits.moments import AFTER_PORTRAIT, DONE, NO_REMINDER, PORTRAIT_BEGINS, SIGN, SUBMIT, TAKE, USE
from tests.visits.playing import Moment, Played, Script, ScriptedDisplay, Story, play
from tests.visits.small_matters import BADGE, ORIGINAL, PORTRAIT, PROOF
from tests.visits.test_whole_visits import told as seen_before

FONTS = Path("assets/fonts")


def played(*moments: Moment, flow: Flow, before: world.World) -> Played:
    story = Story("out of service", moments, Ended.TICKET, before=world.both(world.offers(flow), before))
    return asyncio.run(play(story))


def notice(played: Played) -> View:
    return next(view for view in played.shown if view.kind == "notice")


def test_a_camera_that_is_out_is_told_before_anything_is_asked_and_nobody_waits_for_it() -> None:
    left = Moment("photo", Touch("leave"), sees="到窗口再拍")
    visit = played(*PORTRAIT_BEGINS, left, *AFTER_PORTRAIT, flow=PORTRAIT, before=world.out_of_service("camera"))
    assert notice(visit).notice == TOLD["camera"]
    assert visit.stage.camera
    assert visit.stage.camera.looked == 0


def test_a_camera_that_comes_back_in_the_middle_of_a_visit_takes_the_picture() -> None:
    again = (Moment("photo", world.back_in_service, sees="再试一次"), Moment("photo", Touch("again"), sees="再试一次"))
    visit = played(*PORTRAIT_BEGINS, *again, TAKE, USE, *AFTER_PORTRAIT, flow=PORTRAIT, before=world.out_of_service("camera"))
    (application,) = visit.stage.hall.submissions
    assert application.attached


def test_what_a_matter_does_not_use_is_not_missed() -> None:
    everything: tuple[PartKind, ...] = ("camera", "document_camera", "page_printer")
    assert told(all_words()["zh"], BADGE, everything) == TOLD["camera"]
    assert told(all_words()["zh"], ORIGINAL, everything) == TOLD["document_camera"]
    assert told(all_words()["zh"], PROOF, everything) == TOLD["page_printer"]
    assert not notice(seen_before("a portrait is taken, agreed to and signed for")).notice


def test_two_things_that_are_out_are_two_sentences_in_every_language() -> None:
    said: dict[Language, str] = {
        language: told(words, PORTRAIT, ("camera", "ticket_printer")) for language, words in all_words().items()
    }
    assert said["zh"] == TOLD["camera"] + TOLD["ticket_printer"]
    assert said["en"].count(". ") == 1


@dataclass
class Plug:
    """Where the printer of a terminal is plugged in: a lasting name, as udev gives one."""

    name: Path
    simulator: PrinterSimulator | None = None

    def put_in(self) -> PrinterSimulator:
        self.simulator = PrinterSimulator()
        self.name.symlink_to(self.simulator.path)
        return self.simulator

    def pull(self) -> None:
        if self.simulator:
            self.name.unlink()
            self.simulator.unplug()
            self.simulator = None


@dataclass
class Hall:
    """Listens to a terminal."""

    heard: list[Heartbeat] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def beat(self, heartbeat: Heartbeat) -> None:
        self.heard.append(heartbeat)
        self.news.set()

    async def hears(self, holds: Callable[[Part], bool]) -> Part:
        while not (self.heard and holds(self.heard[-1].parts[0])):
            self.news.clear()
            await self.news.wait()
        return self.heard[-1].parts[0]


@dataclass
class Kiosk:
    plug: Plug
    printer: EscposPrinter
    supervision: Supervision
    hall: Hall = field(default_factory=Hall)

    def out(self) -> frozenset[PartKind]:
        return frozenset({"ticket_printer"}) if self.supervision.of(self.printer).is_out else frozenset()

    async def visit(self, ticket_says: str) -> Script:
        ticket = Moment("ticket", world.pull, sees=ticket_says)
        moments = (*PORTRAIT_BEGINS, TAKE, USE, NO_REMINDER, SIGN, SUBMIT, ticket, DONE[1])
        stage = Stage(matters={"portrait": PORTRAIT})
        script = Script(Story("visit", moments, Ended.TICKET), stage)
        fitted = stage.terminal(ScriptedDisplay(script))
        assert await serve_one(replace(fitted, paper=SlipPrinter(self.printer, FONTS), out=self.out)) is Ended.TICKET
        assert not script.coming
        return script


@asynccontextmanager
async def kiosk(folder: Path) -> AsyncIterator[Kiosk]:
    """A real printer driver on a line under its supervisor, told of to the hall a hundred times as soon as in a real hall."""
    plug = Plug(folder / "printer")
    plug.put_in()
    printer = EscposPrinter("tickets", str(plug.name))
    made = Kiosk(plug, printer, Supervision([printer], Patience(probe_s=0.1, back_off_s=(0.02,))))
    heart = Heart(made.hall, (("ticket_printer", made.supervision.of(printer)),), lambda: 0, lambda: NOW, "1")
    async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as together:
        running = [
            together.create_task(made.supervision.run()),
            together.create_task(heart.run(lambda seconds: asyncio.sleep(seconds / 100))),
        ]
        yield made
        for task in running:
            task.cancel()
    await printer.close()
    plug.pull()


def test_a_printer_that_is_pulled_out_and_put_in_again_prints_the_next_slip_and_the_hall_hears_of_both(tmp_path: Path) -> None:
    async def story() -> None:
        async with kiosk(tmp_path) as terminal:
            await terminal.hall.hears(lambda part: part.state == "online")
            terminal.plug.pull()
            gone = await terminal.hall.hears(lambda part: part.out)
            assert (gone.state, gone.media) == ("noDevice", "unknown")
            script = await terminal.visit("小票没有打印出来")
            assert TOLD["ticket_printer"] in next(view.notice for view in script.shown if view.kind == "notice")
            simulator = terminal.plug.put_in()
            back = await terminal.hall.hears(lambda part: part.state == "online" and not part.out)
            assert back.counted
            assert (back.counted.done, back.counted.reopens) == (0, 1)
            script = await terminal.visit("请在等候区等候叫号")
            assert not next(view.notice for view in script.shown if view.kind == "notice")
            assert len(simulator.paper.sheets) == 1
            simulator.roll = Roll.NEAR_END
            low = await terminal.hall.hears(lambda part: part.paper_low)
            assert low.counted
            assert (low.counted.done, dict(low.counted.failures)) == (1, {"deviceNotReady": 1})

    asyncio.run(story())
