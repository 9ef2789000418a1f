"""How much turning of pages a visit asks for, as real Kivy shares it out."""

import asyncio

import pytest
from kivy.metrics import Metrics

from kiosk.ui import theme
from kiosk.ui.buttons import EditButton
from kiosk.ui.display import KivyDisplay
from kiosk.ui.parts import GroupHead
from kiosk.ui.pilot import Pilot
from kiosk.ui.widgets import Text, walk
from kiosk.view import Button, Group, Line, View
from tests.ui.conftest import OnScreen
from tests.ui.judge import FINGER
from tests.ui.story_views import views_met


def pages_of(on_screen: OnScreen, view: View) -> int:
    async def story(display: KivyDisplay) -> int:
        pilot, showing = Pilot(display), asyncio.create_task(display.show(view))
        await pilot.shown()
        pages = await pilot.pages()
        showing.cancel()
        return pages

    return on_screen(story)


def first(kind: str, language: str, *, large: bool) -> View:
    return next(view for view in views_met(language, large=large) if view.kind == kind)


@pytest.mark.parametrize(("language", "large", "most"), [("zh", False, 5), ("zh", True, 7), ("en", False, 6), ("en", True, 9)])
def test_the_whole_review_takes_few_pages(on_screen: OnScreen, language: str, large: bool, most: int) -> None:
    assert pages_of(on_screen, first("review", language, large=large)) <= most


def test_who_somebody_is_stands_on_one_page(on_screen: OnScreen) -> None:
    who = next(view for view in views_met("zh", large=False) if view.title == "请核对身份")
    assert len(who.lines) == 6
    assert pages_of(on_screen, who) == 1


def test_a_single_answer_needs_no_heading_to_be_changed(on_screen: OnScreen) -> None:
    line, edit = Line("mobile", "联系电话", "138 0284 5678"), Button("edit", "修改", value="contact")
    groups = (Group("怎么联系您", (line,), edit), Group("两个问题", (line, line), edit), Group("费用", (line,)))

    async def story(display: KivyDisplay) -> tuple[list[str], list[float]]:
        pilot, showing = Pilot(display), asyncio.create_task(display.show(View("review", "请核对", groups=groups)))
        await pilot.shown()
        drawn = list(walk(display.stage.glass))
        showing.cancel()
        heads = [widget.title for widget in drawn if isinstance(widget, GroupHead)]
        return heads, [min(widget.size) for widget in drawn if isinstance(widget, EditButton)]

    heads, edits = on_screen(story)
    assert heads == ["两个问题", "费用"]
    assert len(edits) == 2
    assert min(edits) >= FINGER


def test_a_reference_stays_on_one_line_whatever_its_signs(on_screen: OnScreen) -> None:
    references = [f"{number * 2654435761 % 2**32:08X}" for number in range(1, 60)]

    async def story(display: KivyDisplay) -> list[str]:
        broken = []
        for scale in (1, theme.LARGE):
            Metrics.fontscale = scale
            texts = [Text(words=words, role="number", halign="center", width=840) for words in references]
            broken += [text.words for text in texts if text.height > 1.5 * text.font_size]
        display.forget()
        return broken

    assert on_screen(story) == []
