"""From the card to the decision, link by link: how long each took, how many were counted, how many could not be.

What is doubtful is left out of the times of a link and counted beside it; the half hour is said of whole cases only, and a
case whose minutes nobody can know is neither within it nor over it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from statistics import median, quantiles

from flows.policy import Dated, declare, on, read
from hall.steps import Step, StepTimes
from hall.store.overview import CaseTimes

ENDS = frozenset({"case_confirmed", "case_returned", "case_rejected", "certificate_issued"})
"""After the first of these the citizen has an outcome."""


@dataclass(frozen=True, kw_only=True)
class Rule(Dated):
    """`goal_min`: the half hour; a form that took longer than `form_min` was left lying."""

    goal_min: int
    form_min: int


@dataclass(frozen=True, kw_only=True)
class Rules:
    rule: tuple[Rule, ...]


RULES = read(Rules, "overview").rule
declare("overview", RULES)


def rule_on(day: date) -> Rule:
    return on(day, RULES, "overview")


class LinkName(StrEnum):
    FORM = "form"  # card to number
    WAITING = "waiting"  # number to call
    WALKING = "walking"  # call to the open case
    HANDLING = "handling"  # open case to decision
    WHOLE = "whole"  # card to first outcome
    SENDING = "sending"  # acceptance to the last department that has it


@dataclass(frozen=True)
class Link:
    """Seconds of those that can be trusted; None where there is none. `left_out` by the code of a doubt; `under_way` are not
    over yet."""

    name: LinkName
    counted: int = 0
    median_s: int | None = None
    p90_s: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    under_way: int = 0

    @property
    def doubtful(self) -> int:
        return sum(self.left_out.values())


@dataclass(frozen=True)
class Chain:
    """`within`, `over`, `unknown`: the cases with an outcome, against the half hour."""

    links: tuple[Link, ...]
    goal_min: int
    within: int
    over: int
    unknown: int

    def link(self, name: LinkName) -> Link:
        return next(link for link in self.links if link.name is name)

    @property
    def known(self) -> int:
        return self.within + self.over


def chain_of(cases: Sequence[CaseTimes], steps: Sequence[StepTimes], day: date) -> Chain:
    """Of one day: the cases that got their number on it, the sittings that were on it."""
    rule = rule_on(day)
    moved = {one.visit for one in steps if _clock_moved(one)}
    whole = [_whole(case, moved) for case in cases if first_end(case) is not None]
    known = [step.seconds for step in whole if step.trusted and step.seconds is not None]
    within = sum(seconds <= rule.goal_min * 60 for seconds in known)
    links = (
        _link(LinkName.FORM, (_form(case, rule) for case in cases if case.began_at and case.at_terminal)),
        _link(LinkName.WAITING, (one.waiting for one in steps if one.called_at)),
        _link(LinkName.WALKING, (_walking(one) for one in steps if one.called_at)),
        _link(LinkName.HANDLING, (one.handling for one in steps if one.opened_at)),
        _link(LinkName.WHOLE, whole),
        _link(LinkName.SENDING, (_sending(case) for case in cases if _confirmed(case))),
    )
    return Chain(links, rule.goal_min, within, len(known) - within, len(whole) - len(known))


def first_end(case: CaseTimes) -> datetime | None:
    """When its citizen first had an outcome."""
    return next((at for event, at in case.ends if event in ENDS), None)


def spread(seconds: Sequence[int]) -> tuple[int, int] | None:
    """Median and ninetieth percentile; None of none."""
    if not seconds:
        return None
    p90 = quantiles(seconds, n=10, method="inclusive")[8] if len(seconds) > 1 else seconds[0]
    return round(median(seconds)), round(p90)


def _link(name: LinkName, steps: Iterable[Step]) -> Link:
    every = list(steps)
    times = spread([step.seconds for step in every if step.trusted and step.seconds is not None])
    # One doubt a step, the first by name: a step that is doubtful twice is left out once.
    doubts = Counter(step.doubts[0] for step in every if step.seconds is not None and step.doubts)
    counted = sum(step.trusted for step in every)
    under_way = sum(step.seconds is None for step in every)
    return Link(name, counted, times[0] if times else None, times[1] if times else None, doubts, under_way)


def _form(case: CaseTimes, rule: Rule) -> Step:
    assert case.began_at
    return _between(case.began_at, case.issued_at, rule.form_min * 60)


def _whole(case: CaseTimes, moved: set[str]) -> Step:
    ended = first_end(case)
    if ended is None or case.began_at is None or not case.at_terminal:
        return Step(0, ("no_card",))
    step = _between(case.began_at, ended)
    return Step(step.seconds, ("clock",)) if case.visit in moved else step


def _walking(one: StepTimes) -> Step:
    """What was decided is over, even if nobody wrote down when its case was opened."""
    return Step(0, ("unopened",)) if one.opened_at is None and one.decided_at else one.walking


def _sending(case: CaseTimes) -> Step:
    if case.accepted_at is None or case.missing:
        return Step(None)
    step = _between(_confirmed(case) or case.issued_at, case.accepted_at)
    return Step(step.seconds, ("by_hand",)) if case.by_hand else step


def _between(begun: datetime, ended: datetime, most_s: int | None = None) -> Step:
    if ended < begun:
        return Step(0, ("clock",))
    seconds = ceil((ended - begun).total_seconds())  # a second begun after the half hour is over it
    return Step(seconds, ("too_long",) if most_s is not None and seconds > most_s else ())


def _confirmed(case: CaseTimes) -> datetime | None:
    return next((at for event, at in case.ends if event == "case_confirmed"), None)


def _clock_moved(one: StepTimes) -> bool:
    return any("clock" in step.doubts for step in (one.waiting, one.walking, one.handling))
