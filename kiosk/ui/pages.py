"""The middle of a screen: the parts of its view as units of a pager."""

from __future__ import annotations

from collections.abc import Callable

from kivy.metrics import dp
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from kiosk.ui.entry import Entry
from kiosk.ui.pager import Pager
from kiosk.ui.parts import AnswerRow, Banner, GroupHead, Lead, MatterCard, Point, RecordRow, SourceChips, SourceRow
from kiosk.ui.questions import question
from kiosk.view import ScreenKind, View

Making = Callable[[View, Entry, float], list[Widget]]


def is_roomy(view: View) -> bool:
    """Few matters: the first screen need not save room."""
    return len(view.picks) <= 2 and not view.large


def matters(view: View, entry: Entry, width: float) -> list[Widget]:
    return [MatterCard(pick=pick, low=dp(240 if is_roomy(view) else 160)) for pick in view.picks]


def points(view: View, entry: Entry, width: float) -> list[Widget]:
    return [Point(words=point, icon="dot") for point in view.points]


def things_to_do(view: View, entry: Entry, width: float) -> list[Widget]:
    return [Point(words=point, icon="check") for point in view.points]


def sources(view: View, entry: Entry, width: float) -> list[Widget]:
    return [SourceRow(source=source) for source in view.sources]


def lines(view: View, entry: Entry, width: float) -> list[Widget]:
    units: list[Widget] = []
    for line in view.lines:
        if line.kind == "shown":
            units.append(RecordRow(entry_line=line))
        else:
            units += question(line, entry, width, view.language)
    if view.sources:
        units.append(SourceChips(sources=list(view.sources)))
    return units


def groups(view: View, entry: Entry, width: float) -> list[Widget]:
    units: list[Widget] = []
    for group in view.groups:
        units.append(GroupHead(title=group.title, edit=group.edit))
        units += [AnswerRow(entry_line=line) for line in group.lines]
    return units


MIDDLE: dict[ScreenKind, Making] = {
    "attract": matters,
    "notice": points,
    "card": points,
    "busy": sources,
    "records": lines,
    "form": lines,
    "review": groups,
    "ticket": things_to_do,
    "message": points,
}
DRAWN_FROM: dict[ScreenKind, tuple[str, ...]] = {
    "attract": ("picks",),
    "busy": ("sources",),
    "records": ("lines", "sources"),
    "form": ("lines", "sources"),
    "review": ("groups",),
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

    def _say_above(self) -> None:
        """A notice that comes while the citizen is on a later page takes them back to see it."""
        self._lead.words = self.view.lead
        if self._made is not None and self._notice.words != self.view.notice:
            self.to_first_page()
        self._notice.words = self.view.notice
