"""Commands on entries: put, struck off, found; what they hold goes through the field key only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from flows.application import Record
from flows.items import ITEMS
from flows.names import spelling
from flows.wire import from_json, to_json
from hall.departments.connection import Subject
from hall.store.libraries import Entry, Part, Shelf
from hall.store.row import Row, Value
from hall.store.transaction import Transaction


@dataclass(frozen=True)
class _Kept:
    """The sealed part of an entry; no records: of a key that went."""

    key: str
    records: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Putting:
    """Where a part of a batch goes."""

    shelf: Shelf
    generation: int
    building: int
    round: int
    batch: int
    part: Part

    @property
    def target(self) -> int:
        return self.building or self.generation


@dataclass
class Delta:
    """What a part changes in the counts."""

    entries: int = 0
    kept: int = 0
    changed: int = 0
    gone: int = 0
    has: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)

    def count(self, has: str, doubtful: str, sign: int) -> None:
        for item in filter(None, has.split(" ")):
            self.has[item] += sign
        for item in filter(None, doubtful.split(" ")):
            self.doubtful[item] += sign


def put_subject(tx: Transaction, putting: Putting, subject: Subject, delta: Delta) -> None:
    """The same key twice in a round: what the department knew later stays."""
    shelf, found = putting.shelf, blind(tx, putting.shelf.library, subject.key)
    place: dict[str, Value] = {"library": shelf.library, "department": shelf.department, "found": found}
    before = tx.one("entry", **place, generation=putting.target)
    served = tx.one("entry", **place, generation=putting.generation) if putting.building else before
    if subject.gone:
        if before is not None:
            _take_out(tx, putting, before, found, subject.key, delta, again=served is not None)
        return
    as_of = max(record.as_of for record in subject.records)
    if before is not None and before["round"] == putting.round and as_of < datetime.fromisoformat(before["as_of"]):
        return
    plain = to_json(_Kept(subject.key, subject.records))
    mark = tx.key.index(plain)
    same = served is not None and served["print"] == mark
    has = " ".join(sorted({record.item for record in subject.records}))
    doubtful = " ".join(sorted({record.item for record in subject.records if record.doubt}))
    _count(putting, before, served is not None, delta)
    delta.changed += not same and (before is None or before["print"] != mark)
    delta.count(has, doubtful, +1)
    tx.all(
        "put_entry",
        **place,
        generation=putting.target,
        number=_number(tx, putting, served, same=same),
        round=putting.round,
        batch=putting.batch,
        print=mark,
        as_of=as_of,
        known_at=putting.part.known_at,
        has=has,
        doubtful=doubtful,
        sealed=tx.key.seal(plain, "library", _place(shelf, found)),
    )
    if not putting.building and not same:
        tx.all("drop_gone", library=shelf.library, found=found)
        compare_again(tx, shelf.library, found)


def take_back(tx: Transaction, shelf: Shelf, served: int, entry: Row, delta: Delta) -> None:
    """An entry of a batch that was interrupted."""
    drop(tx, entry["id"])
    place: dict[str, Value] = {"library": shelf.library, "department": shelf.department, "found": entry["found"]}
    delta.entries -= 1
    delta.kept -= tx.one("entry", **place, generation=served) is not None
    delta.count(entry["has"], entry["doubtful"], -1)


def drop(tx: Transaction, entry: int) -> None:
    tx.all("drop_entry", id=entry)


def strike_off(tx: Transaction, shelf: Shelf, found: bytes, sealed: bytes, at: datetime, *, passed_on: bool) -> None:
    """An entry is served no more. When no shelf has its key, other halls must strike it off too."""
    library = shelf.library
    left = tx.all("served", library=library, found=found)
    if any(row["department"] == shelf.department for row in left):
        return  # another generation has it
    compare_again(tx, library, found)
    if not passed_on:
        return
    number = tx.all("next_library_number", library=library)[0]["number"]
    if left:
        tx.all("number_entry", id=left[0]["id"], number=number)
        return
    key = from_json(_Kept, tx.key.unseal(sealed, "library", _place(shelf, found))).key
    gone = tx.key.seal(to_json(_Kept(key)), "library", _place(Shelf(library, ""), found))
    tx.all("add_gone", library=library, found=found, number=number, at=at, sealed=gone)


def compare_again(tx: Transaction, library: str, found: bytes) -> None:
    """Which items of one key two departments tell differently, not only in the spelling."""
    tx.all("drop_contradictions", library=library, found=found)
    rows = tx.all("served", library=library, found=found)
    if len(rows) < 2:
        return
    told: dict[str, set[str]] = {}
    for row in rows:
        for record in opened(tx, library, found, row).records:
            told.setdefault(record.item, set()).add(spelling(ITEMS[record.item].kind.normal(record.value)))
    for item in sorted(item for item, values in told.items() if len(values) > 1):
        tx.all("add_contradiction", library=library, item=item, found=found)


def opened(tx: Transaction, library: str, found: bytes, row: Row) -> Entry:
    """A row of `served`. The whole shelf was confirmed when its last round ended: so was what had not changed."""
    shelf = Shelf(library, row["department"])
    kept = from_json(_Kept, tx.key.unseal(row["sealed"], "library", _place(shelf, found)))
    known_at = max(row["known_at"], row["confirmed_at"])
    return Entry(shelf, kept.key, kept.records, datetime.fromisoformat(known_at))


def gone_key(tx: Transaction, library: str, row: Row) -> str:
    return from_json(_Kept, tx.key.unseal(row["sealed"], "library", _place(Shelf(library, ""), row["found"]))).key


def blind(tx: Transaction, library: str, key: str) -> bytes:
    return tx.key.index(f"library {library} {key}".encode())


def _take_out(tx: Transaction, putting: Putting, before: Row, found: bytes, key: str, delta: Delta, *, again: bool) -> None:
    drop(tx, before["id"])
    delta.entries -= 1
    delta.gone += not putting.building
    delta.kept -= bool(putting.building and again)
    delta.count(before["has"], before["doubtful"], -1)
    if not putting.building:
        sealed = tx.key.seal(to_json(_Kept(key)), "library", _place(putting.shelf, found))
        strike_off(tx, putting.shelf, found, sealed, putting.part.at, passed_on=putting.part.passed_on)


def _count(putting: Putting, before: Row | None, served: bool, delta: Delta) -> None:
    if before is not None:
        delta.count(before["has"], before["doubtful"], -1)
        return
    delta.entries += 1
    delta.kept += bool(putting.building and served)


def _number(tx: Transaction, putting: Putting, served: Row | None, *, same: bool) -> int | None:
    """What did not change keeps its number; what changed gets one as soon as it is served."""
    if same and served is not None:
        kept: int | None = served["number"]
        return kept
    if putting.building:
        return None
    number: int = tx.all("next_library_number", library=putting.shelf.library)[0]["number"]
    return number


def _place(shelf: Shelf, found: bytes) -> str:
    return f"{shelf.library} {shelf.department} {found.hex()}"
