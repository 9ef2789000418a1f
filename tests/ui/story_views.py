"""Every screen that any story comes to, in each language and size of letters: a story told in Chinese is told once
more with every moment at the same place, so that no word on the screen is looked for."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import partial

from kiosk.privacy import IdleTimes
from kiosk.view import Touch, View
from tests.kiosk.fakes import Stage
from tests.visits.playing import Moment, Script, Story, play
from tests.visits.stories import STORIES


class Noting(Script):
    """Notes at which view, counted from the first, each moment happened."""

    def __init__(self, story: Story, stage: Stage) -> None:
        super().__init__(story, stage)
        self.happened: list[int] = []

    def _is_due(self, moment: Moment, view: View) -> bool:
        due = super()._is_due(moment, view)
        if due:
            self.happened.append(len(self.seen))
        return due


class Repeating(Script):
    """Lets each moment happen at the view it is due at, whatever is written there."""

    def __init__(self, story: Story, stage: Stage, due_at: list[int]) -> None:
        super().__init__(story, stage)
        self._due_at = due_at

    def _is_due(self, moment: Moment, view: View) -> bool:
        return self._due_at[-len(self.coming)] <= len(self.seen)


def distinct_views(language: str, *, large: bool) -> list[View]:
    """The screens of all stories, each once, in the order in which they are first met."""
    found: dict[View, View] = {}
    for story in STORIES:
        for view in asyncio.run(_views_of(story, language, large)):
            if (view.language, view.large) == (language, large):
                found.setdefault(_alike(view), view)
    return list(found.values())


async def _views_of(story: Story, language: str, large: bool) -> list[View]:
    told = (await play(story, tells=Noting)).script
    assert isinstance(told, Noting)
    own = len(told.happened) - len(story.moments)  # the touch on another language, where the story begins with one
    first = [Moment("attract", Touch("language", {"value": language}))] if language != "zh" else []
    first += [Moment("attract", Touch("large", {"value": "on"}))] if large else []
    due_at = [*range(1, len(first) + 1), *(at - own + len(first) for at in told.happened[own:])]
    again = replace(story, moments=(*first, *story.moments), language="zh", before=partial(_before, story))
    return (await play(again, tells=partial(Repeating, due_at=due_at))).seen


def _before(story: Story, stage: Stage) -> None:
    """Large text is given more time; here the warning must come at the same view."""
    stage.idle = IdleTimes(glance_s=0, warn_large_s=stage.idle.warn_s)
    story.before(stage)


def _alike(view: View) -> View:
    """What makes no other picture: the time of day, the seconds of a countdown, the number that was given."""
    return replace(view, clock="", notice=re.sub(r"\d+", "0", view.notice), number=re.sub(r"\w", "0", view.number))
