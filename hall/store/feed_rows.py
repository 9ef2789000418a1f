"""Commands on what departments say of their cases: each message once, every move forward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flows.application import Status
from flows.delivery import FED_FROM, RANK, Progress, status_of
from hall.store.database import Commands
from hall.store.feeds import FeedState, Message, Reached, Ready
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.transaction import Transaction

HELD, LATE, APPLIED = "held", "late", "applied"


def hear(tx: Transaction, department: str, messages: Sequence[Message], reached: Reached | None, request: Request) -> int:
    news = 0
    for one in messages:
        names = {"department": department, "message": one.id}
        if tx.one("hear", **names, number=one.number, progress=one.progress, at=request.at) is None:
            continue
        news += _try(tx, department, one, request)
    if reached is not None:
        tx.all("feed_read", department=department, mark=reached.mark, next_poll=reached.next_poll, at=request.at)
    return news


def release(tx: Transaction, department: str, number: str, at: datetime) -> None:
    """The case of this number is further now: what was said of it before is heard."""
    if not number:
        return
    rows = tx.all("held_messages", department=department, number=number)
    held = [Message(row["message"], number, Progress(row["progress"])) for row in rows]
    for one in sorted(held, key=lambda message: RANK[message.progress]):
        _try(tx, department, one, Request("", "hall", at))


def _try(tx: Transaction, department: str, message: Message, request: Request) -> bool:
    """Moves the case, unless it is too early or too late for that."""
    row = tx.one("numbered", department=department, number=message.number)
    state = _judged(row, message)
    if state == APPLIED and row is not None:
        _apply(tx, department, str(row["subject"]), message.progress, request)
    if state != HELD:
        tx.all("settle_message", department=department, message=message.id, state=state)
    return state == APPLIED


def _judged(row: Row | None, message: Message) -> str:
    if row is None or (row["status"] == Status.ACCEPTED and row["undecided"]):
        return HELD
    before = RANK[Progress(row["progress"])] if row["progress"] else 0
    fits = row["status"] in (Status.ACCEPTED, Status.APPROVED, *FED_FROM)
    return APPLIED if fits and RANK[message.progress] > before else LATE


def _apply(tx: Transaction, department: str, visit: str, progress: Progress, request: Request) -> None:
    tx.all("progress", subject=visit, department=department, progress=progress, at=request.at)
    tx.audit("progress_heard", request, visit, (), f"{department} {progress}")
    tx.event("progress_heard", request.at, visit)
    after = status_of(Progress(row["progress"]) for row in tx.all("progresses", subject=visit))
    if after is None:
        return
    before = [*FED_FROM[after], "", "", ""][:4]
    froms = {f"from_{position}": status for position, status in enumerate(before, start=1)}
    if tx.one("fed", visit=visit, after=after, **froms) is not None:
        tx.event(f"case_{after.value}", request.at, visit)
        tx.audit(f"case_{after.value}", request, visit, (), department)


class FeedCommands(Commands):
    """See hall.store.feeds.FeedStore."""

    async def claim_feed(self, department: str, now: datetime, until: datetime) -> str | None:
        row = await self.write(lambda tx: tx.one("claim_feed", department=department, now=now, until=until))
        return None if row is None else str(row["mark"])

    async def hear(self, department: str, messages: Sequence[Message], reached: Reached | None, request: Request) -> int:
        return await self.write(lambda tx: hear(tx, department, messages, reached, request))

    async def feed_failed(self, department: str, problem: str, next_poll: datetime) -> None:
        names = {"department": department, "problem": problem}
        await self.write(lambda tx: tx.all("feed_failed", **names, next_poll=next_poll))

    async def wake_feed(self, department: str, at: datetime) -> None:
        await self.write(lambda tx: tx.all("wake_feed", department=department, at=at))

    async def tidy_feed(self, department: str, held_before: datetime, *, rewind: bool) -> None:
        def tidy(tx: Transaction) -> None:
            tx.all("forget_held", department=department, before=held_before)
            if rewind:
                tx.all("rewind_feed", department=department)

        await self.write(tidy)

    async def feeds(self) -> tuple[FeedState, ...]:
        return tuple(map(_state, await self.read(lambda tx: tx.all("feeds"))))

    async def ready(self, since: datetime, most: int = 60) -> tuple[Ready, ...]:
        rows = await self.read(lambda tx: tx.all("ready_tickets", since=since, most=most))
        return tuple(
            Ready(
                row["number"],
                date.fromisoformat(row["working_day"]),
                row["department"],
                datetime.fromisoformat(row["progress_at"]),
            )
            for row in rows
        )


def _state(row: Row) -> FeedState:
    return FeedState(
        row["department"],
        row["mark"],
        datetime.fromisoformat(row["next_poll"]),
        instant(row["heard_at"]),
        row["failures"],
        row["problem"],
        row["held"],
    )
