"""Kinds of application, routes, terms, guardians and names in letters: what all exit-entry documents share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows import exit_entry, guardian
from flows.application import CITIZEN, Answer, Identity
from flows.endorsement_choice import PERMIT
from flows.exit_entry import Document, kinds, only_kind, reasons, validity_years, wants_new
from flows.exit_entry_pages import eligibility, local_form, only_when, pinyin_pages
from flows.flow import ALWAYS, Known, Route, Term, When
from flows.matters.hk_macau_permit import FLOW
from flows.pages import STATUS, months_later
from tests.flows.people import TODAY, identity

FOSHAN = "广东省佛山市禅城区祖庙街道莲花路36号802房"


def known(today: date = TODAY, guard: Identity | None = None, /, *, region: str = "440604", **said: str) -> Known:
    """Records are written with two underscores for the dot, answers as they are."""
    records = {name.replace("__", "."): value for name, value in said.items() if "__" in name}
    answers = {name: Answer(value, CITIZEN) for name, value in said.items() if "__" not in name}
    answered = frozenset({"exit_entry"} if any(item.startswith("permit.") for item in records) else ())
    return Known(answers, records, today, region, guard, answered=answered)


def offered(about: Known, document: Document = PERMIT) -> list[str]:
    return [option.key for option in kinds(document, about) if not option.why_not]


def holding(expiry: str) -> Known:
    return known(permit__number="CB2345678", permit__expiry=expiry, permit__route="terminal")


def test_whoever_holds_a_permit_with_years_left_may_renew_replace_or_endorse_it() -> None:
    about = holding("2031-03-14")
    assert offered(about) == ["RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "ENDORSE"]
    assert only_kind(PERMIT, about) == ""


def test_after_expiry_only_a_new_application_is_left_and_nobody_has_to_choose_it() -> None:
    about = holding("2025-10-08")
    assert offered(about) == ["REAPPLY"]
    assert only_kind(PERMIT, about) == "REAPPLY"


@pytest.mark.parametrize(("expiry", "kind"), [("2026-11-22", "REAPPLY"), ("2026-11-23", "RENEW")])
def test_a_permit_is_good_on_its_last_day(expiry: str, kind: str) -> None:
    assert offered(holding(expiry))[0] == kind


@pytest.mark.parametrize(("expiry", "endorse"), [("2027-05-22", False), ("2027-05-23", True)])
def test_less_than_six_months_left_means_renewal_before_any_endorsement(expiry: str, endorse: bool) -> None:
    about = holding(expiry)
    assert ("ENDORSE" in offered(about)) is endorse
    words = {option.key: option.why_not for option in kinds(PERMIT, about)}["ENDORSE"]
    assert words == ("" if endorse else "有效期不足 6 个月，请先换发")
    assert "RENEW" in offered(about)


def test_an_answer_of_exit_entry_without_a_permit_is_a_first_application() -> None:
    assert only_kind(PERMIT, known(permit__route="terminal")) == "FIRST"


def test_while_exit_entry_is_silent_the_citizen_says_whether_there_was_one() -> None:
    assert only_kind(PERMIT, known(held="no")) == "FIRST"
    assert offered(known(held="yes")) == ["REAPPLY", "RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "ENDORSE"]
    before = eligibility(PERMIT)[0]
    assert before.asked_when(known())
    assert not before.asked_when(known(permit__route="terminal"))
    assert not before.asked_when(known(permit__number="CB2345678"))


def test_what_the_citizen_reads_off_the_permit_counts_as_much_as_a_record() -> None:
    assert only_kind(PERMIT, known(held="yes", permit_expiry="2026-11-22")) == "REAPPLY"


def test_why_a_kind_is_not_offered_is_said_in_neutral_words() -> None:
    cases = (holding("2031-03-14"), holding("2025-10-08"), holding("2027-01-01"), known(held="no"), known(held="yes"))
    words = {option.why_not for about in cases for option in kinds(PERMIT, about)}
    assert words == {
        "",
        "以前办过这种证件",
        "没有办过这种证件",
        "现有证件还在有效期内",
        "证件已过有效期",
        "有效期不足 6 个月，请先换发",
        "请到人工窗口办理",
    }


def test_printing_the_back_again_is_the_clerks_and_may_be_chosen_by_one() -> None:
    again = {option.key: option for option in kinds(PERMIT, holding("2031-03-14"))}["REPRINT"]
    assert (again.why_not, again.counter) == ("请到人工窗口办理", True)


@pytest.mark.parametrize(
    ("kind", "new"), [("", False), ("ENDORSE", False), ("REPRINT", False), ("REMARK", False), ("FIRST", True), ("RENEW", True)]
)
def test_only_some_kinds_make_a_new_document(kind: str, new: bool) -> None:
    assert wants_new(known(kind=kind)) is new


def test_a_permit_that_ends_soon_is_renewed_for_that_reason_unless_the_citizen_says_otherwise() -> None:
    field = next(page for page in eligibility(PERMIT) if page.name == "renewal").fields[0]
    assert field.derive is not None
    assert field.derive(holding("2027-05-22")) == "EXPIRING"
    assert field.derive(holding("2031-03-14")) == ""
    words = {option.key: option.why_not for option in reasons(PERMIT, holding("2031-03-14"))}
    assert words == {"EXPIRING": "有效期还有 6 个月以上", "SHORT": "", "CHANGED": "", "CHANNEL": "", "OTHER": ""}


@pytest.mark.parametrize(
    ("address", "region", "today", "term"),
    [
        (FOSHAN, "440604", TODAY, Term(7, "working_days")),
        (FOSHAN, "440605", TODAY, Term(7, "working_days")),
        (FOSHAN, "440304", TODAY, Term(20, "days")),
        (FOSHAN, "440604", date(2018, 8, 31), Term(10, "working_days")),
        ("", "440604", TODAY, None),
        (FOSHAN, "", TODAY, None),
    ],
)
def test_the_term_depends_on_the_household_and_keeps_its_unit(address: str, region: str, today: date, term: Term | None) -> None:
    assert exit_entry.term(known(today, region=region, address=address)) == term


@pytest.mark.parametrize("said", ["counter", "counter ", "blocked", "1"])
def test_any_route_but_the_terminal_is_the_counter(said: str) -> None:
    assert exit_entry.route(known(permit__route=said)) is Route.COUNTER


@pytest.mark.parametrize("question", ["public_servant", "soldier"])
def test_saying_yes_to_a_status_question_goes_to_the_counter(question: str) -> None:
    assert exit_entry.route(known(**{"public_servant": "no", "soldier": "no", question: "yes"})) is Route.COUNTER
    assert exit_entry.route(known(public_servant="no", soldier="no")) is Route.TERMINAL


def test_a_child_needs_a_guardian_and_an_unproven_one_stays_at_the_terminal() -> None:
    assert exit_entry.route(known(birth="2012-09-03")) is Route.COUNTER
    assert exit_entry.route(known(TODAY, identity("parent"), birth="2012-09-03")) is Route.TERMINAL


@pytest.mark.parametrize(
    ("child", "parent", "same", "proven"),
    [
        ("20", "01", True, True),
        ("30", "02", True, True),
        ("32", "10", True, True),
        ("01", "52", True, True),
        ("20", "01", False, False),
        ("40", "20", True, False),
        ("40", "01", True, False),
        ("70", "01", True, False),
        ("20", "70", True, False),
        ("", "01", True, False),
        ("20", "", True, False),
    ],
)
def test_one_household_with_parent_and_child_proves_the_guardian(child: str, parent: str, same: bool, proven: bool) -> None:
    about = known(
        TODAY,
        identity("parent"),
        household__number="440604023456",
        guardian__household_number="440604023456" if same else "440604099999",
        household__relation=child,
        guardian__household_relation=parent,
    )
    assert guardian.is_proven(about) is proven
    assert guardian.relation(about) == ("FATHER" if proven else "")
    assert guardian.proof(about) == ("REGISTER" if proven else "PAPER")


def test_two_silent_registers_prove_nothing() -> None:
    assert not guardian.is_proven(known(TODAY, identity("parent"), household__relation="20", guardian__household_relation="01"))


def test_an_earlier_spelling_is_shown_and_a_first_one_is_proposed() -> None:
    earlier, proposed = pinyin_pages(ALWAYS)
    before, never = known(permit__surname="LV", permit__given_names="XIAOLAN"), known(name="吕晓岚")
    assert (earlier.asked_when(before), proposed.asked_when(before)) == (True, False)
    assert (earlier.asked_when(never), proposed.asked_when(never)) == (False, True)
    assert all(field.locked and field.item for field in earlier.fields)
    assert [field.derive(never) for field in proposed.fields if field.derive] == ["LYU", "XIAOLAN"]
    assert not any(field.locked for field in proposed.fields)


def test_a_name_that_characters_do_not_spell_is_asked_for() -> None:
    _, proposed = pinyin_pages(ALWAYS)
    assert [field.derive(known(name="古丽娜尔·买买提")) for field in proposed.fields if field.derive] == ["", ""]


def test_rows_of_older_forms_are_no_pages_while_no_table_asks_for_them() -> None:
    assert local_form(ALWAYS) == ()
    assert not {"person.marriage", "person.education"} & set(FLOW.items)


def test_a_page_under_one_more_condition_names_both() -> None:
    both = only_when(replace(STATUS, asked_when=When("甲", lambda about: about["a"] == "1")), When("乙", lambda about: True))
    assert both.asked_when.words == "乙，甲"
    assert (both.asked_when(known(a="1")), both.asked_when(known(a="2"))) == (True, False)


@pytest.mark.parametrize(("today", "years"), [(date(2028, 9, 2), 5), (date(2028, 9, 3), 10)])
def test_sixteen_is_adult_from_the_birthday_on(today: date, years: int) -> None:
    assert validity_years(known(today, birth="2012-09-03")) == years


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
