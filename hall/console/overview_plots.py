"""Plots of a day as SVG, drawn here: nothing but shapes and words in attributes, as the page's policy wants it.

Every plot has a table with the same numbers on the day's page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from hall.chain import Link, LinkName
from hall.console import overview_words
from hall.console.clock import at_time
from hall.console.language import say
from hall.day_figures import DayFigures

WIDTH, HEIGHT = 460, 232
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 16, 28
INK, SOFT, LINE, BLUE, PALE, AMBER = "#17232f", "#55636f", "#dbe1e7", "#175a97", "#bcd3e8", "#855200"
FONT = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
WIDEST_BAR = 46.0


def waiting(figures: DayFigures) -> str:
    """How many wait, at the end of each quarter of an hour."""
    counts = [one.waiting for one in figures.quarters]
    if not counts:
        return _nothing("等候人数")
    scale = _Scale(max(counts))
    step = (WIDTH - LEFT - RIGHT) / len(counts)
    points = [(LEFT + step * (number + 1), scale.y(count)) for number, count in enumerate(counts)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(LEFT, points[0][1]), *points])
    floor = HEIGHT - BOTTOM
    area = f'<polygon points="{LEFT},{floor} {line} {points[-1][0]:.1f},{floor}" fill="{PALE}"/>'
    curve = f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="2"/>'
    return _svg("等候人数", [*scale.lines(), area, curve, *_hours(figures, step)])


def arrivals(figures: DayFigures) -> str:
    """Numbers given out in each quarter of an hour."""
    counts = [one.arrived for one in figures.quarters]
    if not counts:
        return _nothing("每 15 分钟取号数")
    scale = _Scale(max(counts))
    step = (WIDTH - LEFT - RIGHT) / len(counts)
    bars = [_bar(LEFT + step * number + 1, max(step - 2, 1), count, scale) for number, count in enumerate(counts)]
    return _svg("每 15 分钟取号数", [*scale.lines(), *bars, *_hours(figures, step)])


def windows(figures: DayFigures) -> str:
    """Cases handled at each window."""
    rows = figures.windows
    if not rows:
        return _nothing("各窗口办理件数")
    scale = _Scale(max(one.handled for one in rows))
    step = (WIDTH - LEFT - RIGHT) / len(rows)
    thick = min(step * 0.7, WIDEST_BAR)
    parts = scale.lines()
    every = max(1, math.ceil(24 / step))  # a number under each bar only where there is room for it
    for number, one in enumerate(rows):
        middle = LEFT + step * (number + 0.5)
        parts.append(_bar(middle - thick / 2, thick, one.handled, scale))
        if number % every == 0:
            parts.append(_text(middle, HEIGHT - BOTTOM + 17, one.window, "middle"))
        if step >= 20:
            parts.append(_text(middle, scale.y(one.handled) - 4, str(one.handled), "middle", INK))
    return _svg("各窗口办理件数", parts)


def chain(figures: DayFigures) -> str:
    """Median (dark) and nine in ten (pale) of every link in minutes, and the half hour."""
    found = figures.chain
    inside = [link.p90_s or 0 for link in found.links if link.name is not LinkName.SENDING]
    most_min = max([found.goal_min * 1.2, *(seconds / 60 for seconds in inside)])
    left, room = 76, WIDTH - 76 - 124
    tall = (HEIGHT - TOP - BOTTOM) / len(found.links)
    parts: list[str] = []
    for number, link in enumerate(found.links):
        parts += _link(link, TOP + tall * number, tall, left, room / most_min)
    goal = left + room * found.goal_min / most_min
    parts.append(
        f'<line x1="{goal:.1f}" y1="{TOP - 6}" x2="{goal:.1f}" y2="{HEIGHT - BOTTOM + 2}" stroke="{AMBER}" '
        'stroke-width="1.5" stroke-dasharray="4 3"/>'
    )
    parts.append(_text(goal, HEIGHT - BOTTOM + 17, say("{minutes} 分钟", minutes=found.goal_min), "middle", AMBER))
    parts.append(_text(WIDTH - 6, HEIGHT - BOTTOM + 17, say("中位 / 九成以内（分）"), "end"))
    return _svg("各环节用时", parts)


PLOTS: Mapping[str, Callable[[DayFigures], str]] = {
    "waiting": waiting,
    "arrivals": arrivals,
    "windows": windows,
    "chain": chain,
}


def _link(link: Link, top: float, tall: float, left: float, a_minute: float) -> list[str]:
    middle = top + tall / 2
    name = say(overview_words.LINK[link.name][0])
    parts = [_text(left - 8, middle + 4, name, "end", INK, bold=link.name is LinkName.WHOLE)]
    if link.median_s is None or link.p90_s is None:
        return [*parts, _text(left + 2, middle + 4, say("没有可计的"), "start")]
    most = WIDTH - 124 - left
    for seconds, colour, thick in ((link.p90_s, PALE, 14), (link.median_s, BLUE, 8)):
        wide = min(max(seconds / 60 * a_minute, 1.5), most)
        parts.append(f'<rect x="{left}" y="{middle - thick / 2:.1f}" width="{wide:.1f}" height="{thick}" fill="{colour}"/>')
    if link.p90_s / 60 * a_minute > most:
        parts.append(_text(left + most - 3, middle + 4, "»", "end", INK))
    said = f"{overview_words.minutes(link.median_s)} / {overview_words.minutes(link.p90_s)}"
    return [*parts, _text(WIDTH - 6, middle + 4, said, "end", INK)]


class _Scale:
    """A vertical axis from nothing to a round number; counts are whole, so its lines are."""

    def __init__(self, most: int) -> None:
        step = next(size for size in _sizes() if size * 4 >= most)
        self._ticks = [step * number for number in range(5)]

    def y(self, count: int) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * count / self._ticks[-1]

    def lines(self) -> list[str]:
        parts = []
        for tick in self._ticks:
            y = self.y(tick)
            parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{LINE}"/>')
            parts.append(_text(LEFT - 6, y + 4, str(tick), "end"))
        return parts


def _sizes() -> Sequence[int]:
    return [size * 10**power for power in range(7) for size in (1, 2, 5)]


def _bar(x: float, wide: float, count: int, scale: _Scale) -> str:
    y = scale.y(count)
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{HEIGHT - BOTTOM - y:.1f}" fill="{BLUE}"/>'


def _hours(figures: DayFigures, step: float) -> list[str]:
    """The full hours under the axis, as many as have room."""
    full = [(number, one) for number, one in enumerate(figures.quarters) if at_time(one.begins)[3:5] == "00"]
    labelled = full or [(0, figures.quarters[0])]
    every = max(1, math.ceil(46 / (step * 4)))
    marks = []
    for number, one in labelled[::every]:
        x = min(max(LEFT + step * number, LEFT), WIDTH - RIGHT - 16)
        marks.append(_text(x, HEIGHT - BOTTOM + 17, at_time(one.begins)[:5], "middle"))
    return marks


def _nothing(title: str) -> str:
    return _svg(title, [_text(WIDTH / 2, HEIGHT / 2, say("这一天还没有数据"), "middle")])


def _text(x: float, y: float, words: str, anchor: str, colour: str = SOFT, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>{escape(words)}</text>'


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label={quoteattr(say(title))} font-family={quoteattr(FONT)} font-size="12.5">{"".join(parts)}</svg>'
    )
