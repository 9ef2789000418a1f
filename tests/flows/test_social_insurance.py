"""The social insurance certificate: whose facts, which months, and when a clerk has to print it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows import insurance
from flows.application import Assurance, Identity, Lookup
from flows.certificate import Certificate
from flows.fields import Choice
from flows.flow import Known, Route
from flows.fold import Given, State, fold
from flows.matters.social_insurance import FLOW
from flows.recheck import Problem
from tests.flows.people import NOW, PEOPLE, identity
from tests.flows.registers import begin, filled, lookup_with, silent, told

SOCIAL = {
    "person.name": "吕晓岚",
    "insurance.number": "1044060215873",
    "insurance.state": "insured",
    "insurance.kinds": "110,210,410",
    "insurance.since": "201407",
    "insurance.months": "148",
    "employment.months_paid": "96",
    "employment.employer": "佛山市禅城区云岫软件有限公司",
}
MEDICAL = {"person.name": "吕晓岚", "medical.state": "insured", "medical.since": "201408", "medical.months": "147"}
WITHOUT = ("social_security",)
PROOF = {
    "who": Given({}),
    "insured": Given({}),
    "insured_medically": Given({}),
    "paper": Given({"paper": "PROOF"}),
    "insurance": Given({"insurance": "ALL"}),
    "purpose": Given({"purpose": "HOME"}),
}
PAYMENTS = {
    **PROOF,
    "paper": Given({"paper": "PAYMENTS"}),
    "insurance": Given({"insurance": "110"}),
    "period": Given({"period": "YEAR"}),
}


def registers(*, doubt: str = "", medical: bool = True, **social: str) -> Lookup:
    changed = {**SOCIAL, **{f"insurance.{name}": value for name, value in social.items()}}
    more = (told("medical_insurance", MEDICAL),) if medical else (told("medical_insurance", {}),)
    return lookup_with(told("social_security", changed, doubt), *more, without=WITHOUT)


def walked(given: dict[str, Given], found: Lookup | None = None) -> tuple[State, tuple[Problem, ...]]:
    return filled(FLOW, given, found or registers())


def issued(given: dict[str, Given], found: Lookup | None = None) -> Certificate | None:
    state, problems = walked(given, found)
    assert (state.page, problems) == (None, ())
    return FLOW.certificate(state.known)


def months(first: str, last: str) -> dict[str, Given]:
    chosen = Given({"month_from": first, "month_to": last})
    return {**PAYMENTS, "period": Given({"period": "MONTHS"}), "months": chosen}


def why_nots(known: Known, field: str) -> dict[str, str]:
    kind = FLOW.fields[field].kind
    assert isinstance(kind, Choice)
    return {option.key: option.why_not for option in kind.options(known)}


def test_a_proof_states_the_facts_of_both_departments_and_who_they_are_from() -> None:
    paper = issued(PROOF)
    assert paper is not None
    assert (paper.title, paper.issuer) == ("社会保险参保证明", "social_security")
    assert dict(paper.rows) == {
        "姓名": "吕晓岚",
        "公民身份号码": "440602199202299863",
        "个人编号": "1044060215873",
        "参保单位": "佛山市禅城区云岫软件有限公司",
        "用途": "购房或租房",
    }
    assert paper.table[1:] == (
        ("养老保险、失业保险、工伤保险", "参保缴费", "2014-07", "148"),
        ("医疗保险", "参保缴费", "2014-08", "147"),
    )
    assert paper.notes == ("人力资源和社会保障部门数据，截至 2026-11-23", "医疗保障部门数据，截至 2026-11-23")


def test_a_proof_of_one_kind_states_no_other() -> None:
    paper = issued({**PROOF, "insurance": Given({"insurance": "210"})})
    assert paper is not None
    assert [row[0] for row in paper.table] == ["险种", "失业保险"]


def test_medical_insurance_alone_is_certified_by_its_own_department() -> None:
    paper = issued({**PROOF, "insurance": Given({"insurance": "310"})})
    assert paper is not None
    assert (paper.issuer, [row[0] for row in paper.table]) == ("medical_insurance", ["险种", "医疗保险"])
    assert "个人编号" not in dict(paper.rows)


@pytest.mark.parametrize(
    ("day", "department"), [(date(2018, 5, 30), "social_security"), (date(2018, 5, 31), "medical_insurance")]
)
def test_medical_insurance_left_social_security_in_2018(day: date, department: str) -> None:
    assert [kind.department for kind in insurance.kinds_on(day) if kind.code == "310"] == [department]


def test_nothing_is_asked_that_the_paper_does_not_state() -> None:
    state, _ = walked(PROOF)
    assert {"birth", "sex", "ethnic_group", "mobile", "period"}.isdisjoint(state.known.answers)


@pytest.mark.parametrize("department", ["social_security", "medical_insurance"])
def test_a_department_that_is_silent_sends_the_paper_it_would_state_to_the_counter(department: str) -> None:
    heard = [told("social_security", SOCIAL), told("medical_insurance", MEDICAL)]
    sources = [silent(department) if source.department == department else source for source in heard]
    assert issued(PROOF, lookup_with(*sources, without=WITHOUT)) is None


def test_the_silence_of_the_other_department_does_not_matter() -> None:
    found = lookup_with(told("social_security", SOCIAL), silent("medical_insurance"), without=WITHOUT)
    assert issued({**PROOF, "insurance": Given({"insurance": "110"})}, found) is not None


def test_no_department_at_all_leaves_everything_on_offer_and_the_paper_to_a_clerk() -> None:
    state, problems = filled(FLOW, PROOF, None)
    assert (state.page, problems, FLOW.certificate(state.known)) == (None, (), None)
    assert set(why_nots(state.known, "insurance").values()) == {""}


def test_a_record_in_doubt_is_not_certified() -> None:
    assert issued(PROOF, registers(doubt="unconfirmed")) is None


def test_another_writing_of_the_name_is_not_certified() -> None:
    found = lookup_with(told("social_security", {**SOCIAL, "person.name": "呂晓岚"}), without=WITHOUT)
    assert issued({**PROOF, "insurance": Given({"insurance": "110"})}, found) is None


def test_a_name_that_the_chip_cut_off_is_not_certified() -> None:
    key = next(key for key, person in PEOPLE.items() if len(person["name"]) > 15)
    found = lookup_with(told("social_security", {**SOCIAL, "person.name": PEOPLE[key]["name"]}), key=key, without=WITHOUT)
    state, problems = filled(FLOW, {**PROOF, "insurance": Given({"insurance": "110"})}, found, who=identity(key))
    assert (state.page, problems, FLOW.certificate(state.known)) == (None, (), None)


def test_a_record_without_its_beginning_is_not_certified() -> None:
    assert issued(PROOF, registers(since="")) is None


def test_who_has_no_record_is_not_certified_and_told_which_kinds_are_missing() -> None:
    found = lookup_with(told("social_security", {}), told("medical_insurance", {}), without=WITHOUT)
    state, problems = walked(PROOF, found)
    assert (state.page, problems, FLOW.certificate(state.known)) == (None, (), None)
    reasons = why_nots(state.known, "insurance")
    assert reasons.pop("ALL") == ""
    assert set(reasons.values()) == {"没有参加这个险种"}


def test_a_kind_one_is_not_insured_in_is_not_on_offer() -> None:
    reasons = why_nots(begin(FLOW, registers(medical=False)), "insurance")
    assert {key for key, why_not in reasons.items() if why_not} == {"310", "510"}


def test_a_list_of_the_last_twelve_months_ends_with_the_month_of_the_register() -> None:
    paper = issued(PAYMENTS)
    assert paper is not None
    assert paper.title == "社会保险缴费明细"
    assert paper.table[0] == ("缴费年月", "缴费情况")
    assert [month for month, _ in paper.table[1:]] == ["2025-12", *(f"2026-{n:02}" for n in range(1, 12))]


@pytest.mark.parametrize(
    ("first", "last", "certain"),
    [
        ("2018-12", "2026-11", True),  # 96 months without a gap begin in December 2018
        ("2018-11", "2026-11", False),
        ("2026-01", "2026-01", True),
        ("2010-01", "2010-12", False),
    ],
)
def test_only_months_of_the_unbroken_run_are_certified(first: str, last: str, certain: bool) -> None:
    assert (issued(months(first, last)) is not None) is certain


def test_a_record_of_september_says_nothing_of_october() -> None:
    september = told("social_security", SOCIAL)
    old = replace(september, records=tuple(replace(r, as_of=NOW.replace(month=9)) for r in september.records))
    found = lookup_with(old, without=WITHOUT)
    assert issued(months("2026-09", "2026-09"), found) is not None
    assert issued(months("2026-09", "2026-10"), found) is None


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        ("2026", "2026-10", "month_from", "请写年份和月份，例如 202601"),
        ("2026-10", "2026-13", "month_to", "没有这一天，请检查日期"),
        ("2026-10", "2026-09", "month_to", "结束月份早于开始月份"),
        ("2026-10", "2026-12", "month_to", "日期在今天以后，请检查"),
    ],
)
def test_a_wrong_month_is_told_in_words_and_certifies_nothing(first: str, last: str, field: str, words: str) -> None:
    state = fold(FLOW, begin(FLOW, registers()), months(first, last))
    assert state.mistakes == {field: words}
    assert FLOW.certificate(state.known) is None


def test_medical_months_are_not_known_one_by_one() -> None:
    assert issued({**PAYMENTS, "insurance": Given({"insurance": "310"})}) is None
    assert issued({**PAYMENTS, "insurance": Given({"insurance": "ALL"})}) is None


def test_a_run_that_is_no_number_certifies_no_month() -> None:
    found = lookup_with(told("social_security", {**SOCIAL, "employment.months_paid": "约两年"}), without=WITHOUT)
    assert issued(PAYMENTS, found) is None


@pytest.mark.parametrize("paper", ["RIGHTS", "PENSION"])
def test_papers_whose_amounts_no_record_has_are_printed_by_a_clerk(paper: str) -> None:
    assert issued({**PAYMENTS, "paper": Given({"paper": paper})}, registers(state="pension")) is None


def test_a_pension_is_proved_only_for_who_has_one_or_may_have_one() -> None:
    assert why_nots(begin(FLOW, registers()), "paper")["PENSION"] == "还没有领取养老金"
    assert why_nots(begin(FLOW, registers(state="pension")), "paper")["PENSION"] == ""
    assert why_nots(begin(FLOW, None), "paper")["PENSION"] == ""


def test_a_child_goes_to_the_counter() -> None:
    child = Identity("440604201209037172", "麦小满", "1", date(2012, 9, 3), "resident_card", Assurance.SAM)
    assert FLOW.route(begin(FLOW, None, who=child)) is Route.COUNTER
    assert FLOW.route(begin(FLOW, None)) is Route.TERMINAL


def test_codes_of_insurance_are_shown_by_their_titles() -> None:
    assert insurance.Codes().shown("110,999") == "养老保险、999"
