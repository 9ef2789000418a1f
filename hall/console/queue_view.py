"""The queue as the console draws it: a page of today's line, and the one at this window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.application import Status
from hall.case import QueueLine
from hall.console import queue_words, words
from hall.console.clock import at_time, waited
from hall.console.language import say
from hall.line_policy import PRIORITY, Ground, Order, Passing
from hall.queue import PAGE, LineView
from hall.store.appointments import AppointmentState, Slot
from hall.store.line import MOST_COUNTED


@dataclass(frozen=True)
class QueueRow:
    """One ticket. `mine`: it is at this clerk's window, `opens`: and still theirs to look at;
    `forward`: it was put forward by a clerk."""

    visit: str
    number: str
    matter: str
    status: Status
    status_word: str
    waited: str
    issued: str
    window: str
    calls: int
    mine: bool
    opens: bool
    notes: tuple[str, ...] = ()
    forward: bool = False
    may_miss: bool = False
    from_window: str = ""


@dataclass(frozen=True)
class QueueView:
    """`held` is the ticket this window has called and not decided; `paused` are those that keep their place without a
    window; `beside` is what else its person waits for; `elsewhere` are so many more at other windows, in a large hall."""

    rows: tuple[QueueRow, ...]
    waiting: int
    held: QueueRow | None
    paused: tuple[QueueRow, ...]
    beside: tuple[QueueRow, ...]
    tallies: tuple[tuple[Status, str], ...]
    page: int
    pages: int
    waiting_here: int
    elsewhere: int
    later: int
    door: str
    undone: tuple[str, ...]
    wait: str
    targets: tuple[tuple[str, str], ...]
    passings: tuple[Passing, ...]
    grounds: tuple[Ground, ...]
    no_show_calls: int
    no_show_min: int
    booked: int
    came: int

    @property
    def told(self) -> str:
        """Waiting people, as far as they are counted."""
        return _counted(self.waiting)


def queue_view(
    line: LineView, window: str, now: datetime, order: Order, targets: tuple[str, ...], slots: tuple[Slot, ...]
) -> QueueView:
    def rows(lines: tuple[QueueLine, ...]) -> tuple[QueueRow, ...]:
        return tuple(_row(one, window, line.last, now) for one in lines)

    at_windows, first_page = sorted(line.at_windows, key=lambda one: one.window != window), line.page == 1
    beside_us = rows(tuple(at_windows[:PAGE]))
    waiting = line.tallies[Status.SUBMITTED]
    return QueueView(
        rows=(*rows(line.waiting), *(beside_us if first_page else ()), *(rows(line.others) if first_page else ())),
        waiting=waiting,
        held=next((row for row in beside_us if row.mine), None),
        paused=rows(line.held),
        beside=rows(line.beside),
        tallies=tuple((status, _counted(count)) for status, count in _tallies(line) if count),
        page=line.page,
        pages=max(1, -(-waiting // PAGE)),
        waiting_here=len(line.waiting),
        elsewhere=len(at_windows[PAGE:]) if first_page else 0,
        later=line.later,
        door=queue_words.door(line.moment, line.opens_at),
        undone=_undone(line),
        wait=queue_words.wait(line.wait),
        targets=tuple((target, queue_words.meant_for(target)) for target in targets),
        passings=order.passings,
        grounds=order.grounds,
        no_show_calls=order.no_show_calls,
        no_show_min=-(-order.no_show_after_s // 60),
        booked=sum(slot.state is not AppointmentState.CANCELLED for slot in slots),
        came=sum(slot.state in (AppointmentState.TAKEN, AppointmentState.LATE) for slot in slots),
    )


def _tallies(line: LineView) -> list[tuple[Status, int]]:
    """What is at a window is counted whatever its day."""
    return [(status, len(line.at_windows) if status is Status.CALLED else line.tallies[status]) for status in Status]


def _undone(line: LineView) -> tuple[str, ...]:
    return tuple(queue_words.waited_for(who, matter) for who, matter in line.undone)


def _counted(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _row(line: QueueLine, window: str, last: str, now: datetime) -> QueueRow:
    waiting = line.status is Status.SUBMITTED
    mine = line.window == window and not waiting
    standing = line.standing
    since = standing.arrived_at if standing and standing.arrived_at else line.ticket.issued_at
    return QueueRow(
        visit=line.ticket.visit,
        number=line.ticket.number,
        matter=say(line.matter_title),
        status=line.status,
        status_word=say(words.STATUS[line.status]),
        waited=waited(since, now) if waiting else "",
        issued=at_time(line.ticket.issued_at)[:5],
        window="" if waiting else line.window,
        calls=line.calls,
        mine=mine,
        opens=mine and (line.status is Status.CALLED or line.ticket.visit == last),
        notes=queue_words.notes(standing) if standing else (),
        forward=standing is not None and standing.line_class == PRIORITY,
        may_miss=line.may_miss,
        from_window=standing.from_window if standing else "",
    )
