"""One screen: a view, what was entered on it, and what happens when it is touched."""

from __future__ import annotations

from collections.abc import Callable

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui import theme
from kiosk.ui.entry import Entry
from kiosk.ui.layout import Column
from kiosk.ui.pads import PadSheet, Sheet
from kiosk.ui.pages import in_columns, is_roomy
from kiosk.ui.signing import SignSheet
from kiosk.view import Line, ScreenKind, Tone, Touch, View


class Top(Column):
    """Hall, clock and corner buttons, then progress."""

    view = ObjectProperty(View("attract", ""), rebind=True)


class Title(Column):
    """The title alone: where the middle has pages, lead and notice stand on the first of them."""

    view = ObjectProperty(View("attract", ""), rebind=True)
    role = StringProperty("title")


class Headline(Column):
    """Title, lead and notice. A lead that says what went wrong is not a quiet line but a banner."""

    view = ObjectProperty(View("attract", ""), rebind=True)
    role = StringProperty("title")
    lead = StringProperty()
    urgent = StringProperty()
    brief = BooleanProperty(False)  # the title alone

    def on_view(self, *_: object) -> None:
        calm = self.view.tone in (Tone.PLAIN, Tone.GOOD)
        self.lead = self.view.lead if calm and not self.brief else ""
        self.urgent = "" if calm or self.brief else self.view.lead

    def on_brief(self, *_: object) -> None:
        self.on_view()


class Middle(BoxLayout):
    """What is left between headline and footer."""


class ToneMark(Column):
    """The large round icon of a message."""

    view = ObjectProperty(View("message", ""), rebind=True)
    icon = StringProperty("note")
    ink = ObjectProperty(theme.PRIMARY)
    ground = ObjectProperty(theme.TINT)

    def on_view(self, _: object, view: View) -> None:
        mood = theme.MOODS[view.tone]
        self.icon, self.ink, self.ground = mood.icon, mood.ink, mood.ground


class Screen(BoxLayout):
    """Draws `view`; its looks are in the file of its kind under screens/."""

    view = ObjectProperty(View("attract", ""), rebind=True)
    entry = ObjectProperty(None, allownone=True)
    crowded = BooleanProperty(False)
    squeezed = NumericProperty(0)
    brief = BooleanProperty(False)
    title_role = StringProperty("title")

    def on_crowded(self, *_: object) -> None:
        """Rather a smaller title and no drawing than a single word of the rest cut."""
        self.title_role = "heading" if self.crowded else "title"

    def __init__(self, view: View, touched: Callable[[Touch], None]) -> None:
        self._touched = touched
        super().__init__(orientation="vertical", view=view, entry=Entry(view))

    def follow(self, view: View) -> None:
        """Redraws what changed; what was entered stays."""
        if view.buttons != self.view.buttons:
            self._put_sheet_away()
        self.entry.follow(view)
        self.view = view

    def answer(self, button: str, value: str = "") -> None:
        self._touched(self.entry.touch(button, value))

    def open_sheet(self, line: Line) -> None:
        if line.kind == "signature":
            self.parent.add_widget(SignSheet(line, self.entry, self.view.language, self.view.lead))
        else:
            self.parent.add_widget(PadSheet(line, self.entry, self.view.language))

    def _put_sheet_away(self) -> None:
        for sheet in [child for child in self.parent.children if isinstance(child, Sheet)]:
            sheet.put_away()


class AttractScreen(Screen):
    art_margin = NumericProperty(8)
    art_share = NumericProperty(1)
    art_if_large = NumericProperty(0)

    def on_squeezed(self, *_: object) -> None:
        """Every matter on one page, with its note, is worth more than a greeting and a drawing."""
        if in_columns(self.view):
            self.brief = self.crowded = self.squeezed > 0
        elif self.squeezed:
            self.art_margin, self.art_share = 8, 0.6
            self.crowded = self.squeezed > 1 or self.view.large  # large text has no drawing that could give way

    def on_view(self, _: object, view: View) -> None:
        """Many matters leave no room for the drawing."""
        self.art_share = 0 if in_columns(view) else 1
        self.art_if_large = 0.9 if len(view.picks) == 1 else 0
        self.art_margin = 200 if is_roomy(view) else 8


class NoticeScreen(Screen):
    pass


class CardScreen(Screen):
    art_share = NumericProperty(1)
    art_if_large = NumericProperty(1)

    def on_view(self, _: object, view: View) -> None:
        """One sentence or none leaves the drawing all the room there is."""
        self.art_share, self.art_if_large = (1, 0.75) if len(view.points) <= 1 else (0.62, 0.37)


class BusyScreen(Screen):
    pass


class RecordsScreen(Screen):
    pass


class FormScreen(Screen):
    pass


class PhotoScreen(Screen):
    """The camera's picture changes ten times a second: nothing here is made anew when only that changes."""

    def on_squeezed(self, *_: object) -> None:
        """The picture and every word under it together are worth more than a lead."""
        self.brief = self.crowded = True


class ReviewScreen(Screen):
    def on_view(self, *_: object) -> None:
        """There is most to see here: the title is the first to give way."""
        self.crowded = True


class TicketScreen(Screen):
    pass


class MessageScreen(Screen):
    pass


SCREENS: dict[ScreenKind, type[Screen]] = {
    "attract": AttractScreen,
    "notice": NoticeScreen,
    "card": CardScreen,
    "busy": BusyScreen,
    "records": RecordsScreen,
    "form": FormScreen,
    "photo": PhotoScreen,
    "review": ReviewScreen,
    "ticket": TicketScreen,
    "message": MessageScreen,
}


class Glass(FloatLayout):
    """Everything on the panel: one screen, and a sheet over it when something is typed or signed. `touches` counts fingers."""

    touches = NumericProperty(0)

    def on_touch_down(self, touch: object) -> bool:
        self.touches += 1
        return bool(super().on_touch_down(touch))
