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

from playwright.sync_api import Page, sync_playwright

from devices.simulators import paper
from flows.application import Application, Identity, Ticket
from flows.wire import VisitOpened
from kiosk.__main__ import equipment_of, terminal_of
from kiosk.config import read
from kiosk.terminal import Hall
from kiosk.ui import display
from kiosk.visit import serve_one
from scripts import console_steps
from scripts.account import Account
from scripts.album import Album, lay, take
from scripts.company import Company, CouldNotStart
from scripts.desk import CLERK, KIOSK_TOML, Desk, python, set_up

PERSON = "吕晓岚"
WISHES = {
    "hong_kong": "HK-G-12-2",
    "macau": "MO-G-12-1",
    "public_servant": "no",
    "soldier": "no",
    "delivery": "PICKUP",
}
CHROMIUM = "/usr/bin/chromium"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make tour", description=__doc__)
    arguments.add_argument("--into", type=Path, default=Path("var/tour"))
    folder = arguments.parse_args().into
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    album = Album(folder)
    with Company(folder / "log") as company:
        try:
            print("Starting the card reader, four departments and the hall…", flush=True)
            desk = set_up(company, folder / "state")
        except CouldNotStart as error:
            print(error, file=sys.stderr)
            return 2
        os.environ.update(desk.card_service)
        album.began = time.monotonic()
        print("A citizen comes to the terminal…", flush=True)
        application, ticket = at_the_terminal(desk, album)
        print(f"Ticket {ticket.number}. A clerk calls the next one…", flush=True)
        differences, number = at_the_counter(desk, album)
        account = Account(
            tuple(album.pictures),
            application,
            ticket.number,
            differences,
            number,
            _audit(desk),
            time.monotonic() - album.began,
        )
    account.write(folder / "account.md")
    print(f"{account.prefilled} fields prefilled from the card and {', '.join(account.departments)}")
    print(f"Differences marked: {'; '.join(differences)}")
    print(f"The exit-entry department's own number: {number}")
    print(f"Audit: {account.audit}")
    print(f"{len(album.pictures)} pictures and account.md in {folder}/")
    return 0


def at_the_terminal(desk: Desk, album: Album) -> tuple[Application, Ticket]:
    """The visit through the real window; gives what was submitted and the ticket."""
    config = read(Path(KIOSK_TOML), desk.state)

    async def story(screen: display.KivyDisplay) -> tuple[Application, Ticket]:
        from kiosk.ui.pilot import Pilot  # only now: the window settles how Kivy is imported
        from scripts.citizen import Citizen

        async with terminal_of(config, equipment_of(config), screen) as terminal:
            pilot = Pilot(screen)
            hall = OverheardHall(terminal.hall)
            visit = asyncio.create_task(serve_one(replace(terminal, hall=hall)))
            walking = asyncio.create_task(Citizen(pilot, album, WISHES, lambda: lay(PERSON, desk.state)).walk())
            await asyncio.wait({visit, walking}, return_when=asyncio.FIRST_COMPLETED)
            walking.result()
            _keep_paper(desk, album)
            await asyncio.to_thread(take, desk.state)
            await pilot.tap("done")
            await visit
            return hall.heard[0]

    seen = display.run(story, size=config.size, surface=display.Surface.OFF_SCREEN, fonts=config.fonts)
    assert seen is not None
    return seen


class OverheardHall:
    """The real hall, with what was submitted to it remembered for the account."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.heard: list[tuple[Application, Ticket]] = []

    async def open(self, visit: str, matter: str, identity: Identity) -> VisitOpened:
        return await self._hall.open(visit, matter, identity)

    async def submit(self, application: Application) -> Ticket:
        ticket = await self._hall.submit(application)
        self.heard.append((application, ticket))
        return ticket

    async def leave(self, visit: str) -> None:
        await self._hall.leave(visit)


def at_the_counter(desk: Desk, album: Album) -> tuple[tuple[str, ...], str]:
    """The clerk in Chromium; gives the differences as marked and the department's own number."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        console_steps.log_in(page, CLERK, desk.password, "1")
        _photograph(page, album, "queue", "今日排队")
        console_steps.call_next(page)
        _photograph(page, album, "called", "已叫号")
        console_steps.open_case(page)
        _photograph(page, album, "case", "申请与登记资料")
        differences = tuple(page.locator("[data-difference]").all_inner_texts())
        console_steps.confirm(page)
        number = console_steps.wait_for_number(page)
        _photograph(page, album, "accepted", "已受理并回传")
        browser.close()
    return tuple(" ".join(words.split()) for words in differences), number


def _keep_paper(desk: Desk, album: Album) -> None:
    """What the printer put on paper, as a picture."""
    job = max((desk.state / "paper").glob("*.escpos"), key=lambda file: file.stat().st_mtime)
    paper.picture(job.read_bytes()).save(album.next("paper", "排队单").file)


def _photograph(page: Page, album: Album, name: str, title: str) -> None:
    console_steps.photograph(page, album.next(name, title).file)


def _audit(desk: Desk) -> str:
    done = subprocess.run(
        python("hall.audit", str(desk.state / "hall" / "hall.sqlite")), capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip()


if __name__ == "__main__":
    sys.exit(main())
