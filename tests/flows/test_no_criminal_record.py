"""The request for a certificate of no criminal record: what is asked, and that nothing is ever told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from flows.application import Lookup, SourceKind
from flows.authoring.explore import explore
from flows.calendar import due_day
from flows.fields import Choice
from flows.flow import Route, no_certificate
from flows.fold import Given, State, fold
from flows.items import ITEMS
from flows.matters.no_criminal_record import FLOW
from flows.recheck import Problem
from tests.flows.people import PEOPLE, TODAY, identity, lookup
from tests.flows.registers import begin, filled, lookup_with, pictured, silent, told

MIGRANT = identity("migrant")
PERMIT = {"residence.number": "4406042023001875", "residence.city": "佛山市"}
REQUEST = {
    "who": Given({}),
    "grounds": Given({}),
    "purpose": Given({"purpose": "JOB", "used_in": "HOME"}),
    "country": Given({"country": "Singapore", "language": "both"}),
    "period": Given({"period": "ALL"}),
    "declaration": pictured("signature"),
}


def walked(given: dict[str, Given], found: Lookup | None = None) -> tuple[State, tuple[Problem, ...]]:
    return filled(FLOW, given, found or lookup("lyu"))


def migrant(permit: dict[str, str] | None = None) -> Lookup:
    return lookup_with(told("population", PERMIT if permit is None else permit), key="migrant", without=("population",))


def why_nots(found: Lookup | None, key: str = "migrant") -> dict[str, str]:
    kind = FLOW.fields["grounds"].kind
    assert isinstance(kind, Choice)
    return {option.key: option.why_not for option in kind.options(begin(FLOW, found, who=identity(key)))}


def test_who_is_registered_here_says_the_purpose_and_the_period_and_signs() -> None:
    state, problems = walked(REQUEST)
    assert (state.page, problems, FLOW.route(state.known)) == (None, (), Route.TERMINAL)
    said = {name for name, answer in state.known.answers.items() if answer.source.kind is SourceKind.CITIZEN}
    assert said == {"purpose", "used_in", "period", "signature"}
    assert state.known["grounds"] == "HOUSEHOLD"


def test_a_residence_permit_of_this_city_is_ground_enough() -> None:
    state, problems = filled(FLOW, REQUEST, migrant(), who=MIGRANT)
    assert (state.page, problems, state.known["grounds"]) == (None, (), "RESIDENCE")


@pytest.mark.parametrize("permit", [{}, {**PERMIT, "residence.city": "广州"}])
def test_without_household_or_permit_here_only_the_counter_is_left(permit: dict[str, str]) -> None:
    found = migrant(permit=permit)
    assert why_nots(found) == {"HOUSEHOLD": "户口不在本市", "RESIDENCE": "没有查到本市的居住证", "ASK": ""}
    state = fold(FLOW, begin(FLOW, found, who=MIGRANT), {"who": Given({}), "grounds": Given({"grounds": "ASK"})})
    assert FLOW.route(state.known) is Route.COUNTER


def test_silent_registers_close_nothing_and_the_citizen_says_the_ground() -> None:
    assert why_nots(None) == {"HOUSEHOLD": "", "RESIDENCE": "", "ASK": ""}
    sources = (silent("household"), silent("population"))
    found = lookup_with(*sources, without=("household", "population"))
    left = Given({}, frozenset({"address"}))
    state, problems = walked({**REQUEST, "who": left, "grounds": Given({"grounds": "HOUSEHOLD"})}, found)
    assert (state.page, problems) == (None, ())


def test_a_use_abroad_asks_for_country_and_language() -> None:
    abroad = Given({"purpose": "STUDY", "used_in": "ABROAD"})
    state, problems = walked({**REQUEST, "purpose": abroad})
    assert (state.page, problems) == (None, ())
    assert (state.known["country"], state.known["language"]) == ("Singapore", "both")
    assert "country" not in walked(REQUEST)[0].known.answers


@pytest.mark.parametrize(
    ("first", "last", "mistakes"),
    [
        ("20200101", "20261123", {}),
        ("20200101", "20200101", {}),
        ("20200102", "20200101", {"day_to": "结束日期早于开始日期"}),
        ("20200101", "20261124", {"day_to": "日期在今天以后，请检查"}),
        ("20200230", "20261123", {"day_from": "没有这一天，请检查日期"}),
    ],
)
def test_a_period_lies_in_the_past_and_the_right_way_round(first: str, last: str, mistakes: dict[str, str]) -> None:
    given = {**REQUEST, "period": Given({"period": "DAYS"}), "days": Given({"day_from": first, "day_to": last})}
    assert fold(FLOW, begin(FLOW, lookup("lyu")), given).mistakes == mistakes


def test_it_is_due_three_working_days_after_acceptance() -> None:
    term = FLOW.term(begin(FLOW, lookup("lyu")))
    assert term is not None
    assert (term.unit, due_day(term, TODAY)) == ("working_days", date(2026, 11, 26))


@pytest.mark.parametrize("key", sorted(PEOPLE))
def test_everybody_is_told_to_fetch_the_result_at_the_window(key: str) -> None:
    known = fold(FLOW, begin(FLOW, lookup(key), who=identity(key)), {"who": Given({}, frozenset({"address"}))}).known
    assert FLOW.fields["result"].kind.shown(known["result"]) == "请到窗口领取结果"


def test_another_way_to_get_the_result_is_refused() -> None:
    state, problems = walked({**REQUEST, "grounds": Given({"result": "POST"})})
    assert (state.known["result"], problems) == ("WINDOW", ())


def test_no_item_asks_what_the_police_know_and_no_text_tells_it() -> None:
    asked = {ITEMS[item].title for item in FLOW.items}
    texts = explore(FLOW, TODAY).texts
    told_of_crime = re.compile("犯罪|违法|前科|案")
    assert [title for title in asked if told_of_crime.search(title)] == []
    assert [text for text in texts if told_of_crime.search(text)] == ["无犯罪记录证明"]


def test_no_paper_is_issued_here_whatever_is_known() -> None:
    assert FLOW.certificate is no_certificate
    assert not FLOW.issues


def test_a_child_goes_to_the_counter() -> None:
    assert FLOW.route(begin(FLOW, lookup("child"), who=identity("child"))) is Route.COUNTER
    adult = replace(identity("child"), number=identity("lyu").number)
    assert FLOW.route(begin(FLOW, lookup("child"), who=adult)) is Route.TERMINAL


def test_the_request_goes_to_the_police() -> None:
    assert FLOW.told == ("population",)
