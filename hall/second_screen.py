"""一主机双屏: the citizen's screen of a window, which shows what the clerk shows there and nobody longer than they sit there.

It has a token of its own and may do three things only, for the citizen whom the window has before it now: say that the
answers are right or not, sign, and rate. What it shows is worked out anew from the store every time: closed and opened
again, or after the hall was away, it shows what is so now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, get_args

from flows.application import Application, Attached, SourceKind, Status
from flows.flow import Flow, Matters
from flows.matters import MATTERS
from flows.pictures import Signature
from hall.errors import FormNotUnderstood, NotAllowed, NotKnown, ScreenMoved
from hall.ratings import Ratings
from hall.seen import answers_mark
from hall.signatures import signature_of
from hall.staff import Session
from hall.store.request import Request
from hall.store.screens import Answered, Asked, Asking, KeptScreen, Language, Reading, Reply, Turn
from hall.store.store import Store
from hall.working_day import Clock

PROMISE = "promise"
"""A signature that is for no field: the promise to bring what is missing (容缺受理, 告知承诺)."""
PROMISE_WORDS = "本人承诺按窗口告知的期限补交所缺材料"


class Sessions(Protocol):
    """Whether a clerk is still at the window."""

    async def behind(self, token_hash: str) -> Session | None: ...


def attended(session: Session | None, window: str) -> bool:
    """The one place that says whether a window's screen may show anything: not when nobody is logged in there, and not
    while the window is locked."""
    return session is not None and session.window == window and not session.locked


@dataclass(frozen=True)
class Away:
    """Nobody attends the window."""


@dataclass(frozen=True)
class Idle:
    """Nobody is called."""


@dataclass(frozen=True)
class Called:
    """Somebody is at the window and nothing is asked; `reply` is what they answered last, None when nothing yet."""

    number: str
    reply: Reply | None = None


@dataclass(frozen=True)
class Look:
    """The answers, to be looked over. `mark` changes with every amendment."""

    id: str
    number: str
    mark: str
    flow: Flow
    application: Application


@dataclass(frozen=True)
class Sign:
    """A place to write in, under `statement`, a Chinese message id."""

    id: str
    number: str
    statement: str


@dataclass(frozen=True)
class Rate:
    """It is decided: the citizen may rate, and need not."""

    about: str
    number: str
    until: datetime


Shown = Away | Idle | Called | Look | Sign | Rate


@dataclass(frozen=True)
class Screen:
    """What a window's screen shows now, and how its citizen wants to read. `about` tells one citizen from the next."""

    window: str
    shown: Shown
    about: str = ""
    language: Language = "zh"
    large: bool = False


