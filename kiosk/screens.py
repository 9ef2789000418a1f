"""The screens of one visit: language, large text, help and idleness are the same on every one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, TypeVar, assert_never

from flows.fold import Given
from flows.words import Language
from kiosk.present import Look, countdown_view, help_view
from kiosk.terminal import Terminal
from kiosk.view import Touch, View

T = TypeVar("T")
Make = Callable[[Look, Given | None], View]

FIRST_LANGUAGE: Language = "zh"
LOOK_S = 1.0
"""How often the glass is looked at for fingers."""


class Ended(StrEnum):
    """How a visit came to its end."""

    TICKET = "ticket"
    SEALED = "sealed"  # kept for the hall, which was away
    NOT_TAKEN = "not_taken"  # neither a ticket nor kept: the citizen was sent to the counter
    LOOKED = "looked"  # saw who read their records
    QUIT = "quit"
    IDLE = "idle"
    CARD_TAKEN = "card_taken"


class Patience(StrEnum):
    """How long a screen waits for somebody."""

    COUNTDOWN = "countdown"  # warns, counts down, then the visit is over
    FOR_EVER = "for_ever"  # the terminal is at work, nobody needs to touch
    INVITING = "inviting"  # nobody is there: what was chosen on the screen falls back


class VisitOver(Exception):
    """The citizen left, in one way or another; everything of the visit is to be dropped."""

    def __init__(self, how: Ended) -> None:
        super().__init__(str(how))
        self.how = how


class Screens:
    """Shows views to one citizen. `make` draws a view for a look and for what was entered so far."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._language = FIRST_LANGUAGE
        self._large = False
        self._make: Make | None = None
        self._entered: Given | None = None
        self._helping = False
        self._seconds_left = 0

    @property
    def look(self) -> Look:
        words, place = self._terminal.words[self._language], self._terminal.place
        return Look(words, self._large, self._terminal.clock(), place)

    async def ask(self, make: Make, *, entered: Given | None = None, patience: Patience = Patience.COUNTDOWN) -> Touch:
        """What the citizen touched. Raises VisitOver when they leave or nobody is there any more."""
        self._make, self._entered = make, entered
        while True:
            touch = await self._touched(patience)
            if touch.button == "quit":
                raise VisitOver(Ended.QUIT)
            self._entered = Given({n: v for n, v in touch.values.items() if n != "value"}, touch.left)
            if not await self._answered_here(touch):
                return touch

    async def during(self, make: Make, work: Coroutine[Any, Any, T], *, patience: Patience = Patience.COUNTDOWN) -> T | Touch:
        """Shows a view until the work is done or something is touched, which cancels the work. A touch at the
        very moment of the end still counts: a screen whose work must not be lost has no buttons."""
        asking = asyncio.create_task(self.ask(make, patience=patience))
        working = asyncio.create_task(work)
        try:
            await asyncio.wait({working, asking}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else working.result()
        finally:
            await stopped(working, asking)

    def update(self, make: Make) -> None:
        """Redraws the present screen in another state, without waiting and without losing what was entered. A
        countdown goes on over it; behind the help screen it waits."""
        self._make = make
        if not self._helping:
            self._terminal.display.update(self._view())

    async def for_a_while(self, make: Make) -> Touch | None:
        """A result: stays until it is touched or its time is over; then there is no touch."""
        self._make, self._entered = make, None
        while touch := await self._touched_within(self._terminal.idle.done_s):
            if not await self._answered_here(touch):
                break
        return touch

    @property
    def _idle_s(self) -> float:
        return self._terminal.idle.warn_large_s if self._large else self._terminal.idle.warn_s

    def _view(self) -> View:
        if self._helping:
            return help_view(self.look)
        assert self._make is not None
        view = self._make(self.look, self._entered)
        return countdown_view(self.look, view, self._seconds_left) if self._seconds_left else view

    async def _answered_here(self, touch: Touch) -> bool:
        """Whether the touch was one of those that only change how things are shown."""
        match touch.button:
            case "language":
                self._language = "en" if touch.values.get("value") == "en" else "zh"
            case "large":
                self._large = not self._large
            case "help":
                await self._help()
            case "stay":
                pass
            case _:
                return False
        return True

    async def _help(self) -> None:
        """Staff comes; the visit waits behind this screen."""
        self._helping = True
        try:
            while True:
                touch = await self._touched_in_time(self._terminal.idle.help_s)
                if touch.button == "help" or not await self._answered_here(touch):
                    return
        finally:
            self._helping = False

    async def _touched(self, patience: Patience) -> Touch:
        match patience:
            case Patience.COUNTDOWN:
                return await self._touched_in_time(self._idle_s)
            case Patience.FOR_EVER:
                return await self._terminal.display.show(self._view())
            case Patience.INVITING:
                return await self._touched_some_time()
            case _:
                assert_never(patience)

    async def _touched_some_time(self) -> Touch:
        """Redraws now and then: the time of day moves on, and the next person finds the first language."""
        showing = asyncio.create_task(self._terminal.display.show(self._view()))
        try:
            while not (touch := await self._until_still(showing, self._idle_s)):
                self._language, self._large = FIRST_LANGUAGE, False
                self._terminal.display.update(self._view())
            return touch
        finally:
            await stopped(showing)

    async def _touched_in_time(self, idle_s: float) -> Touch:
        showing = asyncio.create_task(self._terminal.display.show(self._view()))
        try:
            while not (touch := await self._until_still(showing, idle_s) or await self._counted_down(showing)):
                self._terminal.display.update(self._view())
            return touch
        finally:
            await stopped(showing)

    async def _touched_within(self, seconds: float) -> Touch | None:
        showing = asyncio.create_task(self._terminal.display.show(self._view()))
        try:
            return await self._until_still(showing, seconds)
        finally:
            await stopped(showing)

    async def _until_still(self, showing: asyncio.Task[Touch], seconds: float) -> Touch | None:
        """The answer; None once no finger was on the glass for so long. Whoever types on a pad, chooses or turns
        pages gives no answer yet, but is there."""
        still = 0.0
        while still < seconds:
            touches = self._terminal.display.touches
            if touch := await self._within(showing, LOOK_S):
                return touch
            still = still + LOOK_S if touches == self._terminal.display.touches else 0.0
        return None

    async def _counted_down(self, showing: asyncio.Task[Touch]) -> Touch | None:
        """The answer; None when a finger was on the glass, wherever. Raises VisitOver when there was neither."""
        touches = self._terminal.display.touches
        try:
            for left in range(int(self._terminal.idle.countdown_s), 0, -1):
                self._seconds_left = left
                self._terminal.display.update(self._view())
                if touch := await self._within(showing, LOOK_S):
                    return touch
                if touches != self._terminal.display.touches:
                    return None
        finally:
            self._seconds_left = 0
        raise VisitOver(Ended.IDLE)

    async def _within(self, showing: asyncio.Task[Touch], seconds: float) -> Touch | None:
        async def pass_time() -> None:
            await self._terminal.wait(seconds)

        passing = asyncio.create_task(pass_time())
        try:
            await asyncio.wait({showing, passing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await stopped(passing)
        return showing.result() if showing.done() else None


async def stopped(*tasks: asyncio.Task[Any]) -> None:
    """Cancels tasks and waits until they are over, so that nothing of a screen outlives it."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
