"""Every message that a citizen can meet exists in every language, and no translation is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from flows.authoring.explore import explore
from flows.codes import ETHNIC_GROUPS, SEXES
from flows.fields import Pattern
from flows.items import ITEMS
from flows.kept import KINDS, title_of
from flows.matters import MATTERS
from flows.words import FOLDER, Words, numbers_out, read_catalogue
from kiosk.config import read

ROOT = Path(__file__).parent.parent.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BETWEEN = re.compile(r"[\s\d{}-]+")  # numbers and blanks stand between the words of policy
NOT_MESSAGES = {"中文", "市", "身份证地址"}  # a language is named in itself; what only addresses and clerks have
TABLES = {"address_likeness.py", "numerals.py", "codes.py", "names.py", "regions.py", "endorsement_choice.py"}
"""Their strings are tables, or parts of messages that exploring a matter puts together."""

TODAY = date(2026, 11, 23)


def spoken(file: Path) -> Iterator[str]:
    """Every Chinese string of a source file that is said whole: no docstring, pattern or part of a longer text, and
    neither a row of a form nor a condition, which only a reviewer reads."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr() | ast.keyword(arg="row"):
                silent |= {id(part) for part in ast.walk(node)}
            case ast.Call(func=ast.Name(id="When"), args=[words, *_]):
                silent |= {id(part) for part in ast.walk(words)}
    yield from (text for text, place in _strings(tree) if place not in silent)


def literals(file: Path) -> Iterator[str]:
    """Every Chinese string of a source file that is neither a docstring nor a pattern."""
    yield from (text for text, _ in _strings(ast.parse(file.read_text(encoding="utf-8"))))


def _strings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    docstrings = {id(s.value) for s in ast.walk(tree) if isinstance(s, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if isinstance(text, str) and CHINESE.search(text) and not text.startswith(("[", "(")):
            yield text, id(node)


def rules() -> tuple[Path, ...]:
    """The source of what matters share. The matters themselves are explored: a paper's Chinese words are no messages."""
    files = (*(ROOT / "flows").glob("*.py"), *(ROOT / "flows" / "photo").glob("*.py"))
    return tuple(file for file in files if file.name not in TABLES)


@cache
def used() -> frozenset[str]:
    config = read(ROOT / "kiosk" / "demo.toml", Path("var"))
    found = {config.hall_name, *(department.title for department in config.departments)}
    found |= {item.title for item in ITEMS.values()} | set(SEXES.values()) | set(ETHNIC_GROUPS.values())
    found |= {item.kind.wrong for item in ITEMS.values() if isinstance(item.kind, Pattern)}
    found |= {title_of(code) for code in KINDS}
    for flow in MATTERS.values():
        found |= explore(flow, TODAY).texts
    for file in (*(ROOT / "kiosk").glob("*.py"), *rules()):
        found |= set(spoken(file))
    return frozenset(message for message in found if CHINESE.search(message)) - NOT_MESSAGES


def written() -> frozenset[str]:
    """The Chinese pieces of every text in the flows and their policy: what can turn up for a person not met here."""
    files = (file for file in (ROOT / "flows").rglob("*.py") if file.parent.name != "authoring")
    texts = {text for file in files for text in literals(file)}
    for table in (ROOT / "assets" / "policy").glob("*.toml"):
        texts |= set(re.findall(r'"([^"]*)"', table.read_text(encoding="utf-8")))
    return frozenset(piece for text in texts for piece in BETWEEN.split(text) if piece)


def is_put_together(message: str, pieces: frozenset[str]) -> bool:
    """Whether the flows can make this message, e.g. of a place, a kind, a length and a number of entries."""
    return all(_is_made_of(part, pieces) for part in BETWEEN.split(message))


def _is_made_of(part: str, pieces: frozenset[str]) -> bool:
    ends = {0}
    for end in range(1, len(part) + 1):
        if any(part[start:end] in pieces for start in ends):
            ends.add(end)
    return len(part) in ends


def test_every_message_has_a_translation() -> None:
    catalogue = read_catalogue(FOLDER / "en")
    assert sorted(m for m in used() if m not in catalogue and numbers_out(m) not in catalogue) == []


def test_no_translation_is_left_over() -> None:
    messages, pieces = used(), written()
    known = messages | {numbers_out(message) for message in messages}
    left = set(read_catalogue(FOLDER / "en")) - known
    assert sorted(message for message in left if not is_put_together(message, pieces)) == []


def test_a_translation_of_nothing_would_be_seen() -> None:
    assert not is_put_together("请把船停好", written())


def test_a_translation_has_the_same_places_for_values() -> None:
    for message, translation in read_catalogue(FOLDER / "en").items():
        assert places(message) == places(translation), message


def test_chinese_is_its_own_message() -> None:
    assert Words("zh")("前面还有 {ahead} 人", ahead=3) == "前面还有 3 人"


def test_a_message_without_translation_is_said_in_chinese() -> None:
    assert Words("en", {})("请稍候") == "请稍候"


@pytest.mark.parametrize(("days", "said"), [("每次最多停留 7 天", "7 days"), ("每次最多停留 14 天", "14 days")])
def test_numbers_of_policy_pass_through_a_translation(days: str, said: str) -> None:
    assert said in Words("en", read_catalogue(FOLDER / "en"))(days)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
