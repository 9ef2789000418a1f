"""libraries.toml: what it says, and one sentence for everything that is wrong with it."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from hall.departments.connection import Connection
from hall.departments.setting import SettingsWrong
from hall.libraries.setting import Daily, Every, Grant, Knock, LibrarySettings, load
from hall.store.libraries import Shelf
from tests.hall.libraries.registers import HOUSEHOLD, SOCIAL, Register

GOOD = """
[[libraries]]
code = "population"
title = "人口基础库"
title_en = "Population"
key = "person.number"
keep_days = 30
serve_hours = 72

[[libraries.sources]]
department = "household"
items = ["person.name", "household.address"]
every_minutes = 10
on_change = "POLICE"

[[libraries.sources]]
department = "social_security"
items = ["contact.mobile"]
daily = "02:30"

[[peers]]
code = "FOSHAN"
title = "佛山市大厅"

[[peers.grants]]
library = "population"
items = ["person.name"]
purposes = ["collection"]

[peers.knock]
address = "https://city.example.cn:8443"
ca_file = "${state}/city/hall-ca.pem"
certificate_file = "${state}/city/peer.pem"
key_file = "${state}/city/peer.key"
"""


class Catalogue:
    """Shares everything but the address."""

    def withheld(self, item: str, department: str, matter: str, today: date) -> str:
        return "not_shared" if item == "social_security.address" else ""


def read(folder: Path, text: str) -> LibrarySettings:
    (folder / "libraries.toml").write_text(text, "utf-8")
    sealed = Register("sealed", ("person.name",), collects=False)
    companies = Register("companies", ("company.name",), key="employment.credit_code")
    known: list[Connection] = [
        Register("household", HOUSEHOLD),
        Register("social_security", (*SOCIAL, "social_security.address")),
        sealed,
        companies,
    ]
    return load(folder / "libraries.toml", Path("var"), known, Catalogue(), date(2026, 11, 23))


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsWrong) as caught:
        read(folder, text)
    return [problem.removeprefix("libraries.toml: ") for problem in caught.value.problems]


def test_what_the_file_says(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    (library,) = found.libraries
    assert (library.code, library.key, library.keep_days, library.serve_hours) == ("population", "person.number", 30, 72)
    assert [(source.shelf, source.items, source.when, source.on_change) for source in library.sources] == [
        (Shelf("population", "household"), HOUSEHOLD, Every(10), "POLICE"),
        (Shelf("population", "social_security"), ("contact.mobile",), Daily(time(2, 30)), ""),
    ]
    (peer,) = found.peers
    assert peer.grants == (Grant("population", ("person.name",), ("collection",)),)
    city = Path("var/city")
    knock = Knock("https://city.example.cn:8443", city / "hall-ca.pem", city / "peer.pem", city / "peer.key")
    assert peer.knock == knock
    assert found.passed_on("population")


def test_a_hall_without_the_file_collects_nothing() -> None:
    assert load(None, Path("var"), (), Catalogue(), date(2026, 11, 23)) == LibrarySettings()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('key = "person.number"', 'key = "person.soul"', "library population: key person.soul is no item of shared data"),
        ("keep_days = 30", "keep_days = 0", "library population: keep_days must be a whole number from 1 to 3650"),
        ("keep_days = 30", "keep_days = 2", "library population: serve_hours is longer than keep_days"),
        ('department = "household"', 'department = "police"', "there is no department police"),
        ('department = "household"', 'department = "sealed"', "its file has no [collect]"),
        ('department = "household"', 'department = "companies"', "companies finds its records by employment.credit_code"),
        ('"household.address"]', '"person.birth"]', "household has no field for person.birth"),
        ('["contact.mobile"]', '["social_security.address"]', "is not shared (不予共享) and is never collected"),
        ('["contact.mobile"]', "[]", "source social_security: items must be a list of different texts"),
        ("every_minutes = 10", "", "either every_minutes or daily must say when it is collected"),
        ('daily = "02:30"', 'daily = "2 o\'clock"', 'daily must be a time of day such as "02:30"'),
        ('daily = "02:30"', 'daily = "24:00"', 'daily must be a time of day such as "02:30"'),
        ('on_change = "POLICE"', 'on_change = "../x"', "on_change '../x' must match"),
        ('on_change = "POLICE"', 'on_change = "POLICE"\ncolour = "red"', "source household: there is no setting colour"),
        ('library = "population"', 'library = "credit"', "grant credit: there is no library credit"),
        ('items = ["person.name"]', 'items = ["person.birth"]', "the library population collects no person.birth"),
        ("https://city", "http://city", "address must be like https://city.example.cn:8443"),
        ('title = "佛山市大厅"', "", "peer FOSHAN: title is missing"),
        ('department = "social_security"', 'department = "household"', "the source household is there twice"),
    ],
)
def test_one_sentence_for_what_is_wrong(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    assert any(said in problem for problem in problems(tmp_path, GOOD.replace(before, after, 1)))


def test_everything_wrong_is_said_at_once_and_no_toml_too(tmp_path: Path) -> None:
    assert len(problems(tmp_path, GOOD.replace('"household"', '"police"').replace("keep_days = 30", "keep_days = -1"))) == 3
    assert problems(tmp_path, "[[libraries") == ["cannot be read as TOML (TOMLDecodeError)"]
    assert problems(tmp_path, "libraries = 3") == ["[[libraries]] must be tables, one for a library"]