class SecondScreens:
    """The clerk asks, the citizen answers; neither can do the other's part."""

    def __init__(self, store: Store, sessions: Sessions, ratings: Ratings, clock: Clock, *, matters: Matters = MATTERS) -> None:
        self._store = store
        self._sessions = sessions
        self._ratings = ratings
        self._clock = clock
        self._matters = matters

    async def open(self, session_token: str, window: str, clerk: str, key: str) -> str:
        """A token for the window's one screen; that of the screen before is worth nothing. A repeat gets the same one."""
        token = hashlib.sha256(f"screen {key} {session_token}".encode()).hexdigest()
        request = Request(key, f"clerk:{clerk}", self._clock(), window, f"screen {window}".encode())
        await self._store.open_screen(_hash(token), _hash(session_token), request)
        return token

    async def screen(self, token: str) -> Screen | None:
        """None for a token that is none, or not any more."""
        kept = await self._store.screen(_hash(token)) if token else None
        if kept is None:
            return None
        if not await self._attended(kept):
            return Screen(kept.window, Away())
        turn = await self._store.turn_at(kept.window)
        shown = await self._shown(turn)
        if turn is None or isinstance(shown, Idle):
            return Screen(kept.window, Idle())
        reading = kept.reading if kept.reading.about == turn.about else Reading()
        language = reading.language or await self._spoken(turn)
        return Screen(kept.window, shown, turn.about, language, reading.large)

    async def prefer(self, token: str, about: str, language: str, *, large: bool) -> None:
        """The citizen wants to read otherwise; the next one begins anew."""
        kept, turn = await self._citizens(token)
        if turn.about != about:
            raise ScreenMoved
        read = next((one for one in get_args(Language) if one == language), None)
        if read is None:
            raise FormNotUnderstood
        await self._store.prefer(kept.window, Reading(about, read, large))

    async def answer(self, token: str, id: str, *, right: bool, mark: str, wrong: Sequence[str], key: str) -> None:
        """内容无误 or 有问题, of exactly the answers that were on the screen; `wrong` are fields that were pointed at."""
        kept, turn = await self._citizens(token)
        application = (await self._store.case(turn.visit)).application
        if not set(wrong) <= set(application.answers):
            raise FormNotUnderstood
        reply = Reply.RIGHT if right and not wrong else Reply.WRONG
        request = self._request(key, kept.window, f"answer {id} {mark} {reply} {sorted(wrong)}")
        await self._store.citizen_answers(Answered(id, reply, mark, tuple(wrong)), request)

    async def sign(self, token: str, id: str, upload: bytes, key: str) -> None:
        """NotTaken when nothing is written there."""
        kept, _ = await self._citizens(token)
        written = signature_of(upload)
        request = self._request(key, kept.window, f"sign {id} {written.digest}")
        await self._store.citizen_answers(Answered(id, Reply.SIGNED, signature=written), request)

    async def rate(self, token: str, about: str, grade: int, tags: Sequence[str], *, wants_call: bool, key: str) -> None:
        """The rating of whoever was served last at the window."""
        kept = await self._kept(token)
        await self._ratings.give(about, grade, window=kept.window, key=key, tags=tags, wants_call=wants_call)

    async def ask(self, visit: str, kind: Asking, field: str, *, window: str, clerk: str, key: str) -> None:
        """The clerk's: only of the citizen at their own window, and a signature only where one belongs."""
        if kind is Asking.SIGN and field not in await self.to_sign(visit):
            raise NotKnown
        request = Request(key, f"clerk:{clerk}", self._clock(), window, f"ask {visit} {kind} {field}".encode())
        await self._store.ask_citizen(visit, kind, field if kind is Asking.SIGN else "", request)

    async def withdraw(self, visit: str, *, window: str, clerk: str, key: str) -> None:
        request = Request(key, f"clerk:{clerk}", self._clock(), window, f"withdraw {visit}".encode())
        await self._store.withdraw_asked(visit, request)

    async def to_sign(self, visit: str) -> Mapping[str, str]:
        """The signatures that may be asked for, with what each is under."""
        application = (await self._store.case(visit)).application
        return signatures(self._matters.of(application), application)

    async def asked(self, visit: str, window: str) -> tuple[Sequence[Asked], bool]:
        """What was asked in this turn, the newest first; and whether the newest look-over is of the answers as they are."""
        turn = await self._store.turn_at(window)
        if turn is None or turn.visit != visit:
            return (), False
        asked = await self._store.asked_of(turn)
        looked = next((one for one in asked if one.kind is Asking.LOOK and one.mark), None)
        now = answers_mark((await self._store.case(visit)).application) if looked else ""
        return asked, looked is not None and looked.mark == now

    async def signature(self, visit: str, id: str, window: str) -> Attached:
        """For the clerk at whose window it was written."""
        turn, found = await self._store.turn_at(window), await self._store.signature(id)
        if turn is None or turn.visit != visit:
            raise NotAllowed
        if found is None or found[0] != visit:
            raise NotKnown
        return found[1]

    async def signature_taken(self, id: str, *, window: str, clerk: str) -> None:
        """It lies with the application now."""
        await self._store.take_signature(id, Request("", f"clerk:{clerk}", self._clock(), window))

    async def _shown(self, turn: Turn | None) -> Shown:
        if turn is None:
            return Idle()
        if turn.status is not Status.CALLED:
            return await self._invitation(turn)
        asked = await self._store.asked_of(turn)
        newest = next((one for one in asked if one.reply is not Reply.WITHDRAWN), None)
        if newest is None or newest.reply is not Reply.OPEN:
            return Called(turn.number, newest.reply if newest else None)
        application = (await self._store.case(turn.visit)).application
        flow = self._matters.of(application)
        match newest.kind:
            case Asking.LOOK:
                return Look(newest.id, turn.number, answers_mark(application), flow, application)
            case Asking.SIGN:
                return Sign(newest.id, turn.number, signatures(flow, application).get(newest.field, ""))

    async def _invitation(self, turn: Turn) -> Shown:
        until = await self._ratings.invited_until(turn)
        return Rate(turn.about, turn.number, until) if until else Idle()

    async def _spoken(self, turn: Turn) -> Language:
        return "en" if (await self._store.case(turn.visit)).application.language == "en" else "zh"

    async def _citizens(self, token: str) -> tuple[KeptScreen, Turn]:
        """The screen and whoever sits before it."""
        kept = await self._kept(token)
        turn = await self._store.turn_at(kept.window)
        if turn is None:
            raise ScreenMoved
        return kept, turn

    async def _kept(self, token: str) -> KeptScreen:
        kept = await self._store.screen(_hash(token)) if token else None
        if kept is None:
            raise NotAllowed
        if not await self._attended(kept):
            raise ScreenMoved
        return kept

    async def _attended(self, kept: KeptScreen) -> bool:
        return attended(await self._sessions.behind(kept.session), kept.window)

    def _request(self, key: str, window: str, contents: str) -> Request:
        return Request(key, f"screen:{window}", self._clock(), window, contents.encode())


def signatures(flow: Flow, application: Application) -> Mapping[str, str]:
    """The fields of this application that hold a signature, or are left for one, with its statement; and the promise."""
    answers = application.answers
    found = {
        name: field.kind.statement or field.label
        for name, field in flow.fields.items()
        if isinstance(field.kind, Signature) and name in answers
    }
    return {**found, PROMISE: PROMISE_WORDS}


def left_blank(application: Application, field: str) -> bool:
    """Whether a signature was left for the counter, so that taking one corrects nothing."""
    said = application.answers.get(field)
    return said is None or said.source.kind is SourceKind.COUNTER


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
