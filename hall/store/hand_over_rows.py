"""The one command on handing over: written down before the clerk goes."""

from __future__ import annotations

from hall.store.database import Commands
from hall.store.request import Request
from hall.store.transaction import Transaction


def hand_over(tx: Transaction, visit: str, department: str, claims: str, request: Request) -> str:
    def first() -> str:
        tx.audit("hand_over_made", request, visit, outcome=department)
        return claims

    return tx.once(request, first)


class HandOverCommands(Commands):
    """See hall.store.screens.HandOverStore."""

    async def hand_over(self, visit: str, department: str, claims: str, request: Request) -> str:
        return await self.write(lambda tx: hand_over(tx, visit, department, claims, request))
