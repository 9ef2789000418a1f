"""Rows of promised papers; the promise itself is sealed, only codes and days are not."""

from __future__ import annotations

from datetime import date, datetime

from flows.application import Attached, Decision
from flows.promise import Promise
from flows.wire import from_json, to_json
from hall.errors import NotKnown
from hall.store.promises import PaperState, PromisedPaper
from hall.store.row import Row, instant
from hall.store.transaction import Transaction


def open_promise(tx: Transaction, decision: Decision) -> None:
    """What an acceptance is still owed."""
    promise = decision.promise
    if promise is None:
        return
    sealed = tx.key.seal(to_json(promise), "promise", decision.visit)
    for paper in promise.papers:
        tx.all("add_promised", visit=decision.visit, paper=paper, until=promise.until, at=decision.at, sealed=sealed)


def promised(tx: Transaction, visit: str) -> tuple[PromisedPaper, ...]:
    return tuple(_paper(tx, visit, row) for row in tx.all("promised", visit=visit))


def close_promised(tx: Transaction, decision: Decision, paper: str, state: PaperState, picture: Attached | None = None) -> bool:
    """False when it was not open any more."""
    sealed = tx.key.seal(to_json(picture), "promised", decision.visit) if picture else None
    names = {"visit": decision.visit, "paper": paper, "at_window": decision.window}
    return tx.one("close_promised", state=state, at=decision.at, picture=sealed, **names) is not None


def promised_picture(tx: Transaction, visit: str, paper: str) -> Attached:
    row = tx.one("promised_picture", visit=visit, paper=paper)
    if row is None:
        raise NotKnown
    return from_json(Attached, tx.key.unseal(row["picture"], "promised", visit))


def _paper(tx: Transaction, visit: str, row: Row) -> PromisedPaper:
    promise = from_json(Promise, tx.key.unseal(row["sealed"], "promise", visit))
    paper = str(row["paper"])
    return PromisedPaper(
        visit=visit,
        paper=paper,
        words=dict(zip(promise.papers, promise.words, strict=True))[paper],
        until=date.fromisoformat(row["until"]),
        promised_by=promise.promised_by,
        made_at=datetime.fromisoformat(row["made_at"]),
        state=PaperState(row["state"]),
        closed_at=instant(row["closed_at"]),
        window=row["at_window"],
        pictured=bool(row["pictured"]),
    )
