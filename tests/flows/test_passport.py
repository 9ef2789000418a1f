"""The passport: kinds of application, remarks, what it costs, and whom a terminal does not serve."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import CITIZEN, Answer, Identity, Lookup, SourceAnswer, SourceKind
from flows.calendar import due_day
from flows.exit_entry import validity_years
from flows.fields import Choice, Option
from flows.flow import FeeLine, Known, Route
from flows.fold import Given, State
from flows.matters.passport import FLOW
from flows.recheck import recheck
from tests.flows.people import TODAY, identity, lookup
from tests.flows.registers import REGION, begin, filled, lookup_with, pictured, silent, submitted, told, typed_child

NEITHER = Given({"public_servant": "no", "soldier": "no"})
OLD_ONE = {"passport_number": "", "passport_issued": "", "passport_expiry": ""}
ASKED = {
    "status": NEITHER,
    "held": Given({"held": "no"}),
    "passport": Given({}),
    "kind": Given({}),
    "remark": Given({"remark": "NONE"}),
    "trip": Given({"destination": "JPN", "purpose": "TRAVEL"}),
    "who": Given({}, left=frozenset({"birth_place"})),
    "former": Given({}),
    "household": Given({}),
    "home": Given({"lives_at": "household"}),
    "contact": Given({"mobile": "13802845678"}),
    "emergency": Given({"emergency_phone": "13900000011"}, left=frozenset({"emergency_name"})),
    "work": Given({}, left=frozenset({"employer", "occupation"})),
    "pinyin": Given({}),
    "pinyin_new": Given({}),
    "guardian": Given({"guardian_phone": "13702840011"}),
    "delivery": Given({"delivery": "PICKUP"}),
    "photo": pictured("photo", "image/jpeg"),
    "declaration": pictured("signature"),
}


def exit_entry(**items: str) -> SourceAnswer:
    """What exit-entry says when asked for a passport."""
    return told("exit_entry", {"permit.route": "terminal", **{k.replace("__", "."): v for k, v in items.items()}})


def holding(expiry: str, **items: str) -> Lookup:
    """The main person with a passport that ends then."""
    passport = {"passport__number": "E62345678", "passport__issued": "20151009", "passport__expiry": expiry}
    return lookup_with(exit_entry(**passport, **items), without=("exit_entry",))


NEVER_HELD = lookup_with(exit_entry(), without=("exit_entry",))
EXPIRED = holding("20251008", permit__surname="LYU", permit__given_names="XIAOLAN")
VALID = holding("20310314")
ENDING = holding("20270401")


def options(found: Lookup | None, field: str = "kind", **said: str) -> dict[str, str]:
    known = answered(found, **said)
    kind = FLOW.fields[field].kind
    assert isinstance(kind, Choice)
    return {option.key: option.why_not for option in kind.options(known)}


def option(found: Lookup, field: str, key: str) -> Option:
    kind = FLOW.fields[field].kind
    assert isinstance(kind, Choice)
    return next(each for each in kind.options(answered(found)) if each.key == key)


def answered(found: Lookup | None, **said: str) -> Known:
    known = begin(FLOW, found)
    return replace(known, answers={**known.answers, **{name: Answer(value, CITIZEN) for name, value in said.items()}})


def on_offer(offers: dict[str, str]) -> set[str]:
    return {key for key, why_not in offers.items() if not why_not}


def done(found: Lookup | None, **given: Given) -> State:
    """A finished application that the hall agrees with."""
    state, problems = filled(FLOW, {**ASKED, **given}, found)
    assert state.mistakes == {}
    assert (state.page, problems) == (None, ())
    return state


def test_a_first_passport_costs_120_yuan_and_is_due_in_seven_working_days() -> None:
    state = done(NEVER_HELD)
    assert (state.known["kind"], state.known.answers["kind"].source.kind) == ("FIRST", SourceKind.RULE)
    assert FLOW.fee(state.known).lines == (FeeLine("普通护照", 120),)
    assert FLOW.route(state.known) is Route.TERMINAL
    term = FLOW.term(state.known)
    assert term is not None
    assert due_day(term, TODAY) == date(2026, 12, 2)
    assert validity_years(state.known) == 10
    assert FLOW.told == ("exit_entry",)


def test_an_expired_passport_is_applied_for_again_and_its_pinyin_stays() -> None:
    state = done(EXPIRED)
    assert state.known["kind"] == "REAPPLY"
    assert (state.known["passport_number"], state.known["passport_expiry"]) == ("E62345678", "2025-10-08")
    assert (state.known["surname"], state.known["given_names"]) == ("LYU", "XIAOLAN")
    assert "new_surname" not in state.known.answers


def test_without_an_earlier_document_a_rule_proposes_the_pinyin_and_the_citizen_may_change_it() -> None:
    state = done(NEVER_HELD)
    assert (state.known["new_surname"], state.known["new_given_names"]) == ("LYU", "XIAOLAN")
    changed = done(NEVER_HELD, pinyin_new=Given({"new_surname": "LU"}))
    assert changed.known.answers["new_surname"] == Answer("LU", CITIZEN)


@pytest.mark.parametrize(
    ("found", "offered"),
    [
        (NEVER_HELD, {"FIRST"}),
        (EXPIRED, {"REAPPLY"}),
        (VALID, {"RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "REMARK"}),
        (ENDING, {"RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "REMARK"}),
    ],
    ids=["never held", "expired", "valid", "ending"],
)
def test_what_can_be_asked_for_follows_from_the_last_passport(found: Lookup, offered: set[str]) -> None:
    offers = options(found)
    assert on_offer(offers) == offered
    assert all(offers[kind] for kind in offers if kind not in offered)


def test_with_a_valid_passport_the_first_one_is_not_on_offer() -> None:
    assert options(VALID)["FIRST"] == "以前办过这种证件"


def test_an_ending_passport_is_renewed_because_it_ends() -> None:
    state = done(ENDING, kind=Given({"kind": "RENEW"}), renewal=Given({}))
    assert state.known["renewal_reason"] == "EXPIRING"


@pytest.mark.parametrize("reason", ["PAGES", "SHORT", "CHANGED", "FACE", "OTHER"])
def test_a_passport_with_years_left_is_renewed_for_another_reason(reason: str) -> None:
    state = done(VALID, kind=Given({"kind": "RENEW"}), renewal=Given({"renewal_reason": reason}))
    assert state.known["renewal_reason"] == reason
    assert FLOW.fee(state.known).yuan == 120


def test_a_passport_is_too_short_for_a_country_and_not_for_an_endorsement() -> None:
    assert option(VALID, "renewal_reason", "SHORT").label == "前往国要求的有效期更长"
    assert FLOW.fields["renewal_reason"].kind.shown("SHORT") == "前往国要求的有效期更长"
    assert options(VALID, "renewal_reason")["EXPIRING"] == "有效期还有 6 个月以上"


def test_a_lost_passport_is_reissued_with_a_signed_statement_for_120_yuan() -> None:
    loss = Given(
        {"loss_how": "STOLEN", "loss_day": "202611", "loss_place": "ABROAD"},
        left=frozenset({"loss_story"}),
    )
    state = done(VALID, kind=Given({"kind": "REISSUE_LOST"}), loss=loss, loss_statement=pictured("loss_signature"))
    assert FLOW.fee(state.known).yuan == 120
    assert state.known["loss_day"] == "2026-11"
    assert state.known["loss_signature"] in state.known.attached


def test_a_lost_passport_without_a_statement_is_not_finished() -> None:
    state, problems = filled(FLOW, {**ASKED, "kind": Given({"kind": "REISSUE_LOST"})}, VALID)
    assert state.page is not None
    assert state.page.name == "loss"
    assert problems


def test_a_damaged_passport_needs_no_statement() -> None:
    state = done(VALID, kind=Given({"kind": "REISSUE_DAMAGED"}))
    assert "loss_how" not in state.known.answers


@pytest.mark.parametrize(("remark", "yuan"), [("NONE", 120), ("PINYIN", 140), ("FORMER_NAME", 140), ("BOTH", 160)])
def test_every_remark_in_a_new_passport_costs_20_yuan(remark: str, yuan: int) -> None:
    found = lookup_with(exit_entry(), told("household", {"person.former_name": "吕小兰"}), without=("exit_entry",))
    state = done(found, remark=Given({"remark": remark}), old_pinyin=Given({"old_pinyin": "LVXIAOLAN"}))
    assert FLOW.fee(state.known).yuan == yuan
    assert ("old_pinyin" in state.known.answers) is (remark in ("PINYIN", "BOTH"))


def test_a_remark_alone_makes_no_new_passport_and_asks_neither_photo_nor_trip() -> None:
    remark = {"kind": Given({"kind": "REMARK"}), "remark": Given({"remark": "PINYIN"})}
    state = done(VALID, **remark, old_pinyin=Given({"old_pinyin": "LVXIAOLAN"}))
    assert FLOW.fee(state.known).lines == (FeeLine("加注以前证件的拼音", 20),)
    unneeded = {"photo", "destination", "purpose", "emergency_name", "employer", "lives_at", "surname"}
    assert unneeded.isdisjoint(state.known.answers)


def test_a_remark_alone_without_any_remark_is_a_worded_mistake() -> None:
    state, _ = filled(FLOW, {**ASKED, "kind": Given({"kind": "REMARK"})}, VALID)
    assert state.mistakes == {"remark": "请选一种加注"}


def test_a_former_name_is_remarked_only_when_the_household_has_one_or_is_silent() -> None:
    assert options(NEVER_HELD, "remark")["FORMER_NAME"] == "户籍没有登记曾用名"
    assert option(NEVER_HELD, "remark", "BOTH").counter
    known = lookup_with(told("household", {"person.former_name": "吕小兰"}))
    assert options(known, "remark")["FORMER_NAME"] == ""
    assert options(lookup_with(without=("household",)), "remark")["FORMER_NAME"] == ""


def test_a_former_name_is_shown_to_those_who_have_one_only() -> None:
    known = lookup_with(exit_entry(), told("household", {"person.former_name": "吕小兰"}), without=("exit_entry",))
    assert done(known).known["former_name"] == "吕小兰"
    assert "former_name" not in done(NEVER_HELD).known.answers


@pytest.mark.parametrize("status", [{"public_servant": "yes", "soldier": "no"}, {"public_servant": "no", "soldier": "yes"}])
def test_public_servants_and_soldiers_go_to_the_counter(status: dict[str, str]) -> None:
    assert FLOW.route(answered(VALID, **status)) is Route.COUNTER


def test_whom_exit_entry_does_not_leave_to_a_terminal_goes_to_the_counter_without_a_word() -> None:
    assert FLOW.route(answered(lookup_with(told("exit_entry", {"permit.route": "counter"})))) is Route.COUNTER


def test_a_child_needs_a_guardian_and_gets_five_years() -> None:
    child, parent = identity("child"), identity("parent")
    found = lookup_with(
        exit_entry(),
        told("household", {"household.number": "1", "household.relation": "20"}),
        told("guardian", {"guardian.household_number": "1", "guardian.household_relation": "01"}),
        key="child",
        without=("exit_entry",),
    )
    assert FLOW.route(begin(FLOW, found, who=child)) is Route.COUNTER
    state, problems = filled(FLOW, ASKED, found, who=child, guardian=parent)
    assert (state.page, problems) == (None, ())
    assert FLOW.route(state.known) is Route.TERMINAL
    assert state.known["guardian_proof"] == "REGISTER"
    assert validity_years(state.known) == 5


def test_a_child_without_a_card_is_filled_in_from_the_household() -> None:
    baby: Identity = typed_child("440604201903054028", date(2019, 3, 5), "2")
    household = told(
        "household",
        {"person.name": "陈一诺", "person.ethnic_group": "01", "household.address": "广东省佛山市禅城区祖庙街道莲花路36号802房"},
    )
    found = lookup_with(exit_entry(), household, without=("exit_entry", "household", "social_security"))
    given = {
        **ASKED,
        "household": Given({}, left=frozenset({"police_station"})),
        "guardian": Given({"guardian_phone": "13802845678", "guardian_relation": "MOTHER"}),
    }
    state, problems = filled(FLOW, given, found, who=baby, guardian=identity("lyu"))
    assert (state.page, problems) == (None, ())
    assert (state.known["name"], state.known["guardian_proof"]) == ("陈一诺", "PAPER")


@pytest.mark.parametrize(("held", "offered"), [("no", {"FIRST"}), ("yes", set(options(None)) - {"FIRST"})])
def test_when_exit_entry_is_silent_the_citizen_says_whether_there_was_a_passport(held: str, offered: set[str]) -> None:
    found = lookup_with(silent("exit_entry"), without=("exit_entry",))
    assert on_offer(options(found, held=held)) == offered


def test_a_silent_exit_entry_is_no_dead_end() -> None:
    found = lookup_with(silent("exit_entry"), without=("exit_entry",))
    given = {
        "held": Given({"held": "yes"}),
        "passport": Given({}, left=frozenset(OLD_ONE)),
        "kind": Given({"kind": "REAPPLY"}),
    }
    assert done(found, **given).known["kind"] == "REAPPLY"


def test_another_ethnic_group_in_the_register_stops_nobody_here() -> None:
    found = lookup_with(exit_entry(), told("household", {"person.ethnic_group": "08"}), without=("exit_entry",))
    state = done(found)
    assert state.known["ethnic_group"] == "01"


def test_a_kind_that_does_not_fit_the_records_is_refused_by_the_hall_too() -> None:
    honest = done(VALID, kind=Given({"kind": "REISSUE_DAMAGED"}))
    forged = replace(honest, known=replace(honest.known, answers={**honest.known.answers, "kind": Answer("FIRST", CITIZEN)}))
    problems = recheck(FLOW, submitted(FLOW, forged), VALID, TODAY, REGION)
    assert [(problem.field, problem.code, problem.words) for problem in problems] == [("kind", "mistaken", "以前办过这种证件")]


def test_the_household_decides_the_term_and_without_one_there_is_none() -> None:
    elsewhere = lookup_with(told("household", {"household.address": "湖南省衡阳市石鼓区青山街道"}))
    term = FLOW.term(begin(FLOW, elsewhere))
    assert term is not None
    assert (term.number, term.unit) == (20, "days")
    assert FLOW.term(begin(FLOW, lookup("lyu"), region="")) is None
