"""The resident card: which kinds, who goes to the counter, what it costs, how long it is valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import CITIZEN, Answer, Identity, Lookup, SourceKind
from flows.calendar import due_day
from flows.fields import Choice, Option
from flows.flow import FeeLine, Known, Route
from flows.fold import Given, fold
from flows.matters.resident_card import FLOW, has_rare_characters, years_valid
from tests.flows.people import TODAY, identity, lookup
from tests.flows.registers import begin, filled, lookup_with, pictured, silent, told, typed_child

RENEW = {
    "kind": Given({"kind": "EXPIRED"}),
    "who": Given({}),
    "contact": Given({}),
    "delivery": Given({"delivery": "PICKUP"}),
    "photo": pictured("photo"),
    "declaration": pictured("signature"),
}
ENDING = told(
    "population",
    {
        "resident_card.issued": "20161220",
        "resident_card.expiry": "20261220",
        "resident_card.state": "valid",
        "resident_card.fingerprints": "yes",
    },
)
CHILD, PARENT = identity("child"), identity("parent")


def card(**items: str) -> Lookup:
    return lookup_with(told("population", {f"resident_card.{name}": value for name, value in items.items()}))


def options(known: Known) -> dict[str, Option]:
    kind = FLOW.fields["kind"].kind
    assert isinstance(kind, Choice)
    return {option.key: option for option in kind.options(known)}


def route(found: Lookup | None, who: Identity | None = None, guardian: Identity | None = None) -> Route:
    return FLOW.route(begin(FLOW, found, who=who, guardian=guardian))


def kind_said(kind: str) -> Known:
    known = begin(FLOW, lookup("lyu"))
    return replace(known, answers={**known.answers, "kind": Answer(kind, CITIZEN)})


def test_a_card_that_ends_next_month_is_renewed_for_20_yuan_within_60_days() -> None:
    state, problems = filled(FLOW, RENEW, lookup_with(ENDING))
    assert (state.page, problems) == (None, ())
    assert FLOW.route(state.known) is Route.TERMINAL
    assert FLOW.fee(state.known).lines == (FeeLine("有效期满换领", 20),)
    assert FLOW.fee(state.known).table == "收费标准 2019-07-01"
    limit = FLOW.term(state.known)
    assert limit is not None
    assert due_day(limit, TODAY) == date(2027, 1, 22)
    assert FLOW.told == ("population",)


def test_the_address_comes_from_the_household_and_not_from_the_chip() -> None:
    state, _ = filled(FLOW, RENEW, lookup_with(ENDING))
    address = state.known.answers["address"]
    assert address.value == "广东省佛山市禅城区祖庙街道莲花路36号802房"
    assert (address.source.kind, address.source.name) == (SourceKind.DEPARTMENT, "household")
    assert identity("lyu").address not in {answer.value for answer in state.known.answers.values()}


@pytest.mark.parametrize(("kind", "yuan"), [("EXPIRED", 20), ("DAMAGED", 40), ("LOST", 40), ("FIRST", 0)])
def test_a_damaged_card_costs_as_much_as_a_lost_one(kind: str, yuan: int) -> None:
    assert FLOW.fee(kind_said(kind)).yuan == yuan


def test_no_kind_costs_nothing_yet() -> None:
    assert FLOW.fee(begin(FLOW, lookup("lyu"))).lines == ()


@pytest.mark.parametrize(
    ("expiry", "why_not"),
    [
        ("20251008", ""),
        ("20261123", ""),
        ("20270223", ""),
        ("20270224", "身份证还有效，2026-11-24 起可以换领"),
        ("20380312", "身份证还有效，2037-12-12 起可以换领"),
        ("长期", "身份证长期有效，不用换领"),
    ],
)
def test_renewal_is_offered_three_months_before_the_end_and_after_it(expiry: str, why_not: str) -> None:
    known = begin(FLOW, card(expiry=expiry))
    assert options(known)["EXPIRED"].why_not == why_not
    assert options(known)["DAMAGED"].why_not == ""


def test_a_card_reported_lost_still_reads_but_is_only_reissued() -> None:
    found = card(expiry="20261220", state="lost")
    assert {key for key, option in options(begin(FLOW, found)).items() if not option.why_not} == {"LOST"}
    state, _ = filled(FLOW, RENEW, found)
    assert state.mistakes == {"kind": "身份证已挂失，请选丢失补领"}


def test_the_first_card_is_a_clerks_to_choose() -> None:
    first = options(begin(FLOW, lookup_with(ENDING)))["FIRST"]
    assert (first.why_not, first.counter) == ("请到人工窗口办理", True)


@pytest.mark.parametrize(
    ("today", "years", "note"),
    [
        (date(2008, 2, 28), 5, "新证有效期 5 年"),
        (date(2008, 2, 29), 10, "新证有效期 10 年"),
        (date(2018, 2, 28), 20, "新证有效期 20 年"),
        (date(2018, 2, 27), 10, "新证有效期 10 年"),
        (date(2038, 2, 27), 20, "新证有效期 20 年"),
        (date(2038, 2, 28), 0, "新证长期有效"),
    ],
)
def test_validity_goes_by_the_age_when_the_card_is_made(today: date, years: int, note: str) -> None:
    known = begin(FLOW, lookup("lyu"), today=today)
    assert (years_valid(known), options(known)["LOST"].note) == (years, note)


@pytest.mark.parametrize(
    "found",
    [
        card(expiry="20261220", fingerprints="no"),
        lookup_with(
            told("household", {"household.address": "广东省佛山市禅城区祖庙街道", "household.station_code": "430407000000"})
        ),
        lookup_with(
            told("household", {"household.address": "广东省佛山市禅城区祖庙街道"}, doubt="move_pending"), without=("household",)
        ),
        lookup_with(told("household", {"person.name": "吕小岚"})),
        lookup_with(told("household", {"person.ethnic_group": "08"})),
        lookup_with(told("household", {"person.sex": "1"})),
        lookup_with(told("household", {"person.birth": "19920228"})),
    ],
    ids=["fingerprints", "province", "doubt", "name", "ethnic group", "sex", "birth"],
)
def test_what_a_terminal_may_not_decide_goes_to_the_counter(found: Lookup) -> None:
    assert route(found) is Route.COUNTER


def test_another_province_is_seen_from_the_address_when_the_register_has_no_code() -> None:
    hunan = lookup_with(told("household", {"household.address": "湖南省衡阳市石鼓区青山街道"}), without=("household",))
    near = lookup_with(told("household", {"household.address": "佛山市禅城区祖庙街道"}), without=("household",))
    beijing = lookup_with(told("household", {"household.address": "北京市东城区"}), without=("household",))
    assert [route(found) for found in (hunan, near, beijing)] == [Route.COUNTER, Route.TERMINAL, Route.COUNTER]


def test_a_hall_that_does_not_say_where_it_is_sends_nobody_away_for_their_province() -> None:
    hunan = lookup_with(told("household", {"household.station_code": "430407000000"}))
    assert FLOW.route(begin(FLOW, hunan, region="")) is Route.TERMINAL


def test_the_same_name_in_another_writing_is_no_conflict() -> None:
    traditional = lookup_with(told("household", {"person.name": "何錦鳳"}))
    assert route(traditional, replace(identity("lyu"), name="何锦凤")) is Route.TERMINAL


@pytest.mark.parametrize(
    ("name", "rare"),
    [
        ("吕晓岚", False),
        ("阿依古丽·买买提", False),
        ("阿依古丽•买买提", False),
        ("梁𠮷彤", True),
        ("㐂", True),
        ("李\ue000", True),
        ("龦", True),
        ("", False),
    ],
)
def test_names_that_the_card_machine_may_not_have(name: str, rare: bool) -> None:
    assert has_rare_characters(name) is rare


def test_a_rare_character_in_the_name_goes_to_the_counter() -> None:
    assert route(lookup("rare"), identity("rare")) is Route.COUNTER


def test_a_name_that_the_chip_cut_goes_to_the_counter() -> None:
    assert route(lookup("uyghur"), identity("uyghur")) is Route.COUNTER


def test_a_child_without_a_guardian_goes_to_the_counter() -> None:
    assert route(lookup_with(ENDING, key="child"), CHILD) is Route.COUNTER


FAMILY = told("household", {"household.number": "1", "household.relation": "20"})
PARENTS = told("guardian", {"guardian.household_number": "1", "guardian.household_relation": "01"})


def test_a_child_with_a_guardian_renews_a_card_of_five_years() -> None:
    found = lookup_with(ENDING, FAMILY, PARENTS, key="child")
    given = {**RENEW, "guardian": Given({"guardian_phone": "13929910137"})}
    state, problems = filled(FLOW, given, found, who=CHILD, guardian=PARENT)
    assert (state.page, problems) == (None, ())
    assert FLOW.route(state.known) is Route.TERMINAL
    shown = (state.known["guardian_name"], state.known["guardian_relation"], state.known["guardian_proof"])
    assert shown == ("麦承宇", "FATHER", "REGISTER")
    assert years_valid(state.known) == 5


def test_a_guardian_whom_the_register_does_not_show_brings_the_paper() -> None:
    given = {**RENEW, "guardian": Given({"guardian_phone": "13929910137", "guardian_relation": "OTHER"})}
    found = lookup_with(ENDING, key="child")
    state, problems = filled(FLOW, given, found, who=CHILD, guardian=identity("lyu"))
    assert (state.page, problems) == (None, ())
    assert state.known["guardian_proof"] == "PAPER"


def test_a_childs_first_card_is_for_the_counter_even_with_a_guardian() -> None:
    baby = typed_child("440604201903054028", date(2019, 3, 5), "2")
    household = told("household", {"person.name": "陈一诺", "household.address": "广东省佛山市禅城区祖庙街道"})
    assert route(lookup_with(household), baby, identity("lyu")) is Route.COUNTER


def test_an_adult_is_not_asked_for_a_guardian() -> None:
    state, _ = filled(FLOW, RENEW, lookup_with(ENDING))
    assert "guardian_name" not in state.known.answers


def test_silent_registers_stop_nobody_and_the_address_is_left_to_the_counter() -> None:
    found = lookup_with(silent("population"), silent("household"), without=("household",))
    given = {**RENEW, "who": Given({}, left=frozenset({"address", "police_station"}))}
    state, problems = filled(FLOW, given, found)
    assert (state.page, problems) == (None, ())
    assert state.known.answers["address"].source.kind is SourceKind.COUNTER
    assert FLOW.route(state.known) is Route.TERMINAL


def test_the_hall_was_away_and_everything_is_still_asked() -> None:
    given = {
        **RENEW,
        "who": Given({}, left=frozenset({"address", "police_station"})),
        "contact": Given({"mobile": "13802845678"}),
    }
    state = fold(FLOW, begin(FLOW, None), given)
    assert state.page is None


def test_the_home_is_asked_only_for_the_post() -> None:
    posted = {**RENEW, "delivery": Given({"delivery": "EMS"})}
    state, _ = filled(FLOW, posted, lookup_with(ENDING))
    assert state.page is not None
    assert state.page.name == "home"
    elsewhere = {
        **posted,
        "home": Given({"lives_at": "elsewhere"}),
        "elsewhere": Given({}, left=frozenset({"live_address"})),
    }
    state, problems = filled(FLOW, elsewhere, lookup_with(ENDING))
    assert (state.page, problems) == (None, ())
    state, problems = filled(FLOW, {**posted, "home": Given({"lives_at": "household"})}, lookup_with(ENDING))
    assert (state.page, problems) == (None, ())


def test_photo_and_signature_may_be_left_to_the_counter() -> None:
    left = {"photo": Given({}, left=frozenset({"photo"})), "declaration": Given({}, left=frozenset({"signature"}))}
    state, problems = filled(FLOW, {**RENEW, **left}, lookup_with(ENDING))
    assert (state.page, problems) == (None, ())
