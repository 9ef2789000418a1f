"""Every kind of screen with the longest words it may hold, drawn and judged; `make pictures` keeps them in build/pictures/."""

import asyncio

import pytest

from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import Pilot
from tests.ui.conftest import OnScreen
from tests.ui.judge import PICTURES, complaints, judged
from tests.ui.sample_views import ALL

LONG = pytest.mark.long
LOOKS = ("zh-large-", "en-large-", "zh-", "en-")


def _look(name: str) -> str:
    return next(look for look in LOOKS if name.startswith(look))


@pytest.mark.parametrize("look", ["zh-", pytest.param("zh-large-", marks=LONG), pytest.param("en-", marks=LONG), "en-large-"])
def test_every_kind_of_screen_is_drawn_whole(on_screen: OnScreen, look: str) -> None:
    """The shortest words and the longest ones always, what lies between them in `make long`."""
    for old in (PICTURES / "samples").glob("*.png"):
        if _look(old.name) == look:
            old.unlink()

    async def story(display: KivyDisplay) -> list[str]:
        pilot, found = Pilot(display), []
        for name, view in ALL.items():
            if _look(name) == look:
                showing = asyncio.create_task(display.show(view))
                await pilot.shown()
                found += await judged(pilot, display, PICTURES / "samples", name)
                showing.cancel()
        return found

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
