"""A hall with the citizen's screen of window 3, without HTTP; a clerk's session that a story may lock or end."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from PIL import Image, ImageDraw

from hall.ratings import Ratings
from hall.second_screen import SecondScreens, Shown
from hall.staff import Session
from hall.store.screens import Asking
from tests.hall.fakes import MATTERS, Hall, open_hall

SESSION = "a clerk's session"


@dataclass
class Sessions:
    """Who is logged in, by the hash of the session's token."""

    here: dict[str, Session] = field(default_factory=dict)

    async def behind(self, token_hash: str) -> Session | None:
        return self.here.get(token_hash)

    def is_at(self, window: str, *, session: str = SESSION, locked: bool = False) -> None:
        self.here[hashlib.sha256(session.encode()).hexdigest()] = Session("zhang", window, locked=locked)


@dataclass
class Screens:
    """`token` is that of window 3's screen."""

    hall: Hall
    sessions: Sessions
    ratings: Ratings
    screens: SecondScreens
    token: str = ""

    async def shown(self) -> Shown:
        screen = await self.screens.screen(self.token)
        assert screen is not None
        return screen.shown

    async def ask(self, visit: str, kind: Asking = Asking.LOOK, field: str = "", window: str = "3") -> None:
        await self.screens.ask(visit, kind, field, window=window, clerk="zhang", key=key())

    async def rate(self, about: str, grade: int, *tags: str, wants_call: bool = False, key: str = "") -> None:
        await self.screens.rate(self.token, about, grade, tags, wants_call=wants_call, key=key or str(uuid4()))


def key() -> str:
    return str(uuid4())


@asynccontextmanager
async def open_screens(folder: Path) -> AsyncIterator[Screens]:
    async with open_hall(folder) as hall:
        sessions, ratings = Sessions(), Ratings(hall.store, hall.clock, matters=MATTERS)
        sessions.is_at("3")
        screens = SecondScreens(hall.store, sessions, ratings, hall.clock, matters=MATTERS)
        token = await screens.open(SESSION, "3", "zhang", key())
        yield Screens(hall, sessions, ratings, screens, token)


def written(*lines: tuple[int, int, int, int], size: tuple[int, int] = (900, 400), mode: str = "RGBA") -> bytes:
    """A sheet as a canvas sends it, with these strokes."""
    sheet = Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else "white")
    for line in lines:
        ImageDraw.Draw(sheet).line(line, "black", 5)
    drawn = io.BytesIO()
    sheet.save(drawn, "PNG")
    return drawn.getvalue()


NAME = written((100, 80, 400, 260), (120, 250, 420, 90), (250, 60, 260, 300))
