"""Signing with a finger on the real window."""

import asyncio
from dataclasses import replace

import pytest
from kivy.base import EventLoop
from kivy.graphics import Mesh

from kiosk.ui.display import KivyDisplay
from kiosk.ui.ink import PIECE, SmallInk, Stroke, as_text, from_text, length, pieces, ribbon, smooth
from kiosk.ui.pilot import Finger, Pilot, settled
from kiosk.ui.signing import SignField, SignSheet, WritingPad
from kiosk.ui.widgets import walk
from kiosk.view import Button, Line, Touch, View
from tests.ui.conftest import OnScreen
from tests.ui.judge import PICTURES, complaints
from tests.ui.sample_pictures import SIGNATURE
from tests.ui.sample_views import ALL
from tests.ui.test_display import shows, words

WHOLE_NAME = from_text(SIGNATURE)
STROKES = WHOLE_NAME[:2]
ASKED = ALL["zh-form_sign"]
TOO_LITTLE = "笔画太少，请把姓名写完整"


async def begun(display: KivyDisplay, view: View = ASKED) -> tuple[Pilot, asyncio.Task[Touch]]:
    pilot, showing = Pilot(display), shows(display, view)
    await pilot.shown()
    return pilot, showing


def sheets(display: KivyDisplay) -> list[SignSheet]:
    return [widget for widget in walk(display.stage.glass) if isinstance(widget, SignSheet)]


def near(text: str, strokes: list[Stroke]) -> bool:
    """A finger meets a pixel, not a thousandth."""
    written = [point for stroke in from_text(text) for point in stroke]
    meant = [point for stroke in strokes for point in stroke]
    return len(written) == len(meant) and all(
        abs(a - b) <= 2 for one, other in zip(written, meant, strict=True) for a, b in zip(one, other, strict=True)
    )


def test_the_strokes_that_were_written_come_back_in_the_touch(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display)
        await pilot.sign("signature", STROKES)
        await pilot.tap("next")
        return await showing

    touch = on_screen(story)
    assert touch.button == "next"
    assert touch.values["signature"].count(";") == len(STROKES) - 1
    assert near(touch.values["signature"], STROKES)


