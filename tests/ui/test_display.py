"""The real window: what a touch says, what survives a redraw, what happens when drawing fails."""

import asyncio
import logging
import os
import signal
import sys
from dataclasses import replace

import pytest
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.metrics import Metrics

from kiosk.ui import theme
from kiosk.ui.buttons import FootButton
from kiosk.ui.display import KivyDisplay, Surface, run
from kiosk.ui.pads import PadSheet
from kiosk.ui.pilot import Pilot, frame, settled
from kiosk.ui.widgets import Press, Text, walk
from kiosk.view import Button, Line, SourceLine, Touch, View
from tests.ui.conftest import FONTS, OnScreen
from tests.ui.sample_views import ALL, CHINESE


def shows(display: KivyDisplay, view: View) -> asyncio.Task[Touch]:
    return asyncio.create_task(display.show(view))


def words(display: KivyDisplay) -> list[str]:
    return [widget.words for widget in walk(display.stage.glass) if isinstance(widget, Text) and widget.words]


def presses(display: KivyDisplay) -> list[Press]:
    return [widget for widget in walk(display.stage.glass) if isinstance(widget, Press) and widget.height]


def button(display: KivyDisplay, name: str) -> Press:
    return next(widget for widget in presses(display) if widget.name == name)


def test_a_touch_says_its_button_and_everything_entered(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["form_typed"])
        await pilot.shown()
        await pilot.enter("mobile", "13902845678")
        await pilot.leave("employer")
        await pilot.tap("next")
        return await showing

    touch = on_screen(story)
    assert touch == Touch("next", {"mobile": "13902845678", "old": "", "employer": ""}, frozenset({"old", "employer"}))


def test_what_is_not_changed_goes_back_as_it_came(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["form"])
        await pilot.shown()
        await pilot.tap("next")
        return await showing

    assert on_screen(story) == Touch("next", {"endorsement": "1y1", "reason": ""})


def test_a_button_gives_its_value_back(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["review"])
        await pilot.shown()
        await pilot.tap("edit")
        return await showing

    assert on_screen(story) == Touch("edit", {"value": "endorsement"})


