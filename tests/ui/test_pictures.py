"""Every screen of every story drawn by real Kivy and judged; whole visits by real fingers."""

import asyncio
import shutil
from dataclasses import dataclass
from functools import partial
from typing import get_args

import pytest

from kiosk.ui.display import KivyDisplay
from kiosk.ui.ink import from_text
from kiosk.ui.pilot import Pilot
from kiosk.view import ScreenKind, Touch, View
from kiosk.visit import Ended
from tests.ui.conftest import OnScreen
from tests.ui.judge import ALBUM, PICTURES, judged
from tests.ui.story_views import drawable, views_met
from tests.visits.playing import Script, play
from tests.visits.stories import STORIES

SIZES = (False, True) if ALBUM else (False,)
"""Whether in large text."""


@pytest.mark.long  # every kind of screen is drawn with its longest words in test_samples
@pytest.mark.parametrize("large", SIZES, ids=lambda large: "large" if large else "normal")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_of_every_story_is_drawn_whole(on_screen: OnScreen, language: str, large: bool) -> None:
    views = tuple(views_met(language, large=large))
    folder = PICTURES / "stories" / (f"{language}-large" if large else language)
    shutil.rmtree(folder, ignore_errors=True)

    async def story(display: KivyDisplay) -> list[str]:
        pilot, found = Pilot(display), []
        for number, view in enumerate(views, start=1):
            showing = asyncio.create_task(display.show(view))
            await pilot.shown()
            found += await judged(pilot, display, folder, f"{number:02}-{view.kind}")
            showing.cancel()
        return found

    assert {view.kind for view in views} == set(get_args(ScreenKind))
    assert on_screen(story) == []


@dataclass
class PilotedDisplay:
    """The real display, on which a story touches what its script says with real fingers."""

    real: KivyDisplay
    script: Script
    fingers: asyncio.TaskGroup | None = None

    @property
    def touches(self) -> int:
        return self.real.touches

    async def show(self, view: View) -> Touch:
        try:
            async with asyncio.TaskGroup() as self.fingers:
                self._act(view, self.script.on_show(view))
                return await self.real.show(view)  # at once: an update must not come before
        finally:
            self.fingers = None

    def update(self, view: View) -> None:
        self.real.update(view)
        self._act(view, self.script.on_update(view))

    def forget(self) -> None:
        self.real.forget()

    def _act(self, view: View, touch: Touch | None) -> None:
        if touch is not None and self.fingers is not None:
            self.fingers.create_task(self._touch(view, touch))

    async def _touch(self, view: View, touch: Touch) -> None:
        pilot = Pilot(self.real)
        await pilot.shown(view.kind)
        await self._enter(pilot, view, touch)
        await pilot.tap(touch.button)

    async def _enter(self, pilot: Pilot, view: View, touch: Touch) -> None:
        for line in view.lines:
            given = touch.values.get(line.name, line.raw)
            if line.kind == "choice" and given != line.raw:
                await pilot.pick(line.name, given)
            elif line.kind == "signature" and given != line.raw:
                await pilot.sign(line.name, from_text(given))
            elif line.kind in ("digits", "latin") and given != line.raw:
                await pilot.enter(line.name, given.upper())
            if line.name in touch.left and not line.left:
                await pilot.leave(line.name)


REPLAYED = {
    "en": "endorsements only, in English",
    "large": "large text and another language in the middle keep what was entered",
    "alone": "the hall is away all the time: sealed, with a reference",
    "who used my data": "the list is printed once",
}
LONG = {"en", "large", "alone"}
"""Twenty screens of real fingers each."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.long) if name in LONG else name for name in REPLAYED])
def test_a_visit_on_the_real_window_ends_as_the_story_says(on_screen: OnScreen, name: str) -> None:
    story = next(story for story in STORIES if story.name == REPLAYED[name])

    async def visit(display: KivyDisplay) -> Ended:
        return (await play(drawable(story), partial(PilotedDisplay, display))).ended

    assert on_screen(visit) is story.ends
