"""The language of matters: versions, pages asked again and again, and what a matter may ask departments for."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import CITIZEN, Answer, Application, Assurance, Identity
from flows.certificate import Certificate
from flows.fields import YES_NO, Text
from flows.flow import ALWAYS, Field, Flow, Known, Matters, Page, When, repeated
from flows.matters import MATTERS, specimen
from tests.flows.people import NOW, TODAY, VISIT

NOTHING = Known({}, {}, TODAY)
ANOTHER = Field(name="another", label="还有吗", kind=YES_NO)
NAME = Field(name="contact", label="姓名", kind=Text())
CONTACT = Page(name="contact", title="联系人", fields=(NAME,))


def flow(code: str, version: str, *pages: Page) -> Flow:
    return Flow(code=code, version=version, title=code, pages=pages)


def known(**values: str) -> Known:
    return Known({name: Answer(value, CITIZEN) for name, value in values.items()}, {}, TODAY)


def application(code: str, version: str) -> Application:
    nobody = Identity("", "", "", TODAY, "", Assurance.NONE)
    return Application(VISIT, code, version, "", nobody, {}, NOW)


def test_the_newest_version_is_by_number_and_not_by_the_alphabet() -> None:
    matters = Matters([flow("a", "9"), flow("a", "10"), flow("a", "2"), flow("b", "1")])
    assert (matters["a"].version, list(matters), len(matters)) == ("10", ["a", "b"], 2)


def test_every_version_is_found_for_the_cases_begun_with_it() -> None:
    matters = Matters([flow("a", "1"), flow("a", "2")])
    assert [matters.of(application("a", version)).version for version in "12"] == ["1", "2"]
    assert matters.version("a", "1") is matters.of(application("a", "1"))


def test_a_version_this_hall_never_had_is_none_and_no_other_one() -> None:
    matters = Matters([flow("a", "1")])
    assert (matters.version("a", "3"), matters.version("b", "1"), matters.get("b")) == (None, None, None)
    with pytest.raises(KeyError):
        matters.of(application("a", "3"))


def test_the_same_version_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="a: version 1 is there twice"):
        Matters([flow("a", "1"), flow("a", "1")])


def test_the_specimen_matter_keeps_its_earlier_version() -> None:
    assert [MATTERS.version("specimen", version) for version in "12"] == [specimen.EARLIER[0], specimen.FLOW]
    assert MATTERS["specimen"] is specimen.FLOW


def test_a_page_asked_again_numbers_its_fields_and_the_last_one_does_not_ask_for_more() -> None:
    pages = repeated(CONTACT, ANOTHER, most=3)
    assert [page.name for page in pages] == ["contact", "contact_2", "contact_3"]
    assert [[f.name for f in page.fields] for page in pages] == [
        ["contact", "another"],
        ["contact_2", "another_2"],
        ["contact_3"],
    ]


def test_a_page_asked_at_most_once_asks_for_no_other() -> None:
    (only,) = repeated(CONTACT, ANOTHER, most=1)
    assert [f.name for f in only.fields] == ["contact"]


@pytest.mark.parametrize(("first", "second"), list(product(("yes", "no", ""), repeat=2)))
def test_a_page_comes_again_as_long_as_every_answer_before_it_was_yes(first: str, second: str) -> None:
    asked = flow("x", "1", *repeated(CONTACT, ANOTHER, most=3)).asked(known(another=first, another_2=second))
    assert len(asked) == 1 + (first == "yes") + (first == second == "yes")


def test_a_repeated_page_that_is_not_asked_is_not_asked_again_either() -> None:
    page = replace(CONTACT, asked_when=When("甲", lambda seen: seen["fruit"] == "a"))
    asked = flow("x", "1", *repeated(page, ANOTHER, most=2)).asked
    assert len(asked(known(fruit="a", another="yes"))) == 2
    assert asked(known(fruit="b", another="yes")) == ()


@given(st.integers(1, 8))
def test_all_fields_of_a_repeated_page_have_names_of_their_own(most: int) -> None:
    assert len(flow("x", "1", *repeated(CONTACT, ANOTHER, most=most)).fields) == 2 * most - 1


def test_a_reviewer_reads_when_a_page_comes_again() -> None:
    assert [page.asked_when.words for page in repeated(CONTACT, ANOTHER, most=2)] == ["", "还有吗：是"]
    assert ALWAYS(NOTHING)


def test_a_matter_may_ask_departments_for_what_it_shows_and_what_its_rules_read_each_once() -> None:
    name = replace(NAME, item="person.name")
    made = replace(flow("x", "1", replace(CONTACT, fields=(name,))), needs=("person.name", "person.birth"))
    assert made.items == ("person.name", "person.birth")


def test_a_matter_issues_when_it_has_a_rule_for_a_certificate() -> None:
    plain = flow("x", "1")
    paper = Certificate("证明", "兹证明", "social_security", ())
    assert not plain.issues
    assert replace(plain, certificate=lambda seen: paper).issues


def test_an_answer_is_shared_under_its_own_key_or_its_item() -> None:
    assert (NAME.share_key, replace(NAME, item="person.name").share_key) == ("", "person.name")
    assert replace(NAME, item="person.name", shares="name").share_key == "name"
