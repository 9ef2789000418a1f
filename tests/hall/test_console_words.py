"""The console in English: every message that a page can show is said by `say` and translated, and none is left over."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from flows.dispute import DISPUTE_REASONS, SETTLEMENTS
from flows.items import ITEMS
from flows.kept import KINDS, title_of
from flows.lacking import LACKING
from flows.matters import MATTERS
from flows.reasons import REASONS, remedy_on
from flows.second_person import SECOND_PERSON
from flows.words import FOLDER, numbers_out, read_catalogue
from hall.appointments import PROBLEMS
from hall.console.language import WORDS
from hall.console.screen_words import ASKING, REPLY
from hall.console.words import DOUBT
from hall.line_policy import ORDERS
from tests.kiosk.test_words import CHINESE, literals, places

ROOT = Path(__file__).parent.parent.parent
CONSOLE = ROOT / "hall" / "console"
ENGLISH = {**read_catalogue(FOLDER / "en"), **read_catalogue(FOLDER / "en" / "console")}
TEMPLATES = sorted((CONSOLE / "templates").glob("*.html"))
MODULES = sorted(CONSOLE.glob("*.py"))
SCRIPTS = sorted((CONSOLE / "static").glob("*.js"))
OF_THE_CITIZEN = {"screen_words.py"}
"""What the citizen's screen says is there in both languages, side by side."""
AS_THEY_ARE = {"中文", "、"}
"""A language is named in itself; what stands between things named."""


def known(message: str) -> bool:
    return message in ENGLISH or numbers_out(message) in ENGLISH


def said(template: Path) -> tuple[set[str], set[str]]:
    """The Chinese messages of a template that are said, and its Chinese that is not."""
    tree = Environment(extensions=()).parse(template.read_text("utf-8"))
    messages, elsewhere = set(), set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            messages |= {id(one) for argument in call.args for one in _constants(argument)}
    texts = {id(one): str(one.value) for one in _constants(tree)}
    elsewhere = {text for place, text in texts.items() if place not in messages and CHINESE.search(text)}
    elsewhere |= {one.data.strip() for one in tree.find_all(nodes.TemplateData) if CHINESE.search(one.data)}
    return {text for place, text in texts.items() if place in messages and CHINESE.search(text)}, elsewhere - AS_THEY_ARE


def _constants(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Const):
        yield node
    yield from node.find_all(nodes.Const)


def put_together(module: Path) -> set[str]:
    """Chinese in f-strings: no catalogue can hold what is put together."""
    tree = ast.parse(module.read_text("utf-8"))
    parts = [part for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values]
    return {str(part.value) for part in parts if isinstance(part, ast.Constant) and CHINESE.search(str(part.value))}


def with_gaps(module: Path) -> Iterator[str]:
    """The f-strings of a module with {0}, {1} … for what stands in them: outside the console those are numbers."""
    for one in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(one, ast.JoinedStr):
            yield numbers_out("".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in one.values))


@cache
def program() -> frozenset[str]:
    """Every Chinese text of hall, flows and policy that a page of the console may be asked to show."""
    found = set().union(*(said(template)[0] for template in TEMPLATES))
    for module in (*(ROOT / "hall").rglob("*.py"), *(ROOT / "flows").rglob("*.py"), *(ROOT / "devices").glob("*_words.py")):
        found |= set(literals(module)) | set(with_gaps(module))
    for table in (*(ROOT / "assets" / "policy").glob("*.toml"), *(ROOT / "hall" / "demo").rglob("*.toml")):
        found |= set(re.findall(r'"([^"\n]*)"', table.read_text("utf-8")))
    return frozenset(found)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_everything_and_everything_is_translated(template: Path) -> None:
    messages, elsewhere = said(template)
    assert sorted(elsewhere) == []
    assert sorted(message for message in messages if not known(message)) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_puts_no_words_together_and_every_message_is_translated(module: Path) -> None:
    assert sorted(put_together(module)) == []
    if module.name not in OF_THE_CITIZEN:
        assert sorted(text for text in set(literals(module)) - AS_THEY_ARE if not known(text)) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_page_script_has_no_words_of_its_own(script: Path) -> None:
    assert [line for line in script.read_text("utf-8").splitlines() if CHINESE.search(line)] == []


