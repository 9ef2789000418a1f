"""The pilot touches only what a citizen could touch, and sees only what stands still."""

import asyncio
from pathlib import Path

import pytest
from kivy.core.window import Window
from PIL import Image

from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import NotOnScreen, Pilot
from kiosk.ui.widgets import Press
from kiosk.view import Line, Touch, View
from tests.ui.conftest import OnScreen
from tests.ui.sample_views import ALL, CHINESE


class Cover(Press):
    """Something in the way of a finger."""


async def begun(display: KivyDisplay, view: View) -> tuple[Pilot, asyncio.Task[Touch]]:
    pilot, showing = Pilot(display), asyncio.create_task(display.show(view))
    await pilot.shown(view.kind)
    return pilot, showing


def test_a_matter_is_picked_by_its_key(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, CHINESE["attract"])
        await pilot.pick("", "passport")
        return await showing

    assert on_screen(story) == Touch("passport")


def test_a_choice_on_a_later_page_is_found_by_turning_pages(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, ALL["en-large-form"])
        assert await pilot.pages() > 1
        await pilot.pick("reason", "G")
        await pilot.pick("endorsement", "3m1")
        await pilot.tap("next")
        return await showing

    assert on_screen(story) == Touch("next", {"endorsement": "3m1", "reason": "G"})


def test_a_form_opens_on_the_page_of_its_mistake(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> int:
        pilot, showing = await begun(display, ALL["en-large-form"])
        showing.cancel()
        page: int = pilot.pagers()[0].page
        return page

    assert on_screen(story) == 1


def test_what_is_not_on_offer_cannot_be_picked(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> None:
        pilot, showing = await begun(display, CHINESE["form"])
        with pytest.raises(NotOnScreen):
            await pilot.pick("reason", "T")
        showing.cancel()

    on_screen(story)


def test_what_is_not_there_cannot_be_touched(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> None:
        pilot, showing = await begun(display, CHINESE["message"])
        with pytest.raises(NotOnScreen):
            await pilot.tap("submit")
        showing.cancel()

    on_screen(story)


def test_what_is_covered_cannot_be_touched(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> bool:
        pilot, showing = await begun(display, CHINESE["message"])
        cover = Cover(width=1080, low=1920)
        Window.add_widget(cover)
        with pytest.raises(NotOnScreen):
            await pilot.tap("done")
        Window.remove_widget(cover)
        answered = showing.done()
        showing.cancel()
        return answered

    assert on_screen(story) is False


def test_letters_and_digits_are_typed_key_by_key(on_screen: OnScreen) -> None:
    asked = View("form", "原证件", lines=(Line("old", "号码", kind="latin", raw="X"),), buttons=CHINESE["form"].buttons)

    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, asked)
        await pilot.enter("old", "LYU XIAO-LAN 7")
        await pilot.tap("next")
        return await showing

    assert on_screen(story).values == {"old": "LYU XIAO-LAN 7"}


def test_deleting_and_giving_up_on_the_pad(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, CHINESE["form_typed"])
        await pilot.tap("open:mobile")
        await pilot.tap("key:delete")
        await pilot.tap("pad:done")
        await pilot.tap("open:mobile")
        await pilot.tap("key:clear")
        await pilot.tap("pad:cancel")
        await pilot.tap("next")
        return await showing

    assert on_screen(story).values["mobile"] == "138001380"


def test_leaving_twice_takes_it_back(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, CHINESE["form_typed"])
        await pilot.leave("employer")
        await pilot.leave("employer")
        await pilot.leave("old")
        await pilot.tap("next")
        return await showing

    assert on_screen(story).left == frozenset()


def test_a_picture_shows_what_is_on_the_panel(on_screen: OnScreen, tmp_path: Path) -> None:
    async def story(display: KivyDisplay) -> None:
        pilot, showing = await begun(display, CHINESE["message"])
        await pilot.picture(tmp_path / "message.png")
        await pilot.picture(tmp_path / "again.png")
        showing.cancel()

    on_screen(story)
    with Image.open(tmp_path / "message.png") as picture, Image.open(tmp_path / "again.png") as again:
        assert picture.size == (1080, 1920)
        assert picture.tobytes() == again.tobytes()
        assert picture.getpixel((540, 20)) == (11, 85, 99)  # the band at the top, in the primary colour
        assert picture.getpixel((540, 1880)) == (250, 247, 242)  # paper below the main button
