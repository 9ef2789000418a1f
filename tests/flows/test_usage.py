"""Uses by day and visit: none left out, none twice, newest first."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.usage import Kept, Reader, UsageShown, Use, UseKind, by_visit
from flows.wire import from_json, to_json

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)

USES = st.lists(
    st.builds(
        Use,
        at=st.integers(0, 96).map(lambda hours: NOON - timedelta(hours=hours)),
        kind=st.sampled_from(UseKind),
        reader=st.sampled_from(Reader),
        name=st.sampled_from(["K07", "3", ""]),
        visit=st.sampled_from(["a", "b", "c"]),
        matter_title=st.sampled_from(["普通护照", "居住证"]),
        as_guardian=st.booleans(),
    ),
    max_size=30,
).map(lambda uses: sorted(uses, key=lambda use: use.at, reverse=True))


def use(hour: int, visit: str, kind: UseKind = UseKind.ASKED, *, guardian: bool = False) -> Use:
    title = "" if kind is UseKind.SHOWN else "普通护照"
    at = datetime(2026, 11, 23, hour, tzinfo=UTC)
    return Use(at, kind, Reader.TERMINAL, "K07", visit, matter_title=title, as_guardian=guardian)


@given(uses=USES)
def test_none_is_left_out_and_none_comes_twice(uses: list[Use]) -> None:
    groups = by_visit(uses)
    assert Counter(use for group in groups for use in group.uses) == Counter(uses)
    for group in groups:
        assert {use.day for use in group.uses} == {group.day}
        assert [use.at for use in group.uses] == sorted((use.at for use in group.uses), reverse=True)
    assert [group.day for group in groups] == sorted((group.day for group in groups), reverse=True)


@given(uses=USES)
def test_a_page_comes_back_as_it_was_sent(uses: list[Use]) -> None:
    page = UsageShown(tuple(uses), Kept(2, ("population",), 1), 17)
    assert from_json(UsageShown, to_json(page)) == page


def test_two_visits_at_once_are_two_groups_and_ones_own_looks_are_one() -> None:
    uses = [use(9, "look 2", UseKind.SHOWN), use(8, "a"), use(7, "b"), use(6, "a"), use(5, "look 1", UseKind.SHOWN)]
    assert [[use.visit for use in group.uses] for group in by_visit(uses)] == [["look 2", "look 1"], ["a", "a"], ["b"]]


def test_what_was_read_of_a_guardian_stands_apart() -> None:
    groups = by_visit([use(8, "a"), use(8, "a", guardian=True)])
    assert [group.as_guardian for group in groups] == [False, True]


def test_the_day_is_the_halls() -> None:
    before, after = datetime(2026, 11, 22, 15, 59, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)
    days = [Use(at, UseKind.ASKED, Reader.HALL, "", "a").day.day for at in (after, before)]
    assert days == [23, 22]
