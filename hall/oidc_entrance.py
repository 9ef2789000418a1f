"""Logging in by way of the identity provider: a browser goes there, comes back once, and has a session or a reason."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict

from hall.accounts import Accounts
from hall.entrance import Entrance
from hall.oidc import Asking, Proved, Provider
from hall.roles import Permission, may
from hall.staff_errors import NameTaken, NoWindowForRole, ProviderRefused, RolesAtOdds
from hall.store.request import Request
from hall.store.staff_rows import ENTRY_LASTS
from hall.store.store import Store
from hall.working_day import Clock


class OidcEntrance:
    """An answer of the provider is taken from the browser that asked, once, within some minutes."""

    def __init__(self, provider: Provider, store: Store, clock: Clock, accounts: Accounts, entrance: Entrance) -> None:
        self._provider = provider
        self._store = store
        self._clock = clock
        self._accounts = accounts
        self._entrance = entrance

    async def begin(self, window: str) -> tuple[str, str]:
        """Where to send the browser, and a token that it keeps meanwhile."""
        address, asking = await self._provider.begin()
        token = secrets.token_urlsafe(32)
        kept = json.dumps({"window": window, **asdict(asking)}).encode()
        await self._store.start_entry(_digest(token), kept, self._clock())
        return address, token

    async def finish(self, token: str, state: str, code: str) -> str:
        """The session's token; ProviderRefused, NoWindowForRole."""
        window = ""
        try:
            kept = await self._store.entry(_digest(token), self._clock() - ENTRY_LASTS)
            if kept is None or not await self._store.end_entry(_digest(token)):
                raise ProviderRefused("state")
            known = json.loads(kept)
            window = known.pop("window")
            asking = Asking(**known)
            if not hmac.compare_digest(asking.state.encode(), state.encode()):
                raise ProviderRefused("state")
            proved = await self._provider.prove(code, asking)
            await self._let_in(proved, window)
        except (ProviderRefused, NoWindowForRole) as error:
            request = Request("", "unknown", self._clock(), window)
            why = error.why if isinstance(error, ProviderRefused) else "window"
            await self._store.audit("staff_log_in_refused", request, "unknown", (f"oidc_{why}",), window)
            raise
        return await self._entrance.begin(proved.name, window)

    async def close(self) -> None:
        await self._provider.close()

    async def _let_in(self, proved: Proved, window: str) -> None:
        try:
            account = await self._accounts.from_provider(proved.name, proved.roles)
        except RolesAtOdds:
            raise ProviderRefused("roles") from None
        except NameTaken:
            raise ProviderRefused("taken") from None
        if account is None:
            raise ProviderRefused("shut")
        if window and not may(account.roles, Permission.WINDOW):
            raise NoWindowForRole


def _digest(token: str) -> str:
    return hashlib.sha256(f"oidc {token}".encode()).hexdigest()
