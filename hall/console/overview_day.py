"""A day of the hall as its page draws it: key figures, the chain, tables beside every plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.flow import Matters
from hall.chain import Link, LinkName
from hall.console import overview_words
from hall.console.clock import at_time
from hall.console.language import say
from hall.console.overview_view import title
from hall.day_figures import DayFigures, OfWindow
from hall.working_day import working_day


@dataclass(frozen=True)
class LinkRow:
    name: str
    span: str
    median: str
    p90: str
    counted: int
    doubtful: int
    why: str
    under_way: int
    whole: bool


@dataclass(frozen=True)
class MatterLine:
    matter: str
    cases: int
    ended: int
    on_the_spot: int
    share: str


@dataclass(frozen=True)
class WindowLine:
    window: str
    handled: int
    staffed: str
    an_hour: str
    unsure: bool


@dataclass(frozen=True)
class QuarterLine:
    span: str
    arrived: int
    waiting: int


@dataclass(frozen=True)
class DayView:
    """`within` and `known`: the half hour; `told_until`: "" for a day that is over. `missing`: what is not whole, in words."""

    day: date
    told_until: str
    stamp: str
    cases: int
    ended: int
    on_the_spot: int
    share: str
    goal_min: int
    within: int
    known: int
    unknown: int
    within_share: str
    links: tuple[LinkRow, ...]
    matters: tuple[MatterLine, ...]
    windows: tuple[WindowLine, ...]
    whole: WindowLine
    quarters: tuple[QuarterLine, ...]
    missing: tuple[str, ...]
    rated: str


def day_view(figures: DayFigures, matters: Matters) -> DayView:
    chain, running = figures.chain, working_day(figures.at) == figures.day
    return DayView(
        day=figures.day,
        told_until=at_time(figures.at)[:5] if running else "",
        stamp=f"{figures.at:%Y%m%d%H%M%S}",
        cases=figures.cases,
        ended=figures.ended,
        on_the_spot=figures.on_the_spot,
        share=overview_words.share(figures.on_the_spot, figures.ended),
        goal_min=chain.goal_min,
        within=chain.within,
        known=chain.known,
        unknown=chain.unknown,
        within_share=overview_words.share(chain.within, chain.known),
        links=tuple(_link(one) for one in chain.links),
        matters=tuple(
            MatterLine(
                title(one.matter, matters),
                one.cases,
                one.ended,
                one.on_the_spot,
                overview_words.share(one.on_the_spot, one.ended),
            )
            for one in figures.matters
        ),
        windows=tuple(_window(one) for one in figures.windows),
        whole=_window(figures.whole),
        quarters=tuple(
            QuarterLine(f"{at_time(one.begins)[:5]}–{at_time(one.ends)[:5]}", one.arrived, one.waiting)
            for one in figures.quarters
        ),
        missing=tuple(_missing(figures)),
        rated=_rated(figures),
    )


def _link(one: Link) -> LinkRow:
    name, span = overview_words.LINK[one.name]
    return LinkRow(
        name=say(name),
        span=say(span),
        median=overview_words.minutes(one.median_s),
        p90=overview_words.minutes(one.p90_s),
        counted=one.counted,
        doubtful=one.doubtful,
        why=overview_words.left_out(one.left_out),
        under_way=one.under_way,
        whole=one.name is LinkName.WHOLE,
    )


def _window(one: OfWindow) -> WindowLine:
    hours = one.staffed.total_seconds() / 3600
    return WindowLine(
        window=one.window,
        handled=one.handled,
        staffed=f"{hours:.1f}",
        an_hour="—" if one.an_hour is None else f"{one.an_hour:.1f}",
        unsure=one.unsure,
    )


def _missing(figures: DayFigures) -> Sequence[str]:
    found = []
    if figures.clock_moved:
        found.append(say("大厅时钟当天被改过：{spans} 段时间先结束后开始，没有计入用时。", spans=figures.clock_moved))
    if figures.whole.unsure:
        found.append(say("有窗口没有记下退出时间，在岗时长按最长 8 小时计，每小时件数偏低。"))
    return found


def _rated(figures: DayFigures) -> str:
    rated = figures.rated
    if rated is None:
        return ""
    if rated.good is None:
        return say("办结 {served} 人次，评价 {rated} 次", served=rated.served, rated=rated.rated)
    good = overview_words.share(rated.good, rated.rated)
    return say("办结 {served} 人次，评价 {rated} 次，好评 {good}", served=rated.served, rated=rated.rated, good=good)
