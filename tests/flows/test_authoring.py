"""What the authoring check finds, and what a flowchart shows."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from flows import policy
from flows.authoring.chart import chart
from flows.authoring.check import faults, policy_faults, policy_gaps_ahead
from flows.authoring.examples import example, from_pattern
from flows.fields import YES_NO, Text
from flows.flow import ALWAYS, Field, Flow, Known, Page, Route, When
from flows.items import ITEMS
from flows.matters import MATTERS
from flows.policy import Dated
from flows.words import languages, read_catalogue

TODAY = date(2026, 11, 23)
KNOWN = Known({}, {}, TODAY)
NEEDED = Field(name="note", label="note", kind=Text(), row="1")


def flow(*pages: Page, needs: tuple[str, ...] = (), wants: str = "") -> Flow:
    def route(known: Known) -> Route:
        return Route.COUNTER if wants and known[wants] == "yes" else Route.TERMINAL

    return Flow(code="x", version="1", title="x", pages=pages, needs=needs, route=route)


def page(*fields: Field, name: str = "one", asked_when: When = ALWAYS) -> Page:
    return Page(name=name, title="x", fields=fields, asked_when=asked_when)


def test_a_sound_matter_has_no_faults() -> None:
    assert faults(flow(page(NEEDED)), TODAY, {}) == ()


def test_a_page_that_nobody_is_asked_is_found() -> None:
    never = page(replace(NEEDED, name="other"), name="never", asked_when=When("", lambda known: False))
    assert faults(flow(page(NEEDED), never), TODAY, {}) == ("x: nobody is ever asked the page never",)


def test_a_question_that_no_form_and_no_rule_needs_is_found() -> None:
    idle = Field(name="party", label="x", kind=YES_NO)
    assert faults(flow(page(idle)), TODAY, {}) == ("x: party is asked, but no form has a row for it and no rule reads it",)
    assert faults(flow(page(idle), wants="party"), TODAY, {}) == ()


def test_an_item_that_is_fetched_and_not_read_is_found() -> None:
    found = faults(flow(page(NEEDED), needs=("permit.route",)), TODAY, {})
    assert found == ("x: permit.route is fetched, but no rule reads it",)


def test_an_item_outside_the_vocabulary_is_found() -> None:
    strange = replace(NEEDED, item="person.shoe_size")
    assert faults(flow(page(strange)), TODAY, {}) == ("x: person.shoe_size is no item of the vocabulary",)


def test_a_text_that_is_missing_in_a_language_is_found() -> None:
    said = replace(NEEDED, label="备注")
    assert faults(flow(page(said)), TODAY, {"en": {}}) == ("en: there is no translation of 备注",)
    assert faults(flow(page(said)), TODAY, {"en": {"备注": "Note"}}) == ()


@contextmanager
def table(*rows: Dated, may_lapse: bool = False) -> Iterator[None]:
    policy.declare("test", rows, may_lapse=may_lapse)
    try:
        yield
    finally:
        del policy.TABLES["test"]
        policy.LAPSING.discard("test")


def row(first: date, last: date | None = None) -> Dated:
    return Dated(effective_from=first, effective_to=last, source="x", grade="P")


def test_a_policy_that_ends_soon_without_a_successor_is_found() -> None:
    with table(row(date(2020, 1, 1), date(2026, 12, 31))):
        assert "policy test: nothing follows the row that ends on 2026-12-31" in policy_gaps_ahead(TODAY)
        assert not [fault for fault in policy_faults(TODAY) if "test" in fault]
    with table(row(date(2020, 1, 1), date(2026, 12, 31)), row(date(2027, 1, 1))):
        assert not [gap for gap in policy_gaps_ahead(TODAY) if "test" in gap]


def test_a_policy_without_a_row_for_today_is_found_unless_it_may_lapse() -> None:
    with table(row(date(2027, 1, 1))):
        assert "policy test: no row is in force on 2026-11-23" in policy_faults(TODAY)
    with table(row(date(2027, 1, 1)), may_lapse=True):
        assert not [fault for fault in policy_faults(TODAY) if "test" in fault]


def test_two_files_may_not_translate_a_message_in_two_ways(tmp_path: Path) -> None:
    for name, word in (("a", "Note"), ("b", "Remark")):
        (tmp_path / f"{name}.po").write_text(f'msgid "备注"\nmsgstr "{word}"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.po: another file translates '备注' otherwise"):
        read_catalogue(tmp_path)


@pytest.mark.long  # `make check` checks every matter on the day that it is
@pytest.mark.parametrize("code", sorted(MATTERS))
def test_every_matter_passes_the_check(code: str) -> None:
    assert faults(MATTERS[code], TODAY, languages()) == ()


@pytest.mark.parametrize("item", sorted(ITEMS))
def test_an_example_of_every_item_is_one_that_its_kind_takes(item: str) -> None:
    kind, chance = ITEMS[item].kind, Random(7)
    values = [kind.normal(example(kind, KNOWN, chance)) for _ in range(20)]
    assert [value for value in values if not kind.mistake(value, KNOWN)]


@pytest.mark.parametrize("form", [r"C(\d{8}|[A-HJ-NP-Z]\d{7})", r"[A-Z]{1,30}", r"E(\d{8}|[A-HJ-NP-Z]\d{7})|G\d{8}"])
def test_an_invented_text_matches_its_pattern(form: str) -> None:
    assert all(re.fullmatch(form, from_pattern(form, Random(seed))) for seed in range(50))


def test_a_flowchart_says_who_is_asked_what() -> None:
    asked = page(replace(NEEDED, label="地址", may_be_left=True), name="post", asked_when=When("邮寄时", lambda known: True))
    drawn = chart(flow(page(replace(NEEDED, name="first")), asked))
    assert "仅当：邮寄时" in drawn
    assert "地址（表 1）：填写；可留给窗口" in drawn
    assert "begin -> one -> post -> submit" in drawn


def test_the_command_draws_every_matter(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "flows", "chart", str(tmp_path)], check=True, capture_output=True)
    assert {file.stem for file in tmp_path.glob("*.svg")} == set(MATTERS)
