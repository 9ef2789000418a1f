"""Commands on the line: a call is one guarded statement, every other move one guarded step of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from flows.application import TRANSITIONS, Action, Decision, Status
from hall.errors import NotAllowed, NotKnown, NotPossible, WindowBusy, WindowTaken
from hall.store.line import TicketMove, Turn
from hall.store.request import Request
from hall.store.row import Row, Value
from hall.store.ticket_rows import record
from hall.store.transaction import Transaction
from hall.windows import SKILL, Scope


def call_next(tx: Transaction, day: date, request: Request, scope: Scope) -> str | None:
    return tx.once(request, lambda: _call(tx, day, request, scope)) or None


def _call(tx: Transaction, day: date, request: Request, scope: Scope) -> str:
    claimed = _claimed(tx, day, request, scope)
    if claimed is None:
        held = tx.one("held", window=request.window)
        return str(held["visit"]) if held else ""
    visit = str(claimed["visit"])
    _came(tx, visit, day, request)
    record(tx, _decision(Action.CALL, visit, request), request)
    return visit


def call_here(tx: Transaction, visit: str, day: date, request: Request) -> None:
    """A ticket just issued at a window that holds none goes to that window at once; WindowTaken."""
    ticket = tx.one("ticket", visit=visit)
    claim: dict[str, Value] = {"window": request.window, "at": request.at, "before": Status.SUBMITTED}
    if tx.one("held", window=request.window) or ticket is None or tx.one("claim_this", id=ticket["id"], **claim) is None:
        raise WindowTaken
    _came(tx, visit, day, request)
    record(tx, _decision(Action.CALL, visit, request), request)


def _claimed(tx: Transaction, day: date, request: Request, scope: Scope) -> Row | None:
    if scope.comprehensive:
        return tx.one("claim", window=request.window, day=day, at=request.at)
    found = [tx.one("head_meant", line=line, day=day, at=request.at) for line in _lines(request.window, scope)]
    if scope.matters is None:
        found.append(tx.one("head", day=day, at=request.at))
    else:
        found.extend(tx.one("head_of_matter", matter=matter, day=day, at=request.at) for matter in scope.matters)
    heads = sorted((row["due"], row["id"]) for row in found if row is not None)
    if not heads:
        return None
    return tx.one("claim_this", id=heads[0][1], window=request.window, at=request.at, before=Status.SUBMITTED)


def _lines(window: str, scope: Scope) -> tuple[str, ...]:
    return (window, *(SKILL + skill for skill in scope.skills))


def _came(tx: Transaction, visit: str, day: date, request: Request) -> None:
    """A person stands at the window: whatever else that person waits for is kept for it."""
    tx.all("let_go", window=request.window)
    tx.all("keep_beside", window=request.window, visit=visit, day=day)


def move_ticket(tx: Transaction, move: TicketMove, request: Request) -> Status:
    return Status(tx.once(request, lambda: _move(tx, move, request)))


def _move(tx: Transaction, move: TicketMove, request: Request) -> str:
    now = tx.one("ticket", visit=move.visit)
    if now is None:
        raise NotKnown
    status = Status(now["status"])
    after = TRANSITIONS.get((status, move.action))
    if after is None:
        raise NotPossible(status)
    if status is Status.CALLED and now["window"] != request.window:
        raise NotAllowed
    if not _DONE_BY[move.action](tx, move, request, now):
        raise NotPossible(status)
    if status is Status.CALLED and after is not Status.CALLED:
        tx.all("let_go", window=request.window)
    record(tx, _decision(move.action, move.visit, request, move.reason), request)
    return after.value


def _recall(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    named: dict[str, Value] = {"visit": move.visit, "window": request.window, "before": now["status"]}
    return tx.one("recall", **named, at=request.at) is not None


def _miss(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    before = move.called_before or request.at
    guard: dict[str, Value] = {"least_calls": move.least_calls, "called_before": before, "at": request.at}
    named: dict[str, Value] = {"visit": move.visit, "window": request.window, "before": now["status"]}
    return tx.one("miss", **named, **guard, after=Status.NO_SHOW) is not None


def _hold(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    named: dict[str, Value] = {"visit": move.visit, "window": request.window, "before": now["status"], "clerk": _clerk(request)}
    return tx.one("hold", **named, at=request.at, after=Status.HELD) is not None


def _pass_on(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    named: dict[str, Value] = {"visit": move.visit, "window": request.window, "before": now["status"], "clerk": _clerk(request)}
    place: dict[str, Value] = {"line": move.line, "due": move.due or request.at, "day": move.day, "why": move.reason}
    return tx.one("pass_on", **named, **place, after=Status.SUBMITTED) is not None


def _resume(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    if tx.one("held", window=request.window) is not None:
        raise WindowBusy
    if tx.one("claim_this", id=now["id"], window=request.window, at=request.at, before=now["status"]) is None:
        return False
    _came(tx, move.visit, move.day, request)
    return True


def _take(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    """Only what is kept beside this window: whose person the clerk has served last."""
    if not now["beside"] or now["meant_for"] != request.window:
        raise NotAllowed
    return _resume(tx, move, request, now)


def _requeue(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    named: dict[str, Value] = {"visit": move.visit, "before": now["status"], "after": Status.SUBMITTED, "day": move.day}
    if now["status"] == Status.HELD:
        return tx.one("put_back", **named) is not None
    tx.all("keep_sitting", visit=move.visit)
    return tx.one("requeue", **named, at=request.at, due=move.due or request.at) is not None


def _put_forward(tx: Transaction, move: TicketMove, request: Request, now: Row) -> bool:
    place: dict[str, Value] = {"class": move.line_class, "ground": move.reason, "due": move.due or request.at}
    return tx.one("put_forward", visit=move.visit, before=now["status"], **place) is not None


_DONE_BY: Mapping[Action, Callable[[Transaction, TicketMove, Request, Row], bool]] = {
    Action.RECALL: _recall,
    Action.MISS: _miss,
    Action.HOLD: _hold,
    Action.PASS_ON: _pass_on,
    Action.RESUME: _resume,
    Action.TAKE: _take,
    Action.REQUEUE: _requeue,
    Action.PRIORITY: _put_forward,
}


def turn_day(tx: Transaction, turn: Turn, request: Request, most: int) -> int:
    """Not once a key but as long as something is left: it can be broken off anywhere."""
    tx.all("miss_appointments", day=turn.day)
    back = tx.all("carry_back", place=turn.standing_day)
    left = [*tx.all("left_over", day=turn.day, most=most), *tx.all("left_held", day=turn.day, most=most)]
    for row in left:
        _left_over(tx, row["visit"], Status(row["status"]), turn, request)
    return len(back) + len(left)


def _left_over(tx: Transaction, visit: str, status: Status, turn: Turn, request: Request) -> None:
    if turn.place is not None:
        tx.all("carry", visit=visit, place=turn.place, before=status)
        tx.event("ticket_carried", request.at, visit)
        tx.audit("ticket_carried", request, visit)
        return
    tx.all("close_ticket", visit=visit, before=status, after=TRANSITIONS[status, Action.CLOSE])
    record(tx, _decision(Action.CLOSE, visit, request), request)


def window_left(tx: Transaction, window: str) -> None:
    """Its clerk is gone, or another one sits down: the ticket stays, its times are doubtful, its person's others are free."""
    tx.all("window_left", window=window)
    tx.all("let_go", window=window)


def case_seen(tx: Transaction, visit: str, at: datetime) -> None:
    tx.all("case_seen", visit=visit, at=at)


def _decision(action: Action, visit: str, request: Request, reason: str = "") -> Decision:
    return Decision(visit, action, _clerk(request), request.window, request.at, reason)


def _clerk(request: Request) -> str:
    return request.by.removeprefix("clerk:")
