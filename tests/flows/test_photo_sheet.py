"""The sheets of photo.toml: dated, graded, and each number with its source."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from flows.photo.checks import CHECKS
from flows.photo.sheet import SHEETS, Limit, Measure, Span, rules_on
from flows.policy import TABLES, PolicyError
from tests.flows.shots import TODAY


def test_every_number_says_where_it_is_from() -> None:
    limits = [limit for sheet in SHEETS for limit in sheet.limits.values()]
    assert all(limit.source and limit.grade for limit in limits)
    assert len(limits) >= 30


def test_every_measure_but_the_quality_is_checked_by_somebody() -> None:
    assert {check.measure for check in CHECKS} == set(get_args(Measure)) - {"quality"}


def test_the_order_of_the_checks_is_that_of_the_guide() -> None:
    told = [check.measure for check in CHECKS]
    order = [
        "enlarged",
        "eyes_apart",
        "roll",
        "yaw",
        "pitch",
        "ground",
        "ground_spread",
        "sharpness",
        "exposure",
        "eyes_open",
        "glare",
        "bytes",
    ]
    assert [measure for measure in told if measure in order] == order


@pytest.mark.parametrize("name", ["exit_entry", "resident_card"])
def test_a_sheet_is_in_force_today_and_known_to_the_policy_check(name: str) -> None:
    assert rules_on(name, TODAY).name == name
    assert rules_on(name, TODAY) in TABLES[f"photo sheet {name}"]


def test_an_unknown_sheet_and_a_day_before_any_are_worded() -> None:
    with pytest.raises(PolicyError, match="no photo sheet driving_licence"):
        rules_on("driving_licence", TODAY)
    with pytest.raises(PolicyError, match="exit_entry is in force on 2000-01-01"):
        rules_on("exit_entry", date(2000, 1, 1))


@pytest.mark.parametrize(
    ("span", "value", "side"),
    [
        (Span(least=1, most=2), 0.9, -1),
        (Span(least=1, most=2), 1, 0),
        (Span(least=1, most=2), 2, 0),
        (Span(least=1, most=2), 2.1, 1),
        (Span(most=2), -9, 0),
        (Span(least=1), 9, 0),
        (Span(), 9, 0),
    ],
)
def test_a_span_includes_its_ends(span: Span, value: float, side: int) -> None:
    assert span.side(value) == side


def test_a_child_has_its_own_span_only_where_the_sheet_gives_one() -> None:
    limit = Limit(least=1, source="guide", grade="C", child=Span(least=0.5))
    assert limit.span(child=True) == Span(least=0.5)
    assert limit.span(child=False) is limit
    plain = Limit(least=1, source="guide", grade="C")
    assert plain.span(child=True) is plain
