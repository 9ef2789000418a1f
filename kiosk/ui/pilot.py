"""Drives the real window as a citizen would: real fingers at real places, judged by what is drawn."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from pathlib import Path

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.ui.display import KivyDisplay
from kiosk.ui.ink import WHOLE, Stroke
from kiosk.ui.pager import Pager
from kiosk.ui.parts import PickCard
from kiosk.ui.signing import WritingPad
from kiosk.ui.widgets import Press, walk
from kiosk.view import View

DEADLINE_S = 20.0


class NotOnScreen(AssertionError):
    """What should be touched is not there, or cannot be touched."""


class Finger(MotionEvent):
    """One finger, at a place in window pixels."""

    _number = itertools.count()

    def __init__(self, x: float, y: float) -> None:
        place = {"x": x / (Window.width - 1), "y": y / (Window.height - 1)}
        super().__init__("pilot", f"finger{next(self._number)}", place, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)


class Pilot:
    """One pair of hands and eyes before the window."""

    def __init__(self, display: KivyDisplay, deadline_s: float = DEADLINE_S) -> None:
        self._display = display
        self._deadline_s = deadline_s

    @property
    def view(self) -> View | None:
        screen = self._display.stage.screen
        return screen.view if screen else None

    async def shown(self, kind: str = "") -> View:
        """Waits until a screen (of this kind) awaits a touch and stands still."""
        async with asyncio.timeout(self._deadline_s):
            while not self._display.waiting or self.view is None or (kind and self.view.kind != kind):
                await frame()
            await settled()
            return self.view

    async def tap(self, name: str) -> None:
        """Touches a button, turning the pages of the screen to find it."""
        await self._touch(await self._found(name))

    async def pick(self, line: str, key: str) -> None:
        """Chooses a pick of a line; with an empty line, of the screen."""
        if not line:
            await self.tap(key)
            return
        await self._touch(await self._found(key, line))

    async def enter(self, line: str, text: str) -> None:
        """Types a text on the pad of a line, key by key, over whatever was there."""
        await self.tap(f"open:{line}")
        await self.tap("key:clear")
        for sign in text:
            await self.tap("key:space" if sign == " " else f"key:{sign}")
        await self.tap("pad:done")

    async def sign(self, line: str, strokes: Sequence[Stroke]) -> None:
        """Writes on the sheet of a line, in thousandths of its width, over whatever was there."""
        await self.tap(f"open:{line}")
        await self.tap("pad:clear")
        for stroke in strokes:
            await self.draw(stroke)
        await self.tap("pad:done")

    async def draw(self, stroke: Stroke) -> None:
        """One stroke on the sheet that is open, with one finger; it may leave the sheet."""
        pad = next(widget for widget in walk(self._display.stage.glass) if isinstance(widget, WritingPad))
        scale = pad.width / WHOLE
        places = [pad.to_window(pad.x + x * scale, pad.top - y * scale) for x, y in stroke]
        finger = Finger(*places[0])
        await _felt("begin", finger)
        for x, y in places[1:]:
            finger.move({"x": x / (Window.width - 1), "y": y / (Window.height - 1)})
            EventLoop.post_dispatch_input("update", finger)  # a frame for each would take a minute a name
        await _felt("end", finger)

    async def leave(self, line: str) -> None:
        """Leaves a line for the counter."""
        await self.tap(f"leave:{line}")

    async def picture(self, path: Path) -> None:
        """Saves what is on the panel, once it stands still."""
        async with asyncio.timeout(self._deadline_s):
            await settled()
        path.parent.mkdir(parents=True, exist_ok=True)
        grab().save(path, compress_level=1)

    def pagers(self) -> list[Pager]:
        """What has pages on the panel."""
        return [widget for widget in walk(self._display.stage.glass) if isinstance(widget, Pager)]

    async def pages(self) -> int:
        """How many pages the screen has."""
        await settled()
        return max((pager.pages for pager in self.pagers()), default=1)

    async def turn_to(self, page: int) -> None:
        """Turns the pages of the screen by its own buttons."""
        for pager in self.pagers():
            while pager.page != page:
                await self.tap("page:down" if pager.page < page else "page:up")

    async def _found(self, name: str, line: str = "") -> Press:
        async with asyncio.timeout(self._deadline_s):
            await settled()
            for pager in self.pagers():
                unit = next((u for u in pager.units if any(_is(w, name, line) for w in walk(u))), None)
                if unit is not None and pager.page != pager.page_of(unit):
                    await self.turn_to(pager.page_of(unit))
                    await settled()
        top = next(iter(self._display.stage.glass.children), None)  # a pad covers the screen
        found = next((widget for widget in walk(top) if _is(widget, name, line)), None) if top else None
        if found is None:
            raise NotOnScreen(name)
        return found

    async def _touch(self, widget: Press) -> None:
        if widget.dead:
            raise NotOnScreen(f"{widget.name} cannot be touched")
        finger = Finger(*widget.to_window(*widget.center))
        await _felt("begin", finger)
        pressed = widget.pressed
        await _felt("end", finger)
        if not pressed:
            raise NotOnScreen(f"{widget.name} is covered by something else")


def _is(widget: Widget, name: str, line: str) -> bool:
    if not isinstance(widget, Press) or widget.name != name:
        return False
    return widget.line_name == line if isinstance(widget, PickCard) else not line


async def _felt(kind: str, finger: Finger) -> None:
    """Through the queue of Kivy's own input: an error in a touch must meet the same guard as in the hall."""
    EventLoop.input_events.append((kind, finger))
    while (kind, finger) in EventLoop.input_events:
        await frame()
    await frame()


async def frame() -> None:
    """Until the next frame of Kivy's clock."""
    drawn = asyncio.get_running_loop().create_future()
    Clock.schedule_once(lambda _: drawn.done() or drawn.set_result(None), 0)
    await drawn


async def settled() -> None:
    """Until several frames have passed of which none was drawn. Kivy draws only when something
    changed, so this says the same as comparing pixels, without reading two megapixels each time."""
    draws: list[object] = []
    note = draws.append
    Window.fbind("on_draw", note)
    try:
        quiet = 0
        while quiet < QUIET_FRAMES:
            draws.clear()
            await frame()
            quiet = 0 if draws else quiet + 1
    finally:
        Window.funbind("on_draw", note)


QUIET_FRAMES = 4


def grab() -> Image.Image:
    """The pixels of the panel, drawn once more: after a flip the back buffer holds nothing certain."""
    width, height = (int(side) for side in Window.system_size)
    Window.dispatch("on_draw")
    pixels = bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))
    return Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
