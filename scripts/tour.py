"""`make tour`: one citizen through the real window, one clerk in a real browser; pictures and an account."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page

from devices.simulators import page_printer, paper
from flows.application import Application, Attached, Identity
from flows.flow import Flow
from flows.matters import MATTERS
from flows.usage import UsageShown
from flows.wire import Submitted, VisitOpened, Withdrawn
from kiosk.__main__ import equipment_of, terminal_of
from kiosk.config import read
from kiosk.terminal import Hall
from kiosk.ui import display
from kiosk.visit import serve_one
from scripts import console_steps
from scripts.account import Account, Counter
from scripts.album import Album, lay, take
from scripts.browser import chromium
from scripts.company import Company, CouldNotStart
from scripts.desk import CLERK, KIOSK_TOML, PUBLIC, Desk, python, set_up
from scripts.wishes import ERRANDS, Citizen


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make tour", description=__doc__)
    arguments.add_argument("--into", type=Path, default=Path("var/tour"))
    arguments.add_argument("--matter", choices=sorted(ERRANDS), default="hk-macau-permit")
    asked = arguments.parse_args()
    folder, flow = asked.into, MATTERS[asked.matter]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    album = Album(folder)
    with Company(folder / "log") as company:
        try:
            print("Starting the devices, seven departments and the hall…", flush=True)
            desk = set_up(company, folder / "state")
        except CouldNotStart as error:
            print(error, file=sys.stderr)
            return 2
        os.environ.update(desk.card_service)
        album.began = time.monotonic()
        print(f"A citizen comes to the terminal for {flow.title}…", flush=True)
        application, taken = at_the_terminal(desk, album, flow)
        print(_became(taken), flush=True)
        with chromium() as browser:
            counter = at_the_counter(browser, desk, album, flow) if not taken.certificate else verified(browser, album, taken)
        account = Account(tuple(album.pictures), application, taken, counter, _audit(desk), time.monotonic() - album.began)
    account.write(folder / "account.md")
    print(account.short())
    print(f"{len(album.pictures)} pictures and account.md in {folder}/")
    return 0


def at_the_terminal(desk: Desk, album: Album, flow: Flow) -> tuple[Application, Submitted]:
    """The visit through the real window; gives what was submitted and what the hall made of it."""
    config, errand = read(Path(KIOSK_TOML), desk.state), ERRANDS[flow.code]

    async def story(screen: display.KivyDisplay) -> tuple[Application, Submitted]:
        from kiosk.ui.pilot import Pilot  # only now: the window settles how Kivy is imported
        from scripts.citizen import Walk

        async with terminal_of(config, equipment_of(config), screen) as terminal:
            pilot = Pilot(screen)
            hall = OverheardHall(terminal.hall)
            visit = asyncio.create_task(serve_one(replace(terminal, hall=hall)))
            citizen = Citizen(flow.code, errand.wishes)
            walk = Walk(pilot, album, citizen, lambda: lay(errand.person, desk.state))
            walking = asyncio.create_task(walk.to_the_ticket())
            await asyncio.wait({visit, walking}, return_when=asyncio.FIRST_COMPLETED)
            walking.result()
            _keep_paper(desk, album)
            await asyncio.to_thread(take, desk.state)
            await pilot.tap("done")
            await visit
            return hall.submitted[0]

    seen = display.run(story, size=config.size, surface=display.Surface.OFF_SCREEN, fonts=config.fonts)
    assert seen is not None
    return seen


class OverheardHall:
    """The real hall, with what was submitted to it remembered for the account."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.submitted: list[tuple[Application, Submitted]] = []

    async def open(self, visit: str, flow: Flow, identity: Identity, guardian: Identity | None) -> VisitOpened:
        return await self._hall.open(visit, flow, identity, guardian)

    async def submit(self, application: Application) -> Submitted:
        taken = await self._hall.submit(application)
        self.submitted.append((application, taken))
        return taken

    async def certificate(self, visit: str) -> bytes:
        return await self._hall.certificate(visit)

    async def kept_picture(self, visit: str, document: str) -> Attached:
        return await self._hall.kept_picture(visit, document)

    async def withdraw(self, look: str, identity: Identity, document: str) -> Withdrawn:
        return await self._hall.withdraw(look, identity, document)

    async def heard(self, visit: str, corrections: tuple[str, ...]) -> None:
        await self._hall.heard(visit, corrections)

    async def leave(self, visit: str) -> None:
        await self._hall.leave(visit)

    async def usage(self, look: str, identity: Identity, before: int) -> UsageShown:
        return await self._hall.usage(look, identity, before)


def at_the_counter(browser: Browser, desk: Desk, album: Album, flow: Flow) -> Counter:
    """The clerk: calls the ticket, looks at the case, writes what was left, confirms, waits for the departments."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    console_steps.log_in(page, CLERK, desk.password, "1")
    _photograph(page, album, "queue", "今日排队")
    console_steps.call_next(page)
    _photograph(page, album, "called", "已叫号")
    console_steps.open_case(page)
    _photograph(page, album, "case", "申请与登记资料")
    differences = tuple(" ".join(words.split()) for words in page.locator("[data-difference]").all_inner_texts())
    filled = console_steps.fill_blanks(page)
    if filled:
        _photograph(page, album, "filled", "窗口补填")
    console_steps.confirm(page)
    if flow.approvals:
        _photograph(page, album, "asked", "各部门并联审批")
        console_steps.wait_until_approved(page)
    numbers = console_steps.wait_for_numbers(page, len(flow.told))
    _photograph(page, album, "accepted", "已受理并回传")
    return Counter(differences, numbers, filled)


def verified(browser: Browser, album: Album, taken: Submitted) -> Counter:
    """Anybody with the paper in hand, on a phone."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page.goto(f"{PUBLIC}/{taken.certificate}")
    _photograph(page, album, "verified", "核验证明")
    return Counter((), (), 0)


def _became(taken: Submitted) -> str:
    if taken.certificate:
        return "The certificate was issued and printed at once. Somebody checks it…"
    return f"Ticket {taken.ticket.number}. A clerk calls the next one…"


def _keep_paper(desk: Desk, album: Album) -> None:
    """What the printers put on paper, as pictures."""
    for job in sorted((desk.state / "paper").glob("*.escpos")):
        paper.picture(job.read_bytes()).save(album.next("paper", "排队单").file)
    for job in sorted((desk.state / "pages").glob("*.pdf")):
        for sheet in page_printer.pages_of(job):
            shutil.move(sheet, album.next("certificate", "证明").file)


def _photograph(page: Page, album: Album, name: str, title: str) -> None:
    console_steps.photograph(page, album.next(name, title).file)


def _audit(desk: Desk) -> str:
    done = subprocess.run(
        python("hall.verify", str(desk.state / "hall" / "hall.sqlite")), capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip()


if __name__ == "__main__":
    sys.exit(main())
