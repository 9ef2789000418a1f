"""The documentation is true: its commands exist, its links lead somewhere, its words are the code's."""

import re
import subprocess
from pathlib import Path

import pytest

from scripts import reference

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_the_reference_is_what_the_code_says() -> None:
    assert reference.FILE.read_text("utf-8") == reference.page(), "run `python -m scripts.reference`"


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
    code = "\n".join(f.read_text("utf-8") for top in ("flows", "devices", "kiosk", "hall") for f in (ROOT / top).rglob("*.py"))
    rows = re.findall(r"^\| ([A-Z][\w ,-]+?) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)
    for word in (word.strip() for row in rows for word in row.split(",")):
        assert re.search(word.replace("-", "").replace(" ", "[ _]?"), code, re.IGNORECASE), word


def test_make_alone_explains_every_command() -> None:
    said = subprocess.run(["make", "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True).stdout
    assert all(f"make {target}" in said for target in targets())


def test_lock_files_hold_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text("utf-8"), lock.name
