"""The middle of a screen: the parts of its view as units of a pager."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from kivy.metrics import dp, sp
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.asking import question
from kiosk.ui.buttons import dispute_width
from kiosk.ui.entry import Entry
from kiosk.ui.hanfont import longest_word
from kiosk.ui.layout import Column
from kiosk.ui.pager import Pager
from kiosk.ui.parts import (
    AnswerRow,
    AtWork,
    Banner,
    GroupHead,
    Lead,
    MatterCard,
    MatterPair,
    NarrowMatter,
    Point,
    RecordRow,
    SourceChips,
    SourceRow,
    StackedRecord,
    Total,
)
from kiosk.ui.widgets import measure_for
from kiosk.view import Button, Group, Line, Pick, ScreenKind, Tag, Tone, View

Making = Callable[[View, Entry, float], list[Widget]]


MOST_IN_ONE_COLUMN = 4


def in_columns(view: View) -> bool:
    """So many matters that they stand two by two."""
    return len(view.picks) > MOST_IN_ONE_COLUMN


def is_roomy(view: View) -> bool:
    """Few matters: the first screen need not save room."""
    return len(view.picks) <= 2 and not view.large


def matters(view: View, entry: Entry, width: float) -> list[Widget]:
    if len(view.picks) == 1 and not view.picks[0].why_not:
        return [MatterCard(pick=view.picks[0], low=dp(540), role="title", note_role="lead")]
    if in_columns(view):
        tight = dp(theme.TOUCH if view.large else 168)
        return [matter_pair(view.picks[at : at + 2], tight) for at in range(0, len(view.picks), 2)]
    return [MatterCard(pick=pick, low=dp(240 if is_roomy(view) else 160)) for pick in view.picks]


def matter_pair(picks: Sequence[Pick], tight: float) -> MatterPair:
    pair = MatterPair()
    cards = [NarrowMatter(pick=pick, low=dp(216), tight=tight) for pick in picks]
    pair.fill_with([*cards, *(Column() for _ in range(2 - len(picks)))])
    return pair


def points(view: View, entry: Entry, width: float) -> list[Widget]:
    if view.kind == "photo" and view.tone is not Tone.PLAIN:
        mood = theme.MOODS[view.tone]
        return [Point(words=point, icon=mood.icon, ink=mood.ink) for point in view.points]
    return [Point(words=point, icon="dot") for point in view.points]


def sources(view: View, entry: Entry, width: float) -> list[Widget]:
    return [SourceRow(source=source) for source in view.sources] or [AtWork(low=dp(800))]


def lines(view: View, entry: Entry, width: float) -> list[Widget]:
    units: list[Widget] = []
    within = width - 2 * dp(36) - dp(theme.LABEL_WIDTH) - 2 * dp(24)
    for line in view.lines:
        if line.kind == "shown":
            room = within - dispute_width(line)
            row = StackedRecord(entry_line=line) if view.large else RecordRow(entry_line=line, **placed_tags(line, room, "value"))
            units.append(row)
        else:
            units += question(line, entry, width, view.language)
    if view.sources:
        units.append(SourceChips(sources=list(view.sources)))
    return units


def groups(view: View, entry: Entry, width: float) -> list[Widget]:
    units: list[Widget] = [Total(words=view.total)] if view.total else []
    least = 0.0 if view.large else dp(theme.LABEL_WIDTH)
    inside = width - 2 * dp(36) - dp(24)
    singles = [group for group in view.groups if is_single(group)]
    beside_edit = inside - edit_width([group.edit for group in singles if group.edit])
    single_column = label_column([group.lines[0] for group in singles], beside_edit, least)
    for group in view.groups:
        if is_single(group):
            row = answer_row(group.lines[0], beside_edit, single_column, joined="single", edit=group.edit)
            units.append(row)
        else:
            units.append(GroupHead(title=group.title, edit=group.edit))
            room = inside - edit_width([edit for edit in map(disputed, group.lines) if edit])
            column = label_column(group.lines, room, least)
            units += [stacked_or_beside(group, line, room, column) for line in group.lines]
    return units


def stacked_or_beside(group: Group, line: Line, room: float, column: float) -> Widget:
    if group.stacked:
        return StackedRecord(entry_line=line, role="answer", joined=group.title)
    return answer_row(line, room, column, joined=group.title, edit=disputed(line))


def disputed(line: Line) -> Button | None:
    return Button("dispute", line.dispute, value=line.name) if line.dispute else None


def is_single(group: Group) -> bool:
    """One answer that can be changed: its label says as much as a heading would."""
    return group.edit is not None and len(group.lines) == 1


def edit_width(edits: Sequence[Button]) -> float:
    """How much of each row the buttons of a group take."""
    words = max((measure_for("corner")(edit.label) for edit in edits), default=0)
    return float(words + sp(40) + dp(2 * 28 + 12 + 24)) if edits else 0.0


def answer_row(line: Line, inside: float, column: float, **more: object) -> AnswerRow:
    return AnswerRow(entry_line=line, label_width=column, **placed_tags(line, inside - column - dp(24), "answer"), **more)


def label_column(lines: Sequence[Line], room: float, least: float) -> float:
    """How wide the labels of a group may be so that all its answers take the fewest lines."""
    label, answer = measure_for("label"), measure_for("answer")

    def lines_at(column: float) -> tuple[int, int]:
        each = [(ceil(label(line.label) / column), ceil(answer(line.value) / (room - column))) for line in lines]
        broken = sum(longest_word(line.value, answer) > room - column for line in lines)
        return sum(map(max, each)) + 2 * broken, sum(labels for labels, _ in each)

    widest = room * WIDEST_LABEL
    least = max([least, *(longest_word(line.label, label) + dp(4) for line in lines)])
    wanted = sorted({least, *(min(widest, max(least, label(line.label) + dp(4))) for line in lines)})
    return float(min(wanted, key=lines_at))


WIDEST_LABEL = 0.7


def placed_tags(line: Line, room: float, role: str) -> dict[str, list[Tag]]:
    """The tags of a line beside its value where they find room; else under it."""
    tags = sum(measure_for("tag")(tag.text) + dp(36 + 8) for tag in line.tags)
    fits = measure_for(role)(line.value) + tags <= room
    return {"beside": list(line.tags) if fits else [], "under": [] if fits else list(line.tags)}


MIDDLE: dict[ScreenKind, Making] = {
    "attract": matters,
    "notice": points,
    "card": points,
    "busy": sources,
    "records": lines,
    "form": lines,
    "photo": points,
    "review": groups,
    "ticket": points,
    "message": points,
}
DRAWN_FROM: dict[ScreenKind, tuple[str, ...]] = {
    "attract": ("picks",),
    "busy": ("sources",),
    "records": ("lines", "sources"),
    "form": ("lines", "sources"),
    "photo": ("points", "tone"),
    "review": ("groups", "total"),
}
LEAD_WITHIN: frozenset[ScreenKind] = frozenset({"notice", "records", "form", "review"})
"""Where lead and notice stand on the first page instead of above all pages: there is much to show."""


class Pages(Pager):
    """Makes its units anew only when the parts they are drawn from changed: a finger may be on one of them."""

    view = ObjectProperty(View("attract", ""), rebind=True)
    entry = ObjectProperty(None, allownone=True)

    def __init__(self, **more: object) -> None:
        self._made: object = None
        super().__init__(**more)
        self._lead, self._notice = Lead(), Banner()
        self.fbind("squeezed", self._tighten)
        for name in ("view", "entry", "width"):
            self.fbind(name, self._make)

    def _make(self, *_: object) -> None:
        if self.entry is None or self.width <= 100:
            return
        self._say_above()
        drawn = DRAWN_FROM.get(self.view.kind, ("points",))
        wanted = (self.view.kind, self.width, *(getattr(self.view, name) for name in drawn))
        if wanted != self._made:
            self._made = wanted
            self.language = self.view.language
            above = [self._lead, self._notice] if self.view.kind in LEAD_WITHIN else []
            self.show_units([*above, *MIDDLE[self.view.kind](self.view, self.entry, self.width)])
            self._tighten()

    def _tighten(self, *_: object) -> None:
        for unit in self.units if self.squeezed > 1 else ():
            if isinstance(unit, MatterPair):
                unit.tighten()

    def _say_above(self) -> None:
        """A notice that comes while the citizen is on a later page takes them back to see it."""
        self._lead.words = self.view.lead
        if self._made is not None and self._notice.words != self.view.notice:
            self.to_first_page()
        self._notice.words = self.view.notice
