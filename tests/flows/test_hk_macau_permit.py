"""The endorsement matter: what is asked, offered, charged, and where it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import CITIZEN, CLERK, Answer, SourceKind
from flows.fields import Choice, Option
from flows.flow import Known, Route
from flows.fold import Given, State, start
from flows.matters.hk_macau_permit import AT_THE_COUNTER, FLOW, months_later
from flows.recheck import recheck
from tests.flows.people import ENDORSE, PEOPLE, TODAY, application, begin_and_fold, identity, lookup


def walked(key: str = "lyu", **given: Given) -> State:
    return begin_and_fold(FLOW, key, {**ENDORSE, **given})


def options(key: str, page: str, today: date = TODAY, **said: str) -> dict[str, Option]:
    known = start(FLOW, identity(key), lookup(key), today)
    known = replace(known, answers={**known.answers, **{n: Answer(v, CITIZEN) for n, v in said.items()}})
    kind = FLOW.fields[page].kind
    assert isinstance(kind, Choice)
    return {option.key: option for option in kind.options(known)}


def on_offer(offers: dict[str, Option]) -> set[str]:
    return {key for key, option in offers.items() if not option.why_not}


def test_the_main_person_answers_five_questions_and_nothing_is_typed() -> None:
    state = walked()
    assert state.page is None
    said = {name for name, answer in state.known.answers.items() if answer.source.kind is SourceKind.CITIZEN}
    assert said == {"hong_kong", "macau", "public_servant", "soldier", "delivery"}
    assert FLOW.route(state.known) is Route.TERMINAL
    assert recheck(FLOW, application(FLOW, "lyu", state), lookup("lyu"), TODAY) == ()


def test_two_entries_for_hong_kong_and_one_for_macau_cost_45_yuan_and_name_their_table() -> None:
    fee = FLOW.fee(walked().known)
    assert [(line.label, line.yuan) for line in fee.lines] == [("香港 个人旅游 一年两次", 30), ("澳门 个人旅游 一年一次", 15)]
    assert (fee.yuan, fee.table) == (45, "收费标准 2019-07-01")


def test_nothing_chosen_yet_costs_nothing() -> None:
    assert FLOW.fee(start(FLOW, identity("lyu"), lookup("lyu"), TODAY)).lines == ()


def test_only_tourism_is_on_offer_and_the_rest_is_shown_with_the_way_to_the_counter() -> None:
    hong_kong = options("lyu", "hong_kong")
    months_and_times = {"3-1", "3-2", "12-1", "12-2"}
    assert on_offer(hong_kong) == {f"HK-{kind}-{rest}" for kind in "GL" for rest in months_and_times} | {"none"}
    assert {key: hong_kong[key].why_not for key in ("HK-T", "HK-S", "HK-Q", "HK-D", "HK-R")} == dict.fromkeys(
        ("HK-T", "HK-S", "HK-Q", "HK-D", "HK-R"), AT_THE_COUNTER
    )
    assert on_offer(options("lyu", "macau")) == {"MO-G-3-1", "MO-G-12-1", "MO-L-3-1", "MO-L-12-1", "none"}


def test_a_household_outside_the_59_cities_has_group_tourism_only() -> None:
    offers = options("elsewhere", "hong_kong")
    assert on_offer(offers) == {"HK-L-3-1", "HK-L-3-2", "HK-L-12-1", "HK-L-12-2", "none"}
    assert offers["HK-G-3-1"].why_not == AT_THE_COUNTER


def test_an_unknown_address_does_not_stop_the_citizen() -> None:
    known = start(FLOW, identity("lyu"), None, TODAY)
    kind = FLOW.fields["hong_kong"].kind
    assert isinstance(kind, Choice)
    assert "HK-G-12-2" in {option.key for option in kind.options(known) if not option.why_not}


def test_a_resident_of_shenzhen_is_offered_a_year_of_many_visits_and_nobody_else() -> None:
    assert "HK-G-12-M" in on_offer(options("lyu", "hong_kong", address="广东省深圳市罗湖区东门街道1号"))
    assert "HK-G-12-M" not in options("lyu", "hong_kong")
    assert "HK-G-12-M" not in options("lyu", "hong_kong", date(2024, 11, 30), address="广东省深圳市罗湖区东门街道1号")


@pytest.mark.parametrize(
    ("expiry", "year_is_on_offer"), [("2027-11-21", False), ("2027-11-22", True), ("2027-11-23", True), ("2031-03-14", True)]
)
def test_an_endorsement_ends_on_or_before_the_last_day_of_the_card(expiry: str, year_is_on_offer: bool) -> None:
    offers = options("lyu", "hong_kong", permit_expiry=expiry)
    assert offers["HK-G-12-2"].why_not == ("" if year_is_on_offer else "超过通行证有效期")
    assert offers["HK-G-3-2"].why_not == ""


def test_going_nowhere_is_a_worded_mistake_on_the_second_page() -> None:
    state = walked(hong_kong=Given({"hong_kong": "none"}), macau=Given({"macau": "none"}))
    assert state.page is not None
    assert (state.page.name, state.mistakes) == ("macau", {"macau": "香港和澳门请至少选一个"})
    assert walked(hong_kong=Given({"hong_kong": "none"})).page is None
    assert walked(macau=Given({"macau": "none"})).page is None


def test_going_back_and_giving_up_hong_kong_asks_for_macau_again() -> None:
    state = walked(macau=Given({"macau": "none"}))
    assert state.page is None
    again = walked(hong_kong=Given({"hong_kong": "none"}), macau=Given({"macau": "none"}))
    assert again.page is not None
    assert again.page.name == "macau"


@pytest.mark.parametrize("key", ["expiring", "expired", "filed", "child"])
def test_these_specimens_go_to_the_counter(key: str) -> None:
    assert FLOW.route(start(FLOW, identity(key), lookup(key), TODAY)) is Route.COUNTER


@pytest.mark.parametrize("key", sorted(set(PEOPLE) - {"expiring", "expired", "filed", "child"}))
def test_everybody_else_stays_at_the_terminal(key: str) -> None:
    assert FLOW.route(start(FLOW, identity(key), lookup(key), TODAY)) is Route.TERMINAL


@pytest.mark.parametrize(
    ("today", "route"),
    [(date(2030, 9, 14), Route.TERMINAL), (date(2030, 9, 15), Route.COUNTER), (date(2031, 3, 15), Route.COUNTER)],
)
def test_a_permit_with_less_than_six_months_left_goes_to_the_counter(today: date, route: Route) -> None:
    assert FLOW.route(start(FLOW, identity("lyu"), lookup("lyu"), today)) is route


@pytest.mark.parametrize(("today", "route"), [(date(2028, 9, 2), Route.COUNTER), (date(2028, 9, 3), Route.TERMINAL)])
def test_sixteen_is_adult_from_the_birthday_on(today: date, route: Route) -> None:
    known = start(FLOW, identity("child"), lookup("child"), today)
    known = replace(known, answers={**known.answers, "permit_expiry": Answer("2040-01-01", CITIZEN)})
    assert FLOW.route(known) is route


@pytest.mark.parametrize("question", ["public_servant", "soldier"])
def test_saying_yes_to_a_status_question_goes_to_the_counter(question: str) -> None:
    answers = {"public_servant": "no", "soldier": "no", question: "yes"}
    assert FLOW.route(walked(status=Given(answers)).known) is Route.COUNTER


@pytest.mark.parametrize("said", ["counter", "counter ", "blocked", "1"])
def test_any_route_but_the_terminal_is_the_counter(said: str) -> None:
    known = Known({}, {"permit.route": said}, TODAY)
    assert FLOW.route(known) is Route.COUNTER


def test_without_a_record_at_exit_entry_the_permit_becomes_questions() -> None:
    state = begin_and_fold(FLOW, "unknown", {"who": Given({"surname": "lu", "given_names": "Ji Ming"}), "household": Given({})})
    assert state.page is not None
    assert state.page.name == "permit"
    typed = {"permit_number": "cb 2345678", "permit_issued": "20210315", "permit_expiry": "20310314"}
    state = begin_and_fold(
        FLOW, "unknown", {**ENDORSE, "who": Given({"surname": "lu", "given_names": "Ji Ming"}), "permit": Given(typed)}
    )
    assert state.page is None
    assert [state.known[name] for name in ("given_names", "permit_number", "permit_issued")] == [
        "JIMING",
        "CB2345678",
        "2021-03-15",
    ]
    assert recheck(FLOW, application(FLOW, "unknown", state), lookup("unknown"), TODAY) == ()


def test_a_permit_that_the_citizen_says_has_expired_goes_to_the_counter() -> None:
    known = start(FLOW, identity("unknown"), lookup("unknown"), TODAY)
    known = replace(known, answers={**known.answers, "permit_expiry": Answer("2026-12-01", CITIZEN)})
    assert FLOW.route(known) is Route.COUNTER


def test_a_pensioner_leaves_the_work_page_to_the_counter() -> None:
    state = walked("elder", work=Given({}, frozenset({"employer", "occupation"})))
    assert state.page is None
    assert state.known.answers["employer"].source.kind is SourceKind.COUNTER


def test_post_needs_an_address() -> None:
    assert on_offer(options("lyu", "delivery")) == {"PICKUP", "EMS"}
    assert options("lyu", "delivery", address="")["EMS"].why_not == AT_THE_COUNTER


def test_every_department_silent_still_leads_to_a_ticket() -> None:
    silent = lookup("lyu", silent=("household", "social_security", "exit_entry", "market_regulation"))
    left = {
        page: Given(ENDORSE[page].values, frozenset(field.name for field in FLOW_PAGES[page] if field.may_be_left))
        for page in ENDORSE
    }
    state = begin_and_fold(FLOW, "lyu", {**left, "contact": Given({"mobile": "13802845678"})}, silent)
    assert (state.page, dict(state.mistakes)) == (None, {})
    assert recheck(FLOW, application(FLOW, "lyu", state), silent, TODAY) == ()


FLOW_PAGES = {page.name: page.fields for page in FLOW.pages}


def test_every_reason_why_something_is_not_on_offer_is_neutral() -> None:
    words = {o.why_not for key in PEOPLE for page in ("hong_kong", "macau", "delivery") for o in options(key, page).values()}
    assert words <= {"", AT_THE_COUNTER, "超过通行证有效期", "香港和澳门请至少选一个"}


def test_every_option_ever_offered_can_be_read_again() -> None:
    for page in ("hong_kong", "macau"):
        kind = FLOW.fields[page].kind
        for option in options("lyu", page).values():
            assert kind.shown(option.key) == option.label != option.key


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2012, 2, 29), 192, date(2028, 2, 29)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_a_clerk_may_choose_every_kind_that_the_terminal_sends_to_the_counter_and_nothing_that_cannot_be_had() -> None:
    for key, more in (("lyu", set()), ("elsewhere", {f"HK-G-{rest}" for rest in ("3-1", "3-2", "12-1", "12-2")})):
        known = start(FLOW, identity(key), lookup(key), TODAY)
        kind = FLOW.fields["hong_kong"].kind
        assert isinstance(kind, Choice)
        gained = {o.key for o in kind.at_the_counter().options(known) if not o.why_not} - on_offer(options(key, "hong_kong"))
        assert gained == {"HK-T", "HK-S", "HK-Q", "HK-D", "HK-R"} | more
    expiring = options("lyu", "hong_kong", permit_expiry="2027-11-21")["HK-G-12-2"]
    assert (expiring.why_not, expiring.counter) == ("超过通行证有效期", False)


def test_what_the_fee_table_has_no_price_for_is_named_and_not_left_out() -> None:
    known = walked().known
    family = replace(known, answers={**known.answers, "hong_kong": Answer("HK-T", CLERK)})
    fee = FLOW.fee(family)
    assert ([line.label for line in fee.lines], fee.yuan, fee.unpriced) == (["澳门 个人旅游 一年一次"], 15, ("香港 探亲",))
    only = FLOW.fee(replace(family, answers={**family.answers, "macau": Answer("none", CLERK)}))
    assert (only.lines, only.table, only.unpriced) == ((), "", ("香港 探亲",))
