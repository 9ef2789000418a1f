"""Where an answer comes from besides the citizen: rules, a guardian, another matter of the visit, a camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from flows.application import (
    CARD,
    CITIZEN,
    LEFT_TO_COUNTER,
    Answer,
    Application,
    Assurance,
    Attached,
    Identity,
    Lookup,
    Outcome,
    Record,
    Source,
    SourceAnswer,
    SourceKind,
)
from flows.fields import Phone, Text, fixed_choice
from flows.flow import Field, Flow, Known, Page
from flows.fold import GUARDIANS_CARD, Given, State, fold, is_locked, share, start, warnings
from flows.items import ITEMS
from flows.pictures import MOST_BYTES, Paper, Photo, Signature
from flows.recheck import recheck
from tests.flows.people import NOW, TODAY, VISIT, identity

REGION = "440604"
CHILD = Identity("440604201601010011", "", "1", date(2016, 1, 1), "typed", Assurance.NONE)


def rule(name: str) -> Source:
    return Source(SourceKind.RULE, name)


def page(name: str, *fields: Field) -> Page:
    return Page(name=name, title=name, fields=fields)


def matter(*pages: Page) -> Flow:
    return Flow(code="x", version="1", title="x", pages=pages)


def said(item: str, value: str) -> Lookup:
    return Lookup(NOW, (SourceAnswer("d", "d", Outcome.RECORD, (Record(item, value, "d", NOW),)),))


def begin(flow: Flow, found: Lookup | None = None) -> Known:
    return start(flow, identity("lyu"), found, TODAY, region=REGION)


def submitted(flow: Flow, state: State, *, to_counter: bool = False) -> Application:
    known = state.known
    return Application(
        VISIT, flow.code, "1", "", identity("lyu"), known.answers, NOW, to_counter=to_counter, attached=known.attached
    )


def problems(flow: Flow, made: Application, found: Lookup | None = None) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in recheck(flow, made, found, TODAY, REGION)]


# Rules


def by_fruit(known: Known) -> str:
    return {"a": "甲", "b": "乙"}.get(known["fruit"], "")


FRUIT = Field(name="fruit", label="水果", kind=fixed_choice(a="甲", b="乙", c="丙"))
PROPOSED = Field(name="name", label="名称", kind=Text(), derive=by_fruit)
DERIVED = matter(page("fruit", FRUIT), page("name", PROPOSED))
FIXED = matter(page("fruit", FRUIT), page("name", replace(PROPOSED, locked=True)))


def chosen(flow: Flow, fruit: str, name: Mapping[str, str] | None = None) -> State:
    return fold(flow, begin(flow), {"fruit": Given({"fruit": fruit}), **({} if name is None else {"name": Given(name)})})


def test_a_rule_proposes_and_the_citizen_may_change_it() -> None:
    assert chosen(DERIVED, "a").known.answers["name"] == Answer("甲", rule("name"))
    assert chosen(DERIVED, "a", {}).known.answers["name"] == Answer("甲", rule("name"))
    assert chosen(DERIVED, "a", {"name": "甲"}).known.answers["name"].source == rule("name")
    assert chosen(DERIVED, "a", {"name": "别的"}).known.answers["name"] == Answer("别的", CITIZEN)


def test_what_a_locked_rule_works_out_is_fixed() -> None:
    state = chosen(FIXED, "a", {"name": "别的"})
    assert (state.page, state.known.answers["name"]) == (None, Answer("甲", rule("name")))
    assert is_locked(FIXED.fields["name"], state.known.answers["name"])


@pytest.mark.parametrize("flow", [DERIVED, FIXED], ids=["proposal", "locked"])
def test_a_rule_that_does_not_know_leaves_a_question(flow: Flow) -> None:
    assert chosen(flow, "c", {}).mistakes == {"name": "请填写这一项"}
    assert chosen(flow, "c", {"name": "丙"}).known.answers["name"] == Answer("丙", CITIZEN)


def test_a_rule_works_anew_when_what_it_reads_was_changed() -> None:
    assert chosen(FIXED, "b", {"name": "甲"}).known["name"] == "乙"


def test_a_record_goes_before_a_rule() -> None:
    surname = replace(PROPOSED, item="permit.surname", kind=ITEMS["permit.surname"].kind, derive=lambda known: "LYU")
    flow = matter(page("name", surname))
    old = fold(flow, begin(flow, said("permit.surname", "LV")), {"name": Given({})})
    assert (old.known["name"], old.known.answers["name"].source.kind) == ("LV", SourceKind.DEPARTMENT)
    assert fold(flow, begin(flow), {"name": Given({})}).known.answers["name"] == Answer("LYU", rule("name"))


def test_what_a_rule_worked_out_is_honest_and_what_it_never_said_is_invented() -> None:
    for flow in (DERIVED, FIXED):
        made = submitted(flow, chosen(flow, "a", {}))
        assert problems(flow, made) == []
        forged = replace(made, answers={**made.answers, "name": Answer("丙", rule("name"))})
        assert problems(flow, forged) in ([("name", "invented_source")], [("name", "mistaken")])
        stranger = replace(made, answers={**made.answers, "fruit": Answer("a", rule("fruit"))})
        assert ("fruit", "invented_source") in problems(flow, stranger)


def test_on_the_way_to_the_counter_a_rule_may_not_be_quoted_for_what_it_never_said() -> None:
    made = submitted(DERIVED, chosen(DERIVED, "a"), to_counter=True)
    assert problems(DERIVED, made) == []
    forged = replace(made, answers={**made.answers, "fruit": Answer("a", rule("fruit"))})
    assert problems(DERIVED, forged) == [("fruit", "invented_source")]


# A guardian for a child

GUARDED = matter(
    page("child", Field(name="number", label="x", kind=ITEMS["person.number"].kind, item="person.number", locked=True)),
    page(
        "guardian",
        Field(name="guardian", label="x", kind=ITEMS["guardian.number"].kind, item="guardian.number", locked=True),
        Field(name="relation", label="x", kind=Text(), item="guardian.household_relation", required=False),
    ),
)


def test_the_guardian_is_who_laid_the_card_and_the_child_whose_number_was_typed() -> None:
    known = start(GUARDED, CHILD, None, TODAY, guardian=identity("lyu"))
    assert known.answers["number"] == Answer(CHILD.number, CARD)
    assert known.answers["guardian"] == Answer("440602199202299863", GUARDIANS_CARD)
    assert known.guardian == identity("lyu")


def test_without_a_guardian_nobody_answers_for_one() -> None:
    assert "guardian" not in start(GUARDED, identity("lyu"), None, TODAY).answers


def test_what_the_register_has_of_the_guardian_answers_like_any_record() -> None:
    known = start(GUARDED, CHILD, said("guardian.household_relation", "02"), TODAY, guardian=identity("lyu"))
    assert (known["relation"], known.record("guardian.household_relation")) == ("02", "02")


def test_another_guardian_than_the_one_of_the_application_does_not_fit() -> None:
    state = fold(
        GUARDED, start(GUARDED, CHILD, None, TODAY, guardian=identity("lyu")), {"child": Given({}), "guardian": Given({})}
    )
    made = Application(VISIT, "x", "1", "", CHILD, state.known.answers, NOW, guardian=identity("lyu"))
    assert recheck(GUARDED, made, None, TODAY) == ()
    stolen = replace(made, guardian=identity("elder"))
    assert [(p.field, p.code) for p in recheck(GUARDED, stolen, None, TODAY)] == [("guardian", "locked_value_changed")]


# Another matter of the same visit

MOBILE = Field(name="mobile", label="x", kind=Phone(), item="contact.mobile")
HOME = Field(name="home", label="x", kind=Text(), item="household.address", locked=True)
NOTE = Field(name="note", label="x", kind=Text(), required=False, may_be_left=True)
CALLED = matter(page("all", MOBILE, HOME, NOTE))


def test_what_was_said_for_one_matter_is_not_asked_again_for_the_next() -> None:
    first = fold(CALLED, begin(CALLED), {"all": Given({"mobile": "13900000000", "home": "佛山", "note": "x"})})
    before = share(CALLED, first.known.answers)
    assert set(before) == {"contact.mobile", "household.address"}
    known = start(CALLED, identity("lyu"), said("contact.mobile", "13800000000"), TODAY, shared=before)
    assert known.answers["mobile"] == Answer("13900000000", CITIZEN)


def test_a_register_goes_before_what_was_said_of_a_locked_value() -> None:
    before = {"household.address": Answer("广州", CITIZEN)}
    known = start(CALLED, identity("lyu"), said("household.address", "佛山"), TODAY, shared=before)
    assert known["home"] == "佛山"
    assert start(CALLED, identity("lyu"), said("household.address", " "), TODAY, shared=before)["home"] == "广州"


def test_only_what_the_citizen_said_is_shared() -> None:
    answers = {
        "mobile": Answer("13800000000", Source(SourceKind.DEPARTMENT, "d"), NOW),
        "home": Answer("", LEFT_TO_COUNTER),
        "unknown": Answer("x", CITIZEN),
    }
    assert share(CALLED, answers) == {}


# Pictures

PICTURES = matter(
    page("photo", Field(name="photo", label="x", kind=Photo(), may_be_left=True)),
    page("paper", Field(name="paper", label="x", kind=Paper(what="x"), required=False)),
    page("signature", Field(name="signature", label="x", kind=Signature("x"))),
)
FACE, PAGE, INK = Attached("image/jpeg", b"face"), Attached("image/jpeg", b"page"), Attached("image/png", b"ink")


def shot(name: str, attached: Attached) -> Given:
    return Given({name: attached.digest}, attached={attached.digest: attached})


TAKEN = {"photo": shot("photo", FACE), "paper": shot("paper", PAGE), "signature": shot("signature", INK)}


def pictured(given: Mapping[str, Given]) -> State:
    return fold(PICTURES, begin(PICTURES), given)


def test_a_picture_travels_under_its_digest() -> None:
    state = pictured(TAKEN)
    assert state.page is None
    assert set(state.known.attached.values()) == {FACE, PAGE, INK}
    assert problems(PICTURES, submitted(PICTURES, state)) == []


def test_a_digest_without_its_picture_is_a_mistake_in_words() -> None:
    assert pictured({**TAKEN, "photo": Given({"photo": FACE.digest})}).mistakes == {"photo": "请重新拍摄"}
    assert pictured({**TAKEN, "signature": Given({"signature": "x"})}).mistakes == {"signature": "请重新签名"}
    assert pictured({**TAKEN, "signature": Given({})}).mistakes == {"signature": "请填写这一项"}


@pytest.mark.parametrize(("size", "words"), [(MOST_BYTES, ""), (MOST_BYTES + 1, "图像太大，请重新拍摄")])
def test_a_picture_has_a_largest_size(size: int, words: str) -> None:
    state = pictured({**TAKEN, "paper": shot("paper", Attached("image/jpeg", bytes(size)))})
    assert state.mistakes.get("paper", "") == words


def test_a_picture_taken_again_takes_the_place_of_the_first() -> None:
    again = Attached("image/jpeg", b"again")
    state = pictured({**TAKEN, "photo": Given({"photo": again.digest}, attached={FACE.digest: FACE, again.digest: again})})
    assert FACE not in state.known.attached.values()
    assert problems(PICTURES, submitted(PICTURES, state)) == []


def test_a_photo_may_be_left_to_the_counter() -> None:
    state = pictured({**TAKEN, "photo": Given({}, frozenset({"photo"}))})
    assert state.known.answers["photo"] == Answer("", LEFT_TO_COUNTER)
    assert problems(PICTURES, submitted(PICTURES, state)) == []


def test_a_picture_that_is_not_what_its_digest_says_is_found() -> None:
    made = submitted(PICTURES, pictured(TAKEN))
    forged = replace(made, attached={**made.attached, FACE.digest: PAGE})
    assert problems(PICTURES, forged) == [("", "not_attached")]


def test_a_picture_that_no_answer_names_is_found() -> None:
    made = submitted(PICTURES, pictured(TAKEN))
    more = Attached("image/png", b"more")
    assert problems(PICTURES, replace(made, attached={**made.attached, more.digest: more})) == [("", "not_attached")]


def test_a_picture_that_was_lost_on_the_way_is_found() -> None:
    made = submitted(PICTURES, pictured(TAKEN))
    assert problems(PICTURES, replace(made, attached={FACE.digest: FACE, PAGE.digest: PAGE})) == [("signature", "mistaken")]


def test_a_picture_is_shown_as_words() -> None:
    shown = [field.kind.shown(FACE.digest) for field in PICTURES.fields.values()]
    assert shown == ["已附图像", "已附图像", "已签名"]
    assert [field.kind.shown("") for field in PICTURES.fields.values()] == ["", "", ""]


# Warnings


def test_a_warning_stops_nobody() -> None:
    code = Field(name="code", label="x", kind=ITEMS["employment.credit_code"].kind)
    name = Field(name="name", label="x", kind=Text())
    flow = matter(page("all", code, name))
    state = fold(flow, begin(flow), {"all": Given({"code": "91440604MA9XK7P27E", "name": "梁\ue863彤"})})
    assert state.page is None
    assert warnings(flow, state.known) == {
        "code": "统一社会信用代码的校验码不符，请核对",
        "name": "含有字库以外的字，请核对",
    }
    assert problems(flow, submitted(flow, state)) == []
