"""Dated policy: prices, cities and reasons by the day, and what a wrong table says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import endorsements, policy
from flows import reasons as reason_table
from flows.application import Action
from flows.endorsements import Rule, cities_on, expanded, kind_on, offer_on
from flows.fees import Entries, Fees, fees_on
from flows.policy import Dated, PolicyError, check_apart, on, read_table
from flows.reasons import reasons
from tests.flows.people import TODAY

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("entries", "months", "yuan"),
    [
        *(("1", months, 15) for months in (3, 12)),
        *(("2", months, 30) for months in (3, 12)),
        *(("M", months, 80) for months in (3, 12)),
        *(("M", months, 120) for months in (13, 24)),
        *(("M", months, 160) for months in (25, 35)),
        *(("M", months, 240) for months in (36, 60)),
    ],
)
def test_the_price_of_an_endorsement(entries: Entries, months: int, yuan: int) -> None:
    assert fees_on(TODAY).yuan(entries, months) == yuan


def test_a_day_before_the_first_price_list_has_no_price_and_says_so() -> None:
    with pytest.raises(PolicyError, match="no table of fees is in force on 2019-06-30"):
        fees_on(date(2019, 6, 30))
    assert fees_on(date(2019, 7, 1)).name == "收费标准 2019-07-01"


def test_a_length_without_a_price_says_so() -> None:
    with pytest.raises(PolicyError, match="no fee for 1 entries in 0 months"):
        fees_on(TODAY).yuan("1", 0)


@pytest.mark.parametrize(
    ("day", "count"), [("2024-03-05", 49), ("2024-03-06", 51), ("2024-05-26", 51), ("2024-05-27", 59), ("2026-11-23", 59)]
)
def test_the_list_of_cities_grew_to_59(day: str, count: int) -> None:
    assert len(cities_on(date.fromisoformat(day))) == count


def test_all_of_guangdong_is_on_the_list_and_guilin_is_not() -> None:
    assert {"佛山", "广州", "深圳", "珠海", "云浮"} <= cities_on(TODAY)
    assert "桂林" not in cities_on(TODAY)


def test_before_the_first_city_there_is_no_list() -> None:
    with pytest.raises(PolicyError, match="no list of cities"):
        cities_on(date(2006, 12, 31))


@pytest.mark.parametrize("action", [Action.AMEND, Action.RETURN, Action.REJECT])
def test_a_clerk_has_reasons_to_choose_from_each_with_a_remedy(action: Action) -> None:
    found = reasons(action)
    assert len(found) >= 4
    assert all(reason.action is action and reason.words and reason.remedy for reason in found)
    assert all(reason_table.REASONS[reason.code] is reason for reason in found)


def test_no_reason_is_needed_to_call_or_confirm() -> None:
    assert reasons(Action.CALL) == reasons(Action.CONFIRM) == ()


def test_reason_codes_are_used_once() -> None:
    assert sum(len(reasons(action)) for action in Action) == len(reason_table.REASONS)


def table(first: date, last: date | None) -> Dated:
    return Dated(effective_from=first, effective_to=last, source="test", grade="P")


@given(DAYS, st.integers(0, 400), DAYS)
def test_two_lists_that_meet_leave_no_day_without_one_and_none_with_two(first: date, length: int, day: date) -> None:
    last = first + timedelta(days=length)
    tables = [table(first, last), table(last + timedelta(days=1), None)]
    check_apart("fees", tables)
    if day < first:
        with pytest.raises(PolicyError, match="no table"):
            on(day, tables, "fees")
    else:
        assert on(day, tables, "fees") is tables[day > last]


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_two_lists_that_share_a_day_are_refused(first: date, length: int, shared: int) -> None:
    last = first + timedelta(days=length)
    tables = [table(first, last), table(last - timedelta(days=min(shared, length)), None)]
    with pytest.raises(PolicyError, match="two tables of fees are in force on"):
        check_apart("fees", tables)
    with pytest.raises(PolicyError, match="more than one table of fees"):
        on(last, tables, "fees")


def test_a_hole_between_two_lists_is_named_by_its_day() -> None:
    tables = [table(date(2020, 1, 1), date(2020, 12, 31)), table(date(2021, 2, 1), None)]
    with pytest.raises(PolicyError, match="no table of fees is in force on 2021-01-31"):
        on(date(2021, 1, 31), tables, "fees")


def test_a_list_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PolicyError, match="ends before it begins"):
        check_apart("fees", [table(date(2021, 1, 1), date(2020, 1, 1))])


@pytest.mark.parametrize(
    "text",
    [
        "table = [",
        "",
        '[[table]]\neffective_from = 2019-07-01\nsource = ""\ngrade = "Z"\nrows = []',
        '[[table]]\neffective_from = "soon"\nsource = ""\ngrade = "B"\nrows = []',
        '[[table]]\neffective_from = 2019-07-01\nsource = ""\ngrade = "B"\nfixed = {}\nrows = [{entries = "1", months_from = 1}]',
    ],
)
def test_a_file_that_is_no_table_of_fees_is_refused_by_name(text: str) -> None:
    with pytest.raises(PolicyError, match=r"^Fees: "):
        read_table(Fees, text)


def test_every_row_says_where_it_comes_from() -> None:
    rows = [row for table in policy.TABLES.values() for row in table]
    assert len(rows) > 50
    assert all(row.source and row.grade for row in rows)


def test_the_version_names_the_newest_dates() -> None:
    assert endorsements.VERSION == "endorsements 2025-11-05; cities 2024-05-27"


@pytest.mark.parametrize("what", ["hk-macau-permit.card", "passport.book", "taiwan-permit.card"])
def test_every_new_document_has_a_price(what: str) -> None:
    assert fees_on(TODAY).of(what) in (60, 120)


def test_a_thing_without_a_price_says_so() -> None:
    with pytest.raises(PolicyError, match="no fee for balloon"):
        fees_on(TODAY).of("balloon")


@pytest.mark.parametrize("length", ["3", "3-X", "three-1", "-1", "3-1-1"])
def test_a_length_that_is_not_written_as_agreed_is_refused(length: str) -> None:
    row = Rule(kind="G", places=("HK",), lengths=(length,), stay_days=7, effective_from=TODAY, source="test", grade="P")
    with pytest.raises(PolicyError, match="G: no length is written"):
        expanded(row)


def test_an_endorsement_keeps_the_days_that_were_in_force() -> None:
    before, since = offer_on(date(2024, 5, 5), "HK-S-3-1"), offer_on(date(2024, 5, 6), "HK-S-3-1")
    assert before is not None
    assert since is not None
    assert (before.condition.stay_days, since.condition.stay_days) == (7, 14)


def test_what_is_not_accepted_any_more_can_still_be_read() -> None:
    ended = offer_on(TODAY, "HK-G-12-W1")
    assert ended is not None
    assert not ended.condition.in_force(TODAY)
    assert offer_on(TODAY, "HK-X-3-1") is None


def test_business_was_a_matter_of_the_household_before_it_was_nation_wide() -> None:
    before, since = kind_on(date(2024, 5, 5), "S"), kind_on(date(2024, 5, 6), "S")
    assert before is not None
    assert since is not None
    assert (before.where, since.where) == ("home", "anywhere")


@pytest.mark.parametrize(
    ("day", "region", "area"),
    [
        ("2023-02-20", "440604", True),
        ("2023-02-20", "310115", False),
        ("2024-05-06", "310115", True),
        ("2025-11-04", "320500", False),
        ("2025-11-05", "320500", True),
        ("2026-11-23", "510100", False),
    ],
)
def test_talent_areas_grew(day: str, region: str, area: bool) -> None:
    assert endorsements.is_talent_area(date.fromisoformat(day), region) is area