def test_a_doubt_that_the_hall_or_a_department_we_know_may_have_is_told_in_words() -> None:
    settings = [*(ROOT / "hall" / "demo" / "departments").glob("*.toml"), *(ROOT / "docs" / "examples").glob("*.toml")]
    codes = {
        code for one in settings for code in tomllib.loads(one.read_text("utf-8")).get("codes", {}).get("doubt", {}).values()
    }
    assert {"move_pending", "in_inquiry", "under_review"} <= codes
    assert {*codes, "twice", "unknown_code", "lost_character", "true"} - {""} <= DOUBT.keys()


OF_POLICY: Mapping[str, Iterable[str]] = {
    "reasons": (words for one in REASONS.values() for words in (one.words, one.remedy)),
    "remedies": (remedy_on(day) for day in (date(2026, 1, 1), date(2026, 12, 31))),
    "disputes": (one.formal for one in DISPUTE_REASONS.values()),
    "settlements": (one.words for one in SETTLEMENTS.values()),
    "lacking papers": (words for one in LACKING.paper for words in (one.words, one.why)),
    "follow-ups": (words for one in LACKING.follow_up for words in (one.words, one.basis)),
    "second person": (one.why for one in SECOND_PERSON.rule),
    "classes of the line": (one.words for order in ORDERS for one in order.classes),
    "grounds of the line": (one.words for order in ORDERS for one in order.grounds),
    "passings of the line": (one.words for order in ORDERS for one in order.passings),
    "kinds of documents": (title_of(code) for code in KINDS),
    "what to bring": (thing for flow in MATTERS.values() for thing in flow.bring),
    "matters": (flow.title for flow in MATTERS.values()),
    "questions": (words for flow in MATTERS.values() for one in flow.fields.values() for words in (one.label, one.hint)),
    "items": (item.title for item in ITEMS.values()),
    "appointments": PROBLEMS.values(),
    "what is asked on the second screen": ASKING.values(),
    "replies on the second screen": REPLY.values(),
    "scans": (*literals(ROOT / "hall" / "scans.py"), "页数太多，一份材料最多 20 页"),
    "pictures": literals(ROOT / "hall" / "pictures.py"),
    "the counter": literals(ROOT / "hall" / "counter.py"),
    "corrections": literals(ROOT / "hall" / "corrections.py"),
    "documents at the counter": literals(ROOT / "hall" / "document_desk.py"),
}
"""What a page shows of policy files and of the hall's own judgement, by what it is about."""
IN_PIECES = {"页数太多，一份材料最多 ", " 页"}


@pytest.mark.parametrize("table", OF_POLICY)
def test_what_the_hall_shows_a_clerk_of_its_tables_is_translated(table: str) -> None:
    words = set(OF_POLICY[table]) - IN_PIECES - {""}
    assert words
    assert sorted(text for text in words if not known(text)) == []


def test_no_translation_is_left_over() -> None:
    texts = program() | {numbers_out(text) for text in program()}
    assert sorted(set(read_catalogue(FOLDER / "en" / "console")) - texts) == []


def test_a_translation_has_the_same_places_for_values() -> None:
    assert [message for message, english in ENGLISH.items() if places(message) != places(english)] == []


def test_english_is_english() -> None:
    english = read_catalogue(FOLDER / "en" / "console").values()
    assert [message for message in english if CHINESE.search(message)] == []


def test_markup_stays_markup_and_what_it_is_given_is_escaped() -> None:
    from markupsafe import Markup

    told = WORDS["en"](Markup("<b>{window}</b> 号窗口"), window="<3>")
    assert told == Markup("Window <b>&lt;3&gt;</b>")
