"""The camera's picture on the panel: ten a second, marked, mirrored, torn, and gone after the visit."""

import asyncio
from dataclasses import replace

import pytest
from kivy.graphics.texture import Texture
from PIL import Image, ImageChops

from kiosk.ui import theme
from kiosk.ui.display import KivyDisplay
from kiosk.ui.finder import Finder, MarkFrame
from kiosk.ui.pictures import Picture
from kiosk.ui.pilot import Pilot, grab, settled
from kiosk.ui.widgets import walk
from kiosk.view import Mark, Touch, View
from tests.ui.conftest import OnScreen
from tests.ui.sample_pictures import face
from tests.ui.sample_views import ALL
from tests.ui.test_display import shows

LIVE = ALL["zh-photo"]


def finder(display: KivyDisplay) -> Finder:
    return next(widget for widget in walk(display.stage.glass) if isinstance(widget, Finder))


def mark_frames(display: KivyDisplay) -> list[MarkFrame]:
    return [widget for widget in walk(display.stage.glass) if isinstance(widget, MarkFrame)]


async def drawn(display: KivyDisplay, view: View) -> asyncio.Task[Touch]:
    showing = shows(display, view)
    await Pilot(display).shown("photo")
    return showing


def test_another_picture_changes_pixels_but_no_widget_and_no_texture(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> None:
        showing = await drawn(display, LIVE)
        widgets, texture, before = list(walk(display.stage.glass)), finder(display).texture, grab()
        for turned in (60, 120):
            display.update(replace(LIVE, picture=face(turned=turned)))
            await settled()
        assert list(walk(display.stage.glass)) == widgets
        assert finder(display).texture is texture
        assert ImageChops.difference(before, grab()).getbbox() is not None
        showing.cancel()

    on_screen(story)


def test_of_many_pictures_between_two_frames_only_the_newest_is_decoded(on_screen: OnScreen) -> None:
    shown: list[int] = []

    async def story(display: KivyDisplay) -> None:
        showing = await drawn(display, LIVE)
        finder(display).fbind("ratio", lambda _, ratio: shown.append(round(ratio * 100)))
        for width in (480, 640, 960):
            display.update(replace(LIVE, picture=face(width, 480)))
        await settled()
        showing.cancel()

    on_screen(story)
    assert shown == [200]


def test_a_torn_picture_leaves_the_last_one_on_the_panel(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> None:
        showing = await drawn(display, LIVE)
        before = grab()
        for torn in (b"no picture at all", LIVE.picture[:2000]):
            display.update(replace(LIVE, picture=torn))
            await settled()
            screen = display.stage.screen
            assert screen is not None
            assert screen.view.kind == "photo"
            assert grab().tobytes() == before.tobytes()
        showing.cancel()

    on_screen(story)


def test_the_buttons_answer_while_pictures_come(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        showing, pilot = await drawn(display, LIVE), Pilot(display)
        display.update(replace(LIVE, picture=face(turned=90), points=("请靠近一点",)))
        await pilot.tap("take")
        return await showing

    assert on_screen(story) == Touch("take")


def is_skin(panel: Image.Image, x: int, y: int) -> bool:
    """And not the wall behind."""
    pixel = panel.getpixel((x, y))
    assert isinstance(pixel, tuple)
    red, _, blue = pixel
    return red > blue


def test_a_live_portrait_is_a_mirror_and_a_page_is_not(on_screen: OnScreen) -> None:
    aside = face(turned=-200)

    async def story(display: KivyDisplay, view: View) -> list[bool]:
        showing = await drawn(display, replace(view, picture=aside))
        x, y, width, height = finder(display).frame
        panel, level = grab(), theme.HEIGHT - y - height // 2
        showing.cancel()
        return [is_skin(panel, x + round(width * at), level) for at in (0.27, 0.73)]

    assert on_screen(lambda display: story(display, ALL["zh-photo_paper"])) == [True, False]
    assert on_screen(lambda display: story(display, LIVE)) == [False, True]


def test_a_mark_lies_on_its_place_in_the_picture(on_screen: OnScreen) -> None:
    view = replace(ALL["zh-photo_faults"], marks=(Mark(0.25, 0.5, 0.5, 0.25),))

    async def story(display: KivyDisplay) -> None:
        showing = await drawn(display, view)
        x, y, width, height = finder(display).frame
        (mark,) = mark_frames(display)
        assert mark.pos == pytest.approx([x + width / 4, y + height / 4], abs=2)
        assert mark.size == pytest.approx([width / 2, height / 4], abs=2)
        showing.cancel()

    on_screen(story)


def test_a_mark_on_a_mirrored_picture_is_mirrored_too(on_screen: OnScreen) -> None:
    square = replace(LIVE, picture=face(600, 600), marks=(Mark(0, 0.25, 0.25, 0.25),))

    async def story(display: KivyDisplay) -> None:
        showing = await drawn(display, square)
        x, _, width, _ = finder(display).frame
        (mark,) = mark_frames(display)
        assert mark.right == pytest.approx(x + width, abs=2)
        showing.cancel()

    on_screen(story)


def test_a_mark_is_never_too_small_to_see_nor_outside_the_picture(on_screen: OnScreen) -> None:
    view = replace(ALL["zh-photo_faults"], marks=(Mark(0.99, 0.99, 0.001, 0.001), Mark(-0.2, -0.2, 2, 2)))

    async def story(display: KivyDisplay) -> None:
        showing = await drawn(display, view)
        x, y, width, height = finder(display).frame
        for mark in mark_frames(display):
            assert min(mark.size) >= 56
            assert x <= mark.x <= mark.right <= x + width + 1
            assert y <= mark.y <= mark.top <= y + height + 1
        showing.cancel()

    on_screen(story)


def test_marks_come_and_go_with_the_faults(on_screen: OnScreen) -> None:
    faults = ALL["zh-photo_faults"]

    async def story(display: KivyDisplay) -> list[int]:
        showing, counts = await drawn(display, faults), []
        for marks in (faults.marks, faults.marks[:1], (), faults.marks):
            display.update(replace(faults, marks=marks))
            await settled()
            counts.append(len(mark_frames(display)))
        showing.cancel()
        return counts

    assert on_screen(story) == [2, 1, 0, 2]


def test_a_fault_is_said_in_words_with_an_icon_of_its_tone(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> set[str]:
        showing = await drawn(display, ALL["zh-photo_faults"])
        icons = {mark.icon for mark in mark_frames(display)}
        showing.cancel()
        return icons

    assert on_screen(story) == {"wrong", "care"}


def test_without_a_picture_there_is_only_the_outline(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[Texture | None, bool]:
        showing = await drawn(display, ALL["zh-photo_waits"])
        found = finder(display)
        showing.cancel()
        return found.texture, found.overlay is not None

    assert on_screen(story) == (None, True)


@pytest.mark.parametrize("name", ["zh-records_photo", "zh-form_signed", "zh-review_pictures", "zh-large-records_photo"])
def test_a_picture_stands_as_the_value_of_its_line(on_screen: OnScreen, name: str) -> None:
    async def story(display: KivyDisplay) -> list[Picture]:
        showing = shows(display, ALL[name])
        await Pilot(display).shown()
        found = [widget for widget in walk(display.stage.glass) if isinstance(widget, Picture)]
        assert all(picture.texture is not None and min(picture.frame[2:]) >= 60 for picture in found)
        showing.cancel()
        return found

    assert len(on_screen(story)) >= 1
