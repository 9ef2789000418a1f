"""Writes docs/matters.md from the variants and the tests' names: `python -m tests.visits.table`. A test keeps it true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.matters import MATTERS
from tests.visits.variants import VARIANTS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "matters.md"
STORY = "tests/visits/test_variants.py::test_variant"

FACTS: Mapping[str, str] = {
    "01": "Submission at the terminal is not acceptance; only from acceptance the term runs",
    "02": "Permit and endorsement are two products with two fees, terms and conditions",
    "03": "Five or ten years depend on the age at application; sixteen counts as adult",
    "04": "吕 is LYU and 女 NYU, but 略 is LUE and 虐 NUE; the spelling of an earlier document wins",
    "05": "The first six digits are neither birthplace nor address, and may be a retired code",
    "06": "长期 is a value; a chip that can be read is not yet a valid card",
    "07": "The address on the chip is that of its day; the newest is in the household register",
    "08": "The flag at byte 248 says which card it is, before anything is cut",
    "09": "Codes of ethnic groups are text, 01 to 56, and 97 and 98",
    "10": "Credit codes: 31 becomes 0; five letters never occur; a real code that fails is a warning",
    "11": "A permit's number never has I or O, and changes at renewal",
    "12": "Macau has fewer lengths than Hong Kong",
    "13": "Ninety days of many family visits run from the first entry",
    "14": "Business stays are 14 days since 2024-05-06",
    "15": "Family, group, long stay, other and business are nation-wide; individual tourism is not",
    "16": "Once a week means calendar weeks; Shenzhen accepts it no more",
    "17": "Exactly three years cost 240, exactly two 120",
    "18": "One's own word on being a public servant decides nothing; the list does",
    "19": "No ban, list hit or negative record on a public screen, slip or call",
    "20": "Under sixteen: guardian present, fingerprints the guardian's choice, five years, perhaps no card",
    "21": "Photo 354 × 472, white, no beautifying; a resident card photo is not usable",
    "22": "The self-service gates are a consent of their own, signed and blank beforehand",
    "23": "Statutory processing needs a notice and no forced consent; a face is never the only way",
    "24": "Working days follow the national calendar with make-up days; a term keeps its unit",
    "25": "Records that differ are normal: shown, chosen, never written over; no card is promised today",
}
WORKED: Mapping[str, str] = {
    "a": "A child under sixteen without a chip card",
    "b": "A hit on the list of public servants: neutral screen and a ticket",
    "c": "Five months left on the permit: renewed first",
    "d": "A permit of Hong Kong, Macau or Taiwan residents is laid",
    "e": "Compound and minority names",
    "f": "The reader is unplugged while it reads",
    "g": "Paper is out",
    "h": "The exchange is down: typed in, marked as not compared",
    "i": "One person at two terminals: one live application a matter",
    "j": "A number is missed and queued again",
    "k": "Two registers disagree on the ethnic group",
    "l": "Returned to be completed; the citizen comes again a week later with the same number",
}


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_variants(), *_facts(), *_worked()]) + "\n"


def facts() -> dict[str, list[str]]:
    """Test ids by number of the fact."""
    return _tests_named(r"test_fact_(\d\d)_\w+")


def worked() -> dict[str, list[str]]:
    """Test ids by letter of the variant of the worked case."""
    return _tests_named(r"test_variant_([a-z])_\w+")


def _tests_named(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for test in re.finditer(rf"^def ({name})\(", file.read_text("utf-8"), re.MULTILINE):
            found.setdefault(test[2], []).append(f"{file.relative_to(ROOT)}::{test[1]}")
    return found


def _head() -> Iterator[str]:
    yield "# Matters and their variants"
    yield "Made from the tests by `python -m tests.visits.table`; a test fails when it is out of date. Each variant is a whole"
    yield "visit, from the card to its end, played through the real terminal: `pytest` with the test's id plays one of them."
    yield "The flowcharts are drawn by `make flowcharts`."


def _variants() -> Iterator[str]:
    for code, flow in MATTERS.items():
        of_matter = [variant for variant in VARIANTS if variant.matter == code]
        if not of_matter:
            continue
        yield from ("", f"## {flow.title}", f"`{code}`, version {flow.version}, [flowchart](flowcharts/{code}.svg)", "")
        yield from ("| variant | outcome | test |", "|---|---|---|")
        yield from (f"| {variant.name} | {variant.ending} | `{STORY}[{variant.title}]` |" for variant in of_matter)


def _facts() -> Iterator[str]:
    yield from ("", "## Facts that are easily got wrong", "", "| fact | | tests |", "|---|---|---|")
    tests = facts()
    yield from (f"| {number} | {says} | {_listed(tests.get(number, []))} |" for number, says in FACTS.items())


def _worked() -> Iterator[str]:
    yield from ("", "## Variants of the worked case", "", "| variant | | tests |", "|---|---|---|")
    tests = worked()
    yield from (f"| {letter} | {says} | {_listed(tests.get(letter, []))} |" for letter, says in WORKED.items())


def _listed(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests)


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
