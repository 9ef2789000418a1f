"""A kept document taken over into a case: its use and the amendment that it makes are one transaction."""

from __future__ import annotations

from datetime import date

from flows.application import Status
from hall.store import document_rows
from hall.store.case_rows import With, act, case
from hall.store.database import Commands
from hall.store.documents import Adoption
from hall.store.request import Request
from hall.store.standing import NOBODY
from hall.store.transaction import Transaction


def adopt(tx: Transaction, adoption: Adoption, request: Request, day: date) -> Status | None:
    if adoption.decision is None:
        tx.once(request, lambda: _take(tx, adoption, request))
        return None
    if tx.answered(request) is None:
        _take(tx, adoption, request)
    return act(tx, adoption.decision, request, day, With(NOBODY, adoption.attached or {}, None))


def _take(tx: Transaction, adoption: Adoption, request: Request) -> str:
    application = case(tx, adoption.visit).application
    kept = document_rows.one(tx, adoption.document)
    document_rows.reuse(tx, kept, adoption.visit, application.identity.number, application.matter, request)
    tx.all("keep_document_longer", document=kept.id, destroy_on=adoption.destroy_on)
    return ""


class AdoptingCommands(Commands):
    """See hall.store.documents.DocumentStore.adopt."""

    async def adopt(self, adoption: Adoption, request: Request, day: date) -> Status | None:
        return await self.write(lambda tx: adopt(tx, adoption, request, day))
