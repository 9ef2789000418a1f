"""Kivy reads its environment once, when it is first imported: settle it before any test of the window."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

os.environ["KIVY_HOME"] = tempfile.mkdtemp(prefix="yimen-kivy-")
os.environ["LP_NUM_THREADS"] = "1"  # software rendering in more threads costs more than it saves beside other tests

from kiosk.ui import theme
from kiosk.ui.display import KivyDisplay, Surface, prepare, run

prepare((theme.WIDTH, theme.HEIGHT), Surface.OFF_SCREEN)

from kivy.config import Config  # noqa: E402

Config.set("graphics", "maxfps", 0)

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
T = TypeVar("T")


class OnScreen(Protocol):
    """Runs a story on the real window, drawn without a screen, and gives what comes of it."""

    def __call__(self, story: Callable[[KivyDisplay], Awaitable[T]]) -> T: ...


def _on_screen(story: Callable[[KivyDisplay], Awaitable[T]]) -> T:
    ends: list[T] = []

    async def told(display: KivyDisplay) -> None:
        ends.append(await story(display))

    run(told, surface=Surface.OFF_SCREEN, fonts=FONTS)
    assert ends, "the window was closed before the story ended"
    return ends[0]


@pytest.fixture
def on_screen() -> OnScreen:
    return _on_screen