def test_showing_another_view_cancels_the_first_wait(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        first, pilot = shows(display, CHINESE["message"]), Pilot(display)
        await pilot.shown("message")
        second = shows(display, CHINESE["ticket"])
        await pilot.shown("ticket")
        assert first.cancelled()
        await pilot.tap("done")
        return await second

    assert on_screen(story) == Touch("done")


def test_an_update_keeps_what_was_entered(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, CHINESE["form"])
        await pilot.shown()
        await pilot.pick("endorsement", "3m1")
        display.update(replace(CHINESE["form"], lead="还剩 20 秒", clock="09:13"))
        await settled()
        assert "还剩 20 秒" in words(display)
        await pilot.tap("next")
        return await showing

    assert on_screen(story).values["endorsement"] == "3m1"


def test_records_that_arrive_are_ticked_without_a_new_screen(on_screen: OnScreen) -> None:
    waiting = View("busy", "正在查询", sources=(SourceLine("公安户籍", "正在查询"),))
    arrived = replace(waiting, sources=(SourceLine("公安户籍", "已取得", done=True),))

    async def story(display: KivyDisplay) -> list[str]:
        display.update(waiting)
        await settled()
        screen = display.stage.screen
        display.update(arrived)
        await settled()
        assert display.stage.screen is screen
        return words(display)

    assert "已取得" in on_screen(story)


def test_a_warning_closes_the_pad_and_keeps_what_was_typed(on_screen: OnScreen) -> None:
    asked = View(
        "form", "怎样联系您？", lines=(Line("mobile", "手机号码", kind="digits"),), buttons=(Button("next", "下一步", True),)
    )

    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = Pilot(display), shows(display, asked)
        await pilot.shown()
        await pilot.tap("open:mobile")
        await pilot.tap("key:1")
        display.update(replace(asked, notice="您还在吗？", buttons=(Button("stay", "继续办理", main=True),)))
        await settled()
        assert not [widget for widget in walk(display.stage.glass) if isinstance(widget, PadSheet)]
        await pilot.tap("stay")
        return await showing

    assert on_screen(story) == Touch("stay", {"mobile": "1"})


def test_an_error_in_a_touch_shows_the_way_to_another_terminal(on_screen: OnScreen, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def fails(*_: object) -> None:
        raise ValueError("吕晓岚 440602199202299863")

    async def story(display: KivyDisplay) -> tuple[list[str], Touch]:
        pilot, showing = Pilot(display), shows(display, CHINESE["message"])
        await pilot.shown()
        button(display, "done").bind(on_release=fails)
        await pilot.tap("done")
        await settled()
        told = words(display)
        showing.cancel()
        again = shows(display, CHINESE["message"])  # the terminal goes on with the next citizen
        await pilot.shown()
        await pilot.tap("done")
        return told, await again

    told, touch = on_screen(story)
    assert "这台终端暂时不能使用" in told
    assert touch == Touch("done")
    broke = [record for record in caplog.records if record.message == "screen_broke"]
    assert [vars(record)["error"] for record in broke] == ["ValueError"]
    assert "吕晓岚" not in caplog.text


def test_an_error_between_two_frames_does_not_end_the_terminal(on_screen: OnScreen) -> None:
    def fails(_: float) -> None:
        raise KeyError("broken")

    async def story(display: KivyDisplay) -> list[str]:
        display.update(CHINESE["busy"])
        Clock.schedule_once(fails, 0)
        await frame()
        await settled()
        return words(display)

    assert any("旁边的终端" in text for text in on_screen(story))


def test_forget_leaves_an_empty_panel_in_normal_size(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[int, float]:
        showing, pilot = shows(display, ALL["zh-large-records"]), Pilot(display)
        await pilot.shown()
        showing.cancel()
        display.forget()
        return len(display.stage.glass.children), Metrics.fontscale

    assert on_screen(story) == (0, 1)


def test_being_told_to_stop_ends_the_visit_and_the_window() -> None:
    ended = []

    async def story(display: KivyDisplay) -> Touch:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            return await display.show(CHINESE["message"])
        finally:
            ended.append(display)

    assert run(story, surface=Surface.OFF_SCREEN, fonts=FONTS) is None
    assert len(ended) == 1


def test_an_error_of_the_visit_reaches_whoever_runs_it(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> None:
        raise LookupError("the visit broke")

    with pytest.raises(LookupError, match="the visit broke"):
        on_screen(story)


def test_no_key_and_no_window_button_ends_the_terminal(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[bool, bool]:
        display.update(CHINESE["busy"])
        escape = Window.dispatch("on_keyboard", 27, 41, None, [])
        closing = Window.dispatch("on_request_close")
        await settled()
        assert words(display)
        return escape, closing

    assert on_screen(story) == (True, True)


def test_the_main_button_is_always_in_the_same_place(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> set[tuple[float, float]]:
        places = set()
        for name, view in CHINESE.items():
            showing = shows(display, view)
            await Pilot(display).shown()
            main = [w for w in walk(display.stage.glass) if isinstance(w, FootButton) and w.button.main]
            assert all(widget.height >= 140 for widget in main), name
            places |= {(round(widget.right), widget.y) for widget in main}
            showing.cancel()
        return places

    assert on_screen(story) == {(theme.WIDTH - theme.MARGIN, 48)}


def test_no_clipboard_is_ever_loaded(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> None:
        pilot, showing = Pilot(display), shows(display, CHINESE["form_typed"])
        await pilot.shown()
        await pilot.enter("mobile", "1")
        showing.cancel()

    on_screen(story)
    assert not {"kivy.core.clipboard", "kivy.uix.textinput"} & set(sys.modules)


def test_a_finger_on_the_button_of_a_line_says_which_line_and_keeps_what_was_typed(on_screen: OnScreen) -> None:
    lines = (
        Line("address", "地址", "佛山市", dispute="不对？"),
        Line("mobile", "电话", kind="digits", dispute="不对？"),
        Line("sex", "性别", "女"),
    )

    async def story(display: KivyDisplay) -> tuple[Touch, list[str]]:
        pilot, showing = Pilot(display), shows(display, replace(CHINESE["records_few"], lines=lines))
        await pilot.shown()
        await pilot.enter("mobile", "139")
        buttons = [press.name for press in presses(display) if press.name.startswith("dispute:")]
        await pilot.tap("dispute:mobile")
        return await showing, buttons

    touch, buttons = on_screen(story)
    assert touch == Touch("dispute", {"mobile": "139", "value": "mobile"})
    assert sorted(buttons) == ["dispute:address", "dispute:mobile"]
