"""An unattended citizen at the real window: looks at it, touches it, and lays the card when it is time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk.ui.ink import from_text
from kiosk.ui.pilot import Pilot
from kiosk.view import Touch, View
from scripts.album import Album
from scripts.wishes import Citizen

PATIENCE_S = 60


class Walk:
    """One visit of a citizen through the real window, with a picture of every screen."""

    def __init__(self, pilot: Pilot, album: Album, citizen: Citizen, lay_card: Callable[[], None]) -> None:
        self._pilot = pilot
        self._album = album
        self._citizen = citizen
        self._lay_card = lay_card
        self._laid = False

    async def to_the_ticket(self) -> View:
        """From the invitation to the ticket; gives the screen it ends with."""
        last: View | None = None
        while True:
            view = await self._new_screen(last)
            await self._photograph(view)
            last = view
            if view.kind == "ticket":
                return view
            if view.kind == "card" and not self._laid:
                self._laid = True
                await asyncio.to_thread(self._lay_card)
            elif touch := self._citizen.touch(view):
                await self._make(view, touch)

    async def _new_screen(self, last: View | None) -> View:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                view = await self._pilot.shown()
                if last is None or _looks(view) != _looks(last):
                    return view
                await asyncio.sleep(0.02)

    async def _photograph(self, view: View) -> None:
        for page in range(max(1, await self._pilot.pages()) if view.kind != "busy" else 1):
            picture = self._album.next(view.kind, view.title)
            if page:
                await self._pilot.turn_to(page)
            await self._pilot.picture(picture.file)

    async def _make(self, view: View, touch: Touch) -> None:
        kinds = {line.name: line.kind for line in view.lines}
        for name, value in touch.values.items():
            if kinds[name] == "choice":
                await self._pilot.pick(name, value)
            elif kinds[name] == "signature":
                await self._pilot.sign(name, from_text(value))
            else:
                await self._pilot.enter(name, value)
        for name in touch.left:
            await self._pilot.leave(name)
        if view.kind == "attract":
            await self._pilot.pick("", touch.button)
        else:
            await self._pilot.tap(touch.button)


def _looks(view: View) -> tuple[object, ...]:
    """What makes a screen another one; the live picture of a camera does not."""
    asked = tuple((line.name, line.mistake) for line in view.lines)
    return view.kind, view.title, view.lead, view.sources, view.points, asked, tuple(button.name for button in view.buttons)
