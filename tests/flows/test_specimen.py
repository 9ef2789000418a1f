"""The specimen matter holds every kind of field once: what draws it has drawn everything."""

from __future__ import annotations

from flows.fields import YES_NO, Choice, Code, Date, Pattern, Phone, Text
from flows.flow import Route
from flows.fold import CARD_ITEMS, Given
from flows.matters.specimen import FLOW
from tests.flows.people import begin_and_fold

GIVEN = {
    "person": Given({"mobile": "13802845678"}),
    "values": Given({"code": "C12345678", "day": "20261123"}),
    "choices": Given({"fruit": "pear", "post": "yes"}),
    "post": Given({}, frozenset({"address"})),
}


def test_every_kind_of_field_is_there() -> None:
    assert {type(field.kind) for field in FLOW.fields.values()} == {Text, Pattern, Phone, Date, Code, Choice}
    assert any(field.kind is YES_NO for field in FLOW.fields.values())


def test_every_way_of_being_asked_is_there() -> None:
    fields = FLOW.fields.values()
    assert {field.item in CARD_ITEMS for field in fields if field.locked} == {True, False}
    assert any(field.item and not field.locked for field in fields)
    assert any(field.may_be_left and not field.required for field in fields)
    assert any(field.may_be_left and field.required for field in fields)
    assert any(field.hint for field in fields)


def test_one_option_is_not_on_offer_and_one_page_is_asked_only_sometimes() -> None:
    state = begin_and_fold(FLOW, "lyu", {})
    fruit = FLOW.fields["fruit"].kind
    assert isinstance(fruit, Choice)
    assert [option.key for option in fruit.options(state.known) if option.why_not] == ["peach"]
    assert [page.name for page in FLOW.asked(state.known)] == ["person", "values", "choices"]


def test_it_can_be_walked_to_its_end_and_costs_what_it_says() -> None:
    state = begin_and_fold(FLOW, "lyu", GIVEN)
    assert state.page is None
    assert (FLOW.fee(state.known).yuan, FLOW.route(state.known)) == (8, Route.TERMINAL)


def test_one_code_leads_to_the_counter() -> None:
    state = begin_and_fold(FLOW, "lyu", {**GIVEN, "values": Given({"code": "C00000000", "day": "20261123"})})
    assert FLOW.route(state.known) is Route.COUNTER
