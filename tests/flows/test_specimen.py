"""The specimen matter holds every kind of field and every way of asking once: what draws it has drawn everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.addresses import DISTRICT, Address
from flows.application import Attached, SourceKind
from flows.document_numbers import DocumentNumber
from flows.fields import CONSENT, YES_NO, Choice, Code, Date, PartialDate, Pattern, Phone, ResidentId, Text
from flows.flow import Route
from flows.fold import CARD_ITEMS, Given, is_locked, start
from flows.matters import MATTERS
from flows.matters.specimen import EARLIER, FLOW
from flows.pictures import Paper, Photo, Signature
from flows.recheck import recheck
from tests.flows.people import REGION, TODAY, application, begin_and_fold, identity, lookup


def pictured(name: str) -> Given:
    attached = Attached("image/png", name.encode())
    return Given({name: attached.digest}, attached={attached.digest: attached})


GIVEN = {
    "person": Given({"mobile": "13802845678"}),
    "latin": Given({}),
    "values": Given({"code": "C12345678", "day": "20261123"}),
    "numbers": Given({"passport": "ea1234567", "company": "91440604MA9XK7P27D", "since": "201506", "alias": "小岚"}),
    "choices": Given({"fruit": "pear", "post": "yes"}),
    "post": Given({"district": "440604"}, frozenset({"address"})),
    "contact": Given({"contact_phone": "13902840011", "another": "yes"}, frozenset({"contact_name"})),
    "contact_2": Given({"contact_phone_2": "85291234567", "another_2": "no"}, frozenset({"contact_name_2"})),
    "photo": pictured("photo"),
    "paper": pictured("paper"),
    "reminder": Given({"reminder": "yes"}),
    "reminder_signature": pictured("reminder_signature"),
    "declaration": pictured("signature"),
}


def test_every_kind_of_field_is_there() -> None:
    kinds = {type(field.kind) for field in FLOW.fields.values()}
    assert kinds == {
        *(Text, Pattern, DocumentNumber, ResidentId, Date, PartialDate, Phone, Code, Choice, Address),
        *(Photo, Signature, Paper),
    }
    ready_made = [field.kind for field in FLOW.fields.values()]
    assert all(any(kind is each for each in ready_made) for kind in (YES_NO, CONSENT, DISTRICT))
    assert {kind.script for kind in ready_made if type(kind) is Text} == {"any", "han", "latin"}


def test_every_way_of_being_asked_is_there() -> None:
    fields = FLOW.fields.values()
    assert {field.item in CARD_ITEMS for field in fields if field.locked} == {True, False}
    assert {field.locked for field in fields if field.derive} == {True, False}
    assert any(field.item and not field.locked for field in fields)
    assert any(field.may_be_left and not field.required for field in fields)
    assert any(field.may_be_left and field.required for field in fields)
    assert any(field.hint for field in fields)
    assert FLOW.for_child


def test_one_option_is_not_on_offer_and_some_pages_are_asked_only_sometimes() -> None:
    state = begin_and_fold(FLOW, "lyu", {})
    fruit = FLOW.fields["fruit"].kind
    assert isinstance(fruit, Choice)
    assert [option.key for option in fruit.options(state.known) if option.why_not] == ["peach"]
    asked = {page.name for page in FLOW.asked(state.known)}
    assert {page.name for page in FLOW.pages} - asked == {"guardian", "post", "contact_2", "contact_3", "reminder_signature"}


def test_it_can_be_walked_to_its_end_and_costs_what_it_says() -> None:
    state = begin_and_fold(FLOW, "lyu", GIVEN)
    assert (state.page, state.mistakes) == (None, {})
    assert (FLOW.fee(state.known).yuan, FLOW.route(state.known)) == (8, Route.TERMINAL)
    assert (state.known["passport"], state.known["since"]) == ("EA1234567", "2015-06")
    assert recheck(FLOW, application(FLOW, "lyu", state), lookup("lyu"), TODAY, REGION) == ()


def test_the_letters_of_the_name_are_proposed_and_the_age_is_fixed() -> None:
    known = begin_and_fold(FLOW, "lyu", GIVEN).known
    assert (known["surname"], known["given_names"], known["age_group"]) == ("LYU", "XIAOLAN", "adult")
    assert known.answers["surname"].source.kind is SourceKind.RULE
    assert not is_locked(FLOW.fields["surname"], known.answers["surname"])
    assert is_locked(FLOW.fields["age_group"], known.answers["age_group"])


@pytest.mark.parametrize(
    ("born", "guardian", "group", "route"),
    [
        ("2010-11-23", "", "adult", "terminal"),
        ("2010-11-24", "", "child", "counter"),
        ("2010-11-24", "elder", "child", "terminal"),
    ],
)
def test_whoever_is_16_today_is_grown_up_and_a_child_comes_with_a_guardian(
    born: str, guardian: str, group: str, route: str
) -> None:
    child = replace(identity("lyu"), birth=date.fromisoformat(born))
    acting = identity(guardian) if guardian else None
    known = start(FLOW, child, None, TODAY, region=REGION, guardian=acting)
    derive = FLOW.fields["age_group"].derive
    assert derive is not None
    assert (derive(known), FLOW.route(known)) == (group, route)
    assert ("guardian" in {page.name for page in FLOW.asked(known)}) == bool(guardian)


def test_one_code_leads_to_the_counter() -> None:
    state = begin_and_fold(FLOW, "lyu", {**GIVEN, "values": Given({"code": "C00000000", "day": "20261123"})})
    assert FLOW.route(state.known) is Route.COUNTER


def test_a_case_begun_with_the_earlier_version_is_finished_with_it() -> None:
    earlier = EARLIER[0]
    given = {"person": GIVEN["person"], "values": GIVEN["values"], "choices": Given({"fruit": "apple", "post": "no"})}
    state = begin_and_fold(earlier, "lyu", given)
    made = application(earlier, "lyu", state)
    assert state.page is None
    assert recheck(MATTERS.of(made), made, lookup("lyu"), TODAY, REGION) == ()
