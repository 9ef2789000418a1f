"""The Taiwan permit: the card, the letters and their state on a day, how long they last and what they cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import CITIZEN, Answer, Lookup, SourceAnswer, SourceKind
from flows.calendar import due_day
from flows.exit_entry import validity_years
from flows.fields import Choice, Option
from flows.flow import FeeLine, Known, Route
from flows.fold import Given, State, share, start
from flows.matters.passport import FLOW as PASSPORT
from flows.matters.taiwan_permit import FLOW, LETTERS, NOT_NOW, OFFERS
from flows.policy import TABLES
from tests.flows.people import TODAY, identity
from tests.flows.registers import REGION, begin, filled, lookup_with, pictured, silent, told

ASKED = {
    "status": Given({"public_servant": "no", "soldier": "no"}),
    "held": Given({"held": "no"}),
    "taiwan": Given({}),
    "kind": Given({}),
    "endorsement": Given({"endorsement": "T"}),
    "length": Given({"length": "T-6-1"}),
    "who": Given({}, left=frozenset({"birth_place"})),
    "household": Given({}),
    "home": Given({"lives_at": "household"}),
    "contact": Given({"mobile": "13802845678"}),
    "emergency": Given({}, left=frozenset({"emergency_name", "emergency_phone"})),
    "work": Given({}, left=frozenset({"employer", "occupation"})),
    "pinyin": Given({}),
    "pinyin_new": Given({}),
    "guardian": Given({"guardian_phone": "13702840011"}),
    "delivery": Given({"delivery": "PICKUP"}),
    "photo": pictured("photo", "image/jpeg"),
    "declaration": pictured("signature"),
}
ONLY_THE_CARD = {"endorsement": Given({"endorsement": "NONE"})}
COUNTER = "请到人工窗口办理"


def exit_entry(**items: str) -> SourceAnswer:
    return told("exit_entry", {"permit.route": "terminal", **{f"taiwan.{name}": value for name, value in items.items()}})


def holding(expiry: str, *more: SourceAnswer) -> Lookup:
    """The main person with a Taiwan permit that ends then."""
    card = exit_entry(number="L12345678", issued="20180101", expiry=expiry)
    return lookup_with(card, *more, without=("exit_entry",))


def living_at(address: str) -> SourceAnswer:
    return told("household", {"household.address": address})


NEVER_HELD = lookup_with(exit_entry(), without=("exit_entry",))
EXPIRED = holding("20230101")
VALID = holding("20310314")
ENDING = holding("20270401")


def answered(found: Lookup | None, **said: str) -> Known:
    known = begin(FLOW, found)
    return replace(known, answers={**known.answers, **{name: Answer(value, CITIZEN) for name, value in said.items()}})


def options(known: Known, field: str) -> dict[str, Option]:
    kind = FLOW.fields[field].kind
    assert isinstance(kind, Choice)
    return {option.key: option for option in kind.options(known)}


def on_offer(known: Known, field: str) -> set[str]:
    return {key for key, option in options(known, field).items() if not option.why_not}


def why_not(letter: str, found: Lookup = VALID, today: date = TODAY) -> str:
    return options(begin(FLOW, found, today=today), "endorsement")[letter].why_not


def done(found: Lookup | None, **given: Given) -> State:
    """A finished application that the hall agrees with."""
    state, problems = filled(FLOW, {**ASKED, **given}, found)
    assert state.mistakes == {}
    assert (state.page, problems) == (None, ())
    return state


def test_a_first_card_with_a_family_visit_costs_75_yuan_and_is_due_in_seven_working_days() -> None:
    state = done(NEVER_HELD)
    assert state.known["kind"] == "FIRST"
    assert FLOW.fee(state.known).lines == (FeeLine("往来台湾通行证", 60), FeeLine("探亲 六个月一次", 15))
    assert FLOW.route(state.known) is Route.TERMINAL
    term = FLOW.term(state.known)
    assert term is not None
    assert due_day(term, TODAY) == date(2026, 12, 2)
    assert (validity_years(state.known), FLOW.told) == (10, ("exit_entry",))


def test_only_the_card_costs_60_yuan_and_asks_for_no_length() -> None:
    state = done(EXPIRED, **ONLY_THE_CARD)
    assert state.known["kind"] == "REAPPLY"
    assert (FLOW.fee(state.known).yuan, "length" in state.known.answers) == (60, False)


def test_an_endorsement_on_a_valid_card_asks_for_little_and_costs_only_itself() -> None:
    state = done(VALID, kind=Given({"kind": "ENDORSE"}), length=Given({"length": "T-36-M"}))
    assert FLOW.fee(state.known).lines == (FeeLine("探亲 三年多次", 80),)
    assert {"photo", "employer", "emergency_name", "lives_at", "surname"}.isdisjoint(state.known.answers)


def test_an_endorsement_alone_without_any_is_a_worded_mistake() -> None:
    state, _ = filled(FLOW, {**ASKED, **ONLY_THE_CARD, "kind": Given({"kind": "ENDORSE"})}, VALID)
    assert state.mistakes == {"endorsement": "请选一种签注"}


@pytest.mark.parametrize(
    ("found", "offered"),
    [
        (NEVER_HELD, {"FIRST"}),
        (EXPIRED, {"REAPPLY"}),
        (ENDING, {"RENEW", "REISSUE_LOST", "REISSUE_DAMAGED"}),
        (VALID, {"RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "ENDORSE"}),
    ],
    ids=["never held", "expired", "ending", "valid"],
)
def test_what_can_be_asked_for_follows_from_the_last_card(found: Lookup, offered: set[str]) -> None:
    assert on_offer(answered(found), "kind") == offered


def test_today_individual_travel_is_suspended_for_everybody_and_group_travel_for_most() -> None:
    offers = options(answered(VALID), "endorsement")
    assert {key for key, option in offers.items() if not option.why_not} == {"T", "Y", "S", "X", "C", "Q", "NONE"}
    assert (offers["G"].why_not, offers["G"].counter) == (NOT_NOW, False)
    assert offers["L"].why_not == "目前只受理福建省、上海市户籍居民"
    assert (offers["D"].why_not, offers["D"].counter) == (COUNTER, True)


@pytest.mark.parametrize(
    ("letter", "today", "expected"),
    [
        ("G", date(2019, 7, 31), ""),
        ("G", date(2019, 8, 1), NOT_NOW),
        ("G", TODAY, NOT_NOW),
        ("L", date(2020, 1, 31), ""),
        ("L", date(2020, 2, 1), NOT_NOW),
        ("L", date(2025, 1, 16), NOT_NOW),
        ("L", date(2025, 1, 17), "目前只受理福建省、上海市户籍居民"),
        ("T", date(2025, 11, 5), ""),
    ],
)
def test_a_letter_opens_and_closes_by_the_day(letter: str, today: date, expected: str) -> None:
    assert why_not(letter, today=today) == expected


def test_group_travel_is_open_to_households_of_fujian_and_shanghai() -> None:
    assert why_not("L", holding("20310314", living_at("福建省厦门市思明区"))) == ""
    assert why_not("L", holding("20310314", living_at("上海市黄浦区"))) == ""


def test_family_visits_are_nation_wide_since_november_2025_and_the_other_kinds_are_not() -> None:
    elsewhere = holding("20310314", living_at("湖南省衡阳市石鼓区"))
    assert why_not("T", elsewhere, date(2025, 11, 4)) == COUNTER
    assert why_not("T", elsewhere, date(2025, 11, 5)) == ""
    assert {letter: why_not(letter, elsewhere) for letter in "YSXCQ"} == dict.fromkeys("YSXCQ", COUNTER)
    assert options(answered(elsewhere), "endorsement")["Y"].counter


def test_an_unknown_address_does_not_stop_the_citizen() -> None:
    found = lookup_with(exit_entry(), without=("exit_entry", "household"))
    assert {"T", "L", "Y"} <= on_offer(answered(found), "endorsement")


@pytest.mark.parametrize(
    ("letter", "lengths"),
    [
        ("T", {"T-6-1", "T-12-M", "T-24-M", "T-36-M"}),
        ("Y", {"Y-6-1", "Y-6-M", "Y-12-M", "Y-24-M", "Y-36-M"}),
        ("X", {"X-0-M"}),
        ("C", {"C-12-M", "C-24-M", "C-36-M"}),
        ("Q", {"Q-6-1", "Q-12-M"}),
        ("NONE", set()),
    ],
)
def test_each_letter_has_its_lengths(letter: str, lengths: set[str]) -> None:
    assert set(options(answered(VALID, endorsement=letter), "length")) == lengths


def test_the_only_length_is_not_asked_for() -> None:
    study = {"endorsement": Given({"endorsement": "X"}), "length": Given({})}
    state = done(VALID, kind=Given({"kind": "ENDORSE"}), **study)
    assert state.known.answers["length"].source.kind is SourceKind.RULE
    assert FLOW.fee(state.known).lines == (FeeLine("学习 按证明的期限多次", 80),)


@pytest.mark.parametrize(("length", "yuan"), [(key, 15 if offer.entries == "1" else 80) for key, offer in OFFERS.items()])
def test_once_costs_15_and_many_times_80_whatever_the_length(length: str, yuan: int) -> None:
    assert FLOW.fee(answered(VALID, kind="ENDORSE", endorsement=length[0], length=length)).yuan == yuan


def test_what_only_a_clerk_can_choose_is_named_without_a_price() -> None:
    fee = FLOW.fee(answered(VALID, kind="ENDORSE", endorsement="D"))
    assert (fee.yuan, fee.unpriced) == (0, ("定居",))


def test_an_endorsement_ends_before_the_card_but_a_new_card_is_long_enough() -> None:
    short = holding("20280101")
    said = {"kind": "ENDORSE", "endorsement": "T"}
    assert on_offer(answered(short, **said), "length") == {"T-6-1", "T-12-M"}
    assert on_offer(answered(short, **{**said, "kind": "RENEW"}), "length") == {"T-6-1", "T-12-M", "T-24-M", "T-36-M"}


def test_a_letter_whose_every_length_outlives_the_card_is_not_on_offer() -> None:
    eight_months = holding("20270723")
    assert options(answered(eight_months, kind="ENDORSE"), "endorsement")["C"].why_not == "超过通行证有效期，请先换发"
    assert options(answered(eight_months, kind="RENEW"), "endorsement")["C"].why_not == ""


def test_another_letter_after_the_length_asks_for_the_length_again() -> None:
    given = {**ASKED, "kind": Given({"kind": "ENDORSE"}), "endorsement": Given({"endorsement": "Y"})}
    state, _ = filled(FLOW, given, VALID)
    assert state.mistakes == {"length": "请从列出的选项中选择"}


@pytest.mark.parametrize("said", [{"public_servant": "yes"}, {"soldier": "yes"}])
def test_public_servants_and_soldiers_go_to_the_counter(said: dict[str, str]) -> None:
    assert FLOW.route(answered(VALID, **said)) is Route.COUNTER


def test_whom_exit_entry_does_not_leave_to_a_terminal_goes_to_the_counter_without_a_word() -> None:
    assert FLOW.route(answered(lookup_with(told("exit_entry", {"permit.route": "counter"})))) is Route.COUNTER


def test_a_child_with_a_guardian_gets_a_card_of_five_years() -> None:
    child = identity("child")
    found = lookup_with(exit_entry(), key="child", without=("exit_entry",))
    given = {**ASKED, "guardian": Given({"guardian_phone": "13702840011", "guardian_relation": "FATHER"})}
    state, problems = filled(FLOW, given, found, who=child, guardian=identity("parent"))
    assert (state.page, problems) == (None, ())
    assert (validity_years(state.known), state.known["guardian_proof"]) == (5, "PAPER")
    assert FLOW.route(begin(FLOW, found, who=child)) is Route.COUNTER


def test_a_lost_card_is_reissued_with_a_signed_statement() -> None:
    loss = Given({"loss_how": "LOST", "loss_day": "2026", "loss_place": "UNKNOWN"}, left=frozenset({"loss_story"}))
    given = {"kind": Given({"kind": "REISSUE_LOST"}), "loss": loss, "loss_statement": pictured("loss_signature")}
    assert FLOW.fee(done(VALID, **given).known).yuan == 75


def test_a_damaged_card_is_reissued_for_the_price_of_a_card() -> None:
    assert FLOW.fee(done(VALID, kind=Given({"kind": "REISSUE_DAMAGED"}), **ONLY_THE_CARD).known).yuan == 60


def test_a_silent_exit_entry_is_no_dead_end() -> None:
    found = lookup_with(silent("exit_entry"), without=("exit_entry",))
    assert done(found, **ONLY_THE_CARD).known["kind"] == "FIRST"


def test_the_hall_was_away_and_everything_is_still_asked() -> None:
    given = {
        **ASKED,
        **ONLY_THE_CARD,
        "household": Given({}, left=frozenset({"address", "police_station"})),
    }
    state, _ = filled(FLOW, given, None)
    assert state.page is None


def test_a_conflict_about_the_ethnic_group_stops_nobody_here() -> None:
    found = lookup_with(exit_entry(), told("household", {"person.ethnic_group": "08"}), without=("exit_entry",))
    assert done(found).known["ethnic_group"] == "01"


def test_what_was_said_for_the_passport_is_not_asked_again() -> None:
    said = {"public_servant": "no", "soldier": "no", "lives_at": "household", "mobile": "13900000022", "kind": "FIRST"}
    before = share(PASSPORT, {name: Answer(value, CITIZEN) for name, value in said.items()})
    known = start(FLOW, identity("lyu"), NEVER_HELD, TODAY, region=REGION, shared=before)
    assert {name: known[name] for name in said} == {**said, "kind": ""}


def test_every_letter_of_the_policy_has_a_state_today() -> None:
    for letter in set(LETTERS) - {"NONE"}:
        assert [row for row in TABLES[f"Taiwan {letter}"] if row.in_force(TODAY)], letter
