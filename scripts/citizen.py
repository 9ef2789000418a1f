"""An unattended citizen: looks at the real window, touches it, and lays the card when it is time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from kiosk.ui.pilot import Pilot
from kiosk.view import Line, View
from scripts.album import Album


class Citizen:
    """Wants what `wishes` says, by line name; takes what is prefilled as it is."""

    def __init__(self, pilot: Pilot, album: Album, wishes: Mapping[str, str], lay_card: Callable[[], None]) -> None:
        self._pilot = pilot
        self._album = album
        self._wishes = wishes
        self._lay_card = lay_card
        self._laid = False

    async def walk(self) -> None:
        """From the invitation to the ticket; ends when the ticket is seen."""
        last: View | None = None
        while True:
            view = await self._new_screen(last)
            await self._photograph(view)
            last = view
            if view.kind == "ticket":
                return
            await self._act(view)

    async def _new_screen(self, last: View | None) -> View:
        async with asyncio.timeout(60):
            while True:
                view = await self._pilot.shown()
                if last is None or (view.kind, view.title, view.lead, view.sources) != (
                    last.kind,
                    last.title,
                    last.lead,
                    last.sources,
                ):
                    return view
                await asyncio.sleep(0.02)

    async def _photograph(self, view: View) -> None:
        for page in range(await self._pilot.pages() if view.kind != "busy" else 1):
            picture = self._album.next(view.kind, view.title)
            if page:
                await self._pilot.turn_to(page)
            await self._pilot.picture(picture.file)

    async def _act(self, view: View) -> None:
        match view.kind:
            case "attract":
                await self._pilot.pick("", view.picks[0].key)
            case "card":
                if not self._laid:
                    self._laid = True
                    await asyncio.to_thread(self._lay_card)
            case "busy":
                pass  # the departments are at work
            case _:
                for line in view.lines:
                    await self._answer(line)
                await self._pilot.tap(next(button.name for button in view.buttons if button.main))

    async def _answer(self, line: Line) -> None:
        wish = self._wishes.get(line.name)
        if wish is None or line.kind == "shown":
            return
        if line.kind == "choice":
            await self._pilot.pick(line.name, wish)
        else:
            await self._pilot.enter(line.name, wish)
