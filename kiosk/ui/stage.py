"""The Kivy application: one panel on which screens are put, redrawn and cleared."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from pathlib import Path

from kivy.app import App
from kivy.base import ExceptionHandler, ExceptionManager
from kivy.core.window import Window
from kivy.lang import Builder
from kivy.metrics import Metrics

from kiosk.ui import art, finder, ink, pages, pictures, qr, signing, theme
from kiosk.ui.hanfont import Fonts
from kiosk.ui.screen import SCREENS, Glass, Screen
from kiosk.ui.widgets import FONTS
from kiosk.view import Tone, Touch, View

log = logging.getLogger(__name__)

DRAWN_BY_KV = (art.Art, pages.Pages, pictures.Thumbnail, finder.Finder, ink.SmallInk, qr.QrCode, signing.WritingPad)
"""KV finds widgets by class name: naming them here imports their modules."""

SCREENS_FOLDER = Path(__file__).parent / "screens"
BROKEN = {
    "zh": View("message", "这台终端暂时不能使用", "请到旁边的终端办理，或者直接去窗口。您的身份证请取走。", Tone.CARE),
    "en": View(
        "message",
        "This terminal cannot be used right now",
        "Please use another terminal or go to the counter. Please take your card.",
        Tone.CARE,
        language="en",
    ),
}


class Guard(ExceptionHandler):
    """An error while drawing or touching must not end the terminal: without this Kivy stops its loop."""

    def __init__(self, broke: Callable[[Exception], None]) -> None:
        super().__init__()
        self._broke = broke

    def handle_exception(self, inst: BaseException) -> int:
        if not isinstance(inst, Exception):
            return ExceptionManager.RAISE
        self._broke(inst)
        return ExceptionManager.PASS


class Stage(App):
    """The panel. Nothing of a view outlives `clear`."""

    def __init__(self, fonts: Path) -> None:
        super().__init__()
        self._started = asyncio.Event()
        self._load(fonts)
        self.glass = Glass()
        self._guard = Guard(self._broke)

    @staticmethod
    def _load(folder: Path) -> None:
        """Fonts and KV rules are global in Kivy: loading them twice would double every rule."""
        if FONTS:
            return
        FONTS.append(Fonts(folder))
        FONTS[0].register(theme.FONT)
        for file in sorted(SCREENS_FOLDER.glob("*.kv")):
            Builder.load_file(str(file))

    def build(self) -> Glass:
        Window.clearcolor = theme.PAPER
        Window.bind(on_request_close=_refuse, on_keyboard=_refuse)
        ExceptionManager.add_handler(self._guard)
        return self.glass

    def on_start(self) -> None:
        self._started.set()

    def open_settings(self, *_: object) -> bool:
        return False

    async def started(self) -> None:
        await self._started.wait()

    def leave(self) -> None:
        """Ends the application and gives the window back."""
        self.clear()
        ExceptionManager.remove_handler(self._guard)
        Window.unbind(on_request_close=_refuse, on_keyboard=_refuse)
        Window.remove_widget(self.glass)
        self.stop()

    @property
    def screen(self) -> Screen | None:
        """What is on the panel now."""
        return next((child for child in self.glass.children if isinstance(child, Screen)), None)

    def put(self, view: View, touched: Callable[[Touch], None]) -> None:
        """A new screen; nothing of the last one stays."""
        self.glass.clear_widgets()
        Metrics.fontscale = theme.LARGE if view.large else 1
        self.glass.add_widget(SCREENS[view.kind](view, touched))

    def redraw(self, view: View, touched: Callable[[Touch], None]) -> None:
        """The same screen with other contents, keeping what was entered; a new one when it is another kind."""
        screen = self.screen
        if screen is not None and _alike(screen.view, view):
            screen.follow(view)
        else:
            self.put(view, touched)

    def clear(self) -> None:
        """An empty panel. Widgets refer to each other in circles, so only the collector ends them."""
        self.glass.clear_widgets()
        Metrics.fontscale = 1
        gc.collect()

    def _broke(self, error: Exception) -> None:
        """Names the kind of error only: its text may hold what was on the screen."""
        log.error("screen_broke", extra={"error": type(error).__name__})
        language = self.screen.view.language if self.screen else "zh"
        self.put(BROKEN[language], _ignore)


def _alike(old: View, new: View) -> bool:
    return (old.kind, old.language, old.large) == (new.kind, new.language, new.large)


def _refuse(*_: object) -> bool:
    """Escape, F1 and Alt+F4 do nothing on a terminal."""
    return True


def _ignore(touch: Touch) -> None:
    pass
