"""好差评: five grades, voluntary, one for each time somebody was served; who rated what nobody learns.

The clerk sees nothing of it. A manager sees counts, and of one window or one matter only where they speak of enough
people. A low grade is followed up; whom to call is known only where the citizen ticked that they want to be called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.application import Application
from flows.calendar import due_day
from flows.flow import Flow, Matters, Term
from flows.matters import MATTERS
from flows.policy import Dated, PolicyError, declare, on, read
from hall.errors import FormNotUnderstood, ScreenMoved
from hall.facts import applicant_name
from hall.store.ratings import SERVED, CallBack, Contact, Counted, Given
from hall.store.request import Request
from hall.store.screens import Turn
from hall.store.store import Store
from hall.working_day import Clock, working_day

KEEP_CLOSED = timedelta(days=30)
"""How long a closed call back stays on the list."""

GRACE = 2
"""A touch counts until so many times the invitation's length: whoever is naming what was wrong is not cut off."""


@dataclass(frozen=True)
class Grade:
    grade: int
    words: str
    en: str


@dataclass(frozen=True)
class Tag:
    """What may be named with a low grade, or what became of following it up."""

    code: str
    words: str
    en: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule(Dated):
    """A grade up to `low` is followed up within `call_back_days` working days; the invitation stands `shown_s` seconds
    after the decision; no part of the figures counts fewer than `least`."""

    low: int
    shown_s: int
    least: int
    call_back_days: int
    grades: tuple[Grade, ...]
    tags: tuple[Tag, ...]
    outcomes: tuple[Tag, ...]


@dataclass(frozen=True, kw_only=True)
class Rules:
    rule: tuple[Rule, ...]


RULES = read(Rules, "ratings").rule
declare("ratings", RULES)


def rule_on(day: date) -> Rule:
    return on(day, RULES, "ratings")


@dataclass(frozen=True)
class Part:
    """The grades of one window or one matter; `grades` is None where too few rated for anybody to be told."""

    name: str
    grades: Mapping[int, int] | None


@dataclass(frozen=True)
class RatingFigures:
    """One working day. `served` counts who was served to an end, rated or not; `tags` what was named with low grades."""

    day: date
    served: int
    rated: int
    grades: Mapping[int, int]
    tags: Mapping[str, int]
    by_window: tuple[Part, ...]
    by_matter: tuple[Part, ...]


class Ratings:
    """`give` is the citizen's, at the screen of their window; everything else is the manager's."""

    def __init__(self, store: Store, clock: Clock, *, matters: Matters = MATTERS) -> None:
        self._store = store
        self._clock = clock
        self._matters = matters

    async def invited_until(self, turn: Turn) -> datetime | None:
        """Until when the citizen of this turn is asked; None when they are not, or have rated already."""
        if turn.status not in SERVED or turn.ended_at is None:
            return None
        now = self._clock()
        until = turn.ended_at + _shown(working_day(now))
        return until if now < until and not await self._store.rated(turn) else None

    async def give(
        self, about: str, grade: int, *, window: str, key: str, tags: Sequence[str] = (), wants_call: bool = False
    ) -> None:
        """A repeat of the key changes nothing, whatever grade it names: the first touch counts. Tags and the wish to be
        called go with a low grade only."""
        now = self._clock()
        day = working_day(now)
        rule = rule_on(day)
        if grade not in {one.grade for one in rule.grades} or not set(tags) <= {tag.code for tag in rule.tags}:
            raise FormNotUnderstood
        # The grade is no part of what the key stands for: what is kept of a key is kept with the time.
        request = Request(key, f"screen:{window}", now, window, f"rate {about}".encode())
        if await self._store.answered(request) is not None:
            return
        turn = await self._store.turn_at(window)
        if turn is None or turn.about != about:
            raise ScreenMoved
        low = grade <= rule.low
        contact = await self._contact(turn) if low and wants_call else None
        given = Given(day, grade, tuple(tags) if low else (), _due(rule, day) if low else None, contact)
        await self._store.rate(given, turn, now - GRACE * _shown(day), request)

    async def figures(self, day: date) -> RatingFigures:
        """What a manager may know of a day."""
        served, counted = await self._store.ratings_of(day)
        least = rule_on(day).least
        tags = Counter[str]()
        for one in counted:
            tags.update(dict.fromkeys(one.tags, one.ratings))
        return RatingFigures(
            day,
            served,
            sum(one.ratings for one in counted),
            _grades(counted),
            tags,
            _parts(counted, lambda one: one.window, least),
            _parts(counted, lambda one: one.matter, least),
        )

    async def call_backs(self) -> Sequence[CallBack]:
        """For the supervisor: what is to be followed up, the most urgent first."""
        return await self._store.call_backs(working_day(self._clock()) - KEEP_CLOSED)

    async def call_back(self, id: str, by: str) -> CallBack:
        """With whom to call, where that was wished."""
        return await self._store.call_back(id, Request("", f"clerk:{by}", self._clock()))

    async def close(self, id: str, outcome: str, *, by: str, key: str) -> None:
        now = self._clock()
        if outcome not in {one.code for one in rule_on(working_day(now)).outcomes}:
            raise FormNotUnderstood
        request = Request(key, f"clerk:{by}", now, contents=f"close {id} {outcome}".encode())
        await self._store.close_call_back(id, by, outcome, request)

    async def _contact(self, turn: Turn) -> Contact:
        application = (await self._store.case(turn.visit)).application
        flow = self._matters.of(application)
        return Contact(applicant_name(flow, application), _mobile(flow, application), turn.number)


def _mobile(flow: Flow, application: Application) -> str:
    asked = (field.name for field in flow.fields.values() if field.item == "contact.mobile")
    return next((application.answers[name].value for name in asked if name in application.answers), "")


def _shown(day: date) -> timedelta:
    return timedelta(seconds=rule_on(day).shown_s)


def _due(rule: Rule, day: date) -> date:
    try:
        return due_day(Term(rule.call_back_days, "working_days"), day)
    except PolicyError:
        # Next year's holidays are not published yet: three weeks of the calendar are never later than it will be.
        return day + timedelta(days=rule.call_back_days * 7 // 5)


def _grades(counted: Iterable[Counted]) -> Counter[int]:
    grades = Counter[int]()
    for one in counted:
        grades[one.grade] += one.ratings
    return grades


def _parts(counted: Sequence[Counted], of: Callable[[Counted], str], least: int) -> tuple[Part, ...]:
    """A part that is too small is not told; nor is the smallest of the others, where the sum less the others would tell."""
    names = sorted({of(one) for one in counted}, key=lambda name: (len(name), name))
    parts = {name: _grades(one for one in counted if of(one) == name) for name in names}
    in_order = sorted(parts, key=lambda name: parts[name].total())
    hidden: list[str] = [name for name in in_order if parts[name].total() < least]
    while hidden and len(hidden) < len(in_order) and sum(parts[name].total() for name in hidden) < least:
        hidden.append(in_order[len(hidden)])
    return tuple(Part(name, None if name in hidden else parts[name]) for name in names)
