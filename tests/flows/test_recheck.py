"""The hall's second look: what a terminal, honest or not, may send and what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import CARD, CITIZEN, CLERK, LEFT_TO_COUNTER, Answer, Application, Lookup, Source, SourceKind
from flows.flow import Flow
from flows.fold import Given
from flows.matters import MATTERS
from flows.matters.hk_macau_permit import FLOW
from flows.matters.specimen import EARLIER as EARLIER_VERSIONS
from flows.recheck import Problem, recheck
from tests.flows.people import ENDORSE, PEOPLE, REGION, TODAY, application, begin_and_fold, identity, lookup

(EARLIER,) = EARLIER_VERSIONS
SPECIMEN = {
    "person": Given({"mobile": "13802845678"}),
    "values": Given({"code": "C12345678", "day": "20261123"}),
    "choices": Given({"fruit": "apple", "post": "yes"}),
    "post": Given({"address": "佛山市"}),
}


def honest(flow: Flow = FLOW, given: Mapping[str, Given] = ENDORSE) -> Application:
    return application(flow, "lyu", begin_and_fold(flow, "lyu", given))


def with_answers(made: Application, **answers: Answer) -> Application:
    return replace(made, answers={**made.answers, **answers})


def without(made: Application, *names: str) -> Application:
    return replace(made, answers={name: answer for name, answer in made.answers.items() if name not in names})


def problems(made: Application, found: Lookup | None = None, flow: Flow = FLOW) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in recheck(flow, made, found or lookup("lyu"), TODAY, REGION)]


def test_an_honest_application_has_no_problem() -> None:
    assert problems(honest()) == []
    assert problems(honest(EARLIER, SPECIMEN), flow=EARLIER) == []


@pytest.mark.parametrize("key", sorted(PEOPLE))
def test_as_far_as_every_specimen_gets_the_answers_are_honest(key: str) -> None:
    state = begin_and_fold(FLOW, key, {})
    made = replace(application(FLOW, key, state), to_counter=True)
    assert recheck(FLOW, made, lookup(key), TODAY, REGION) == ()


@pytest.mark.parametrize("name", ["name", "number", "birth", "address", "permit_expiry", "company_name"])
def test_a_changed_locked_value_is_found(name: str) -> None:
    known = honest().answers[name]
    for source in (known.source, CITIZEN, LEFT_TO_COUNTER):
        assert problems(with_answers(honest(), **{name: replace(known, value="2099-01-01", source=source)})) == [
            (name, "locked_value_changed")
        ]


def test_an_emptied_locked_value_is_changed_too() -> None:
    assert problems(with_answers(honest(), address=Answer("", LEFT_TO_COUNTER))) == [("address", "locked_value_changed")]


@pytest.mark.parametrize(
    "source",
    [
        CARD,
        Source(SourceKind.DEPARTMENT, "household"),
        Source(SourceKind.DEPARTMENT, "nobody"),
        CLERK,
        Source(SourceKind.RULE, "r"),
    ],
)
def test_a_source_that_never_said_it_is_invented(source: Source) -> None:
    assert problems(with_answers(honest(), mobile=Answer("13900000000", source))) == [("mobile", "invented_source")]
    assert problems(with_answers(honest(), hong_kong=Answer("HK-G-12-2", source))) == [("hong_kong", "invented_source")]


def test_the_right_value_of_the_wrong_department_is_invented() -> None:
    wrong = replace(honest().answers["mobile"], source=Source(SourceKind.DEPARTMENT, "exit_entry"))
    assert problems(with_answers(honest(), mobile=wrong)) == [("mobile", "invented_source")]


def test_a_field_that_the_matter_does_not_have_is_not_asked() -> None:
    assert problems(with_answers(honest(), shoe_size=Answer("39", CITIZEN))) == [("shoe_size", "not_asked")]


def test_an_answer_to_a_page_that_was_not_asked_is_not_asked() -> None:
    made = honest(EARLIER, {**SPECIMEN, "choices": Given({"fruit": "apple", "post": "no"})})
    assert problems(with_answers(made, address=Answer("佛山市", CITIZEN)), flow=EARLIER) == [("address", "not_asked")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mobile", "123"),
        ("hong_kong", "HK-G-99-M"),
        ("soldier", "perhaps"),
        ("macau", ""),
        ("delivery", "HORSE"),
    ],
)
def test_a_value_against_the_rules_is_mistaken(name: str, value: str) -> None:
    assert problems(with_answers(honest(), **{name: Answer(value, CITIZEN)})) == [(name, "mistaken")]


def test_a_value_in_another_form_than_the_canonical_one_is_mistaken() -> None:
    assert problems(with_answers(honest(), mobile=Answer("139-0000-0000", CITIZEN))) == [("mobile", "mistaken")]
    spaced = replace(honest().answers["permit_number"], value="c23456781")
    assert problems(with_answers(honest(), permit_number=spaced)) == [("permit_number", "mistaken")]


def test_a_value_smuggled_into_a_field_left_to_the_counter_is_mistaken() -> None:
    made = with_answers(honest(), occupation=Answer("x" * 5000, LEFT_TO_COUNTER))
    assert problems(made) == [("occupation", "mistaken")]


def test_leaving_what_may_not_be_left_is_mistaken() -> None:
    assert problems(with_answers(honest(), delivery=Answer("", LEFT_TO_COUNTER))) == [("delivery", "mistaken")]


@pytest.mark.parametrize("name", ["hong_kong", "soldier", "delivery"])
def test_a_question_without_an_answer_is_mistaken(name: str) -> None:
    assert problems(without(honest(), name)) == [(name, "mistaken")]


@pytest.mark.parametrize("name", ["name", "number", "address", "mobile", "employer"])
def test_a_known_value_that_was_left_out_is_unfinished(name: str) -> None:
    assert problems(without(honest(), name)) == [(name, "unfinished")]


def test_the_hall_being_away_leaves_only_the_card_to_be_trusted() -> None:
    given = {**SPECIMEN, "person": Given({"mobile": "13802845678"}, frozenset({"birth_place"}))}
    offline = application(EARLIER, "lyu", begin_and_fold(EARLIER, "lyu", given, Lookup(lookup("lyu").at)))

    def found(made: Application) -> list[tuple[str, str]]:
        return [(problem.field, problem.code) for problem in recheck(EARLIER, made, None, TODAY)]

    assert found(offline) == []
    assert found(with_answers(offline, name=Answer("别人", CARD))) == [("name", "locked_value_changed")]
    assert set(found(honest(EARLIER, SPECIMEN))) == {("birth_place", "invented_source"), ("mobile", "invented_source")}


def test_another_persons_records_do_not_fit() -> None:
    assert ("name", "locked_value_changed") not in problems(honest(), lookup("elder"))
    assert {code for _, code in problems(honest(), lookup("elder"))} == {"locked_value_changed", "invented_source"}


def test_another_persons_card_does_not_fit_the_answers() -> None:
    stolen = replace(honest(), identity=identity("elder"))
    assert {("name", "locked_value_changed"), ("number", "locked_value_changed")} <= set(problems(stolen))


def test_an_application_on_its_way_to_the_counter_may_be_unfinished_but_not_untrue() -> None:
    part = replace(without(honest(), "hong_kong", "macau", "delivery"), to_counter=True)
    assert problems(part) == []
    assert problems(with_answers(part, address=Answer("别处", CITIZEN))) == [("address", "locked_value_changed")]


def test_an_option_that_is_not_offered_is_mistaken_whatever_the_terminal_thought() -> None:
    forged = with_answers(honest(EARLIER, SPECIMEN), fruit=Answer("peach", CITIZEN))
    assert recheck(EARLIER, forged, lookup("lyu"), TODAY) == (Problem("fruit", "mistaken", "这个季节没有"),)


def test_a_case_of_an_earlier_version_is_judged_by_that_version_and_not_by_the_newest() -> None:
    made = honest(EARLIER, SPECIMEN)
    assert (made.flow_version, MATTERS["specimen"].version) == ("1", "2")
    assert recheck(MATTERS.of(made), made, lookup("lyu"), TODAY, REGION) == ()
    assert recheck(MATTERS["specimen"], made, lookup("lyu"), TODAY, REGION)


@given(st.sampled_from(sorted(FLOW.fields)), st.text(min_size=4, max_size=20).filter(lambda t: t.strip() and not t.isascii()))
def test_the_words_of_a_problem_never_repeat_the_value(name: str, value: str) -> None:
    for source in (CITIZEN, CARD):
        found = recheck(FLOW, with_answers(honest(), **{name: Answer(value, source)}), lookup("lyu"), TODAY, REGION)
        assert found or source == CITIZEN
        assert all(value not in problem.words and value not in problem.field for problem in found)
