"""Every screen drawn by real Kivy and judged, with a picture of each in build/pictures/; whole visits by real fingers."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import Pilot
from kiosk.view import ScreenKind, Touch, View
from kiosk.visit import Ended
from tests.ui.conftest import OnScreen
from tests.ui.judge import complaints
from tests.ui.sample_views import ALL
from tests.ui.story_views import distinct_views
from tests.visits.playing import Script, play
from tests.visits.stories import STORIES, Story

PICTURES = Path(__file__).parents[2] / "build" / "pictures"


@pytest.mark.parametrize("start", ["zh-", "en-"])
def test_every_kind_of_screen_is_drawn_whole_in_both_sizes(on_screen: OnScreen, start: str) -> None:
    for old in (PICTURES / "samples").glob(f"{start}*.png"):
        old.unlink()

    async def story(display: KivyDisplay) -> list[str]:
        pilot, found = Pilot(display), []
        for name, view in ALL.items():
            if name.startswith(start):
                showing = asyncio.create_task(display.show(view))
                await pilot.shown()
                found += await judged(pilot, display, PICTURES / "samples", name)
                showing.cancel()
        return found

    assert on_screen(story) == []


SIZES = (False, True) if os.environ.get("YIMEN_EVERY_PICTURE") else (False,)
"""Whether in large text; `make pictures` draws both."""


@pytest.mark.parametrize("large", SIZES, ids=lambda large: "large" if large else "normal")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_of_every_story_is_drawn_whole(on_screen: OnScreen, language: str, large: bool) -> None:
    views = distinct_views(language, large=large)
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


@pytest.mark.parametrize("name", ["zh-form_typed", "en-large-form_typed"])
def test_the_pads_are_drawn_whole(on_screen: OnScreen, name: str) -> None:
    async def story(display: KivyDisplay) -> list[str]:
        pilot, found = Pilot(display), []
        showing = asyncio.create_task(display.show(ALL[name]))
        await pilot.shown()
        if name.startswith("zh"):
            await pilot.leave("old")  # it was left for the counter: take it back
        for line in ("mobile", "old"):
            await pilot.tap(f"open:{line}")
            await pilot.picture(PICTURES / "samples" / f"{name}-pad-{line}.png")
            found += complaints(display)
            await pilot.tap("pad:cancel")
        showing.cancel()
        return found

    assert on_screen(story) == []


async def judged(pilot: Pilot, display: KivyDisplay, folder: Path, name: str) -> list[str]:
    """A picture and the complaints of every page of the present screen; ends on the page it began with."""
    found = []
    began = max((pager.page for pager in pilot.pagers()), default=0)
    pages = max(1, await pilot.pages())
    for page in range(pages):
        await pilot.turn_to(page)
        await pilot.picture(folder / (f"{name}-{page + 1}.png" if pages > 1 else f"{name}.png"))
        found += [f"{name}, page {page + 1}: {complaint}" for complaint in complaints(display)]
    await pilot.turn_to(began)
    return found


@dataclass
class PilotedDisplay:
    """The real display, on which a story touches what its script says with real fingers."""

    real: KivyDisplay
    script: Script
    acting: asyncio.Task[None] | None = None

    @property
    def touches(self) -> int:
        return self.real.touches

    async def show(self, view: View) -> Touch:
        showing = asyncio.ensure_future(self.real.show(view))
        try:
            await asyncio.sleep(0)
            await self._act(view, self.script.on_show(view))
            return await showing
        finally:
            showing.cancel()

    def update(self, view: View) -> None:
        self.real.update(view)
        touch = self.script.on_update(view)
        if touch is not None:
            self.acting = asyncio.ensure_future(self._act(view, touch))

    def forget(self) -> None:
        self.real.forget()

    async def _act(self, view: View, touch: Touch | None) -> None:
        pilot = Pilot(self.real)
        await pilot.shown(view.kind)
        if touch is not None:
            await self._enter(pilot, view, touch)
            await pilot.tap(touch.button)

    async def _enter(self, pilot: Pilot, view: View, touch: Touch) -> None:
        for line in view.lines:
            given = touch.values.get(line.name, line.raw)
            if line.kind == "choice" and given != line.raw:
                await pilot.pick(line.name, given)
            elif line.kind in ("digits", "latin") and given != line.raw:
                await pilot.enter(line.name, given.upper())
            if (line.name in touch.left) != line.left:
                await pilot.leave(line.name)


REPLAYED = {
    "zh": STORIES[0],
    "en": STORIES[1],
    "large": next(story for story in STORIES if "large text" in story.name),
    "alone": next(story for story in STORIES if story.name == "the hall is away all the time: sealed, with a reference"),
}


@pytest.mark.parametrize("name", REPLAYED)
def test_a_visit_on_the_real_window_ends_as_the_story_says(on_screen: OnScreen, name: str) -> None:
    story: Story = REPLAYED[name]

    async def visit(display: KivyDisplay) -> Ended:
        return (await play(story, partial(PilotedDisplay, display), deadline_s=120)).ended

    assert on_screen(visit) is story.ends
