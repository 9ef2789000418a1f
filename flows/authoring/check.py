"""What is wrong with a matter before any citizen meets it: `python -m flows check`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import flows.calendar
import flows.photo.sheet  # noqa: F401 (no matter imports these two, and their tables run out like others)
from flows.authoring.explore import Explored, explore
from flows.flow import Flow
from flows.items import ITEMS
from flows.policy import LAPSING, TABLES, Dated
from flows.words import numbers_out

CHINESE = re.compile(r"[\u4e00-\u9fff]")
AHEAD = timedelta(days=60)
"""How early a policy table that ends without a successor is reported."""


def faults(flow: Flow, today: date, languages: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Everything found in one matter, one sentence each; `languages` are catalogues by language."""
    found = explore(flow, today)
    return (*_items(flow), *_pages(flow, found), *_fields(flow, found), *_texts(found, languages))


def policy_faults(today: date) -> tuple[str, ...]:
    """Tables that must always be there and have no row today."""
    return tuple(
        f"policy {what}: no row is in force on {today}"
        for what, rows in _lasting()
        if not any(row.in_force(today) for row in rows)
    )


def policy_gaps_ahead(today: date) -> tuple[str, ...]:
    """Tables that end soon and have no successor yet: nothing is wrong today, somebody has to watch for the notice."""
    ending = ((what, rows, row.effective_to) for what, rows in _lasting() for row in rows if row.effective_to)
    return tuple(
        f"policy {what}: nothing follows the row that ends on {ends}"
        for what, rows, ends in ending
        if today <= ends <= today + AHEAD and not any(row.in_force(ends + timedelta(days=1)) for row in rows)
    )


def _lasting() -> Iterator[tuple[str, tuple[Dated, ...]]]:
    return ((what, rows) for what, rows in sorted(TABLES.items()) if what not in LAPSING)


def _items(flow: Flow) -> Iterator[str]:
    for item in flow.items:
        if item not in ITEMS:
            yield f"{flow.code}: {item} is no item of the vocabulary"


def _pages(flow: Flow, found: Explored) -> Iterator[str]:
    for page in flow.pages:
        if page.name not in found.pages:
            yield f"{flow.code}: nobody is ever asked the page {page.name}"


def _fields(flow: Flow, found: Explored) -> Iterator[str]:
    for name, asked in flow.fields.items():
        if not asked.row and name not in found.read and asked.item not in found.read:
            yield f"{flow.code}: {name} is asked, but no form has a row for it and no rule reads it"
    for item in (*flow.needs, *flow.child_needs):
        if item not in found.read:
            yield f"{flow.code}: {item} is fetched, but no rule reads it"


def _texts(found: Explored, languages: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for language, words in languages.items():
        for text in sorted(found.texts):
            if CHINESE.search(text) and text not in words and numbers_out(text) not in words:
                yield f"{language}: there is no translation of {text}"
