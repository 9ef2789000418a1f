"""Commands on the citizens' screens: every one is guarded by the turn that the window has now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from flows.application import Application, Attached, Decision, Status
from flows.wire import from_json, to_json
from hall.errors import NotAllowed, ScreenMoved
from hall.seen import answers_mark
from hall.store.database import Commands
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.screens import Answered, Asked, Asking, KeptScreen, Language, Reading, Reply, Turn
from hall.store.transaction import Transaction


def open_screen(tx: Transaction, token_hash: str, session_hash: str, request: Request) -> None:
    def first() -> str:
        tx.all("open_screen", at_window=request.window, token=token_hash, session=session_hash, at=request.at)
        tx.event("screen_opened", request.at, "", request.window)
        tx.audit("screen_opened", request, f"window:{request.window}")
        return ""

    tx.once(request, first)


def screen(tx: Transaction, token_hash: str) -> KeptScreen | None:
    row = tx.one("screen", token=token_hash)
    if row is None:
        return None
    reading = Reading(row["about"], cast(Language, row["language"]), bool(row["large"]))
    return KeptScreen(row["at_window"], row["session"], reading)


def prefer(tx: Transaction, window: str, reading: Reading, at: datetime) -> None:
    tx.all("prefer", at_window=window, about=reading.about, language=reading.language, large=int(reading.large))
    tx.event("screen_read", at, "", window)


def turn_at(tx: Transaction, window: str) -> Turn | None:
    row = tx.one("turn_at", at_window=window)
    if row is None:
        return None
    turn = Turn(row["visit"], row["number"], row["matter"], Status(row["status"]), int(row["turn"]))
    return turn if turn.status is Status.CALLED else replace(turn, ended_at=_ended_at(tx, turn.visit))


def _ended_at(tx: Transaction, visit: str) -> datetime | None:
    row = tx.one("newest_decision", visit=visit)
    return from_json(Decision, tx.key.unseal(row["sealed"], "decision", visit)).at if row else None


def ask_citizen(tx: Transaction, visit: str, kind: Asking, field: str, request: Request) -> str:
    def first() -> str:
        turn = turn_at(tx, request.window)
        if turn is None or turn.visit != visit or turn.status is not Status.CALLED:
            raise NotAllowed
        tx.all("withdraw_asked", visit=visit)
        tx.all("drop_untaken")
        tx.all("ask_citizen", id=request.key, visit=visit, turn=turn.turn, kind=kind, field=field, at=request.at)
        tx.event("citizen_asked", request.at, visit, request.window)
        tx.audit("citizen_asked", request, visit, [field] if field else [], kind)
        return request.key

    return tx.once(request, first)


def withdraw_asked(tx: Transaction, visit: str, request: Request) -> None:
    def first() -> str:
        turn = turn_at(tx, request.window)
        if turn is None or turn.visit != visit:
            raise NotAllowed
        if tx.all("withdraw_asked", visit=visit):
            tx.event("citizen_asked", request.at, visit, request.window)
            tx.audit("citizen_asked", request, visit, outcome=Reply.WITHDRAWN)
        return ""

    tx.once(request, first)


def asked_of(tx: Transaction, turn: Turn) -> Sequence[Asked]:
    return [_asked(row) for row in tx.all("asked_of", visit=turn.visit, turn=turn.turn)]


def citizen_answers(tx: Transaction, answered: Answered, request: Request) -> str:
    return tx.once(request, lambda: _answer(tx, answered, request))


def _answer(tx: Transaction, answered: Answered, request: Request) -> str:
    row, turn = tx.one("asked", id=answered.id), turn_at(tx, request.window)
    asked = _asked(row) if row else None
    if asked is None or turn is None or (asked.visit, asked.turn) != (turn.visit, turn.turn) or turn.status is not Status.CALLED:
        raise ScreenMoved
    if (answered.reply is Reply.SIGNED) is not (asked.kind is Asking.SIGN):
        raise ScreenMoved
    if asked.kind is Asking.LOOK and answered.mark != answers_mark(_application(tx, asked.visit)):
        raise ScreenMoved  # amended meanwhile: the citizen looked at other answers
    sealed = tx.key.seal(to_json(answered.signature), "signature", asked.id) if answered.signature else None
    kept = {"state": answered.reply, "mark": answered.mark, "wrong": json.dumps(answered.wrong), "sealed": sealed}
    if not tx.all("reply", id=asked.id, at=request.at, **kept):
        raise ScreenMoved
    tx.event("citizen_answered", request.at, asked.visit, request.window)
    tx.audit("citizen_answered", request, asked.visit, answered.wrong or [asked.field] * bool(asked.field), answered.reply)
    return answered.reply


def signature(tx: Transaction, id: str) -> tuple[str, Attached] | None:
    row = tx.one("signature", id=id)
    return (row["visit"], from_json(Attached, tx.key.unseal(row["sealed"], "signature", id))) if row else None


def take_signature(tx: Transaction, id: str, request: Request) -> None:
    if tx.all("take_signature", id=id):
        row = tx.all("asked", id=id)[0]
        tx.event("citizen_asked", request.at, row["visit"], request.window)


def _application(tx: Transaction, visit: str) -> Application:
    row = tx.all("application", visit=visit)[0]
    return from_json(Application, tx.key.unseal(row["sealed"], "application", visit))


def _asked(row: Row) -> Asked:
    return Asked(
        row["id"],
        row["visit"],
        int(row["turn"]),
        Asking(row["kind"]),
        row["field"],
        Reply(row["state"]),
        datetime.fromisoformat(row["asked_at"]),
        instant(row["replied_at"]),
        row["mark"],
        tuple(json.loads(row["wrong"])) if row["wrong"] else (),
    )


class ScreenCommands(Commands):
    """See hall.store.screens.ScreenStore."""

    async def open_screen(self, token_hash: str, session_hash: str, request: Request) -> None:
        await self.write(lambda tx: open_screen(tx, token_hash, session_hash, request))

    async def screen(self, token_hash: str) -> KeptScreen | None:
        return await self.read(lambda tx: screen(tx, token_hash))

    async def prefer(self, window: str, reading: Reading) -> None:
        at = self.clock()
        await self.write(lambda tx: prefer(tx, window, reading, at))

    async def turn_at(self, window: str) -> Turn | None:
        return await self.read(lambda tx: turn_at(tx, window))

    async def ask_citizen(self, visit: str, kind: Asking, field: str, request: Request) -> str:
        return await self.write(lambda tx: ask_citizen(tx, visit, kind, field, request))

    async def withdraw_asked(self, visit: str, request: Request) -> None:
        await self.write(lambda tx: withdraw_asked(tx, visit, request))

    async def asked_of(self, turn: Turn) -> Sequence[Asked]:
        return await self.read(lambda tx: asked_of(tx, turn))

    async def citizen_answers(self, answered: Answered, request: Request) -> str:
        return await self.write(lambda tx: citizen_answers(tx, answered, request))

    async def signature(self, id: str) -> tuple[str, Attached] | None:
        return await self.read(lambda tx: signature(tx, id))

    async def take_signature(self, id: str, request: Request) -> None:
        await self.write(lambda tx: take_signature(tx, id, request))
