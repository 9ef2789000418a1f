"""Four departments, one of which hangs and one of which is down: the visit goes on, and terminal and clerk say who was silent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flows.application import Outcome
from flows.matters import MATTERS
from hall.bootstrap import Services, build
from hall.config import HallConfig
from hall.demo.behaviour import Mode
from hall.exchange import BUDGET_S
from hall.staff_settings import StaffSettings
from kiosk.hall_client import connect
from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import Pilot
from kiosk.view import View
from kiosk.visit import Ended, serve_one
from scripts.album import Album
from scripts.browser import chromium
from scripts.citizen import Walk
from scripts.console_steps import call_next, log_in, open_case
from scripts.vendor import vendor
from scripts.wishes import ERRANDS, Citizen
from tests.hall.console_fakes import Clock
from tests.hall.console_stage import PASSWORD, Make, Stage, running_hall
from tests.hall.demo_desk import DEMO, TOO_LONG, DemoDesk, running_desk
from tests.kiosk.fakes import Stage as Surroundings
from tests.ui.conftest import OnScreen

MATTER = "moving-house"
STATES = {"公安户籍": "已取得", "人力资源和社会保障": "没有回应", "公安人口": "已取得", "公安交管": "没有回应"}


class Remembering(Walk):
    """Keeps the screens that a citizen came past, and draws none of them."""

    def __init__(self, pilot: Pilot, surroundings: Surroundings, folder: Path) -> None:
        super().__init__(
            pilot, Album(folder), Citizen(MATTER, {**ERRANDS[MATTER].wishes, "mobile": "13800138000"}), surroundings.plate.lay
        )
        self.passed: list[View] = []

    async def _photograph(self, view: View) -> None:
        self.passed.append(view)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    with running_desk(tmp_path_factory.mktemp("silent")) as desk:
        yield desk


@pytest.fixture(scope="module")
def hall(desk: DemoDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with (
        desk.told("social-security", Mode.SLOW, TOO_LONG),
        desk.told("traffic", Mode.DOWN),
        running_hall(desk.state, demo_hall(desk)) as hall,
    ):
        yield hall


def demo_hall(desk: DemoDesk) -> Make:
    """The hall as it is configured, with all of its matters, over these departments."""

    def make(config: HallConfig, clock: Clock) -> tuple[Services, None, None]:
        staff = StaffSettings(second_factor=False)
        here = replace(config, departments=desk.settings, catalogue=DEMO / "catalogue.toml", staff=staff)
        return build(here, clock), None, None

    return make  # type: ignore[return-value]


def visited(on_screen: OnScreen, hall: Stage, folder: Path) -> list[View]:
    """One visit at the real window over mutual TLS, from the invitation to the ticket."""
    hall.services.terminals.enrol("K07", folder)

    async def story(display: KivyDisplay) -> list[View]:
        surroundings = Surroundings(matters={MATTER: MATTERS[MATTER]})
        surroundings.time.now = hall.clock()
        client = connect(hall.terminals, folder, deadline_s=12)
        terminal = surroundings.terminal(display)
        terminal = replace(terminal, hall=client, wait=asyncio.sleep, idle=replace(terminal.idle, glance_s=0.5))
        pilot = Pilot(display)
        citizen = Remembering(pilot, surroundings, folder)
        visit = asyncio.create_task(serve_one(terminal))
        try:
            await citizen.to_the_ticket()
            surroundings.plate.pull()
            await pilot.tap("done")
            assert await visit is Ended.TICKET
        finally:
            visit.cancel()
            await client.close()
        return citizen.passed

    return on_screen(story)


def test_the_visit_goes_on_and_terminal_and_clerk_name_who_was_silent(on_screen: OnScreen, hall: Stage, tmp_path: Path) -> None:
    passed = visited(on_screen, hall, tmp_path)
    told = next(view for view in passed if view.kind == "busy" and all(source.done for source in view.sources) and view.sources)
    assert {source.title: source.state for source in told.sources} == STATES
    first = passed[passed.index(told) + 1]
    assert "人力资源和社会保障、公安交管没有回应" in first.notice
    kept = hall.do(hall.services.store.case(visit_of(hall)))
    assert {s.department: (s.outcome, s.reason) for s in kept.lookup.sources} == {
        "household": (Outcome.RECORD, ""),
        "social_security": (Outcome.NO_ANSWER, "late"),
        "population": (Outcome.RECORD, ""),
        "traffic": (Outcome.NO_ANSWER, "down"),
    }
    assert max(source.elapsed_ms for source in kept.lookup.sources) <= BUDGET_S * 1000
    vendor()
    with chromium() as browser, browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        the_clerk_sees_the_same(context.new_page(), hall)


def visit_of(hall: Stage) -> str:
    return hall.do(hall.services.queue.lines())[0].ticket.visit


def the_clerk_sees_the_same(page: Page, hall: Stage) -> None:
    log_in(page, "张敏", PASSWORD, "1", hall.console)
    call_next(page)
    open_case(page)
    columns = page.locator("table.compare thead th.department")
    assert [" ".join(words.split()[:2]) for words in columns.all_inner_texts()] == [
        "公安户籍 已返回",
        "人力资源和社会保障 未答复",
        "公安人口 已返回",
        "公安交管 未答复",
    ]
    for silent in ("人力资源和社会保障没有答复", "公安交管没有答复"):
        expect(page.locator(".cautions")).to_contain_text(silent)
