"""Open data: what is published is true, and no small number can be read off or worked out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import Action
from hall.figures import Figures, Month, Waits, month_of
from hall.store.figures import CaseFigure
from hall.store.queries import QUERIES
from tests.hall.fakes import NOON, open_hall

LEAST = 10
MATTERS = ("permit", "passport", "letter", "moving", "card")


def cases(matter: str, many: int, *, spot: int = 0, waited_s: int | None = 300) -> list[CaseFigure]:
    return [CaseFigure(matter, waited_s, number < spot) for number in range(many)]


@st.composite
def months(draw: st.DrawFn) -> dict[str, list[CaseFigure]]:
    days = draw(st.integers(1, 31))
    chance = random.Random(draw(st.integers()))
    busy = draw(st.sampled_from([1, 4, 30]))
    return {
        f"2026-10-{day:02}": [
            CaseFigure(chance.choice(MATTERS[: 1 + day % 5]), chance.choice([None, 60, 900]), chance.random() < 0.4)
            for _ in range(chance.randrange(busy))
        ]
        for day in range(1, days + 1)
    }


@given(months())
def test_every_published_number_is_large_and_the_groups_are_the_whole_month(by_day: dict[str, list[CaseFigure]]) -> None:
    every = [case for of_day in by_day.values() for case in of_day]
    month = month_of("2026-10", by_day, LEAST)
    if month.cases is None:
        assert len(every) < LEAST
        assert month == Month("2026-10", None, (), ())
        return
    assert month.cases == len(every)
    for groups in (month.by_matter, month.by_day):
        assert sum(group.cases for group in groups) == len(every)
        assert all(group.cases >= LEAST for group in groups)
        for group in groups:
            assert (
                group.on_the_spot is None
                or group.on_the_spot in (0, group.cases)
                or (LEAST <= group.on_the_spot <= group.cases - LEAST)
            )
    assert sorted(name for group in month.by_matter for name in group.of) == sorted({case.matter for case in every})


@given(months())
def test_what_is_left_when_published_numbers_are_taken_from_each_other_is_no_small_number(
    by_day: dict[str, list[CaseFigure]],
) -> None:
    month = month_of("2026-10", by_day, LEAST)
    for groups in (month.by_matter, month.by_day):
        counts = [group.cases for group in groups]
        left = {sum(counts[:first]) + sum(counts[last:]) for first in range(len(counts)) for last in range(first, len(counts))}
        assert all(number == 0 or number >= LEAST for number in left)


def test_small_matters_are_put_together_and_large_ones_stand_alone() -> None:
    day = [*cases("permit", 40, spot=20), *cases("letter", 12), *cases("card", 6), *cases("moving", 3)]
    month = month_of("2026-10", {"2026-10-08": day}, LEAST)
    assert [(group.of, group.cases, group.on_the_spot) for group in month.by_matter] == [
        (("permit",), 40, 20),
        (("letter", "card", "moving"), 21, 0),
    ]
    assert month.by_matter[0].waits == Waits(5, 5)


def test_waits_of_few_people_are_not_told() -> None:
    day = [*cases("permit", 9, waited_s=60), *cases("permit", 9, waited_s=None)]
    assert month_of("2026-10", {"2026-10-08": day}, LEAST).by_matter[0].waits is None


@dataclass
class Counted:
    """A store that remembers which days it was asked for."""

    first: date | None = date(2026, 10, 30)
    asked: list[date] = field(default_factory=list)

    async def figures_of(self, day: date) -> Sequence[CaseFigure]:
        self.asked.append(day)
        return cases("permit", 12)

    async def first_day(self) -> date | None:
        return self.first


def test_a_day_is_counted_once_and_the_running_day_not_at_all() -> None:
    store, now = Counted(), [datetime(2026, 11, 3, 4, tzinfo=UTC)]
    figures = Figures(store, lambda: now[0])
    november, october = asyncio.run(figures.months())
    assert (november.month, november.cases, october.month, october.cases) == ("2026-11", 24, "2026-10", 372)
    asyncio.run(figures.months())
    assert len(store.asked) == len(set(store.asked)) == 33
    now[0] += timedelta(days=1)
    assert asyncio.run(figures.months())[0].cases == 36
    assert date(2026, 11, 4) not in store.asked


def test_a_hall_that_begins_has_nothing_to_tell() -> None:
    assert asyncio.run(Figures(Counted(None), lambda: NOON).months()) == ()


def test_a_case_is_counted_from_its_ticket_to_its_first_call_and_its_acceptance(tmp_path: Path) -> None:
    async def story() -> Sequence[CaseFigure]:
        async with open_hall(tmp_path) as hall:
            for number in (1, 2, 3):
                await hall.submit(number)
            hall.clock.now += timedelta(minutes=7)
            await hall.queue.call_next("3", "zhang", "call 1")
            await hall.decide(Action.CONFIRM, "confirm")
            hall.clock.now += timedelta(minutes=5)
            await hall.queue.call_next("3", "zhang", "call 2")
            return await hall.store.figures_of(NOON.date())

    assert sorted(asyncio.run(story()), key=lambda case: (case.waited_s is None, case.waited_s)) == [
        CaseFigure("letter", 7 * 60, on_the_spot=True),
        CaseFigure("letter", 12 * 60, on_the_spot=False),
        CaseFigure("letter", None, on_the_spot=False),
    ]


@pytest.mark.parametrize("name", ["figures_of", "first_day"])
def test_no_figure_is_made_of_a_column_that_says_whose_it_is(name: str) -> None:
    selected = QUERIES[name].partition("FROM ticket AS t")[0]
    assert not [column for column in ("sealed", "lookup", "person", "actor", "a.object,", "t.visit,") if column in selected]
