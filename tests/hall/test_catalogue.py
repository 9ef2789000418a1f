"""The catalogue and the departments must fit together; everything that does not is named, and who may ask is kept to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.items import ITEMS
from flows.matters import MATTERS
from hall import catalogue, departments
from hall.catalogue import Catalogue
from hall.datasets import Dataset, Sharing
from hall.departments.setting import SettingsWrong
from tests.hall.fake_departments import Hall

DEMO = Path(__file__).parents[2] / "hall" / "demo"
TODAY = date(2026, 11, 28)
CODE = "114406040070391271"
HEAD = "".join(
    f'[[department]]\ncode = "{code}"\nprovider = "{CODE}"\n'
    for code in ("household", "social_security", "exit_entry", "market_regulation")
)
NAMES = """
[[dataset]]
code = "names"
title = "Names"
department = "household"
summary = ""
sharing = "unconditional"
updated = "daily"
published = 2026-01-01
valid_from = 2026-01-01
items = ["person.number", "person.name"]
"""


def demo() -> Catalogue:
    return catalogue.load(DEMO / "catalogue.toml", departments.connect(departments.read_settings(DEMO / "departments", DEMO)))


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "catalogue.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsWrong) as caught:
        catalogue.load(path, Hall().departments)
    return [problem.removeprefix("catalogue.toml: ") for problem in caught.value.problems]


def test_the_catalogue_names_everything_in_the_orders_that_does_not_fit(tmp_path: Path) -> None:
    items = (
        '[items]\n"person.name" = ["household", "exit_entry"]\n"contact.mobile" = ["exit_entry", "household"]\n'
        '"person.weight" = ["household"]\n"company.name" = ["tax"]\n'
    )
    assert problems(tmp_path, HEAD + NAMES + items) == [
        "person.weight is no item of shared data",
        "person.name: exit_entry has no field for it",
        "contact.mobile: household has no field for it",
        "person.weight: household has no field for it",
        "company.name: there is no department tax",
        "market_regulation: no department that knows people by their number has its key employment.credit_code",
        "the orders of authority contradict each other: household, exit_entry",
        "person.name: no dataset of exit_entry holds it",
        "contact.mobile: no dataset of exit_entry holds it",
        "contact.mobile: no dataset of household holds it",
        "person.weight: no dataset of household holds it",
        "company.name: no dataset of tax holds it",
    ]


WRONG = {
    "a department that is not there": ('code = "household"', 'code = "tax"', "tax: there is no such department"),
    "a code that is no credit code": (CODE, "12", "household: provider must be a unified social credit code of 18 signs"),
    "an item nobody knows": ('"person.name"]', '"person.weight"]', "names: person.weight is no item of shared data"),
    "an item the department has not": ('"person.name"]', '"vehicle.plate"]', "names: household has no field for vehicle.plate"),
    "a condition that nothing is said of": (
        '"unconditional"',
        '"conditional"',
        "names: conditional sharing names its condition and its matters, and no other sharing does",
    ),
    "a matter nobody knows": (
        'sharing = "unconditional"',
        'sharing = "conditional"\ncondition = "c"\nmatters = ["marriage"]',
        "names: there is no matter marriage",
    ),
    "an end before the beginning": (
        "valid_from = 2026-01-01",
        "valid_from = 2026-01-01\nvalid_to = 2025-01-01",
        "names: it ends before it begins",
    ),
    "nothing in it": ('["person.number", "person.name"]', "[]", "names: it holds no item"),
    "a sharing nobody knows": (
        '"unconditional"',
        '"maybe"',
        "cannot be read (Invalid enum value 'maybe' - at `$.dataset[0].sharing`)",
    ),
    "a setting nobody knows": ("summary", "colour = 1\nsummary", "there is no setting colour in [[dataset]] names"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_dataset_is_said(tmp_path: Path, what: str) -> None:
    before, after, said = WRONG[what]
    found = problems(tmp_path, (HEAD + NAMES).replace(before, after, 1) + '[items]\n"person.name" = ["household"]\n')
    assert said in found


def test_one_item_stands_in_one_dataset_at_a_time(tmp_path: Path) -> None:
    twice = HEAD + NAMES + NAMES.replace('"names"', '"more"') + '[items]\n"person.name" = ["household"]\n'
    assert "names and more both hold person.name, person.number" in problems(tmp_path, twice)


def test_a_catalogue_that_is_no_toml_is_named(tmp_path: Path) -> None:
    for text in ("[items", "items = 3"):
        assert [problem[:15] for problem in problems(tmp_path, text)] == ["cannot be read "]


def test_every_matter_of_the_demonstration_may_ask_for_all_it_declares() -> None:
    known = demo()
    for code, flow in MATTERS.items():
        for item in flow.items_for(child=False):
            givers = known.suppliers.get(item, ())
            assert [known.withheld(item, giver, code, TODAY) for giver in givers] == [""] * len(givers), (code, item)


def one(**changes: object) -> Catalogue:
    dataset = Dataset(
        code="d",
        title="d",
        department="household",
        summary="",
        sharing=Sharing.CONDITIONAL,
        condition="c",
        matters=("passport",),
        items=("person.name",),
        updated="daily",
        published=date(2026, 1, 1),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    return Catalogue({"person.name": ("household",)}, ("household",), (replace(dataset, **changes),), {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "item", "matter", "day", "why"),
    [
        (one(), "person.name", "passport", TODAY, ""),
        (one(), "person.name", "moving-house", TODAY, "not_for_matter"),
        (one(), "person.name", "passport", date(2025, 12, 31), "not_in_force"),
        (one(), "person.name", "passport", date(2027, 1, 1), "not_in_force"),
        (one(), "person.birth", "passport", TODAY, "not_shared"),
        (one(sharing=Sharing.NOT_SHARED, matters=()), "person.name", "passport", TODAY, "not_shared"),
        (one(sharing=Sharing.UNCONDITIONAL, matters=()), "person.name", "moving-house", TODAY, ""),
    ],
)
def test_who_may_ask_for_what_and_when(known: Catalogue, item: str, matter: str, day: date, why: str) -> None:
    assert known.withheld(item, "household", matter, day) == why


def test_every_item_says_of_what_type_and_form_it_is() -> None:
    for item in ITEMS.values():
        described = item.kind.described
        assert described.longest or described.form, item.key
        assert (described.type == "code") is bool(described.codes)
