"""Commands on shelves: a round of a collection begins, is put on the shelf part by part, ends, and is settled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from hall.store.libraries import Part, Shelf, ShelfState
from hall.store.library_entries import Delta, Putting, compare_again, drop, put_subject, strike_off, take_back
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.transaction import Transaction

MOST_SHARES = 2**62


def shelves(tx: Transaction) -> tuple[ShelfState, ...]:
    return tuple(_state(row) for row in tx.all("shelves"))


def shelf(tx: Transaction, shelf: Shelf) -> ShelfState:
    row = tx.one("shelf", **_names(shelf))
    return _state(row) if row else ShelfState(shelf)


def begin_round(tx: Transaction, shelf: Shelf, items: Sequence[str], at: datetime, anew: timedelta) -> ShelfState:
    names = _names(shelf)
    tx.all("found_library", library=shelf.library, epoch=at.strftime("%Y%m%d%H%M%S%f"))
    tx.all("found_shelf", **names)
    row = _row(tx, shelf)
    same = json.loads(row["items"]) == list(items)
    if not row["began_at"] or not same:
        fresh_enough = row["anew_at"] and datetime.fromisoformat(row["anew_at"]) > at - anew
        mark = row["mark"] if same and fresh_enough else ""
        tx.all("begin_round", **names, items=json.dumps(list(items)), mark=mark, at=at)
        return _state(_row(tx, shelf))
    if row["half"] and row["building"]:
        if row["batches"] == 0:
            tx.all("build_anew", **names)
        else:
            _take_back_half(tx, shelf, row)
    tx.all("resume_round", **names, at=at)
    return _state(_row(tx, shelf))


def put(tx: Transaction, shelf: Shelf, part: Part, request: Request) -> ShelfState:
    """Raises ValueError when a round that had begun to tell what is new turns out to tell everything."""
    names = _names(shelf)
    row = _row(tx, shelf)
    if part.whole and not row["building"]:
        if row["batches"]:
            raise ValueError("whole")
        tx.all("build_anew", **names)
        row = _row(tx, shelf)
    putting = Putting(shelf, row["generation"], row["building"], row["round"], row["batches"], part)
    delta = Delta()
    for subject in part.subjects:
        put_subject(tx, putting, subject, delta)
    add_shares(tx, shelf, putting.target, delta)
    served, built = (0, delta.entries) if putting.building else (delta.entries, 0)
    counts = {"entries": served, "built": built, "kept": delta.kept, "changed": delta.changed, "gone": delta.gone}
    tx.all("tally", **names, **counts, known_at=part.known_at)
    if part.reached is not None:
        tx.all("reach", **names, mark=part.reached.mark, at=part.at)
        if not part.reached.more:
            _end(tx, shelf, part, request)
    return _state(_row(tx, shelf))


def fail_round(tx: Transaction, shelf: Shelf, problem: str, at: datetime, *, anew: bool) -> ShelfState:
    names = _names(shelf)
    tx.all("fail_round", **names, problem=problem, at=at)
    if anew:
        tx.all("give_up_round", **names)
    return _state(_row(tx, shelf))


def settle(tx: Transaction, shelf: Shelf, at: datetime, *, passed_on: bool, most: int) -> bool:
    row = tx.one("shelf", **_names(shelf))
    if row is None:
        return False
    fresh = tx.all("unnumbered", **_names(shelf), generation=row["generation"], most=most)
    for entry in fresh:
        number = tx.all("next_library_number", library=shelf.library)[0]["number"]
        tx.all("number_entry", id=entry["id"], number=number)
        tx.all("drop_gone", library=shelf.library, found=entry["found"])
        compare_again(tx, shelf.library, entry["found"])
    if fresh:
        return True
    return any(
        [
            _sweep(tx, shelf, (-1, row["generation"]), at, passed_on=passed_on, most=most),
            _sweep(tx, shelf, (row["generation"], row["building"] or row["newest"] + 1), at, passed_on=passed_on, most=most),
        ]
    )


def clear_shelf(tx: Transaction, shelf: Shelf, request: Request) -> None:
    tx.all("clear_shelf", **_names(shelf))
    tx.audit("library_cleared", request, f"library:{shelf.library}", outcome=shelf.department)


def remove_shelf(tx: Transaction, shelf: Shelf) -> None:
    tx.all("drop_shares", **_names(shelf), above=-1, below=MOST_SHARES)
    tx.all("remove_shelf", **_names(shelf))


def want(tx: Transaction, shelf: Shelf) -> None:
    tx.all("found_shelf", **_names(shelf))
    tx.all("want_shelf", **_names(shelf))


def add_shares(tx: Transaction, shelf: Shelf, generation: int, delta: Delta) -> None:
    for item in sorted({*delta.has, *delta.doubtful}):
        more = {"has": delta.has[item], "doubtful": delta.doubtful[item]}
        tx.all("add_share", **_names(shelf), generation=generation, item=item, **more)


def _end(tx: Transaction, shelf: Shelf, part: Part, request: Request) -> None:
    row = _row(tx, shelf)
    began = datetime.fromisoformat(row["began_at"])
    took_ms = max(0, round((part.at - began).total_seconds() * 1000))
    tx.all("end_round", **_names(shelf), at=part.at, took_ms=took_ms)
    row = _row(tx, shelf)
    counts = f"{shelf.department} changed={row['last_changed']} gone={row['last_gone']}"
    tx.audit("library_collected", request, f"library:{shelf.library}", json.loads(row["items"]), counts)


def _sweep(tx: Transaction, shelf: Shelf, between: tuple[int, int], at: datetime, *, passed_on: bool, most: int) -> bool:
    above, below = between
    old = tx.all("outdated", **_names(shelf), above=above, below=below, most=most)
    for entry in old:
        drop(tx, entry["id"])
        strike_off(tx, shelf, entry["found"], entry["sealed"], at, passed_on=passed_on)
    if not old:
        tx.all("drop_shares", **_names(shelf), above=above, below=below)
    return bool(old)


def _take_back_half(tx: Transaction, shelf: Shelf, row: Row) -> None:
    """A batch is asked for again from its mark: what it does not name any more must not stay."""
    delta = Delta()
    for entry in tx.all("half_batch", **_names(shelf), generation=row["building"], batch=row["batches"]):
        take_back(tx, shelf, row["generation"], entry, delta)
    add_shares(tx, shelf, row["building"], delta)
    none: Counter[str] = Counter(entries=0, changed=0, gone=0)
    tx.all("tally", **_names(shelf), **none, built=delta.entries, kept=delta.kept, known_at=row["known_until"])


def _row(tx: Transaction, shelf: Shelf) -> Row:
    return tx.all("shelf", **_names(shelf))[0]


def _names(shelf: Shelf) -> dict[str, str]:
    return {"library": shelf.library, "department": shelf.department}


def _state(row: Row) -> ShelfState:
    return ShelfState(
        shelf=Shelf(row["library"], row["department"]),
        items=tuple(json.loads(row["items"])),
        mark=row["mark"],
        began_at=instant(row["began_at"]),
        fresh=bool(row["building"]),
        batches=row["batches"],
        entries=row["entries"],
        built=row["built"],
        changed=row["last_changed"],
        gone=row["last_gone"],
        tried_at=instant(row["tried_at"]),
        succeeded_at=instant(row["succeeded_at"]),
        known_at=instant(row["known_at"]),
        took_ms=row["took_ms"],
        failures=row["failures"],
        problem=row["problem"],
        wanted=bool(row["wanted"]),
    )
