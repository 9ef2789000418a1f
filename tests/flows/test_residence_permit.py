"""The residence permit: who needs one, when it is endorsed, how the years count, what proves the stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import LEFT_TO_COUNTER, Lookup, SourceKind
from flows.calendar import due_day
from flows.fields import Choice, Option
from flows.flow import Known, Route, Term
from flows.fold import Given, State, fold, share
from flows.matters.residence_permit import FLOW
from flows.recheck import Problem
from tests.flows.people import TODAY, identity
from tests.flows.registers import begin, filled, lookup_with, pictured, silent, told

MIGRANT = identity("migrant")
PERMIT = {
    "residence.number": "4406042023001875",
    "residence.address": "广东省佛山市禅城区张槎街道古大路22号903房",
    "residence.city": "佛山",
    "residence.expiry": "20261210",
    "residence.basis": "work",
}
PAID = {"employment.employer": "佛山市禅城区云岫软件有限公司", "employment.months_paid": "75", "contact.mobile": "13715460062"}
ENDORSE = {
    "kind": Given({"kind": "ENDORSE"}),
    "basis": Given({}),
    "who": Given({}),
    "permit": Given({}),
    "endorsing": Given({}),
    "still_there": Given({"still_there": "yes"}),
    "new_home_district": Given({"new_home_district": "440605"}),
    "new_home_town": Given({"new_home_town": "桂城街道"}),
    "new_home_road": Given({"new_home_road": "南海大道北"}),
    "new_home_door": Given({"new_home_number": "20"}),
    "new_home": Given({}),
    "work": Given({}),
    "work_paper": pictured("work_paper", "image/jpeg"),
    "home_paper": pictured("home_paper", "image/jpeg"),
    "study_paper": Given({}, frozenset({"study_paper"})),
    "declaration": pictured("signature"),
}
APPLY = {**ENDORSE, "kind": Given({"kind": "APPLY"}), "arrived": Given({"arrived": "202603"}), "basis": Given({"basis": "work"})}
WITHOUT = ("population", "social_security")


def registers(permit: dict[str, str] | None = None, paid: dict[str, str] | None = None, doubt: str = "") -> Lookup:
    """What is said of the migrant; an empty dictionary stands for a register without a record."""
    residence, work = PERMIT if permit is None else permit, PAID if paid is None else paid
    return lookup_with(told("population", residence), told("social_security", work, doubt), key="migrant", without=WITHOUT)


def walked(given: dict[str, Given], found: Lookup | None = None) -> tuple[State, tuple[Problem, ...]]:
    return filled(FLOW, given, found or registers(), who=MIGRANT)


def options(known: Known, field: str) -> dict[str, Option]:
    kind = FLOW.fields[field].kind
    assert isinstance(kind, Choice)
    return {option.key: option for option in kind.options(known)}


def reasons(found: Lookup | None, today: date = TODAY, key: str = "migrant") -> dict[str, str]:
    known = begin(FLOW, found, who=identity(key), today=today)
    return {name: option.why_not for name, option in options(known, "kind").items()}


def test_an_endorsement_in_its_month_is_tapped_through_and_goes_on_from_the_old_day() -> None:
    state, problems = walked(ENDORSE)
    assert (state.page, problems) == (None, ())
    assert (state.known["counting"], state.known["endorsed_until"]) == ("on_time", "2027-12-10")
    said = {name for name, answer in state.known.answers.items() if answer.source.kind is SourceKind.CITIZEN}
    assert said == {"kind", "still_there", "signature"}
    assert (FLOW.route(state.known), FLOW.fee(state.known).yuan, FLOW.term(state.known)) == (Route.TERMINAL, 0, None)


@pytest.mark.parametrize(("today", "why_not"), [(date(2026, 11, 9), "2026-11-10 起可以签注"), (date(2026, 11, 10), "")])
def test_the_window_opens_a_month_before_the_year_is_full(today: date, why_not: str) -> None:
    assert reasons(registers(), today)["ENDORSE"] == why_not


def test_on_its_last_day_a_permit_is_still_endorsed_in_time_and_the_day_after_the_years_count_again() -> None:
    last = fold(FLOW, begin(FLOW, registers(), who=MIGRANT, today=date(2026, 12, 10)), ENDORSE).known
    after = fold(FLOW, begin(FLOW, registers(), who=MIGRANT, today=date(2026, 12, 11)), ENDORSE).known
    assert (last["counting"], last["endorsed_until"]) == ("on_time", "2027-12-10")
    assert (after["counting"], after["endorsed_until"]) == ("late", "2027-12-11")
    assert options(after, "kind")["ENDORSE"].note == "已过期，功能中止；补办签注后，年限从当天重新计算"


def test_nobody_changes_how_the_years_count() -> None:
    state, problems = walked({**ENDORSE, "endorsing": Given({"counting": "late", "endorsed_until": "20300101"})})
    assert (state.known["counting"], state.known["endorsed_until"], problems) == ("on_time", "2027-12-10", ())


def test_whoever_is_registered_in_this_city_is_told_that_none_is_needed_and_may_ask_at_the_counter() -> None:
    local = "户口在本市，不需要居住证"
    assert reasons(lookup_with(), key="lyu") == {"APPLY": local, "ENDORSE": local, "MOVE": local, "ASK": ""}
    state = fold(FLOW, begin(FLOW, lookup_with()), {"kind": Given({"kind": "ASK"})})
    assert FLOW.route(state.known) is Route.COUNTER


def test_without_a_permit_the_first_one_is_on_offer_and_with_one_it_is_not() -> None:
    assert reasons(registers(permit={})) == {"APPLY": "", "ENDORSE": "没有查到本市的居住证", "MOVE": "没有查到本市的居住证"}
    assert reasons(registers())["APPLY"] == "已有本市居住证"


def test_a_permit_of_another_city_counts_as_none_here() -> None:
    assert reasons(registers(permit={**PERMIT, "residence.city": "广州市"}))["APPLY"] == ""


def test_a_hall_that_does_not_know_its_city_closes_nothing_to_who_has_a_permit() -> None:
    known = begin(FLOW, registers(), who=MIGRANT, region="")
    assert {key: option.why_not for key, option in options(known, "kind").items()} == {
        "APPLY": "已有本市居住证",
        "ENDORSE": "",
        "MOVE": "",
    }


def test_a_silent_register_closes_nothing_and_what_it_would_say_is_left_to_the_clerk() -> None:
    found = lookup_with(silent("population"), told("social_security", PAID), key="migrant", without=WITHOUT)
    assert reasons(found) == {"APPLY": "", "ENDORSE": "", "MOVE": ""}
    left = Given({}, frozenset({"permit_number", "permit_address", "permit_expiry"}))
    state, problems = walked({**ENDORSE, "basis": Given({"basis": "work"}), "permit": left}, found)
    assert (state.page, problems) == (None, ())
    assert state.known.answers["permit_expiry"].source == LEFT_TO_COUNTER
    assert "counting" not in state.known.answers


def test_a_typed_day_that_is_too_early_is_for_the_clerk_to_look_at() -> None:
    found = lookup_with(silent("population"), told("social_security", PAID), key="migrant", without=WITHOUT)
    typed = Given({"permit_expiry": "20270310"}, frozenset({"permit_number", "permit_address"}))
    state, problems = walked({**ENDORSE, "basis": Given({"basis": "work"}), "permit": typed}, found)
    assert (state.known["counting"], problems) == ("early", ())


def test_a_first_permit_takes_fifteen_days_and_has_no_old_permit_to_show() -> None:
    state, problems = walked(APPLY, registers(permit={}))
    assert (state.page, problems) == (None, ())
    assert "permit_number" not in state.known.answers
    term = FLOW.term(state.known)
    assert term == Term(15, "days")
    assert due_day(term, TODAY) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("arrived", "why_not"), [("2026-05-23", ""), ("2026-05-24", "住满半年后，2026-11-24 起可以申领"), ("2025", "")]
)
def test_half_a_year_has_to_be_full_before_a_basis_can_be_chosen(arrived: str, why_not: str) -> None:
    given = {"kind": Given({"kind": "APPLY"}), "arrived": Given({"arrived": arrived})}
    known = fold(FLOW, begin(FLOW, registers(permit={}), who=MIGRANT), given).known
    offered = options(known, "basis")
    assert {offered[key].why_not for key in ("work", "home", "study")} == {why_not}
    assert ("ask" in offered) is bool(why_not)


def test_too_short_a_stay_leads_to_the_counter_in_words_and_not_into_a_dead_end() -> None:
    given = {**APPLY, "arrived": Given({"arrived": "202610"}), "basis": Given({"basis": "ask"})}
    state, _ = walked(given, registers(permit={}))
    assert FLOW.route(state.known) is Route.COUNTER


@pytest.mark.parametrize(("months", "proof"), [("6", "REGISTER"), ("5", "PAPER"), ("", "PAPER"), ("many", "PAPER")])
def test_half_a_year_of_paid_insurance_proves_a_job_and_less_wants_a_paper(months: str, proof: str) -> None:
    state, problems = walked(ENDORSE, registers(paid={**PAID, "employment.months_paid": months}))
    assert (state.known["work_proof"], problems) == (proof, ())
    assert ("work_paper" in state.known.answers) is (proof == "PAPER")


def test_months_that_the_department_itself_doubts_prove_nothing() -> None:
    state, _ = walked(ENDORSE, registers(doubt="unconfirmed"))
    assert state.known["work_proof"] == "PAPER"


@pytest.mark.parametrize(("basis", "proof"), [("home", "home_paper"), ("study", "study_paper")])
def test_a_home_or_a_school_is_proved_by_its_paper_or_at_the_counter(basis: str, proof: str) -> None:
    state, problems = walked({**ENDORSE, "basis": Given({"basis": basis})})
    assert (state.page, problems) == (None, ())
    assert [page.name for page in FLOW.asked(state.known) if page.name.endswith("_paper")] == [proof]
    assert "employer" not in state.known.answers


def test_who_has_moved_gives_the_new_address_with_the_endorsement() -> None:
    state, problems = walked({**ENDORSE, "still_there": Given({"still_there": "no"})})
    assert (state.page, problems) == (None, ())
    assert state.known["new_home"] == "广东省佛山市南海区桂城街道南海大道北20号"
    assert "new_home" not in walked(ENDORSE)[0].known.answers


def test_a_new_address_without_endorsement_asks_for_no_basis() -> None:
    state, problems = walked({**ENDORSE, "kind": Given({"kind": "MOVE"})})
    assert (state.page, problems) == (None, ())
    assert {"basis", "employer", "counting", "still_there"}.isdisjoint(state.known.answers)
    assert state.known["new_home_district"] == "440605"


def test_in_a_city_without_known_districts_the_address_is_left_to_the_counter() -> None:
    known = begin(FLOW, registers(), who=MIGRANT, region="")
    assert list(options(known, "new_home_district")) == ["other"]


def test_a_child_goes_to_the_counter_on_the_day_before_sixteen_and_not_on_the_birthday() -> None:
    child = replace(identity("child"), number="440604201011245179", birth=date(2010, 11, 24))
    assert FLOW.route(begin(FLOW, None, who=child)) is Route.COUNTER
    assert FLOW.route(begin(FLOW, None, who=child, today=date(2026, 11, 24))) is Route.TERMINAL


def test_the_district_is_said_once_for_all_matters_of_a_visit() -> None:
    state, _ = walked({**ENDORSE, "kind": Given({"kind": "MOVE"})})
    assert share(FLOW, state.known.answers)["address.new_home_district"].value == "440605"


def test_the_outcome_goes_to_the_population_register() -> None:
    assert FLOW.told == ("population",)
