"""The whole path over five kinds of system at once: a card at the terminal, a case at the window, the department's own number.

One hall, built from its files, on a PostgreSQL-, a SQLite-, a REST-, a SOAP- and a file-backed department.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from flows.application import Outcome, SourceAnswer
from flows.matters import MATTERS
from flows.photo.checks import Judged
from hall.bootstrap import build
from hall.config import HallConfig, read
from hall.demo.behaviour import Mode, Place
from hall.demo.people import by_number
from hall.departments import read_settings
from hall.working_day import SHANGHAI
from kiosk.hall_client import connect
from kiosk.view import View
from kiosk.visit import Ended, serve_one
from scripts.wishes import Citizen
from tests.hall.console_fakes import Clock
from tests.hall.console_stage import Make, Stage, running_hall
from tests.hall.demo_desk import DEMO, DemoDesk
from tests.hall.servers import Postgres
from tests.hall.stage_matters import PORTRAIT
from tests.hall.test_app import decide, logged_in
from tests.hall.town_registers import companies_in_fixed_width, household_in_postgres, population_in_sqlite
from tests.kiosk.fakes import Stage as Surroundings
from tests.patience import SOON_S
from tests.visits.specimen_hall import BY_KEY
from tests.visits.test_variants import Lived

MATTER = "hk-macau-permit"
KINDS = {
    "household": "sql postgresql+psycopg",
    "population": "sql sqlite",
    "exit_entry": "rest http",
    "social_security": "soap http",
    "market_regulation": "file_drop",
}
WISHES = {
    "kind": "REISSUE_DAMAGED",
    "lives_at": "household",
    "postcode": "528000",
    "emergency_name": "骆文",
    "emergency_phone": "13902840011",
    "public_servant": "no",
    "soldier": "no",
    "hong_kong": "HK-G-12-2",
    "macau": "MO-G-12-1",
    "delivery": "PICKUP",
}
WITHOUT = {"mobile": "13802845678", "held": "yes", "permit_expiry": "20310314", "hong_kong": "HK-L-12-1", "macau": "none"}
"""What somebody says when the department that would know is silent, and wishes when nobody knows where they live."""
WHO = "migrant"
"""A specimen of whom each of the five knows something."""
WELL = (Outcome.RECORD, "")


@dataclass(frozen=True)
class Town:
    """The departments' systems, and the files by which the hall is connected to them."""

    folder: Path
    postgres: Postgres
    desk: DemoDesk

    def down(self, department: str) -> AbstractContextManager[None]:
        match department:
            case "household":
                return self.postgres.down()
            case "population":
                return _away(self.folder / "population.db")
            case "market_regulation":
                return _away(self.folder / "drops")
            case _:
                return self.desk.told(department.replace("_", "-"), Mode.DOWN)


@contextmanager
def _away(place: Path) -> Iterator[None]:
    place.rename(place.with_suffix(".away"))
    try:
        yield
    finally:
        place.with_suffix(".away").rename(place)


