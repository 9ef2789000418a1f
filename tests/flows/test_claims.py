"""What may be said against a record: whose value it is, which claims a touch screen takes, and what is wrong with one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.application import CARD, CITIZEN, Answer, Lookup, Outcome, Record, Source, SourceAnswer, SourceKind
from flows.claims import can_be_claimed, claim_mistake, is_about, reason_mistake, record_behind
from flows.dispute import DISPUTE_REASONS, SETTLEMENTS, Dispute
from flows.flow import Known
from flows.items import ITEMS
from flows.pages import shared_field

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
EXPIRY = Record("permit.expiry", "20251008", "exit_entry", NOW)
LOOKUP = Lookup(NOW, (SourceAnswer("exit_entry", "出入境管理", Outcome.RECORD, (EXPIRY,)),))
ASKED = shared_field("permit_expiry", "permit.expiry")
SAID = Dispute("permit.expiry", "exit_entry", "20251008", NOW, "CHANGED")
TODAY = Known({}, {}, date(2026, 11, 23))
BY_DEPARTMENT = Source(SourceKind.DEPARTMENT, "exit_entry")


@pytest.mark.parametrize("source", [BY_DEPARTMENT, Source(SourceKind.LIBRARY, "exit_entry")])
def test_a_value_is_its_departments_also_when_it_was_collected_there(source: Source) -> None:
    assert record_behind(ASKED, Answer("2025-10-08", source, NOW), LOOKUP) == EXPIRY


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer("2025-10-08", CARD, NOW),
        Answer("2025-10-08", CITIZEN),
        Answer("2025-10-08", Source(SourceKind.RULE, "permit_expiry"), NOW),
        Answer("2025-10-08", Source(SourceKind.DEPARTMENT, "household"), NOW),
        Answer("2025-10-09", BY_DEPARTMENT, NOW),
        Answer("2025-10-08", BY_DEPARTMENT, datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_no_other_value_has_a_record_behind_it(answer: Answer | None) -> None:
    assert record_behind(ASKED, answer, LOOKUP) is None
    assert record_behind(ASKED, Answer("2025-10-08", BY_DEPARTMENT, NOW), None) is None


def test_a_touch_screen_takes_digits_letters_days_and_short_tables_and_no_chinese() -> None:
    can = {item for item in ITEMS if can_be_claimed(item)}
    assert can >= {"permit.expiry", "permit.number", "contact.mobile", "person.sex", "insurance.state", "permit.surname"}
    assert not can & {"household.address", "person.name", "employment.employer", "person.ethnic_group", "household.relation"}


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("", ""),
        ("2026-10-08", ""),
        ("2025-10-08", "和登记的一样，请检查"),
        ("2026-02-31", "没有这一天，请检查日期"),
    ],
)
def test_what_is_wrong_with_a_claim_is_said_in_words(claim: str, words: str) -> None:
    assert claim_mistake(replace(SAID, claim=claim), TODAY) == words


def test_a_reason_is_one_of_the_table() -> None:
    assert {reason_mistake(replace(SAID, reason=code)) for code in DISPUTE_REASONS} == {""}
    assert reason_mistake(replace(SAID, reason="BECAUSE"))


@pytest.mark.parametrize("other", [{"value": "20251009"}, {"department": "household"}, {"item": "permit.issued"}])
def test_a_dispute_is_about_one_record_as_it_was_shown(other: dict[str, str]) -> None:
    assert is_about(SAID, EXPIRY)
    assert not is_about(replace(SAID, **other), EXPIRY)  # type: ignore[arg-type]
    assert not is_about(SAID, None)


def test_what_the_hall_settles_by_itself_is_not_a_clerks_to_choose() -> None:
    assert {code for code, one in SETTLEMENTS.items() if not one.offered} == {"REPEATED"}
