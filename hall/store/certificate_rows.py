"""Commands on certificates: sealed, found by a blind index of their verification code."""

from __future__ import annotations

from dataclasses import replace

from flows.wire import from_json, to_json
from hall.certificates import Issued
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.transaction import Transaction


def keep_certificate(tx: Transaction, issued: Issued, ticket: str, request: Request) -> None:
    kept = replace(issued, ticket=ticket, issued_at=request.at)
    sealed = tx.key.seal(to_json(kept), "certificate", issued.visit)
    tx.all("add_certificate", visit=issued.visit, found=_found(tx, issued.code), sealed=sealed)
    tx.event("certificate_issued", request.at, issued.visit)
    tx.audit("certificate_issued", request, issued.visit)


def revoke(tx: Transaction, visit: str, request: Request) -> None:
    if tx.one("revoke_certificate", visit=visit, at=request.at) is not None:
        tx.audit("certificate_revoked", request, visit)


def of_visit(tx: Transaction, visit: str) -> Issued | None:
    return _issued(tx, tx.one("certificate", visit=visit))


def by_code(tx: Transaction, code: str) -> Issued | None:
    return _issued(tx, tx.one("certificate_found", found=_found(tx, code)))


def _issued(tx: Transaction, row: Row | None) -> Issued | None:
    if row is None:
        return None
    issued = from_json(Issued, tx.key.unseal(row["sealed"], "certificate", row["visit"]))
    return replace(issued, revoked_at=instant(row["revoked_at"]))


def _found(tx: Transaction, code: str) -> bytes:
    return tx.key.index(b"certificate " + code.encode())
