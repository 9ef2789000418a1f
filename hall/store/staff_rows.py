"""Commands on staff: accounts, their second factor, log-ins under way and wrong tries. Sessions: session_rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from hall.errors import NotKnown
from hall.roles import Role
from hall.staff_errors import LastSecurity, NameTaken
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.session_rows import SessionCommands, end_sessions_of, forget_wrong_log_ins, roles_of
from hall.store.staff import Account, AccountLine, Ended, Origin
from hall.store.transaction import Transaction

ENTRY_LASTS = timedelta(minutes=10)


def add_staff(tx: Transaction, account: Account, request: Request) -> None:
    def add() -> str:
        added = tx.one(
            "add_staff",
            name=account.name,
            password=account.password,
            roles=_written(account.roles),
            origin=account.origin.value,
            must_change=int(account.must_change),
        )
        if added is None:
            raise NameTaken
        forget_wrong_log_ins(tx, request.at, name=account.name)
        tx.audit("staff_added", request, f"clerk:{account.name}", sorted(account.roles))
        return ""

    tx.once(request, add)


def account(tx: Transaction, name: str) -> Account | None:
    row = tx.one("account", name=name)
    if row is None:
        return None
    secret = tx.key.unseal(row["totp"], "totp", name).decode() if row["totp"] else None
    return Account(
        row["name"],
        row["password"],
        roles_of(row["roles"]),
        Origin(row["origin"]),
        bool(row["must_change"]),
        bool(row["disabled"]),
        secret,
    )


def accounts(tx: Transaction) -> tuple[AccountLine, ...]:
    return tuple(_line(row) for row in tx.all("accounts"))


def _line(row: Row) -> AccountLine:
    since = instant(row["started_at"])
    return AccountLine(
        name=row["name"],
        roles=roles_of(row["roles"]),
        origin=Origin(row["origin"]),
        must_change=bool(row["must_change"]),
        disabled=bool(row["disabled"]),
        enrolled=bool(row["enrolled"]),
        window=row["window"] or "",
        since=since,
        locked=bool(row["locked_at"]),
    )


def give_password(tx: Transaction, name: str, password: str, request: Request) -> None:
    def change() -> str:
        if tx.one("give_password", name=name, password=password) is None:
            raise NotKnown
        end_sessions_of(tx, name, Ended.ACCOUNT, request)
        forget_wrong_log_ins(tx, request.at, name=name)
        tx.audit("staff_password_set", request, f"clerk:{name}")
        return ""

    tx.once(request, change)


def choose_password(tx: Transaction, name: str, old: str, password: str, request: Request) -> bool:
    def change() -> str:
        if tx.one("choose_password", name=name, old=old, password=password) is None:
            return ""
        forget_wrong_log_ins(tx, request.at, name=name)
        tx.audit("staff_password_chosen", request, f"clerk:{name}")
        return "chosen"

    return bool(tx.once(request, change))


def set_roles(tx: Transaction, name: str, roles: Collection[Role], request: Request) -> None:
    def change() -> str:
        if Role.SECURITY not in roles:
            _not_the_last_security(tx, name)
        if tx.one("set_roles", name=name, roles=_written(roles)) is None:
            raise NotKnown
        tx.audit("staff_roles_set", request, f"clerk:{name}", sorted(roles))
        return ""

    tx.once(request, change)


def set_disabled(tx: Transaction, name: str, disabled: bool, request: Request) -> None:
    def change() -> str:
        if disabled:
            _not_the_last_security(tx, name)
        if tx.one("set_disabled", name=name, disabled=int(disabled)) is None:
            raise NotKnown
        end_sessions_of(tx, name, Ended.ACCOUNT, request)
        tx.audit("staff_disabled" if disabled else "staff_enabled", request, f"clerk:{name}")
        return ""

    tx.once(request, change)


def _not_the_last_security(tx: Transaction, name: str) -> None:
    row = tx.one("account", name=name)
    here = row is not None and row["roles"] == Role.SECURITY and not row["disabled"]
    if here and tx.one("other_security", name=name) is None:
        raise LastSecurity


def enrol(tx: Transaction, name: str, secret: str, step: int, codes: Collection[str], request: Request) -> None:
    def change() -> str:
        sealed = tx.key.seal(secret.encode(), "totp", name)
        if tx.one("set_second_factor", name=name, totp=sealed, step=step) is None:
            raise NotKnown
        tx.all("forget_recovery_codes", name=name)
        for code in codes:
            tx.all("add_recovery_code", name=name, code=_digest(tx, name, code))
        tx.audit("second_factor_enrolled", request, f"clerk:{name}")
        return ""

    tx.once(request, change)


def reset_second_factor(tx: Transaction, name: str, request: Request) -> None:
    def change() -> str:
        if tx.one("set_second_factor", name=name, totp=None, step=0) is None:
            raise NotKnown
        tx.all("forget_recovery_codes", name=name)
        end_sessions_of(tx, name, Ended.ACCOUNT, request)
        tx.audit("second_factor_reset", request, f"clerk:{name}")
        return ""

    tx.once(request, change)


def take_recovery_code(tx: Transaction, name: str, code: str, request: Request) -> bool:
    taken = tx.one("take_recovery_code", name=name, code=_digest(tx, name, code)) is not None
    if taken:
        tx.audit("recovery_code_used", request, f"clerk:{name}")
    return taken


def entry(tx: Transaction, token_hash: str, since: datetime) -> bytes | None:
    row = tx.one("log_in", token=token_hash)
    if row is None or datetime.fromisoformat(row["at"]) < since:
        return None
    return tx.key.unseal(row["sealed"], "entry", token_hash)


def start_entry(tx: Transaction, token_hash: str, kept: bytes, at: datetime) -> None:
    tx.all("forget_log_ins", before=at - ENTRY_LASTS)
    tx.all("start_log_in", token=token_hash, at=at, sealed=tx.key.seal(kept, "entry", token_hash))


def change_entry(tx: Transaction, token_hash: str, kept: bytes) -> None:
    tx.all("change_log_in", token=token_hash, sealed=tx.key.seal(kept, "entry", token_hash))


def _written(roles: Collection[Role]) -> str:
    return " ".join(sorted(roles))


def _digest(tx: Transaction, name: str, code: str) -> bytes:
    return tx.key.index(f"recovery code {name} {code}".encode())


class StaffCommands(SessionCommands):
    """See hall.store.staff.StaffStore."""

    async def add_staff(self, account: Account, request: Request) -> None:
        await self.write(lambda tx: add_staff(tx, account, request))

    async def account(self, name: str) -> Account | None:
        return await self.read(lambda tx: account(tx, name))

    async def accounts(self) -> tuple[AccountLine, ...]:
        return await self.read(accounts)

    async def give_password(self, name: str, password: str, request: Request) -> None:
        await self.write(lambda tx: give_password(tx, name, password, request))

    async def choose_password(self, name: str, old: str, password: str, request: Request) -> bool:
        return await self.write(lambda tx: choose_password(tx, name, old, password, request))

    async def set_roles(self, name: str, roles: frozenset[Role], request: Request) -> None:
        await self.write(lambda tx: set_roles(tx, name, roles, request))

    async def set_disabled(self, name: str, disabled: bool, request: Request) -> None:
        await self.write(lambda tx: set_disabled(tx, name, disabled, request))

    async def enrol(self, name: str, secret: str, step: int, codes: tuple[str, ...], request: Request) -> None:
        await self.write(lambda tx: enrol(tx, name, secret, step, codes, request))

    async def reset_second_factor(self, name: str, request: Request) -> None:
        await self.write(lambda tx: reset_second_factor(tx, name, request))

    async def take_step(self, name: str, step: int) -> bool:
        return await self.write(lambda tx: tx.one("take_step", name=name, step=step) is not None)

    async def take_recovery_code(self, name: str, code: str, request: Request) -> bool:
        return await self.write(lambda tx: take_recovery_code(tx, name, code, request))

    async def start_entry(self, token_hash: str, kept: bytes, at: datetime) -> None:
        await self.write(lambda tx: start_entry(tx, token_hash, kept, at))

    async def entry(self, token_hash: str, since: datetime) -> bytes | None:
        return await self.read(lambda tx: entry(tx, token_hash, since))

    async def change_entry(self, token_hash: str, kept: bytes) -> None:
        await self.write(lambda tx: change_entry(tx, token_hash, kept))

    async def end_entry(self, token_hash: str) -> bool:
        return await self.write(lambda tx: tx.one("end_log_in", token=token_hash) is not None)

    async def drawn(self, text: str) -> bytes:
        return await self.read(lambda tx: tx.key.index(text.encode()))
