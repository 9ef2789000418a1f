"""Fingers on the glass: several at once, one that slides away, one whose button goes, every one counted."""

from dataclasses import replace

from kivy.base import EventLoop

from kiosk.ui.buttons import screen_of
from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import Finger, Pilot, settled
from kiosk.view import Button, Touch
from tests.ui.conftest import OnScreen
from tests.ui.sample_views import CHINESE
from tests.ui.test_display import button, shows


def test_two_fingers_make_one_touch(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["review"])
        await pilot.shown()
        fingers = [Finger(*button(display, name).center) for name in ("back", "submit")]
        EventLoop.input_events.extend((kind, finger) for kind in ("begin", "end") for finger in fingers)
        touch = await showing
        await settled()
        return touch

    assert on_screen(story) == Touch("back")


def test_a_finger_that_slides_away_touches_nothing(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> bool:
        pilot, showing = Pilot(display), shows(display, CHINESE["message"])
        await pilot.shown()
        finger = Finger(*button(display, "done").center)
        EventLoop.input_events.append(("begin", finger))
        await settled()
        finger.move({"x": 0.5, "y": 0.6})
        EventLoop.input_events.extend([("update", finger), ("end", finger)])
        await settled()
        answered = showing.done()
        showing.cancel()
        return answered

    assert on_screen(story) is False


def test_an_update_under_a_finger_does_not_lose_its_touch(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["form"])
        await pilot.shown()
        finger = Finger(*button(display, "next").center)
        EventLoop.input_events.append(("begin", finger))
        await settled()
        display.update(replace(CHINESE["form"], notice="您还在吗？", clock="09:13"))
        await settled()
        EventLoop.input_events.append(("end", finger))
        return await showing

    assert on_screen(story).button == "next"


def test_every_finger_on_the_glass_is_counted_also_one_on_a_pad_or_beside_everything(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[int, int]:
        pilot, showing = Pilot(display), shows(display, CHINESE["form_typed"])
        await pilot.shown()
        before = display.touches
        await pilot.tap("open:mobile")
        await pilot.tap("key:1")
        typed = display.touches - before
        beside = Finger(2, 2)
        EventLoop.input_events.extend([("begin", beside), ("end", beside)])
        await settled()
        showing.cancel()
        return typed, display.touches - before

    assert on_screen(story) == (2, 3)


def test_a_button_that_was_taken_away_under_the_finger_says_nothing(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["form"])
        await pilot.shown()
        gone = button(display, "next")
        finger = Finger(*gone.center)
        EventLoop.input_events.append(("begin", finger))
        await settled()
        display.update(replace(CHINESE["form"], buttons=(Button("stay", "继续办理", main=True),)))
        await settled()
        EventLoop.input_events.append(("end", finger))
        await settled()
        assert screen_of(gone) is None
        await pilot.tap("stay")
        return await showing

    assert on_screen(story).button == "stay"
