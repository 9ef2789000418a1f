"""Every story of a visit goes as it is told, and what it leaves at the hall is taken there."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest

from flows.application import Application
from flows.recheck import recheck
from kiosk.visit import Ended
from tests.kiosk.people import LYU, NOW
from tests.visits.playing import Played, ScriptedDisplay, Story, play, words_on
from tests.visits.small_matters import CHILD, SMALL
from tests.visits.stories_visit import VISIT_STORIES


@cache
def told(name: str) -> Played:
    return asyncio.run(play(next(story for story in VISIT_STORIES if story.name == name)))


def sent(played: Played) -> list[Application]:
    return [*played.stage.hall.submissions, *played.stage.post.kept.values()]


@pytest.mark.parametrize("story", VISIT_STORIES, ids=lambda story: story.name)
def test_every_story_goes_as_it_is_told(story: Story) -> None:
    played = told(story.name)
    assert isinstance(played.display, ScriptedDisplay)
    assert played.display.forgotten, "the display was not told to forget"
    given_up = {visit for visit, _, _ in played.stage.hall.opened} - {application.visit for application in sent(played)}
    assert set(played.stage.hall.left) == given_up
    if story.ends is Ended.TICKET:
        assert len(played.stage.hall.tickets) == len(sent(played)) >= 1


@pytest.mark.parametrize("story", VISIT_STORIES, ids=lambda story: story.name)
def test_whatever_was_submitted_is_taken_by_the_halls_own_recheck(story: Story) -> None:
    played = told(story.name)
    for application in sent(played):
        flow = SMALL[application.matter]
        assert recheck(flow, application, played.stage.hall.said[0], NOW.date(), "440604") == ()


@pytest.mark.parametrize("story", VISIT_STORIES, ids=lambda story: story.name)
def test_every_screen_offers_language_large_text_and_help_and_hides_every_number(story: Story) -> None:
    for view in told(story.name).seen:
        assert [button.name for button in view.corner] == ["language", "large", "help"]
        assert sum(button.main for button in view.buttons) <= 1
        assert LYU.number not in words_on(view)
        assert CHILD.number not in words_on(view)


@pytest.mark.parametrize("story", VISIT_STORIES, ids=lambda story: story.name)
def test_every_screen_that_asks_has_a_way_out(story: Story) -> None:
    for view in told(story.name).shown:
        names = {button.name for button in view.buttons}
        waits = view.kind in ("busy", "attract") or (view.kind, names) in (("photo", set()), ("message", set()))
        assert waits or names & {"quit", "done", "continue"}, view.title
