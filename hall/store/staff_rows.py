"""Commands on clerks, their sessions and wrong tries to log in."""

from __future__ import annotations

from datetime import datetime, timedelta

from hall.store.database import Commands
from hall.store.line_rows import window_left
from hall.store.store import Request, StaffSession, WrongLogIns
from hall.store.transaction import Transaction

COUNTED = timedelta(minutes=15)
"""How long a wrong try to log in counts."""


def add_staff(tx: Transaction, name: str, password_hash: str, request: Request) -> None:
    tx.once(request, lambda: _add(tx, name, password_hash, request))


def _add(tx: Transaction, name: str, password_hash: str, request: Request) -> str:
    tx.all("add_staff", name=name, password=password_hash)
    tx.all("end_sessions", window=None, clerk=name)
    _forget_wrong_log_ins(tx, request.at, name=name)
    tx.audit("staff_added", request, f"clerk:{name}")
    return ""


def password_hash(tx: Transaction, name: str) -> str | None:
    row = tx.one("password", name=name)
    return str(row["password"]) if row else None


def start_session(tx: Transaction, token_hash: str, session: StaffSession, request: Request) -> None:
    tx.once(request, lambda: _start(tx, token_hash, session, request))


def _start(tx: Transaction, token_hash: str, session: StaffSession, request: Request) -> str:
    names = {"clerk": session.clerk, "window": session.window}
    tx.all("end_sessions", **names)
    window_left(tx, session.window)
    _forget_wrong_log_ins(tx, request.at, name=session.clerk, window=session.window)
    tx.all("add_session", **names, token=token_hash, started_at=session.started_at, seen_at=session.seen_at)
    tx.audit("staff_logged_in", request, f"clerk:{session.clerk}", outcome=session.window)
    return ""


def session(tx: Transaction, token_hash: str) -> StaffSession | None:
    row = tx.one("session", token=token_hash)
    if row is None:
        return None
    started_at, seen_at = datetime.fromisoformat(row["started_at"]), datetime.fromisoformat(row["seen_at"])
    return StaffSession(row["clerk"], row["window"], started_at, seen_at)


def session_seen(tx: Transaction, token_hash: str, at: datetime) -> None:
    tx.all("session_seen", token=token_hash, at=at)


def end_session(tx: Transaction, token_hash: str, request: Request) -> None:
    row = tx.one("end_session", token=token_hash)
    if row is not None:
        window_left(tx, row["window"])
        tx.audit("staff_logged_out", request, f"clerk:{row['clerk']}", outcome=row["window"])


def wrong_log_in(tx: Transaction, name: str, request: Request) -> None:
    """Counted for the name as typed, known or not, and for the window."""
    _forget_wrong_log_ins(tx, request.at)
    for about in _abouts(tx, name, request.window):
        tx.all("add_wrong_log_in", about=about, at=request.at)
    tx.audit("staff_log_in_refused", request, request.by, outcome=request.window)


def wrong_log_ins(tx: Transaction, name: str, window: str, now: datetime) -> tuple[WrongLogIns, ...]:
    rows = [tx.all("wrong_log_ins", about=about, since=now - COUNTED)[0] for about in _abouts(tx, name, window)]
    return tuple(WrongLogIns(row["tries"], datetime.fromisoformat(row["last"])) for row in rows if row["tries"])


def _forget_wrong_log_ins(tx: Transaction, now: datetime, name: str = "", window: str = "") -> None:
    """Those of a name and a window, "" for none, and all that count no more."""
    by_name, by_window = _abouts(tx, name, window)
    tx.all("forget_wrong_log_ins", name=by_name, window=by_window, since=now - COUNTED)


def _abouts(tx: Transaction, name: str, window: str) -> tuple[bytes, bytes]:
    return tx.key.index(f"log-in name {name}".encode()), tx.key.index(f"log-in window {window}".encode())


class StaffCommands(Commands):
    """See hall.store.store.StaffStore."""

    async def add_staff(self, name: str, password_hash: str, request: Request) -> None:
        await self.write(lambda tx: add_staff(tx, name, password_hash, request))

    async def password_hash(self, name: str) -> str | None:
        return await self.read(lambda tx: password_hash(tx, name))

    async def start_session(self, token_hash: str, session: StaffSession, request: Request) -> None:
        await self.write(lambda tx: start_session(tx, token_hash, session, request))

    async def session(self, token_hash: str) -> StaffSession | None:
        return await self.read(lambda tx: session(tx, token_hash))

    async def session_seen(self, token_hash: str, at: datetime) -> None:
        await self.write(lambda tx: session_seen(tx, token_hash, at))

    async def end_session(self, token_hash: str, request: Request) -> None:
        await self.write(lambda tx: end_session(tx, token_hash, request))

    async def wrong_log_in(self, name: str, request: Request) -> None:
        await self.write(lambda tx: wrong_log_in(tx, name, request))

    async def wrong_log_ins(self, name: str, window: str, now: datetime) -> tuple[WrongLogIns, ...]:
        return await self.read(lambda tx: wrong_log_ins(tx, name, window, now))
