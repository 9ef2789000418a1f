"""Much on one screen: ten matters, twenty choices, three buttons."""

import asyncio

import pytest

from kiosk.ui.asking import absent, in_rows
from kiosk.ui.buttons import FootButton
from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import NotOnScreen, Pilot
from kiosk.ui.widgets import walk
from kiosk.view import Pick, Touch, View
from tests.ui.conftest import OnScreen
from tests.ui.sample_views import ALL
from tests.ui.sample_views_many import AT_COUNTER, MATTERS, picks, refused
from tests.ui.test_display import shows

WIDTH = 936.0


async def begun(display: KivyDisplay, view: View) -> tuple[Pilot, asyncio.Task[Touch]]:
    pilot, showing = Pilot(display), shows(display, view)
    await pilot.shown()
    return pilot, showing


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("zh-attract_ten", 1),
        pytest.param("zh-large-attract_ten", 1, marks=pytest.mark.long),
        pytest.param("en-attract_ten", 1, marks=pytest.mark.long),
        ("en-large-attract_ten", 2),
        ("zh-form_many", 2),
        pytest.param("zh-large-form_many", 2, marks=pytest.mark.long),
        pytest.param("en-form_many", 2, marks=pytest.mark.long),
        ("en-large-form_many", 3),
        ("zh-form_endorsements", 1),
    ],
)
def test_much_takes_few_pages(on_screen: OnScreen, name: str, most: int) -> None:
    async def story(display: KivyDisplay) -> int:
        pilot, showing = await begun(display, ALL[name])
        pages = await pilot.pages()
        showing.cancel()
        return pages

    assert on_screen(story) <= most


@pytest.mark.parametrize("name", [pytest.param("zh-large-attract_ten", marks=pytest.mark.long), "en-large-attract_ten"])
def test_every_matter_that_is_on_offer_can_be_reached(on_screen: OnScreen, name: str) -> None:
    offered = [pick.key for pick in ALL[name].picks if not pick.why_not]

    async def story(display: KivyDisplay) -> list[str]:
        reached = []
        for key in offered:
            pilot, showing = await begun(display, ALL[name])
            await pilot.pick("", key)
            reached.append((await showing).button)
        return reached

    assert on_screen(story) == offered


def test_a_matter_that_is_not_on_offer_cannot_be_begun(on_screen: OnScreen) -> None:
    refused_one = next(pick.key for pick in MATTERS if pick.why_not)

    async def story(display: KivyDisplay) -> None:
        pilot, showing = await begun(display, ALL["zh-attract_ten"])
        with pytest.raises(NotOnScreen):
            await pilot.tap(refused_one)
        showing.cancel()

    on_screen(story)


def test_who_wants_nothing_else_says_so_on_the_first_screen(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, ALL["zh-large-attract_again"])
        await pilot.tap("done")
        return await showing

    assert on_screen(story) == Touch("done")


def test_a_choice_on_the_last_page_is_the_answer(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> Touch:
        pilot, showing = await begun(display, ALL["en-large-form_many"])
        await pilot.pick("country", "17")
        await pilot.tap("next")
        return await showing

    assert on_screen(story) == Touch("next", {"country": "17"})


@pytest.mark.parametrize("name", ["zh-notice_three", "zh-large-notice_three", "en-large-notice_three"])
def test_each_of_three_buttons_says_its_own_name(on_screen: OnScreen, name: str) -> None:
    async def story(display: KivyDisplay) -> tuple[list[str], list[str]]:
        said = []
        for button in ("quit", "child", "next"):
            pilot, showing = await begun(display, ALL[name])
            order = [widget.name for widget in walk(display.stage.glass) if isinstance(widget, FootButton)]
            await pilot.tap(button)
            said.append((await showing).button)
        return said, order

    assert on_screen(story) == (["quit", "child", "next"], ["quit", "child", "next"])


def test_what_is_refused_for_the_same_reason_is_said_once_and_last(on_screen: OnScreen) -> None:
    one = Pick("L", "团队旅游", why_not="这里不办")
    mixed = (one, *refused(["探亲", "商务"], AT_COUNTER), *picks(["一年一次", "一年二次"]))

    async def story(display: KivyDisplay) -> list[list[str]]:
        return [[pick.label for pick in row] for row in in_rows(mixed, WIDTH, "zh")]

    assert on_screen(story) == [["一年一次", "一年二次"], ["团队旅游"], ["探亲、商务"]]


def test_a_reason_with_one_choice_leaves_that_choice_as_it_is() -> None:
    one = Pick("L", "团队旅游", "跟团", why_not="这里不办")
    assert list(absent((one,), "zh")) == [one]


def test_choices_with_an_explanation_have_a_row_of_their_own(on_screen: OnScreen) -> None:
    explained = (Pick("G", "个人旅游", "每次停留不超过 7 天"), Pick("T", "探亲"))

    async def story(display: KivyDisplay) -> list[int]:
        return [len(row) for row in in_rows(explained, WIDTH, "zh")]

    assert on_screen(story) == [1, 1]
