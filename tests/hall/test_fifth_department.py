"""A department that nobody of us designed: one TOML file, a server that keeps to its description, the check, the look-up."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.application import Assurance, Identity, Lookup, Outcome
from flows.flow import Flow, Matters
from hall import catalogue, departments
from hall.departments.connection import Access, Finding, Purpose
from hall.exchange import Exchange
from hall.store.audit_file import stored_audit
from tests.hall.brp_server import PERSONS
from tests.hall.demo_desk import DEMO, ROOT
from tests.patience import SOON_S

EXAMPLE = ROOT / "docs" / "examples" / "brp.toml"
ITEMS = tuple(item for item in departments.read_settings(EXAMPLE.parent, Path())[0].items)
MATTERS = Matters([Flow(code="registration", version="1", title="", pages=(), needs=ITEMS)])
PURPOSE = Purpose("visit-1", "registration", "terminal:K07")
KEY = "proef-1f6d"
CATALOGUE = f"""
[[department]]
code = "brp"
provider = "114406040070391271"

[[dataset]]
code = "brp.persons"
title = "Personen"
department = "brp"
summary = "Personen"
sharing = "unconditional"
updated = "real_time"
published = 2026-01-05
valid_from = 2026-01-01
items = {json.dumps(ITEMS)}

[items]
""" + "".join(f'"{item}" = ["brp"]\n' for item in ITEMS)


@dataclass(frozen=True)
class Hall:
    """A hall with this one department: where its files are, and the process of the department."""

    config: Path
    state: Path
    department: subprocess.Popen[str]

    @property
    def departments(self) -> Path:
        return self.config.parent / "departments"

    def check(self) -> tuple[int, list[str]]:
        """Exit code and what the command prints, without times."""
        command = [sys.executable, "-m", "hall", "departments", "check", "brp", "--config", str(self.config)]
        done = subprocess.run([*command, "--state", str(self.state)], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, [re.sub(r" \(\d+ ms\)$|127.0.0.1:\d+", "", line) for line in done.stdout.splitlines()]

    def findings(self) -> dict[str, str]:
        """What the same check finds wrong, by step."""

        async def story() -> Sequence[Finding]:
            (connection,) = departments.connect(departments.read_settings(self.departments, self.state))
            try:
                return await connection.check()
            finally:
                await connection.close()

        return {finding.step: finding.words for finding in asyncio.run(story()) if not finding.good}

    @contextmanager
    def changed(self, old: str, new: str) -> Iterator[None]:
        file = self.departments / "brp.toml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        yield
        file.write_text(text, "utf-8")

    def look_up(self, number: str) -> Lookup:
        async def nobody_minds(access: Access) -> None:
            """The access log of a hall without an audit."""

        async def story() -> Lookup:
            connections = departments.connect(departments.read_settings(self.departments, self.state))
            known = catalogue.load(self.config.parent / "catalogue.toml", connections)
            exchange = Exchange(connections, known, nobody_minds, matters=MATTERS)
            try:
                person = Identity(number, "", "", None, "resident_card", Assurance.SAM)  # type: ignore[arg-type]
                return await exchange.lookup(person, ITEMS, PURPOSE)
            finally:
                await exchange.close()

        return asyncio.run(story())


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    state, settings = tmp_path / "state", tmp_path / "departments"
    state.mkdir()
    settings.mkdir()
    (state / "brp.key").write_text(KEY, "ascii")
    (tmp_path / "catalogue.toml").write_text(CATALOGUE, "utf-8")
    (tmp_path / "libraries.toml").write_text("", "utf-8")
    (tmp_path / "hall.toml").write_text((DEMO / "hall.toml").read_text("utf-8"), "utf-8")
    command = [sys.executable, "-m", "tests.hall.brp_server", str(state / "brp.key")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            _, address = process.stdout.readline().split()
            # The one line that differs from the example: where it is.
            example = re.sub(r'^address = ".*"$', f'address = "{address}"', EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
            (settings / "brp.toml").write_text(example, "utf-8")
            yield Hall(tmp_path / "hall.toml", state, process)
        finally:
            process.terminate()


def test_the_check_proves_it_step_by_step_and_shows_no_value(hall: Hall) -> None:
    code, lines = hall.check()
    assert lines == [
        "ok    settings: 7 items, found by person.number",
        f"ok    credentials: the token of {hall.state}/brp.key in X-API-KEY",
        "ok    connection:  is there, not encrypted: whoever is between it and the hall can read along",
        "ok    look-up: it answers 576 bytes of the agreed kind",
        "ok    rows: personen gives 1 entry",
        "ok    person.number: burgerservicenummer gives a ResidentId",
        "ok    person.name: naam.volledigeNaam gives a Text",
        "ok    person.sex: geslacht.code gives a Code",
        "ok    person.birth: geboorte.datum.datum gives a Date",
        "ok    person.birth_place: geboorte.plaats.omschrijving gives a Text",
        "ok    household.address: join(', ', [adressering.adresregel1, adressering.adresregel2][?@]) gives a Text",
        "ok    household.moved_in: verblijfplaats.datumVan.datum || join('-', map(&to_string(@), "
        "[verblijfplaats.datumVan.jaar, verblijfplaats.datumVan.maand][?@])) gives a PartialDate",
    ]
    assert code == 0


def test_a_look_up_brings_names_codes_and_days_and_the_register_has_no_doubt(hall: Hall) -> None:
    (source,) = hall.look_up("555555021").sources
    assert source.outcome is Outcome.RECORD
    assert {record.item: (record.value, record.doubt) for record in source.records} == {
        "person.number": ("555555021", ""),
        "person.name": ("Pieter Jan de Vries", ""),
        "person.sex": ("2", ""),
        "person.birth": ("1964-09-24", ""),
        "person.birth_place": ("Nederland", ""),
        "household.address": ("Kappeyne v d Cappellostr 26A-3, 1234AA Nootdorp", ""),
        "household.moved_in": ("2018-07-01", ""),
    }


def test_doubt_is_carried_value_by_value_and_a_date_is_as_complete_as_it_is_known(hall: Hall) -> None:
    (source,) = hall.look_up("999990408").sources
    assert {record.item: (record.value, record.doubt) for record in source.records} == {
        "person.number": ("999990408", ""),
        "person.name": ("Joris Óltmans", "in_inquiry"),
        "person.sex": ("1", "in_inquiry"),
        "person.birth_place": ("Nergenshuizen", ""),
        "household.address": ("Testlaan 3 A, 4321 BA  VOORBEELD", "in_inquiry"),
        "household.moved_in": ("2018-07", ""),
    }


def test_an_unknown_date_is_no_record_and_an_unknown_person_is_none_either(hall: Hall) -> None:
    (source,) = hall.look_up("999990676").sources
    assert {record.item: record.value for record in source.records} == {
        "person.number": "999990676",
        "person.name": "Enkel",
        "person.sex": "0",
    }
    (source,) = hall.look_up("999999999").sources
    assert (source.outcome, source.records) == (Outcome.NO_RECORD, ())


def test_the_check_says_in_words_what_is_wrong(hall: Hall) -> None:
    for old, new, step, words in (
        ('path = "/personen"', 'path = "/person"', "look-up", "it answers with status 404: is the path right?"),
        ('["geslacht"]', '["sexe"]', "look-up", "it answers with status 400: it does not understand the question"),
        ('= "personen"', '= "persons"', "rows", "persons gives null; the answer has the fields type, personen"),
        ('"555555021"', '"999999999"', "rows", "personen gives nobody, although check_key says whom to ask for"),
        ('M = "1"\nV = "2"', 'M = "1"', "person.sex", "geslacht.code gives a code that [codes] does not translate"),
        ('"geboorte.datum.datum"', '"naam.volledigeNaam"', "person.birth", "naam.volledigeNaam gives what is no Date"),
        ('"geboorte.datum.datum"', '"geboorte.datum"', "person.birth", "geboorte.datum gives an object, not a single value"),
        ('"burgerservicenummer"\n"p', '"aNummer"\n"p', "person.number", "aNummer gives nothing"),
    ):
        with hall.changed(old, new):
            assert hall.findings() == {step: words}
    assert hall.findings() == {}
    (hall.state / "brp.key").write_text("another", "ascii")
    assert hall.findings() == {"look-up": "it does not let the hall in (401)"}


def test_a_check_shows_nobodys_values_and_is_in_the_audit_before_the_department_is_asked(hall: Hall) -> None:
    _, shown = hall.check()
    hall.department.terminate()
    hall.department.wait(SOON_S)
    code, lines = hall.check()
    assert (code, lines[-1]) == (1, "WRONG connection: : nobody listens there")
    (audit,) = stored_audit(hall.state / "hall" / "hall.sqlite").values()
    assert [(line.event, line.object, set(line.items)) for line in audit] == [
        ("department_checked", "department:brp", set(ITEMS))
    ] * 2
    person = PERSONS[0]
    for value in (person["burgerservicenummer"], person["naam"]["volledigeNaam"], "Kappeyne", "1964", KEY):
        assert value not in "\n".join(shown)
