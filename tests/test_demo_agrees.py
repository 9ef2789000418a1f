"""The demo terminal and the demo hall are configured apart; they have to say the same."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from flows.matters import MATTERS
from hall import catalogue, departments
from hall.departments import read_settings
from hall.inquiries import inquiries
from kiosk.config import read
from kiosk.terminal import Place

ROOT = Path(__file__).parent.parent
TODAY = datetime(2026, 11, 23, tzinfo=UTC).date()


def test_the_notice_names_what_the_hall_really_asks(tmp_path: Path) -> None:
    terminal = read(ROOT / "kiosk/demo.toml", tmp_path)
    wanted = {item for code in terminal.matters for item in MATTERS[code].items}
    asked = {s.code: (s.title, wanted & set(s.items)) for s in read_settings(ROOT / "hall/demo/departments", tmp_path)}
    said = {d.code: (d.title, wanted & set(d.items)) for d in terminal.departments}
    assert said == asked


def test_the_notice_of_each_matter_names_the_departments_that_the_hall_asks_for_it(tmp_path: Path) -> None:
    terminal = read(ROOT / "kiosk/demo.toml", tmp_path)
    place = Place(terminal.terminal, terminal.hall_name, terminal.phone, terminal.departments, terminal.region)
    known = catalogue.load(
        ROOT / "hall/demo/catalogue.toml",
        departments.connect(departments.read_settings(ROOT / "hall/demo/departments", tmp_path)),
    )
    for code in terminal.matters:
        items = MATTERS[code].items_for(child=False)
        asked = [inquiry.department for inquiry in inquiries(known, items, code, TODAY) if inquiry.items]
        assert [d.code for d in place.asked_for(items)] == asked, code


def test_terminal_and_hall_are_of_the_same_place(tmp_path: Path) -> None:
    hall = tomllib.loads((ROOT / "hall/demo/hall.toml").read_text("utf-8"))
    terminal = read(ROOT / "kiosk/demo.toml", tmp_path)
    assert (terminal.hall_name, terminal.phone) == (hall["hall"]["name"], hall["hall"]["phone"])
    assert terminal.address == f"https://{hall['listen']['terminals']}"
