"""Endorsements for who does not travel as a tourist: the lengths that each answer opens."""

from __future__ import annotations

from datetime import date

import pytest

from flows.endorsement_choice import ASKED, only_length
from flows.endorsement_pages import EntryPermitEnd
from flows.endorsements import Place
from tests.flows.permits import GUILIN, known, lengths, offered_lengths, options

PLACES: tuple[Place, ...] = ("HK", "MO")


@pytest.mark.parametrize(
    ("relation", "birth", "allowed"),
    [
        ("SIBLING", "1992-02-29", {"3-1"}),
        ("GRANDPARENT", "1992-02-29", {"3-1"}),
        ("GRANDCHILD", "1992-02-29", {"3-1"}),
        ("SPOUSE", "1992-02-29", {"3-M"}),
        ("PARENT_IN_LAW", "1992-02-29", {"3-M"}),
        ("CHILD_IN_LAW", "1992-02-29", {"3-M"}),
        ("SPOUSE_WITH_MINOR", "1992-02-29", {"3-M", "12-M"}),
        ("CHILD", "1966-11-24", {"3-M"}),
        ("CHILD", "1966-11-23", {"3-M", "12-M"}),
        ("SIBLING", "1948-07-12", {"3-1", "12-M"}),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_family_visits_depend_on_the_relation_and_the_applicants_age(
    place: Place, relation: str, birth: str, allowed: set[str]
) -> None:
    assert offered_lengths(place, "T", relation, birth=birth) == allowed


def test_a_year_of_family_visits_for_hardship_is_left_to_the_counter() -> None:
    year = lengths("HK", known(hong_kong="HK-T", hong_kong_relation="SPOUSE"))["HK-T-12-M"]
    assert (year.why_not, year.counter) == ("请到人工窗口办理", True)


@pytest.mark.parametrize(
    ("staff", "allowed"),
    [
        ("FILED", {"3-1", "3-M", "12-M"}),
        ("UNFILED", {"3-1"}),
        ("SELF_EMPLOYED", {"3-1"}),
        ("DRIVER", {"3-M", "12-M"}),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_business_depends_on_the_filing(place: Place, staff: str, allowed: set[str]) -> None:
    assert offered_lengths(place, "S", staff) == allowed


def test_business_before_may_2024_was_for_the_household_city_only() -> None:
    day = date(2024, 5, 5)
    assert options("HK", known(day, address=GUILIN))["HK-S"].why_not == "请到户口或居住证所在城市办理"
    assert options("HK", known(day))["HK-S"].why_not == ""


@pytest.mark.parametrize(
    ("place", "reason", "allowed"),
    [
        ("HK", "TREATMENT", {"3-1", "3-2"}),
        ("HK", "LAWSUIT", {"3-1", "3-2"}),
        ("MO", "LAWSUIT", {"3-1", "3-2"}),
        ("MO", "TREATMENT", {"3-1", "3-2", "12-M"}),
        ("MO", "EXHIBITION", {"3-1", "3-2", "12-M"}),
        ("MO", "PERFORMANCE", {"3-1", "3-2", "12-M"}),
    ],
)
def test_other_visits_depend_on_the_reason_and_a_real_need_is_for_the_officer(
    place: Place, reason: str, allowed: set[str]
) -> None:
    assert offered_lengths(place, "Q", reason) == allowed
    about = known(**{ASKED[place]: f"{place}-Q", f"{ASKED[place]}_reason": reason})
    many = lengths(place, about)[f"{place}-Q-3-M"]
    assert (many.why_not, many.counter) == ("请到人工窗口办理", True)


def test_the_year_of_macau_exhibitions_began_in_may_2024() -> None:
    assert "12-M" not in offered_lengths("MO", "Q", "EXHIBITION", date(2024, 5, 5))


def test_a_stay_lasts_to_the_end_of_the_entry_permit_and_nobody_has_to_choose_it() -> None:
    about = known(hong_kong="HK-D", hong_kong_stay="STUDY")
    assert only_length("HK", about) == "HK-D-0-M"
    assert lengths("HK", about)["HK-D-0-M"].note == "停留到当地许可的期限"


@pytest.mark.parametrize(
    ("until", "kind", "words"),
    [
        ("2026-11-22", "ENDORSE", "许可已经过期"),
        ("2026-11-23", "ENDORSE", ""),
        ("2034-03-14", "ENDORSE", ""),
        ("2034-03-15", "ENDORSE", "超过通行证有效期，请先换发"),
        ("2034-03-15", "RENEW", ""),
        ("2027-02-29", "ENDORSE", "没有这一天，请检查日期"),
    ],
)
def test_an_entry_permit_is_not_over_and_ends_with_the_card_that_stays(until: str, kind: str, words: str) -> None:
    assert EntryPermitEnd().mistake(until, known(kind=kind)) == words


@pytest.mark.parametrize("place", PLACES)
def test_talent_is_given_for_one_three_or_five_years(place: Place) -> None:
    assert offered_lengths(place, "R", "RESEARCH") == {"12-M", "36-M", "60-M"}
