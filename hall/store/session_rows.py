"""Commands on sessions: one at a window and one of a clerk, locked and over, and wrong tries to begin one."""

from __future__ import annotations

from datetime import datetime, timedelta

from hall.roles import Role
from hall.store.database import Commands
from hall.store.line_rows import window_left
from hall.store.request import Request
from hall.store.staff import Ended, Origin, StaffSession, WrongLogIns
from hall.store.transaction import Transaction

COUNTED = timedelta(minutes=15)
"""How long a wrong try to log in counts."""

KEEP_ENDED = timedelta(days=1)
"""How long an ended session can still say why, and give back what was typed into it."""


def roles_of(written: str) -> frozenset[Role]:
    return frozenset(Role(role) for role in written.split())


def start_session(tx: Transaction, token_hash: str, session: StaffSession, request: Request, place: str) -> None:
    tx.once(request, lambda: _start(tx, token_hash, session, request, place))


def _start(tx: Transaction, token_hash: str, session: StaffSession, request: Request, place: str) -> str:
    clerk, window = session.clerk, session.window
    for row in tx.all("sessions_at", clerk=clerk, window=window):
        end_session(tx, row["token"], Ended.ELSEWHERE if row["clerk"] == clerk else Ended.WINDOW_TAKEN, request)
    window_left(tx, window)
    forget_wrong_log_ins(tx, request.at, name=clerk, place=window or place)
    tx.all("forget_sessions", before=request.at - KEEP_ENDED)
    names = {"clerk": clerk, "window": window}
    tx.all("add_session", **names, token=token_hash, started_at=session.started_at, seen_at=session.seen_at)
    left = tx.one("newest_parked", clerk=clerk)
    if left is not None:
        tx.all("park", token=left["token"], parked=None)
        tx.all("park", token=token_hash, parked=left["parked"])
    tx.audit("staff_logged_in", request, f"clerk:{clerk}", outcome=window)
    return ""


def session(tx: Transaction, token_hash: str) -> StaffSession | None:
    row = tx.one("session", token=token_hash)
    if row is None:
        return None
    return StaffSession(
        row["clerk"],
        row["window"],
        datetime.fromisoformat(row["started_at"]),
        datetime.fromisoformat(row["seen_at"]),
        roles_of(row["roles"]),
        Origin(row["origin"]),
        bool(row["locked_at"]),
        Ended(row["ended"]) if row["ended"] else None,
        tx.key.unseal(row["parked"], "parked", row["clerk"]) if row["parked"] else None,
    )


def end_session(tx: Transaction, token_hash: str, why: Ended, request: Request) -> None:
    row = tx.one("end_session", token=token_hash, why=why.value)
    if row is None:
        return
    window_left(tx, row["window"])
    if why is Ended.LOGGED_OUT:
        tx.audit("staff_logged_out", request, f"clerk:{row['clerk']}", outcome=row["window"])
    else:
        tx.audit("staff_session_ended", request, f"clerk:{row['clerk']}", (why.value,), row["window"])


def end_sessions_of(tx: Transaction, name: str, why: Ended, request: Request) -> str:
    for row in tx.all("sessions_at", clerk=name, window=""):
        end_session(tx, row["token"], why, request)
    return ""


def lock_session(tx: Transaction, token_hash: str, request: Request) -> None:
    tx.once(request, lambda: _lock(tx, token_hash, request))


def _lock(tx: Transaction, token_hash: str, request: Request) -> str:
    row = tx.one("lock_session", token=token_hash, at=request.at)
    if row is not None:
        tx.event("window_locked", request.at, "", row["window"])
        tx.audit("staff_locked", request, f"clerk:{row['clerk']}", outcome=row["window"])
    return ""


def unlock_session(tx: Transaction, token_hash: str, request: Request) -> None:
    tx.once(request, lambda: _unlock(tx, token_hash, request))


def _unlock(tx: Transaction, token_hash: str, request: Request) -> str:
    row = tx.one("unlock_session", token=token_hash, at=request.at)
    if row is not None:
        forget_wrong_log_ins(tx, request.at, name=row["clerk"], place=row["window"])
        tx.event("window_unlocked", request.at, "", row["window"])
        tx.audit("staff_unlocked", request, f"clerk:{row['clerk']}", outcome=row["window"])
    return ""


def park(tx: Transaction, token_hash: str, sent: bytes | None) -> None:
    row = tx.one("session", token=token_hash)
    if row is not None:
        tx.all("park", token=token_hash, parked=tx.key.seal(sent, "parked", row["clerk"]) if sent is not None else None)


def wrong_log_in(tx: Transaction, name: str, place: str, request: Request) -> None:
    """Counted for the name as typed, known or not, and for the place."""
    forget_wrong_log_ins(tx, request.at)
    for about in _abouts(tx, name, place):
        tx.all("add_wrong_log_in", about=about, at=request.at)
    tx.audit("staff_log_in_refused", request, request.by, outcome=request.window)


def wrong_log_ins(tx: Transaction, name: str, place: str, now: datetime) -> tuple[WrongLogIns, ...]:
    rows = [tx.all("wrong_log_ins", about=about, since=now - COUNTED)[0] for about in _abouts(tx, name, place)]
    return tuple(WrongLogIns(row["tries"], datetime.fromisoformat(row["last"])) for row in rows if row["tries"])


def forget_wrong_log_ins(tx: Transaction, now: datetime, name: str = "", place: str = "") -> None:
    """Those of a name and a place, "" for none, and all that count no more."""
    by_name, by_window = _abouts(tx, name, place)
    tx.all("forget_wrong_log_ins", name=by_name, window=by_window, since=now - COUNTED)


def _abouts(tx: Transaction, name: str, place: str) -> tuple[bytes, bytes]:
    return tx.key.index(f"log-in name {name}".encode()), tx.key.index(f"log-in window {place}".encode())


class SessionCommands(Commands):
    """See hall.store.staff.StaffStore."""

    async def start_session(self, token_hash: str, session: StaffSession, request: Request, place: str = "") -> None:
        await self.write(lambda tx: start_session(tx, token_hash, session, request, place))

    async def session(self, token_hash: str) -> StaffSession | None:
        return await self.read(lambda tx: session(tx, token_hash))

    async def session_at(self, window: str) -> str | None:
        row = await self.read(lambda tx: tx.one("session_at_window", window=window))
        return str(row["token"]) if row else None

    async def session_seen(self, token_hash: str, at: datetime) -> None:
        await self.write(lambda tx: tx.all("session_seen", token=token_hash, at=at))

    async def end_session(self, token_hash: str, why: Ended, request: Request) -> None:
        await self.write(lambda tx: end_session(tx, token_hash, why, request))

    async def end_sessions_of(self, name: str, why: Ended, request: Request) -> None:
        await self.write(lambda tx: tx.once(request, lambda: end_sessions_of(tx, name, why, request)))

    async def lock_session(self, token_hash: str, request: Request) -> None:
        await self.write(lambda tx: lock_session(tx, token_hash, request))

    async def unlock_session(self, token_hash: str, request: Request) -> None:
        await self.write(lambda tx: unlock_session(tx, token_hash, request))

    async def park(self, token_hash: str, sent: bytes | None) -> None:
        await self.write(lambda tx: park(tx, token_hash, sent))

    async def wrong_log_in(self, name: str, place: str, request: Request) -> None:
        await self.write(lambda tx: wrong_log_in(tx, name, place, request))

    async def wrong_log_ins(self, name: str, place: str, now: datetime) -> tuple[WrongLogIns, ...]:
        return await self.read(lambda tx: wrong_log_ins(tx, name, place, now))
