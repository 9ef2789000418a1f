"""Every screen that any story comes to, in each language and size of letters: a story told in Chinese is told once
more with every moment at the same place, so that no word on the screen is looked for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from flows.photo.checks import Judged
from kiosk.privacy import IdleTimes
from kiosk.view import Line, Tone, Touch, View
from tests.kiosk.fake_devices import FakeCamera, FakeJudge
from tests.kiosk.fakes import Stage
from tests.ui.sample_pictures import face
from tests.visits.playing import Moment, Script, Story, play
from tests.visits.stories import STORIES
from tests.visits.stories_kept import KEPT_STORIES, MY_PAPERS

DRAWN = (*STORIES, *KEPT_STORIES, *MY_PAPERS)
LIVE, PORTRAIT = face(), face(354, 472)


class PortraitJudge(FakeJudge):
    """Its portraits can be drawn."""

    def __call__(self, shot: bytes, sheet: str, day: date, *, child: bool) -> Judged:
        return replace(super().__call__(shot, sheet, day, child=child), picture=PORTRAIT)


def drawable(story: Story) -> Story:
    """The same story before a camera whose pictures can be drawn."""

    def before(stage: Stage) -> None:
        stage.camera, stage.judge = FakeCamera(LIVE), PortraitJudge()
        story.before(stage)

    return replace(story, before=before)


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


def views_met(language: str, *, large: bool) -> Iterator[View]:
    """The screens of all stories on which something is that was on none before, in the order in which they are met."""
    drawn = set[object]()
    for story in map(drawable, DRAWN):
        for view in asyncio.run(_views_of(story, language, large)):
            if (view.language, view.large) == (language, large) and not drawn.issuperset(parts := _parts(view)):
                yield view
                drawn |= parts


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


def _parts(view: View) -> set[object]:
    """What can be seen on a screen, without the time of day, how far it is, the seconds of a countdown, and which value
    it is."""
    head = (view.title, view.lead, re.sub(r"\d+", "0", view.notice), view.tone, view.art, bool(view.picture), view.marks)
    lines = {(view.title, _line(line)) for line in view.lines}
    groups = {(group.title, _line(line)) for group in view.groups for line in group.lines}
    picks = {(view.title, pick) for line in view.lines for pick in line.picks}
    others = {view.buttons, view.points, view.picks, view.sources, re.sub(r"\d+", "0", view.total), bool(view.number)}
    return {(view.kind, part) for part in (head, *lines, *groups, *picks, *others)}


def _line(line: Line) -> Line:
    tags = tuple(tag for tag in line.tags if tag.tone is not Tone.PLAIN)
    return replace(line, value="", raw="", tags=tags, picture=line.picture[:1], picks=())