def test_after_signing_the_field_shows_the_ink(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[list[str], int]:
        pilot, showing = await begun(display)
        await pilot.sign("signature", STROKES)
        await settled()
        (small,) = (widget for widget in walk(display.stage.glass) if isinstance(widget, SmallInk))
        meshes = sum(isinstance(part, Mesh) for part in small.canvas.children)
        showing.cancel()
        return words(display), meshes

    said, meshes = on_screen(story)
    assert "已签名，点这里可以重签" in said
    assert meshes == len(STROKES)


def test_the_statement_can_be_read_while_signing(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> list[str]:
        pilot, showing = await begun(display)
        await pilot.tap("open:signature")
        showing.cancel()
        return [widget.words for widget in walk(sheets(display)[0]) if getattr(widget, "words", "")]

    assert ASKED.lead in on_screen(story)


def test_a_very_long_statement_gives_way_to_the_room_to_write(on_screen: OnScreen) -> None:
    long = replace(ALL["zh-large-form_sign"], lead=ASKED.lead * 3)

    async def story(display: KivyDisplay) -> tuple[float, list[str]]:
        pilot, showing = await begun(display, long)
        await pilot.tap("open:signature")
        await settled()
        showing.cancel()
        return sheets(display)[0].pad.height, complaints(display)

    high, found = on_screen(story)
    assert high >= 480
    assert found == []


def test_a_tap_is_no_signature(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[list[str], Touch]:
        pilot, showing = await begun(display)
        await pilot.sign("signature", [[(300, 200)]])
        told = words(display)
        await pilot.draw(STROKES[0])
        assert TOO_LITTLE not in words(display)
        await pilot.tap("pad:cancel")
        await pilot.tap("next")
        return told, await showing

    told, touch = on_screen(story)
    assert TOO_LITTLE in told
    assert touch.values == {"signature": ""}


def test_nothing_written_is_no_signature(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> list[str]:
        pilot, showing = await begun(display)
        await pilot.tap("open:signature")
        await pilot.tap("pad:done")
        showing.cancel()
        return words(display)

    assert TOO_LITTLE in on_screen(story)


def test_clearing_leaves_only_what_is_written_afterwards(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display)
        await pilot.tap("open:signature")
        await pilot.draw([(100, 100), (900, 100)])
        await pilot.tap("pad:clear")
        await pilot.draw([(100, 300), (500, 300)])
        await pilot.tap("pad:done")
        await pilot.tap("next")
        return await showing

    assert near(on_screen(story).values["signature"], [[(100, 300), (500, 300)]])


def test_going_back_keeps_the_earlier_signature(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, ALL["zh-form_signed"])
        await pilot.tap("open:signature")
        await pilot.draw(STROKES[0])
        await pilot.tap("pad:cancel")
        await pilot.tap("next")
        return await showing

    assert on_screen(story).values == {"signature": "ab12"}


def test_a_sheet_that_is_opened_again_shows_what_was_signed(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> int:
        pilot, showing = await begun(display)
        await pilot.sign("signature", STROKES)
        await pilot.tap("open:signature")
        showing.cancel()
        return len(sheets(display)[0].pad.strokes)

    assert on_screen(story) == len(STROKES)


def test_beyond_the_edge_nothing_is_written_and_coming_back_begins_a_new_stroke(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display)
        await pilot.tap("open:signature")
        await pilot.draw([(100, 100), (300, 100), (300, -200), (400, -200), (400, 100), (600, 100)])
        await pilot.tap("pad:done")
        await pilot.tap("next")
        return await showing

    written = on_screen(story).values["signature"]
    assert near(written, [[(100, 100), (300, 100)], [(400, 100), (600, 100)]])
    assert written.count(";") == 1


def test_a_palm_beside_the_finger_writes_nothing(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> int:
        pilot, showing = await begun(display)
        await pilot.tap("open:signature")
        pad = sheets(display)[0].pad
        fingers = [Finger(pad.x + at, pad.center_y) for at in (100, 600)]
        EventLoop.input_events.extend((kind, finger) for kind in ("begin", "end") for finger in fingers)
        await settled()
        showing.cancel()
        return len(pad.strokes)

    assert on_screen(story) == 1


def test_a_warning_closes_the_sheet_and_keeps_the_signature(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display)
        await pilot.tap("open:signature")
        for stroke in STROKES:
            await pilot.draw(stroke)
        display.update(replace(ASKED, notice="您还在吗？", buttons=(Button("stay", "继续办理", main=True),)))
        await settled()
        assert not sheets(display)
        await pilot.tap("stay")
        return await showing

    assert near(on_screen(story).values["signature"], STROKES)


def test_a_redraw_keeps_what_was_signed(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display)
        await pilot.sign("signature", STROKES)
        display.update(replace(ASKED, clock="09:13", lead="声明"))
        await settled()
        await pilot.tap("next")
        return await showing

    assert near(on_screen(story).values["signature"], STROKES)


def test_who_cannot_write_leaves_it_to_the_counter(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[bool, Touch]:
        pilot, showing = await begun(display)
        await pilot.leave("signature")
        (field,) = (widget for widget in walk(display.stage.glass) if isinstance(widget, SignField))
        dead = field.dead
        await pilot.tap("next")
        return dead, await showing

    assert on_screen(story) == (True, Touch("next", {"signature": ""}, frozenset({"signature"})))


@pytest.mark.parametrize(
    "name",
    [
        "zh-form_sign",
        "en-large-form_sign",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("zh-large-form_sign", "en-form_sign")),
    ],
)
def test_the_sheet_is_drawn_whole(on_screen: OnScreen, name: str) -> None:
    async def story(display: KivyDisplay) -> list[str]:
        pilot, showing = await begun(display, ALL[name])
        await pilot.sign("signature", [[(100, 100)]])
        for stroke in WHOLE_NAME:
            await pilot.draw(stroke)
        await pilot.picture(PICTURES / "signing" / f"{name}-sheet.png")
        found = complaints(display)
        await pilot.tap("pad:done")
        await pilot.picture(PICTURES / "signing" / f"{name}-ink.png")
        showing.cancel()
        return found + complaints(display)

    assert on_screen(story) == []


def test_a_long_stroke_is_drawn_in_pieces_and_kept_whole(on_screen: OnScreen) -> None:
    long = [(100 + at * 5 % 700, 100 + at * 3) for at in range(2 * PIECE + 10)]

    async def story(display: KivyDisplay) -> tuple[int, int]:
        pilot, showing = await begun(display, View("form", "签名", lines=(Line("s", "签名", kind="signature"),)))
        await pilot.tap("open:s")
        await pilot.draw(long)
        pad = next(widget for widget in walk(display.stage.glass) if isinstance(widget, WritingPad))
        await settled()
        showing.cancel()
        return len(pad.strokes[0]), sum(isinstance(part, Mesh) for part in pad.canvas.children)

    assert on_screen(story) == (len(long), 3)


def test_strokes_survive_being_written_as_text() -> None:
    assert as_text(from_text(SIGNATURE)) == SIGNATURE
    assert from_text("") == []


def test_the_pieces_of_a_stroke_overlap_by_one_point() -> None:
    stroke = [(float(at), 0.0) for at in range(3 * PIECE)]
    parts = list(pieces(stroke))
    assert [part[0] for part in parts[1:]] == [part[-1] for part in parts[:-1]]
    assert parts[-1][-1] == stroke[-1]
    assert list(pieces(stroke[:1])) == [stroke[:1]]


def test_the_curve_goes_through_every_point() -> None:
    stroke = [(0.0, 0.0), (50.0, 80.0), (120.0, 10.0)]
    assert set(stroke) <= set(smooth(stroke))


def test_the_ribbon_is_thinner_where_the_finger_was_fast() -> None:
    def width(step: float) -> float:
        vertices = ribbon([(0.0, 0.0), (step, 0.0), (2 * step, 0.0)], 10.0, lambda point: point)
        return abs(vertices[1] - vertices[5])

    assert width(5) > width(30) > 4
    assert length([[(0, 0), (30, 40)], [(0, 0)]]) == 50
