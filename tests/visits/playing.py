"""Plays a visit told as moments: what is on the screen, and what the citizen or the world does then.

`play` runs a story through the real visit with any Display. A display asks the `Script` after every `show` and
`update` what to do now: a Touch to make, or None to leave the screen as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from kiosk.view import Display, ScreenKind, Touch, View
from kiosk.visit import Ended, serve_one
from scripts.wishes import Citizen
from tests.kiosk.fakes import Stage
from tests.patience import SOON_S

PASSING: frozenset[ScreenKind] = frozenset({"busy", "card"})
"""Screens that may come and go without the citizen doing anything."""


@dataclass(frozen=True)
class Moment:
    """While `screen` is shown (and, if given, `sees` is somewhere on it), the citizen touches or the world changes.

    Touch.button is a button's name, or the key of a pick on the attract screen; a choice of a form goes into
    Touch.values by line name, with the button `next`. `wishes` tell it shorter: until this moment comes, the citizen
    answers every screen as they wish; without them no other screen may come before it.
    """

    screen: ScreenKind
    act: Touch | Callable[[Stage], None]
    sees: str = ""
    wishes: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Story:
    """One visit from the attract screen to its end. `before` sets the stage; `language` is touched first."""

    name: str
    moments: tuple[Moment, ...]
    ends: Ended
    language: Literal["zh", "en"] = "zh"
    before: Callable[[Stage], None] = lambda stage: None


class Strayed(AssertionError):
    """The visit did not go as the story tells it."""


class Script:
    """The moments of one story still to come, and the views seen so far."""

    def __init__(self, story: Story, stage: Stage) -> None:
        chosen = () if story.language == "zh" else (Moment("attract", Touch("language", {"value": story.language})),)
        self.stage = stage
        self.coming = [*chosen, *story.moments]
        self.shown: list[View] = []
        self.seen: list[View] = []

    def on_show(self, view: View) -> Touch | None:
        """What to do on a new screen; raises Strayed when the story expects another one."""
        self.shown.append(view)
        if self.coming and self.coming[0].wishes is None and view.kind not in {self.coming[0].screen, *PASSING}:
            raise Strayed(f"expected {self.coming[0].screen!r}, but there is {view.kind!r}: {view.title!r} {view.lead!r}")
        return self.on_update(view)

    def on_update(self, view: View) -> Touch | None:
        """What to do on a screen that was redrawn."""
        self.seen.append(view)
        while self.coming and self._is_due(self.coming[0], view):
            act = self.coming.pop(0).act
            if isinstance(act, Touch):
                return act
            act(self.stage)
        wishes = self.coming[0].wishes if self.coming else None
        return None if wishes is None else Citizen("", wishes).touch(view)

    def _is_due(self, moment: Moment, view: View) -> bool:
        return moment.screen == view.kind and moment.sees in words_on(view)


class ScriptedDisplay:
    """A display without pixels: touches what the script says, and gives the other lines back as they came."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.touched: asyncio.Future[Touch] | None = None
        self.forgotten = 0

    @property
    def touches(self) -> int:
        """Fingers of the story that gave no answer; those that did end the wait anyway."""
        return sum(at <= self.script.stage.time.now for at in self.script.stage.fingers)

    async def show(self, view: View) -> Touch:
        self.touched = asyncio.get_running_loop().create_future()
        self._touch(view, self.script.on_show(view))
        return await self.touched

    def update(self, view: View) -> None:
        self._touch(view, self.script.on_update(view))

    def forget(self) -> None:
        self.forgotten += 1
        self.touched = None

    def _touch(self, view: View, touch: Touch | None) -> None:
        if touch is not None and self.touched is not None and not self.touched.done():
            self.touched.set_result(_whole(view, touch))


def _whole(view: View, touch: Touch) -> Touch:
    asked = [line for line in view.lines if line.kind != "shown"]
    left = {line.name for line in asked if line.left and line.name not in touch.values}
    return replace(touch, values={**{line.name: line.raw for line in asked}, **touch.values}, left=touch.left | left)


@dataclass(frozen=True)
class Played:
    """What was left when a story was over."""

    ended: Ended
    script: Script
    stage: Stage
    display: Display
    shown: list[View] = field(default_factory=list)
    seen: list[View] = field(default_factory=list)


async def play(
    story: Story,
    display_factory: Callable[[Script], Display] = ScriptedDisplay,
    *,
    tells: Callable[[Story, Stage], Script] = Script,
) -> Played:
    """Runs the whole visit; raises Strayed when it goes otherwise than told or stands still."""
    stage = Stage()
    story.before(stage)
    script = tells(story, stage)
    display = display_factory(script)
    try:
        async with asyncio.timeout(SOON_S):
            ended = await serve_one(stage.terminal(display))
    except TimeoutError:
        raise Strayed(f"{story.name}: the visit stands still; still to come: {script.coming[:1]}") from None
    if script.coming:
        raise Strayed(f"{story.name}: the visit is over; still to come: {script.coming[0]}")
    if ended is not story.ends:
        raise Strayed(f"{story.name}: ended {ended}, not {story.ends}")
    return Played(ended, script, stage, display, script.shown, script.seen)


def words_on(view: View) -> str:
    """Every word of a view, to look something up."""
    lines = [line for group in view.groups for line in group.lines] + list(view.lines)
    parts = [view.title, view.lead, view.notice, view.number, view.total, view.step_words, *view.points]
    parts += [group.title for group in view.groups]
    parts += [part for pick in view.picks for part in (pick.label, pick.note, pick.why_not)]
    parts += [part for s in view.sources for part in (s.title, s.state)]
    parts += [part for line in lines for part in (line.label, line.value, line.hint, line.mistake, *(t.text for t in line.tags))]
    parts += [pick.label for line in view.lines for pick in line.picks]
    parts += [*(group.title for group in view.groups), *(line.dispute for line in lines)]
    parts += [button.label for button in (*view.buttons, *view.corner)]
    return "\n".join(parts)
