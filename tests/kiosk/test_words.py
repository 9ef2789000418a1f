"""Every message that a citizen can meet exists in every language, and no translation is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.application import CITIZEN, Answer
from flows.codes import ETHNIC_GROUPS, SEXES
from flows.fields import Choice, Pattern
from flows.flow import Flow, Known
from flows.items import ITEMS
from flows.matters import MATTERS
from kiosk.config import read
from kiosk.words import FOLDER, Words, numbers_out, read_catalogue

ROOT = Path(__file__).parent.parent.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOT_MESSAGES = {"中文"}  # a language is named in itself
TODAY = date(2026, 11, 23)
PEOPLE: tuple[dict[str, str], ...] = (
    {"address": "广东省佛山市禅城区祖庙街道", "permit_expiry": "2031-03-14", "birth": "1992-02-29"},
    {"address": "广东省深圳市南山区", "permit_expiry": "2027-07-01", "hong_kong": "none"},
    {"address": "", "permit_expiry": ""},
    {"fruit": "apple"},
    {"fruit": "pear"},
)


def literals(file: Path) -> Iterator[str]:
    """Every Chinese string of a source file that is neither a docstring nor a pattern."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    blocks = (
        node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    )
    spoken = {id(s.value) for block in blocks for s in block.body if isinstance(s, ast.Expr)}
    spoken |= {id(s.value) for s in ast.walk(tree) if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in spoken else None
        if isinstance(text, str) and CHINESE.search(text) and not text.startswith("["):
            yield text


def messages_of(flow: Flow) -> Iterator[str]:
    """Every text of a matter as citizens of several kinds meet it."""
    yield from (flow.title, flow.summary, *flow.bring)
    for page in flow.pages:
        yield from (page.title, page.lead)
        for field in page.fields:
            yield from (field.label, field.hint)
            if isinstance(field.kind, Pattern):
                yield field.kind.wrong
    for person in PEOPLE:
        known = Known({name: Answer(value, CITIZEN) for name, value in person.items()}, {}, TODAY)
        yield from _choices(flow, known)


def _choices(flow: Flow, known: Known) -> Iterator[str]:
    yield from (line.label for line in flow.fee(known).lines)
    for field in flow.fields.values():
        if isinstance(field.kind, Choice):
            for option in field.kind.options(known):
                yield from (option.label, option.note, option.why_not, field.kind.shown(option.key))
                chosen = replace(known, answers={**known.answers, field.name: Answer(option.key, CITIZEN)})
                yield from (line.label for line in flow.fee(chosen).lines)


def used() -> set[str]:
    config = read(ROOT / "kiosk" / "demo.toml", Path("var"))
    found = {config.hall_name, *(department.title for department in config.departments)}
    found |= {item.title for item in ITEMS.values()} | set(SEXES.values()) | set(ETHNIC_GROUPS.values())
    found |= {item.kind.wrong for item in ITEMS.values() if isinstance(item.kind, Pattern)}
    for flow in MATTERS.values():
        found |= set(messages_of(flow))
    for file in (*(ROOT / "kiosk").glob("*.py"), ROOT / "flows" / "fields.py", ROOT / "flows" / "fold.py"):
        found |= set(literals(file))
    return {message for message in found if CHINESE.search(message)} - NOT_MESSAGES


def test_every_message_has_a_translation() -> None:
    catalogue = read_catalogue(FOLDER / "en.po")
    assert sorted(m for m in used() if m not in catalogue and numbers_out(m) not in catalogue) == []


def test_no_translation_is_left_over() -> None:
    messages = used()
    known = messages | {numbers_out(message) for message in messages}
    assert sorted(set(read_catalogue(FOLDER / "en.po")) - known) == []


def test_a_translation_has_the_same_places_for_values() -> None:
    for message, translation in read_catalogue(FOLDER / "en.po").items():
        assert places(message) == places(translation), message


def test_chinese_is_its_own_message() -> None:
    assert Words("zh")("前面还有 {ahead} 人", ahead=3) == "前面还有 3 人"


def test_a_message_without_translation_is_said_in_chinese() -> None:
    assert Words("en", {})("请稍候") == "请稍候"


@pytest.mark.parametrize(("days", "said"), [("每次最多停留 7 天", "7 days"), ("每次最多停留 14 天", "14 days")])
def test_numbers_of_policy_pass_through_a_translation(days: str, said: str) -> None:
    assert said in Words("en", read_catalogue(FOLDER / "en.po"))(days)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
