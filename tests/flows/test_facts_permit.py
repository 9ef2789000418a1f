"""Facts most likely to be got wrong, one test each: those of the permit and its endorsements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.application import CITIZEN, POSSIBLE, TRANSITIONS, Action, Answer, Lookup, Outcome, Record, SourceAnswer, Status
from flows.calendar import due_day, is_working_day
from flows.compare import DifferenceKind, compare
from flows.endorsement_choice import PERMIT, lines
from flows.endorsements import offers_on
from flows.exit_entry import card_line, route, term, validity_years
from flows.fees import fees_on
from flows.flow import Route, Term
from flows.fold import Given, start
from flows.guardian import GUARDIAN
from flows.items import ITEMS
from flows.matters.hk_macau_permit import FLOW
from flows.pictures import Signature
from tests.flows.people import ENDORSE, NOW, REGION, TODAY, application, begin_and_fold, identity, lookup
from tests.flows.permits import FOSHAN, GUILIN, HENGQIN, SHENZHEN, ZHUHAI, known, lengths, offered, options


def test_fact_01_a_submission_is_not_an_acceptance_and_the_term_runs_from_acceptance() -> None:
    assert Action.CONFIRM not in POSSIBLE[Status.SUBMITTED]
    before = {at for (at, _), to in TRANSITIONS.items() if to is Status.ACCEPTED and at is not to}
    assert before == {Status.CALLED, Status.TO_APPROVE}
    seven = Term(7, "working_days")
    assert due_day(seven, date(2026, 11, 23)) == date(2026, 12, 2)
    assert due_day(seven, date(2026, 11, 25)) == date(2026, 12, 4)


def test_fact_02_card_and_endorsement_are_two_products_with_two_fees_and_two_conditions() -> None:
    both = known(kind="RENEW", hong_kong="HK-G-12-2", macau="none")
    assert [line.yuan for line in (*card_line(PERMIT, both), *lines(both)[0])] == [60, 30]
    alone = known(kind="ENDORSE", hong_kong="HK-G-12-2", macau="none")
    assert (card_line(PERMIT, alone), [line.yuan for line in lines(alone)[0]]) == ((), [30])
    only_card = known(kind="RENEW", hong_kong="none", macau="none")
    assert (len(card_line(PERMIT, only_card)), lines(only_card)) == (1, ((), ()))
    outside = known(kind="RENEW", address=GUILIN)
    assert route(outside) is Route.TERMINAL
    assert "HK-G-12-2" not in offered(options("HK", outside))


@pytest.mark.parametrize(("today", "years"), [(date(2028, 9, 2), 5), (date(2028, 9, 3), 10)])
def test_fact_03_validity_depends_on_the_age_at_application(today: date, years: int) -> None:
    assert validity_years(known(today, birth="2012-09-03")) == years


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("C23456781", True),
        ("CB2345678", True),
        ("CI2345678", False),
        ("CO2345678", False),
        ("C2345678", False),
        ("W12345678", False),
        ("CBB345678", False),
    ],
)
def test_fact_11_the_number_has_a_letter_but_never_i_or_o_and_the_old_one_is_only_a_row(number: str, good: bool) -> None:
    assert (ITEMS["permit.number"].kind.mistake(number, known()) == "") is good
    assert FLOW.fields["permit_number"].row == "31"


def test_fact_12_macau_has_fewer_lengths_than_hong_kong() -> None:
    for kind in "GL":
        hong_kong = {(o.months, o.entries) for o in offers_on(TODAY, "HK", kind) if not o.condition.cities}
        macau = {(o.months, o.entries) for o in offers_on(TODAY, "MO", kind) if not o.condition.cities}
        assert hong_kong - macau == {(3, "2"), (12, "2")}
        assert macau == {(3, "1"), (12, "1")}


def test_fact_13_ninety_days_of_many_family_visits_run_from_the_first_entry() -> None:
    about = known(hong_kong="HK-T", hong_kong_relation="SPOUSE_WITH_MINOR")
    found = lengths("HK", about)
    assert found["HK-T-3-M"].note == "从第一次入境起 90 天内可多次往返"
    assert found["HK-T-12-M"].note == "每次最多停留 90 天"


@pytest.mark.parametrize(("today", "days"), [(date(2024, 5, 5), 7), (date(2024, 5, 6), 14), (TODAY, 14)])
def test_fact_14_business_stays_are_fourteen_days_since_may_2024(today: date, days: int) -> None:
    about = known(today, hong_kong="HK-S", hong_kong_staff="FILED")
    assert {option.note for option in lengths("HK", about).values()} == {f"每次最多停留 {days} 天"}


def test_fact_15_all_but_individual_tourism_and_talent_is_nation_wide() -> None:
    far = offered(options("HK", known(address=GUILIN)))
    assert {"HK-L-3-1", "HK-T", "HK-D", "HK-Q", "HK-S"} <= far
    assert not [key for key in far if key.startswith("HK-G")]
    by_permit = known(address=GUILIN, residence__city="佛山")
    assert "HK-G-3-1" in offered(options("HK", by_permit))


def test_fact_16_once_a_week_means_calendar_weeks_and_shenzhen_has_ended_it() -> None:
    weekly = options("MO", known(address=ZHUHAI, region="440402"))["MO-G-12-W1"]
    assert (weekly.label, weekly.note) == ("个人旅游 一年每周一次", "周一到周日算一周，每次最多停留 7 天")
    assert "HK-G-12-W1" in options("HK", known(date(2024, 11, 30), address=SHENZHEN, region="440304"))
    assert "HK-G-12-W1" not in options("HK", known(date(2024, 12, 1), address=SHENZHEN, region="440304"))
    assert "MO-G-12-M" in options("MO", known(address=HENGQIN, region="440402"))


@pytest.mark.parametrize(("months", "yuan"), [(12, 80), (13, 120), (24, 120), (25, 160), (35, 160), (36, 240), (60, 240)])
def test_fact_17_exactly_three_years_cost_240_and_exactly_two_120(months: int, yuan: int) -> None:
    assert fees_on(TODAY).yuan("M", months) == yuan


def test_fact_18_saying_no_public_servant_decides_nothing_the_list_does() -> None:
    said_no = {"public_servant": Answer("no", CITIZEN), "soldier": Answer("no", CITIZEN)}
    listed = start(FLOW, identity("filed"), lookup("filed"), TODAY, region=REGION)
    assert FLOW.route(replace(listed, answers={**listed.answers, **said_no})) is Route.COUNTER
    unlisted = start(FLOW, identity("lyu"), lookup("lyu"), TODAY, region=REGION)
    said_yes = {**said_no, "public_servant": Answer("yes", CITIZEN)}
    assert FLOW.route(replace(unlisted, answers={**unlisted.answers, **said_yes})) is Route.COUNTER


def test_fact_20_a_child_comes_with_a_guardian_who_decides_on_fingerprints_and_gets_five_years() -> None:
    alone = start(FLOW, identity("baby"), lookup("baby"), TODAY, region=REGION)
    assert FLOW.route(alone) is Route.COUNTER
    together = replace(alone, guardian=identity("lyu"))
    assert FLOW.route(together) is Route.TERMINAL
    assert GUARDIAN in FLOW.asked(together)
    assert "指纹，由监护人在窗口决定" in GUARDIAN.lead
    assert validity_years(together) == 5
    assert identity("baby").document == "typed"


def test_fact_22_the_self_service_gates_are_a_consent_of_their_own_blank_beforehand_and_signed() -> None:
    before = begin_and_fold(FLOW, "lyu", {**ENDORSE, "echannel": Given({})})
    assert before.page is None
    assert "echannel" not in before.known.answers
    own, declared = FLOW.fields["echannel_signature"].kind, FLOW.fields["signature"].kind
    assert isinstance(own, Signature)
    assert isinstance(declared, Signature)
    assert own.statement != declared.statement
    assert (FLOW.fields["echannel"].required, FLOW.fields["echannel"].derive) == (False, None)
    agreed = begin_and_fold(FLOW, "lyu", {**ENDORSE, "echannel_signature": Given({})})
    assert agreed.mistakes == {"echannel_signature": "请填写这一项"}


def test_fact_24_working_days_follow_the_calendar_with_make_up_days_and_days_do_not() -> None:
    assert is_working_day(date(2026, 10, 10))
    assert not is_working_day(date(2026, 10, 5))
    assert due_day(Term(7, "working_days"), date(2026, 9, 30)) == date(2026, 10, 15)
    assert due_day(Term(20, "days"), date(2026, 9, 30)) == date(2026, 10, 20)
    assert term(known(address=FOSHAN)) == Term(7, "working_days")
    assert term(known(address=GUILIN)) == Term(20, "days")


def test_fact_25_records_that_differ_are_shown_with_their_source_and_nothing_promises_a_card_today() -> None:
    found = lookup("lyu")
    other = SourceAnswer("exit_entry", "", Outcome.RECORD, (Record("person.birth", "1992-03-01", "exit_entry", NOW),))
    differs = Lookup(NOW, (*found.sources, other))
    state = begin_and_fold(FLOW, "lyu", ENDORSE, differs)
    assert state.known["birth"] == "1992-02-29"
    shown = compare(FLOW, application(FLOW, "lyu", state), differs)
    birth = next(difference for difference in shown if difference.item == "person.birth")
    assert (birth.department, birth.record, birth.kind) == ("exit_entry", "1992-03-01", DifferenceKind.CONFLICT)
    assert differs.records("person.birth")[-1].value == "1992-03-01"
    words = "".join(page.title + page.lead + "".join(f.label + f.hint for f in page.fields) for page in FLOW.pages)
    assert not [promise for promise in ("分钟", "立等", "当场", "今天", "马上", "当日") if promise in words + FLOW.summary]
    assert FLOW.certificate(state.known) is None
