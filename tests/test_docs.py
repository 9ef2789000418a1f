"""The documentation is true: its commands exist, its links lead somewhere, its words are the code's."""

import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from flows.matters import MATTERS
from scripts import reference
from tests.visits import table

ROOT = Path(__file__).parent.parent
TOPS = ("flows", "devices", "kiosk", "hall", "tests/visits")
CHARTS = ROOT / "docs" / "flowcharts"
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_the_reference_is_what_the_code_says() -> None:
    assert reference.FILE.read_text("utf-8") == reference.page(), "run `python -m scripts.reference`"


def test_the_table_of_variants_is_what_the_tests_say() -> None:
    assert table.FILE.read_text("utf-8") == table.page(), "run `python -m tests.visits.table`"


def test_every_fact_has_a_test() -> None:
    assert sorted(table.facts()) == sorted(table.FACTS)


def test_every_variant_of_the_worked_case_has_a_test() -> None:
    assert sorted(table.worked()) == sorted(table.WORKED)


def test_every_matter_has_a_flowchart() -> None:
    assert {chart.stem for chart in CHARTS.glob("*.svg")} == set(MATTERS), "run `make flowcharts`"


@pytest.mark.parametrize("code", sorted(MATTERS))
def test_a_flowchart_names_every_page_of_its_matter(code: str) -> None:
    flow = MATTERS[code]
    drawn = unescape((CHARTS / f"{code}.svg").read_text("utf-8"))
    titles = [f"{number}. {page.title}" for number, page in enumerate(flow.pages, start=1)]
    assert [title for title in titles if f">{title}" not in drawn] == [], "run `make flowcharts`"
    assert f"（第 {flow.version} 版）" in drawn


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_make_commands_exist(page: Path) -> None:
    for target in re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
        assert "".join(target) in targets()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_python_commands_and_paths_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for module in re.findall(r"python -m ([a-z_.]+)", text):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module
    for path in re.findall(r"`((?:flows|devices|kiosk|hall|assets|tests|scripts|docs)/[\w./-]+)`", text):
        assert (ROOT / path).exists() or "your_matter" in path, path


def test_both_readmes_give_the_same_commands_and_pictures() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))

    def commands(text: str) -> list[str]:
        return re.findall(r"^(?:make|\.venv)\S*(?: -m)? \S+(?: \w+)?", text, re.MULTILINE)

    assert commands(english) == commands(chinese)
    assert re.findall(r"docs/pictures/\S+\.png", english) == re.findall(r"docs/pictures/\S+\.png", chinese)
    assert english.count("\n## ") == chinese.count("\n## ")


def test_the_glossary_words_are_the_codes_words() -> None:
    code = "\n".join(f.read_text("utf-8") for top in TOPS for f in (ROOT / top).rglob("*.py"))
    rows = re.findall(r"^\| ([A-Z][\w ,-]+?) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)
    for word in (word.strip() for row in rows for word in row.split(",")):
        assert re.search(word.replace("-", "").replace(" ", "[ _]?"), code, re.IGNORECASE), word


def test_make_alone_explains_every_command() -> None:
    said = subprocess.run(["make", "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True).stdout
    assert all(f"make {target}" in said for target in targets())


def test_lock_files_hold_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text("utf-8"), lock.name
