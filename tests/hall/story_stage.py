"""A hall for a whole day of stories, and a clerk in it who has either hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Page, expect

from flows.application import Action, Decision, Status
from hall.amendments import Said
from hall.store.request import Request
from hall.store.staff import Ended
from hall.store.store import KeptCase
from tests.hall.console_stage import PASSWORD, Stage
from tests.hall.hands import Hand

NUMBERS = iter(range(0x1000, 0xFFFF))
CLERKS = {"张敏": "3", "陈志远": "4", "李红": "5"}
SPARE = "6"


@dataclass
class Clerk:
    """Somebody at a page of the console; what a story does is done with the hand."""

    stage: Stage
    hand: Hand

    @property
    def page(self) -> Page:
        return self.hand.page

    def on(self, selector: str) -> None:
        self.hand.press(self.page.locator(selector))

    def button(self, name: str, within: str = "body") -> None:
        self.hand.press(self.page.locator(within).get_by_role("button", name=name, exact=True))

    def log_in(self, name: str, window: str = "", password: str = PASSWORD) -> None:
        """Types the address of the console, and comes to its first page."""
        self.page.goto(self.stage.console)
        self.try_to_log_in(name, window, password)
        expect(self.page.get_by_role("heading", name="今日排队" if window else f"{name}，您好")).to_be_visible()

    def try_to_log_in(self, name: str, window: str, password: str) -> None:
        self.hand.write(self.page.locator("#name"), name)
        self.hand.write(self.page.locator("#password"), password)
        self.hand.tick(self.page.locator(f"input[name=window][value='{window}']"))
        self.button("登录")

    def call(self) -> str:
        """The next ticket's number."""
        self.on("#next")
        number = self.page.locator(".held .bigNumber")
        expect(number).to_be_visible()
        return number.inner_text().strip()

    def open(self) -> None:
        self.on("#open")
        expect(self.page.locator("table.compare")).to_be_visible()

    def at_the_desk(self, person: str = "lyu", name: str = "张敏", **how: object) -> str:
        """Logged in at the clerk's window with this person's case open; the visit."""
        visit = self.stage.submit(person, next(NUMBERS), **how).visit  # type: ignore[arg-type]
        self.log_in(name, CLERKS[name])
        self.call()
        self.open()
        return visit

    def panel(self, words: str) -> None:
        """Opens what the case's page folds away under these words."""
        self.hand.press(self.page.locator("summary", has_text=words).first)
        expect(self.page.locator("details[name][open]")).to_be_visible()

    def status(self, words: str) -> None:
        expect(self.page.locator(".caseHead .status")).to_have_text(words)


Clerks = Callable[[], Clerk]


def case(stage: Stage, visit: str) -> KeptCase:
    return stage.do(stage.services.store.case(visit))


def status(stage: Stage, visit: str) -> Status:
    return case(stage, visit).standing.status


def done(stage: Stage, visit: str, action: Action) -> Decision:
    """The one time that this was done."""
    (decision,) = [one for one in case(stage, visit).decisions if one.action is action]
    return decision


def audited(stage: Stage, about: str) -> list[str]:
    return [event.event for event in stage.do(stage.services.store.audit_of(about))]


def visit_of(stage: Stage, number: str) -> str:
    return next(line.ticket.visit for line in stage.do(stage.services.queue.lines()) if line.ticket.number == number)


def clear(stage: Stage) -> None:
    """Whatever a story left in the line is turned away and whoever is logged in goes: the next story finds an empty hall."""

    async def cleared() -> None:
        queue, store = stage.services.queue, stage.services.store
        for line in await queue.lines():
            if line.status is Status.CALLED:
                await turned_away(line.ticket.visit, line.window)
            elif line.status is Status.HELD:
                await queue.requeue(line.ticket.visit, "clear", str(uuid4()))
        for window in (*CLERKS.values(), SPARE):
            while visit := await queue.call_next(window, "clear", str(uuid4())):
                await turned_away(visit, window)
        asking = Request(str(uuid4()), "test", stage.clock())
        for name in CLERKS:
            await store.end_sessions_of(name, Ended.LOGGED_OUT, asking)

    async def turned_away(visit: str, window: str) -> None:
        no = Said("NOT_ELIGIBLE")
        await stage.services.desk.decide(visit, Action.REJECT, window=window, clerk="clear", key=str(uuid4()), said=no)

    stage.do(cleared())