@pytest.fixture(scope="module")
def town(postgres: Postgres, demo_desk: DemoDesk, tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town")
    settings = folder / "departments"
    shutil.copytree(demo_desk.settings, settings)
    for file in settings.iterdir():
        file.write_text(file.read_text("utf-8").replace("${state}", str(demo_desk.state)), "utf-8")
    written = {
        "household": household_in_postgres(postgres, folder),
        "population": population_in_sqlite(folder / "population.db"),
        "market_regulation": companies_in_fixed_width(folder / "drops"),
    }
    for code, toml in written.items():
        (settings / f"{code}.toml").write_text(toml, "utf-8")
    hall = (DEMO / "hall.toml").read_text("utf-8").replace('[libraries]\nfile = "libraries.toml"\n', "")
    (folder / "hall.toml").write_text(re.sub(r'"127\.0\.0\.1:\d+"', '"127.0.0.1:0"', hall), "utf-8")
    shutil.copy(DEMO / "catalogue.toml", folder)
    return Town(folder, postgres, demo_desk)


@pytest.fixture(scope="module")
def hall(town: Town) -> Iterator[Stage]:
    """Put together from its files as `python -m hall serve` does it, with a clock that the story sets."""

    def make(config: HallConfig, clock: Clock) -> tuple[object, None, None]:
        return build(read(town.folder / "hall.toml", config.state), clock), None, None

    make_it: Make = make  # type: ignore[assignment]
    with running_hall(town.folder / "state", make_it) as hall:
        yield hall


def visited(hall: Stage, credentials: Path, wishes: Mapping[str, str] = WISHES) -> list[View]:
    """One visit at a terminal that asks the hall over mutual TLS; what was on its screen."""
    hall.services.terminals.enrol("K07", credentials)

    async def story() -> list[View]:
        surroundings = Surroundings(matters={MATTER: MATTERS[MATTER]})
        surroundings.time.now = hall.clock()
        surroundings.time.pass_by(0)
        lived = Lived(Citizen(MATTER, wishes), surroundings, (WHO,))
        line = connect(hall.terminals, credentials, deadline_s=SOON_S)
        terminal = replace(surroundings.terminal(lived), hall=line, judge=portrait)
        try:
            async with asyncio.timeout(SOON_S):
                assert await serve_one(terminal) is Ended.TICKET
        except TimeoutError:
            raise AssertionError(f"the visit stands still at {lived.seen[-1]}") from None
        finally:
            await line.close()
        return lived.seen

    try:
        return asyncio.run(story())
    finally:
        hall.services.terminals.revoke("K07")


def portrait(shot: bytes, sheet: str, day: date, *, child: bool) -> Judged:
    """Whatever the camera sees is a good photo."""
    return Judged((), PORTRAIT.content, {})


def waiting(hall: Stage) -> str:
    """The visit that waits to be called."""
    return hall.do(hall.services.queue.lines())[0].ticket.visit


def sources(hall: Stage, visit: str) -> Mapping[str, SourceAnswer]:
    return {source.department: source for source in hall.do(hall.services.store.case(visit)).lookup.sources}


def kinds(town: Town) -> dict[str, str]:
    """By department, how it is connected."""
    settings = read_settings(town.folder / "departments", town.folder)
    return {s.code: f"{s.kind} {s.address.partition('://')[0]}" if "://" in s.address else s.kind for s in settings}


def opened_by_the_clerk(clerk: httpx.Client, visit: str) -> str:
    clerk.post("/queue/next", data={"key": str(uuid4())})
    page = clerk.get(f"/cases/{visit}")
    assert page.status_code == 200
    return page.text


def test_from_the_card_to_the_departments_own_number_over_five_kinds_of_system(hall: Stage, town: Town, tmp_path: Path) -> None:
    seen = visited(hall, tmp_path)
    told = next(view for view in seen if view.kind == "busy" and view.sources and all(source.done for source in view.sources))
    assert {source.state for source in told.sources} == {"已取得"}

    visit = waiting(hall)
    asked = sources(hall, visit)
    assert {code: kind for code, kind in kinds(town).items() if code in asked} == KINDS
    assert {code: (source.outcome, source.reason) for code, source in asked.items()} == dict.fromkeys(KINDS, WELL)
    me = by_number()[BY_KEY[WHO]["number"]]
    assert me.household
    assert me.exit_entry
    assert me.social_security
    assert me.company
    assert me.residence
    facts = {  # an item of each, its value, and of when it is
        "household": ("household.address", me.household.address, f"{me.household.as_of}T09:00"),
        "exit_entry": ("permit.number", me.exit_entry.number, f"{me.exit_entry.as_of}T09:00"),
        "social_security": ("employment.employer", me.social_security.employer, f"{me.social_security.as_of}T09:00"),
        "market_regulation": ("company.name", me.company.name, "2026-11-20T18:00"),
        "population": ("residence.expiry", me.residence.expiry, f"{me.residence.as_of}"),
    }
    for code, (item, value, as_of) in facts.items():
        records = {record.item: record for record in asked[code].records}
        assert (code, records[item].value, records[item].department) == (code, value, code)
        assert records[item].as_of.astimezone(SHANGHAI).isoformat().startswith(as_of)

    with logged_in(hall, "张敏", "3") as clerk:
        page = opened_by_the_clerk(clerk, visit)
        for code, (_, value, _) in facts.items():
            assert hall.services.titles[code] in page
            assert value in page
        assert decide(clerk, visit, "confirm").status_code == 303
        number = delivered(clerk, visit)
    kept_there = at_the_department(town, number)
    assert (kept_there["number"], kept_there["key"]) == (number, f"{visit}:exit_entry")


def delivered(clerk: httpx.Client, visit: str) -> str:
    """The number by which the department knows the case, once it has read it back."""
    with clerk.stream("GET", f"/cases/{visit}/events") as page:
        for line in page.iter_lines():
            found = re.search(r"440600\d{14}", line)
            if found:
                return found[0]
    raise AssertionError("it was not delivered")


def at_the_department(town: Town, number: str) -> dict[str, str]:
    text = (town.desk.settings / "exit_entry.toml").read_text("utf-8")
    port = re.findall(r"127\.0\.0\.1:(\d+)", text)[0]
    auth = ("hall", Place(town.desk.state, "exit_entry").password())
    answer: dict[str, str] = httpx.get(f"http://127.0.0.1:{port}/applications/{number}", auth=auth, timeout=SOON_S).json()
    return answer


@pytest.mark.parametrize("department", KINDS)
def test_whichever_is_down_is_named_at_terminal_and_window_and_the_rest_works(
    hall: Stage, town: Town, tmp_path: Path, department: str
) -> None:
    title = hall.services.titles[department]
    with town.down(department), logged_in(hall, "陈志远", "4") as clerk:
        seen = visited(hall, tmp_path, {**WISHES, **WITHOUT})
        told = next(view for view in seen if view.kind == "busy" and view.sources and all(source.done for source in view.sources))
        assert {source.title: source.state for source in told.sources}[title] == "没有回应"
        visit = waiting(hall)
        found = {code: (source.outcome, source.reason) for code, source in sources(hall, visit).items()}
        without_key = {"market_regulation": (Outcome.NOT_ASKED, "no_key")} if department == "social_security" else {}
        assert found == {**dict.fromkeys(KINDS, WELL), **without_key, department: (Outcome.NO_ANSWER, "down")}
        assert f"{title}没有答复" in opened_by_the_clerk(clerk, visit)
        assert decide(clerk, visit, "return", reason="CARD_TO_RENEW").status_code == 303
