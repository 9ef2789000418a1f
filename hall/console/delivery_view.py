"""Deliveries as the console draws them: by department, with what is wrong in words and when it is tried again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flows.flow import Matters
from hall.console import words
from hall.console.clock import HALL_ZONE
from hall.console.delivery_words import FINDING, STATE
from hall.console.language import say
from hall.dead_letters import Overview
from hall.delivery import MOST_TRIES
from hall.store.dead_letters import Addressed, Troubled
from hall.store.feeds import FeedState
from hall.store.reconciliations import Finding, FindingKind, Report

FEED_WELL = "正常"


@dataclass(frozen=True)
class DepartmentLine:
    """One department's counts. `feed` is how its own news stand, "" when it has none; `held` of its messages wait."""

    code: str
    title: str
    flowing: int
    troubled: int
    dead: int
    accepted: int
    feed: str = ""
    feed_is_well: bool = True
    held: int = 0


@dataclass(frozen=True)
class LetterLine:
    """One delivery that fails, or was given up."""

    at: Addressed
    title: str
    ticket: str
    day: str
    matter: str
    step: str
    problem: str
    tries: int
    left: int
    next_try: str
    since: str
    dead: bool

    @property
    def pick(self) -> str:
        """The name of its checkbox."""
        return f"{self.at.subject}:{self.at.department}"


@dataclass(frozen=True)
class DeliveriesView:
    departments: tuple[DepartmentLine, ...]
    letters: tuple[LetterLine, ...]

    @property
    def dead(self) -> int:
        return sum(one.dead for one in self.departments)


@dataclass(frozen=True)
class ReportLine:
    """One department's night."""

    title: str
    state: str
    tone: str
    ended: str
    matched: int
    missing: int
    different: int
    surplus: int


@dataclass(frozen=True)
class FindingLine:
    """One case that is not the same on both sides; `pick` is "" when it cannot be sent again."""

    title: str
    kind: str
    meaning: str
    ticket: str
    day: str
    matter: str
    ours: str
    theirs: str
    pick: str
    resent: bool


def deliveries_view(
    overview: Overview, feeds: Sequence[FeedState], titles: Mapping[str, str], matters: Matters, now: datetime
) -> DeliveriesView:
    by_code = {feed.department: feed for feed in feeds}
    lines = []
    for code, counts in overview.counts.items():
        feed = by_code.get(code)
        well = feed is None or not feed.failures
        lines.append(
            DepartmentLine(
                code,
                say(titles.get(code, code)),
                counts.under_way - counts.troubled - counts.dead,
                counts.troubled,
                counts.dead,
                counts.accepted,
                _feed(feed, now) if feed else "",
                well,
                feed.held if feed else 0,
            )
        )
    lines.sort(key=lambda line: (-line.dead, -line.troubled, line.title))
    return DeliveriesView(tuple(lines), tuple(letter_line(one, titles, matters, now) for one in overview.troubled))


def letter_line(one: Troubled, titles: Mapping[str, str], matters: Matters, now: datetime) -> LetterLine:
    return LetterLine(
        one.at,
        say(titles.get(one.at.department, one.at.department)),
        one.ticket,
        short_day(one.working_day),
        _matter(one.matter, matters),
        say(words.STEP.get(one.step, one.step)),
        words.reason(one.problem),
        one.tries,
        max(MOST_TRIES - one.tries, 0),
        "" if one.dead_at else _soon(one.next_try, now),
        when(one.failing_since or one.dead_at, now),
        one.dead_at is not None,
    )


def report_lines(reports: Sequence[Report], titles: Mapping[str, str], now: datetime) -> tuple[ReportLine, ...]:
    return tuple(_report(one, titles, now) for one in reports)


def _report(one: Report, titles: Mapping[str, str], now: datetime) -> ReportLine:
    state, tone = say(STATE[one.state]), {"running": "collecting", "failed": "failing", "done": "well"}[one.state]
    if one.state == "failed":
        state = say("没有核对完（{why}）", why=words.reason(one.problem))
    elif one.state == "done" and one.amiss:
        state, tone = say("有 {amiss} 件不一致", amiss=one.amiss), "failing"
    title = say(titles.get(one.department, one.department))
    return ReportLine(title, state, tone, when(one.ended_at, now), one.matched, one.missing, one.different, one.surplus)


def finding_lines(findings: Sequence[Finding], titles: Mapping[str, str], matters: Matters) -> tuple[FindingLine, ...]:
    return tuple(_finding(one, titles, matters) for one in findings)


def _finding(one: Finding, titles: Mapping[str, str], matters: Matters) -> FindingLine:
    mismatch = one.mismatch
    may_go_again = mismatch.kind is FindingKind.MISSING and not one.resent
    kind, meaning = FINDING[mismatch.kind]
    if mismatch.kind is FindingKind.SURPLUS and not mismatch.subject:
        meaning = "大厅没有这一件，请与部门核实来源"
    return FindingLine(
        say(titles.get(one.department, one.department)),
        say(kind),
        say(meaning),
        one.ticket,
        short_day(one.working_day) if one.working_day else "",
        _matter(one.matter, matters) if one.matter else "",
        mismatch.ours,
        mismatch.theirs,
        f"{mismatch.subject}:{one.department}" if may_go_again else "",
        one.resent and mismatch.kind is FindingKind.MISSING,
    )


def when(at: datetime | None, now: datetime) -> str:
    """The time; with the day when it is another one."""
    if at is None:
        return ""
    local = at.astimezone(HALL_ZONE)
    same_day = local.date() == now.astimezone(HALL_ZONE).date()
    return local.strftime("%H:%M" if same_day else "%m-%d %H:%M")


def short_day(day: date) -> str:
    return day.strftime("%m-%d")


def _soon(at: datetime, now: datetime) -> str:
    return say("马上") if at <= now else when(at, now)


def _feed(feed: FeedState, now: datetime) -> str:
    if feed.failures:
        return say("连续 {times} 次没有读到（{why}）", times=feed.failures, why=words.reason(feed.problem))
    return f"{when(feed.heard_at, now)} {say(FEED_WELL)}" if feed.heard_at else say("尚未读取")


def _matter(code: str, matters: Matters) -> str:
    return say(matters[code].title) if code in matters else code
