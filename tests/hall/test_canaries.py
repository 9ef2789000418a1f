"""No value of anybody is anywhere it should not be, not in a log, a file, an address or a metric: after two hundred visits, and
after a thousand in `make long`."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from devices.document import DocumentKind, IdentityDocument, Verified
from devices.simulators.local_port import free_ports
from flows.matters import MATTERS
from kiosk.hall_client import HallClient, connect
from kiosk.view import Touch
from kiosk.visit import Ended, serve_one
from scripts.wishes import ERRANDS
from tests.conftest import levels_kept
from tests.hall.canaries import (
    CATALOGUE,
    FEW,
    FLOCK,
    HALL,
    INSURANCE,
    MANY,
    REGISTER,
    Canary,
    Insurance,
    found_in,
    insurance,
    register,
)
from tests.kiosk.fakes import Stage
from tests.patience import SOON_S
from tests.visits.playing import Moment, Script, ScriptedDisplay, Story

ROOT = Path(__file__).parents[2]
MATTER = "no-criminal-record"
PASSWORD = "open sesame 2026"
AT_ONCE = 8
AT_COUNTER = 60
# Everything is said aloud, the libraries' own words too: what may be logged at any level must be harmless.
ALOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
from hall.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
OPEN = ("/open-data", "/api/open-data", "/api/open-data/days.csv", "/api/open-data/matters.csv", "/api/catalogue", "/catalogue")


@dataclass(frozen=True)
class Hall:
    folder: Path
    console: str
    terminals: str
    public: str
    said: Path
    temporary: Path

    def run(self, *words: str) -> None:
        command = [sys.executable, "-m", "hall", *words, "--config", str(self.folder / "hall.toml"), "--state", str(self.folder)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@contextmanager
def running(folder: Path) -> Iterator[Hall]:
    """The hall as its own process, with a folder of its own for whatever is temporary."""
    console, terminals, public = free_ports(3)
    temporary = folder.parent / "temporary"
    temporary.mkdir()
    (folder / "departments").mkdir(parents=True)
    register(folder / "register.db")
    (folder / "password").write_text(PASSWORD)
    with insurance() as address:
        (folder / "departments" / "register.toml").write_text(REGISTER, "utf-8")
        (folder / "departments" / "insurance.toml").write_text(INSURANCE % address, "utf-8")
        (folder / "catalogue.toml").write_text(CATALOGUE, "utf-8")
        (folder / "hall.toml").write_text(HALL % (console, terminals, public), "utf-8")
        places = (f"http://127.0.0.1:{console}", f"https://127.0.0.1:{terminals}", f"http://127.0.0.1:{public}")
        hall = Hall(folder, *places, folder.parent / "said", temporary)
        hall.run("terminals", "enrol", "K07", "--into", str(folder / "terminal"))
        hall.run("staff", "add", "zhang", "--own", "--password-file", str(folder / "password"))
        with hall.said.open("wb") as said:
            command = [sys.executable, "-c", ALOUD, "serve", "--config", str(folder / "hall.toml"), "--state", str(folder)]
            environment = {**os.environ, "TMPDIR": str(temporary)}
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, env=environment, text=True) as process:
                try:
                    assert process.stdout is not None
                    assert process.stdout.readline().startswith("READY hall")
                    yield hall
                finally:
                    process.send_signal(signal.SIGTERM)


def card_of(canary: Canary) -> IdentityDocument:
    number = canary.number
    return IdentityDocument(
        kind=DocumentKind.RESIDENT_CARD,
        number=number,
        name=canary.name,
        sex="1" if int(number[16]) % 2 else "2",
        birth=date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
        media_id=0,
        device_id="",
        verified=Verified.SAM,
        ethnic_group="01",
        address=canary.address,
        valid_from=date(2018, 3, 12),
        valid_to=date(2038, 3, 12),
    )


def visit_of(canary: Canary) -> Story:
    """Types a phone number where the department did not tell one; about every tenth takes the card away instead."""
    wishes = {**ERRANDS[MATTER].wishes, "mobile": canary.mobile}
    lay = Moment("card", lambda stage: stage.plate.lay(card_of(canary)), sees="请把")
    begin = (Moment("attract", Touch(MATTER)), Moment("notice", Touch("understood")), lay)
    if canary.place % 10 == 3:
        gone = (Moment("records", lambda stage: stage.plate.pull()), Moment("message", Touch("done")))
        return Story(canary.number, (*begin, *gone), Ended.CARD_TAKEN)
    end = (Moment("ticket", lambda stage: stage.plate.pull(), wishes=wishes), Moment("ticket", Touch("done")))
    return Story(canary.number, (*begin, *end), Ended.TICKET)


async def visited(canary: Canary, hall: HallClient) -> Ended:
    stage = Stage(matters={MATTER: MATTERS[MATTER]}, hall=hall)  # type: ignore[arg-type]
    stage.time.now = datetime.now(UTC)
    terminal = replace(stage.terminal(ScriptedDisplay(Script(visit_of(canary), stage))), wait=asyncio.sleep)
    return await serve_one(terminal)


async def many_visits(hall: Hall, visits: int) -> list[Ended]:
    client = connect(hall.terminals, hall.folder / "terminal", deadline_s=SOON_S)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(canary: Canary) -> Ended:
        async with places:
            return await visited(canary, client)

    try:
        return list(await asyncio.gather(*(one(canary) for canary in FLOCK[:visits])))
    finally:
        await client.close()


def at_the_counter(hall: Hall) -> set[int]:
    """A clerk opens and ends cases; and both doors are told things that nobody understands."""
    answers = set()
    with httpx.Client(base_url=hall.console, headers={"Origin": hall.console}, timeout=SOON_S) as clerk:
        clerk.post("/login", data={"name": "zhang", "password": PASSWORD, "window": "1"})
        for number in range(AT_COUNTER):
            clerk.post("/queue/next", data={"key": str(uuid4())})
            visit = re.findall(r"/cases/([0-9a-f-]{36})", clerk.get("/").text)[0]
            answers.add(clerk.get(f"/cases/{visit}").status_code)
            told = {
                "reason": "CARD_TO_RENEW",
                "note": f"{FLOCK[number].name} {FLOCK[number].mobile}",
                "key": str(uuid4()),
            }
            answers.add(clerk.post(f"/cases/{visit}/return", data=told).status_code)
        for canary in FLOCK[:40]:
            clerk.post(f"/cases/{visit}/amend", data={"field": canary.name, "value": canary.number, "key": canary.mobile})
            clerk.post("/login", data={"name": canary.name, "password": canary.number, "window": "2"})
        answers.add(clerk.get("/metrics").status_code)
    return answers


async def nonsense(hall: Hall) -> set[int]:
    client = connect(hall.terminals, hall.folder / "terminal", deadline_s=SOON_S)
    try:
        visit = "019ab000-0000-7000-8000-00000000ffff"
        bodies = [f'{{"identity": {{"number": "{canary.number}", "name": ["{canary.name}"]}}}}' for canary in FLOCK[:40]]
        answers = [await client._client.put(f"/api/visits/{visit}", content=body.encode()) for body in bodies]
        return {answer.status_code for answer in answers} | {len(found_in(answer.content)) for answer in answers}
    finally:
        await client.close()


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What this process logs, however quiet an earlier test's command made the libraries."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    with levels_kept() as loggers:
        loggers[0].addHandler(handler)
        try:
            for logger in loggers:
                logger.setLevel(logging.DEBUG)
            yield said
        finally:
            loggers[0].removeHandler(handler)


@pytest.fixture(scope="module", params=[FEW, pytest.param(MANY, marks=pytest.mark.long)])
def visits(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def afterwards(visits: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, dict[str, bytes]]]:
    """A hall after so many visits: what it said, what it would say to anybody, what its terminals said."""
    with running(tmp_path_factory.mktemp("canaries") / "state") as hall:
        with everything_logged() as terminal_said:
            ended = asyncio.run(many_visits(hall, visits))
            assert asyncio.run(nonsense(hall)) == {400, 0}
        assert {how: ended.count(how) for how in set(ended)} == {Ended.TICKET: visits * 9 // 10, Ended.CARD_TAKEN: visits // 10}
        assert at_the_counter(hall) == {200, 303}
        public = {place: httpx.get(hall.public + place, timeout=SOON_S).content for place in OPEN}
        metrics = httpx.get(hall.console + "/metrics", timeout=SOON_S).content
        asked = "\n".join(Insurance.lines).encode()
        heard = {**public, "/metrics": metrics, "the terminals' log": terminal_said.getvalue().encode(), "asked": asked}
        yield hall, heard


def test_the_canaries_can_be_seen() -> None:
    canary = FLOCK[7]
    for value in (canary.name, canary.number, canary.address, canary.mobile):
        for coding in ("utf-8", "gb18030", "utf-16-le"):
            if coding == "utf-16-le" and value.isascii():
                continue
            assert found_in(b"..." + value.encode(coding) + b"..."), (value, coding)


def test_nothing_that_the_hall_or_a_terminal_said_holds_a_value_of_anybody(afterwards: tuple[Hall, dict[str, bytes]]) -> None:
    hall, heard = afterwards
    said = hall.said.read_bytes()
    assert b"department_asked" in said, "it was not said aloud"
    assert b"HTTP Request" in heard["the terminals' log"]
    assert found_in(said) == []
    assert {place: found_in(content) for place, content in heard.items() if found_in(content)} == {}


def test_no_file_of_the_hall_and_nothing_temporary_holds_a_value_of_anybody(afterwards: tuple[Hall, dict[str, bytes]]) -> None:
    hall, _ = afterwards
    files = [file for folder in (hall.folder, hall.temporary) for file in folder.rglob("*") if file.is_file()]
    kept = {file.name for file in files}
    assert {"hall.sqlite", "register.db"} <= kept
    others = {file: found_in(file.read_bytes()) for file in files if file.name != "register.db"}
    assert {str(file): found for file, found in others.items() if found} == {}
    assert found_in((hall.folder / "register.db").read_bytes()), "the department's own register has them all"


def test_no_address_asked_of_a_department_names_anybody(afterwards: tuple[Hall, dict[str, bytes]], visits: int) -> None:
    _, heard = afterwards
    assert heard["asked"].count(b"POST /query HTTP/1.1") >= visits
    assert found_in(heard["asked"]) == []
