"""The touchscreen as the terminal sees it: shows a View, gives a Touch. Kivy itself is imported only by `run`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kiosk.ui import theme
from kiosk.view import Touch, View

if TYPE_CHECKING:
    from kiosk.ui.stage import Stage

T = TypeVar("T")


class Surface(StrEnum):
    """What is drawn on: the whole panel of a terminal, a window on a desk, or nothing that can be seen."""

    PANEL = "panel"
    WINDOW = "window"
    OFF_SCREEN = "off_screen"


class KivyDisplay:
    """Implements kiosk.view.Display on a stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._touched: asyncio.Future[Touch] | None = None

    @property
    def waiting(self) -> bool:
        """Whether a touch is awaited."""
        return self._touched is not None and not self._touched.done()

    @property
    def touches(self) -> int:
        return self.stage.glass.touches

    async def show(self, view: View) -> Touch:
        """See kiosk.view.Display; a wait that was replaced by another `show` is cancelled."""
        if self._touched is not None:
            self._touched.cancel()
        touched = self._touched = asyncio.get_running_loop().create_future()
        self.stage.put(view, self._answer)
        try:
            return await touched
        finally:
            if self._touched is touched:
                self._touched = None

    def update(self, view: View) -> None:
        self.stage.redraw(view, self._answer)

    def forget(self) -> None:
        self.stage.clear()

    def _answer(self, touch: Touch) -> None:
        if self._touched is not None and not self._touched.done():  # a second finger, or the visit is already over
            self._touched.set_result(touch)


def run(
    main: Callable[[KivyDisplay], Awaitable[T]],
    *,
    size: tuple[int, int] = (theme.WIDTH, theme.HEIGHT),
    surface: Surface = Surface.PANEL,
    fonts: Path,
) -> T | None:
    """Opens the window and runs `main` until it returns or the process is told to stop (then None)."""
    if "kivy" not in sys.modules:
        prepare(size, surface)
    return asyncio.run(_run(main, fonts))


def prepare(size: tuple[int, int], surface: Surface) -> None:
    """Settles everything Kivy reads once, when it is first imported."""
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",  # else importing kivy replaces sys.stderr and the root logger
        KIVY_METRICS_DENSITY=str(min(size[0] / theme.WIDTH, size[1] / theme.HEIGHT)),
    )
    if surface is Surface.OFF_SCREEN:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from kivy.config import Config

    framed = int(surface is Surface.WINDOW)
    graphics = {"width": size[0], "height": size[1], "borderless": 1 - framed, "show_cursor": framed, "resizable": 0}
    whole = "auto" if surface is Surface.PANEL else 0
    for name, value in {**graphics, "multisamples": 0, "fullscreen": whole}.items():
        Config.set("graphics", name, value)
    Config.set("kivy", "exit_on_escape", 0)
    Config.set("kivy", "desktop", 0)
    logging.getLogger("kivy").setLevel(logging.WARNING)  # importing Kivy set it to INFO
    for name, _ in Config.items("input"):  # two providers of one finger double every touch (kivy #1903)
        Config.remove_option("input", name)
    if surface is not Surface.OFF_SCREEN:
        Config.set("input", "mouse", "mouse,disable_multitouch")


async def _run(main: Callable[[KivyDisplay], Awaitable[T]], fonts: Path) -> T | None:
    from kiosk.ui.stage import Stage

    stage = Stage(fonts)
    drawing = asyncio.create_task(stage.async_run("asyncio"))
    await stage.started()
    visiting = asyncio.ensure_future(main(KivyDisplay(stage)))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, visiting.cancel)
    try:
        await asyncio.wait({drawing, visiting}, return_when=asyncio.FIRST_COMPLETED)
        visiting.cancel()
        return await visiting
    except asyncio.CancelledError:
        return None
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        stage.leave()
        await drawing
