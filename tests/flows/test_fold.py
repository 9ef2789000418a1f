"""A matter as a fold of the answers: prefill, back, edit, resume, and what a citizen cannot do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import CARD, CITIZEN, LEFT_TO_COUNTER, Answer, Lookup, Outcome, Record, Source, SourceAnswer, SourceKind
from flows.fields import Text
from flows.flow import Field, Flow, Page, When
from flows.fold import CARD_ITEMS, Given, State, fold, start
from flows.items import ITEMS
from flows.matters.hk_macau_permit import FLOW as ENDORSEMENT
from flows.matters.specimen import EARLIER as EARLIER_VERSIONS
from tests.flows.people import NOW, TODAY, begin_and_fold, identity, lookup

(EARLIER,) = EARLIER_VERSIONS
"""The specimen matter when it was still small."""
PERSON = Given({"mobile": "13802845678"})
VALUES = Given({"note": "", "code": "c12345678", "day": "20261123"})
CHOICES = Given({"fruit": "apple", "post": "no"})
ALL = {"person": PERSON, "values": VALUES, "choices": CHOICES}
HOUSEHOLD = Source(SourceKind.DEPARTMENT, "household")


def walked(given: dict[str, Given], found: Lookup | None = None) -> State:
    return begin_and_fold(EARLIER, "lyu", given, found)


def one_record(item: str, value: str, doubt: str = "", department: str = "household") -> SourceAnswer:
    return SourceAnswer(department, department, Outcome.RECORD, (Record(item, value, department, NOW, doubt),))


def page_of(state: State) -> str:
    return state.page.name if state.page else ""


def test_the_card_answers_before_any_department_and_departments_the_rest() -> None:
    begin = start(ENDORSEMENT, identity("lyu"), lookup("lyu"), TODAY)
    assert {begin.answers[field.name].source for field in ENDORSEMENT.fields.values() if field.item in CARD_ITEMS} == {CARD}
    assert begin.answers["address"].source == HOUSEHOLD
    assert begin.answers["address"].as_of == datetime(2019, 5, 20, tzinfo=UTC)
    assert begin.answers["mobile"].source == Source(SourceKind.DEPARTMENT, "social_security")
    assert begin.record("permit.route") == "terminal"


def test_without_departments_only_the_card_is_known() -> None:
    begin = start(ENDORSEMENT, identity("lyu"), None, TODAY)
    assert {answer.source for answer in begin.answers.values()} == {CARD}
    assert begin.records == {}


def test_the_first_page_without_an_answer_is_the_next_one() -> None:
    assert page_of(walked({})) == "person"
    assert page_of(walked({"person": PERSON})) == "values"
    assert page_of(walked({"person": PERSON, "values": VALUES})) == "choices"
    assert walked(ALL).page is None


def test_resuming_is_replaying_the_same_answers() -> None:
    assert walked(ALL) == walked(dict(reversed(ALL.items())))


def test_going_back_keeps_what_was_given_later() -> None:
    back = walked({"values": VALUES, "choices": CHOICES})
    assert page_of(back) == "person"
    assert walked({**ALL, "person": Given({"mobile": "13900000000"})}).known["mobile"] == "13900000000"


def test_a_mistake_keeps_what_was_typed_and_stays_on_its_page() -> None:
    state = walked({**ALL, "values": Given({"code": "123", "day": "20270229"})})
    assert page_of(state) == "values"
    assert state.mistakes == {"code": "编号是一个字母加 8 位数字", "day": "没有这一天，请检查日期"}
    assert (state.known["code"], state.known["day"]) == ("123", "2027-02-29")


def test_a_question_without_an_answer_is_a_mistake_in_words() -> None:
    state = walked({**ALL, "choices": Given({"fruit": ""})})
    assert state.mistakes == {"fruit": "请选择一项", "post": "请选择一项"}
    assert walked({**ALL, "values": Given({})}).mistakes == {"code": "请填写这一项", "day": "请填写这一项"}


def test_an_option_that_is_not_offered_cannot_be_chosen() -> None:
    assert walked({**ALL, "choices": Given({"fruit": "peach", "post": "no"})}).mistakes == {"fruit": "这个季节没有"}


def test_a_locked_value_cannot_be_changed_nor_left() -> None:
    given = Given({"mobile": "13802845678", "name": "别人", "birth_place": "月球"}, frozenset({"name", "birth_place"}))
    state = walked({**ALL, "person": given})
    assert state.known.answers["name"] == Answer("吕晓岚", CARD)
    assert (state.known["birth_place"], state.known.answers["birth_place"].source) == ("广东", HOUSEHOLD)


@pytest.mark.parametrize("value", ["", " ", "　"])
def test_an_empty_prefill_becomes_a_question(value: str) -> None:
    found = Lookup(NOW, (one_record("person.birth_place", value),))
    assert walked(ALL, found).mistakes == {"birth_place": "请填写这一项"}
    answered = walked({**ALL, "person": Given({"mobile": "13802845678", "birth_place": "广东"})}, found)
    assert (answered.page, answered.known.answers["birth_place"]) == (None, Answer("广东", CITIZEN))


def test_an_empty_record_of_the_authority_gives_way_to_the_next_department() -> None:
    found = Lookup(NOW, (one_record("contact.mobile", " "), one_record("contact.mobile", "13900000000", department="other")))
    assert start(EARLIER, identity("lyu"), found, TODAY)["mobile"] == "13900000000"


def test_a_doubted_record_gives_way_to_a_sure_one_and_fills_in_when_it_is_the_only_one() -> None:
    doubted = one_record("contact.mobile", "13800000000", "unconfirmed")
    both = Lookup(NOW, (doubted, one_record("contact.mobile", "13900000000", department="other")))
    assert start(EARLIER, identity("lyu"), both, TODAY)["mobile"] == "13900000000"
    assert start(EARLIER, identity("lyu"), Lookup(NOW, (doubted,)), TODAY)["mobile"] == "13800000000"


def test_records_that_rules_read_are_canonical() -> None:
    found = Lookup(NOW, (one_record("permit.route", " counter　"),))
    assert start(ENDORSEMENT, identity("lyu"), found, TODAY).record("permit.route") == "counter"


def test_an_open_prefill_keeps_its_source_until_it_is_changed() -> None:
    source = Source(SourceKind.DEPARTMENT, "social_security")
    kept = walked({**ALL, "person": Given({"mobile": "138-0284-5678"})})
    assert kept.known.answers["mobile"].source == source
    untouched = walked({**ALL, "person": Given({})})
    assert untouched.known.answers["mobile"].source == source
    changed = walked({**ALL, "person": Given({"mobile": "13900000000"})})
    assert changed.known.answers["mobile"] == Answer("13900000000", CITIZEN)


def test_a_prefill_that_a_department_wrote_badly_must_be_corrected() -> None:
    found = Lookup(NOW, (one_record("person.birth_place", "广东"), one_record("contact.mobile", "12345")))
    assert set(walked({**ALL, "person": Given({})}, found).mistakes) == {"mobile"}


def test_a_field_left_to_the_counter_is_no_mistake_and_says_who_fills_it_in() -> None:
    state = walked({**ALL, "values": Given({"code": "C12345678", "day": "20261123", "note": "x"}, frozenset({"note"}))})
    assert state.known.answers["note"] == Answer("", LEFT_TO_COUNTER)


def test_only_what_may_be_left_can_be_left() -> None:
    state = walked({**ALL, "values": Given({"day": "20261123"}, frozenset({"code"}))})
    assert state.mistakes == {"code": "请填写这一项"}


def test_a_field_left_at_first_can_be_answered_later() -> None:
    left = {**ALL, "choices": Given({"fruit": "apple", "post": "yes"}), "post": Given({}, frozenset({"address"}))}
    assert walked(left).known.answers["address"] == Answer("", LEFT_TO_COUNTER)
    assert walked({**left, "post": Given({"address": "佛山市"})}).known.answers["address"] == Answer("佛山市", CITIZEN)


def test_a_page_that_is_asked_only_sometimes_appears_and_disappears() -> None:
    yes = {**ALL, "choices": Given({"fruit": "apple", "post": "yes"})}
    assert page_of(walked(yes)) == "post"
    with_address = {**yes, "post": Given({"address": "佛山市"})}
    assert walked(with_address).known["address"] == "佛山市"
    no_more = walked({**with_address, "choices": CHOICES})
    assert no_more.page is None
    assert "address" not in no_more.known.answers


def test_what_is_known_for_a_page_that_is_not_asked_is_not_submitted() -> None:
    name = Field(name="name", label="姓名", kind=Text(), item="person.name", locked=True)
    flow = Flow(
        code="x",
        version="1",
        title="x",
        pages=(Page(name="never", title="x", fields=(name,), asked_when=When("", lambda known: False)),),
    )
    begin = start(flow, identity("lyu"), None, TODAY)
    assert begin["name"] == "吕晓岚"
    assert fold(flow, begin, {}).known.answers == {}


def test_a_registered_value_against_the_rules_is_not_the_citizens_mistake() -> None:
    number = Field(name="number", label="号码", kind=ITEMS["permit.number"].kind, item="permit.number", locked=True)
    flow = Flow(code="x", version="1", title="x", pages=(Page(name="permit", title="x", fields=(number,)),))
    found = Lookup(NOW, (one_record("permit.number", "W00000001", department="archive"),))
    state = begin_and_fold(flow, "lyu", {"permit": Given({})}, found)
    assert (state.page, state.known["number"]) == (None, "W00000001")


def test_input_for_an_unknown_page_or_field_is_dropped() -> None:
    state = walked({**ALL, "elsewhere": Given({"x": "y"}), "choices": Given({"fruit": "apple", "post": "no", "x": "y"})})
    assert state == walked(ALL)


def test_folding_changes_nothing_that_it_was_given() -> None:
    begin = start(EARLIER, identity("lyu"), lookup("lyu"), TODAY)
    before = dict(begin.answers)
    fold(EARLIER, begin, ALL)
    assert begin.answers == before


@given(
    st.dictionaries(st.sampled_from([*ALL, "post"]), st.dictionaries(st.sampled_from(list(EARLIER.fields)), st.text(max_size=12)))
)
def test_whatever_is_given_the_locked_values_stay(raw: dict[str, dict[str, str]]) -> None:
    state = walked({page: Given(values, frozenset(values)) for page, values in raw.items()})
    assert state.known.answers["name"] == Answer("吕晓岚", CARD)
    assert state.known["birth_place"] == "广东"
    assert state.known.answers["ethnic_group"].source in (CARD, CITIZEN)


@given(st.sets(st.sampled_from(list(ALL))))
def test_the_page_to_answer_is_the_first_one_missing(answered: set[str]) -> None:
    state = walked({page: ALL[page] for page in answered})
    assert page_of(state) == next((page for page in ALL if page not in answered), "")
