"""Kivy reads its environment once, when it is first imported: settle it before any test of the window."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

os.environ["KIVY_HOME"] = tempfile.mkdtemp(prefix="yimen-kivy-")
os.environ["LP_NUM_THREADS"] = "1"  # software rendering in more threads costs more than it saves beside other tests

from kiosk.ui import theme
from kiosk.ui.display import KivyDisplay, Surface, prepare, run

prepare((theme.WIDTH, theme.HEIGHT), Surface.OFF_SCREEN)

from kivy.config import Config  # noqa: E402

Config.set("graphics", "maxfps", 0)

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
Story = Callable[[KivyDisplay], Awaitable[object]]
OnScreen = Callable[[Story], object]


@pytest.fixture
def on_screen() -> OnScreen:
    """Runs a story on the real window, drawn without a screen."""
    return lambda story: run(story, surface=Surface.OFF_SCREEN, fonts=FONTS)
