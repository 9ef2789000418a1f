"""The nouns of a View as widgets: picks, lines, sources, points, tags. Their looks are under screens/."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.ui import theme
from kiosk.ui.buttons import Answering, EditButton
from kiosk.ui.layout import Box, Column, Row, Surface
from kiosk.ui.widgets import Press
from kiosk.view import Button, Line, Pick, SourceLine, Tag, Tone, View


class Progress(Column):
    """How far the visit is, in words and as a bar of steps."""

    view = ObjectProperty(View("attract", ""), rebind=True)
    at = ListProperty([0, 0])

    def on_view(self, _: object, view: View) -> None:
        self.at = [view.step, view.steps]

    def on_at(self, *_: object) -> None:
        step, steps = self.at
        self.gone = not steps
        self.ids.bar.fill_with(
            Surface(height=self.bar_height, radius=6, fill=theme.PRIMARY if number < step else theme.HAIRLINE)
            for number in range(steps)
        )

    bar_height = NumericProperty(12)


class Banner(Row):
    """One sentence that concerns the whole screen."""

    gap = 0
    words = StringProperty()
    tone = ObjectProperty(Tone.CARE)
    ink = ColorProperty()
    icon = StringProperty("care")

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.gone = not self.words
        self.on_tone(self, self.tone)

    def on_words(self, *_: object) -> None:
        self.gone = not self.words

    def on_tone(self, _: object, tone: Tone) -> None:
        mood = theme.MOODS[tone]
        self.fill, self.ink, self.icon = mood.ground, mood.ink, mood.icon


class Lead(Column):
    """What a screen is about, above its parts."""

    gap = 0
    words = StringProperty()


class Point(Row):
    """One thing to know or to bring; numbered when the order counts."""

    words = StringProperty()
    icon = StringProperty("check")
    ink = ColorProperty(theme.PRIMARY)


class Chip(Row):
    """A tag: where a value comes from, or what is special about it."""

    tag = ObjectProperty(Tag(""), rebind=True)
    ink = ColorProperty()
    most = NumericProperty(400)

    def on_tag(self, _: object, tag: Tag) -> None:
        mood = theme.MOODS[tag.tone]
        self.fill, self.ink = mood.ground, mood.ink


class Chips(Box):
    """Tags side by side from the right, as many in a line as fit; as wide as they are."""

    tags = ListProperty()
    from_left = BooleanProperty(False)
    most = NumericProperty(400)

    def __init__(self, **more: object) -> None:
        super().__init__(size_hint_x=None, **more)

    def on_tags(self, *_: object) -> None:
        self.fill_with(Chip(tag=tag, most=self.most) for tag in self.tags)

    def on_most(self, *_: object) -> None:
        for chip in self.children:
            chip.most = self.most

    def _place(self) -> None:
        lines: list[list[Chip]] = []
        for chip in reversed(self.children):
            if lines and sum(c.width + self.spacing for c in lines[-1]) + chip.width <= self.most:
                lines[-1].append(chip)
            else:
                lines.append([chip])
        self.width = max((sum(c.width + self.spacing for c in line) - self.spacing for line in lines), default=0)
        self._ask(sum(max(c.height for c in line) + self.spacing for line in lines) - self.spacing if lines else 0)
        y = self.top
        for line in lines:
            tallest = max(chip.height for chip in line)
            x = self.x if self.from_left else self.right - sum(c.width + self.spacing for c in line) + self.spacing
            for chip in line:
                chip.pos = round(x), round(y - tallest)
                x += chip.width + self.spacing
            y -= tallest + self.spacing


class PickCard(Press):
    """One thing to choose, as a large card; one that is not on offer says why."""

    pick = ObjectProperty(Pick("", ""), rebind=True)
    line_name = StringProperty()
    chosen = BooleanProperty(False)
    icon = StringProperty("radio_off")
    ink = ColorProperty(theme.INK)

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.fbind("chosen", self._look)
        self._look()

    def on_pick(self, _: object, pick: Pick) -> None:
        self.name, self.dead = pick.key, bool(pick.why_not)

    def _look(self, *_: object) -> None:
        self.icon = "radio_on" if self.chosen else "radio_off"
        self.line_width = 5 if self.chosen else 2
        self.line = theme.PRIMARY if self.chosen else theme.EDGE
        self.idle_fill = theme.TINT if self.chosen else theme.CARD
        if self.dead:
            self.idle_fill, self.line, self.ink = theme.ABSENT, theme.HAIRLINE, theme.ABSENT_INK


class Matter(Answering):
    """A matter on the first screen: touching it begins."""

    pick = ObjectProperty(Pick("", ""), rebind=True)
    ink = ColorProperty(theme.INK)
    icon = StringProperty("right")
    role = StringProperty("heading")
    note_role = StringProperty("note")
    note = StringProperty()

    def on_pick(self, _: object, pick: Pick) -> None:
        self.name, self.note, self.dead = pick.key, pick.note, bool(pick.why_not)
        if self.dead:
            self.icon = ""
            self.idle_fill, self.line, self.ink = theme.ABSENT, theme.HAIRLINE, theme.ABSENT_INK


class MatterCard(Matter):
    """As wide as the screen."""


class NarrowMatter(Matter):
    """Half as wide, the note under the title. `tight` is its least height without the note."""

    tight = NumericProperty(0)


class MatterPair(Row):
    """Two matters side by side; where they do not fit on one page, without their notes."""

    def tighten(self) -> None:
        for matter in self.children:
            if isinstance(matter, NarrowMatter):
                matter.note, matter.role, matter.low = "", "strong", matter.tight


class RecordRow(Column):
    """A value between its label and its origin; several of them share one plate."""

    joined = "records"
    entry_line = ObjectProperty(Line("", ""), rebind=True)
    last = BooleanProperty(False)
    beside = ListProperty()  # tags on the line of the value
    under = ListProperty()  # tags that find no room there


class StackedRecord(Column):
    """The value under its label: in large text, or where it is a sentence."""

    joined = "records"
    entry_line = ObjectProperty(Line("", ""), rebind=True)
    role = StringProperty("value")
    last = BooleanProperty(False)


class AnswerRow(Column):
    """An answer to look over before submitting: label and value side by side."""

    gap = 12
    joined = StringProperty()
    entry_line = ObjectProperty(Line("", ""), rebind=True)
    label_width = NumericProperty(theme.LABEL_WIDTH)
    beside = ListProperty()
    under = ListProperty()
    edit = ObjectProperty(None, allownone=True)
    last = BooleanProperty(False)

    def on_edit(self, _: object, edit: Button | None) -> None:
        if edit:
            self.ids.row.add_widget(EditButton(button=edit))


class SourceRow(Row):
    """A department: a mark that turns into a tick when it has answered."""

    joined = "sources"
    source = ObjectProperty(SourceLine("", ""), rebind=True)
    last = BooleanProperty(False)
    icon = StringProperty("waiting")
    ink = ColorProperty(theme.QUIET_INK)
    ground = ColorProperty(theme.ABSENT)

    def on_source(self, _: object, source: SourceLine) -> None:
        mood = theme.MOODS[source.tone]
        if source.done:
            self.icon, self.ink, self.ground = mood.icon, mood.ink, mood.ground
        if source.done and source.tone is Tone.PLAIN:
            self.icon = "check"


class Total(Row):
    """What it will cost, in words."""

    gap = 8
    words = StringProperty()


class AtWork(Column):
    """The terminal is at work and there is nothing else to show."""


class GroupHead(Row):
    """The title of a group on the review screen, with its edit button."""

    keep = True
    gap = 24
    title = StringProperty()
    edit = ObjectProperty(None, allownone=True)

    def on_edit(self, _: object, edit: Button | None) -> None:
        if edit:
            self.add_widget(EditButton(button=edit))


class SourceChips(Column):
    """The departments behind the values above, each with how it stands."""

    sources = ListProperty()

    def on_sources(self, *_: object) -> None:
        self.fill_with(Chip(tag=Tag(f"{s.title}  {s.state}", s.tone), most=936) for s in self.sources)
