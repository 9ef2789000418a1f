"""How the staff proves who it is: [staff] and [oidc] of hall.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from hall.roles import Role

SECOND_FACTORS = ("totp", "none")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class OidcSettings:
    """An identity provider. `roles` gives the hall's role by the provider's word for it, found in `role_claim`; `emergency`
    are the accounts made here that may still log in with a password."""

    issuer: str
    client: str
    secret: str
    roles: Mapping[str, Role]
    role_claim: str = "groups"
    name_claim: str = "preferred_username"
    emergency: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StaffSettings:
    """`second_factor`: a telephone's code after the password."""

    second_factor: bool = True
    oidc: OidcSettings | None = None


USUAL = StaffSettings()


class Reading(Protocol):
    """What hall.config hands over: one setting at a time, and the list of what is wrong."""

    problems: list[str]

    def text(self, section: str, key: str) -> str: ...

    def place(self, section: str, key: str, *, folder: bool) -> Path: ...

    def raw(self, section: str, key: str) -> object: ...


def read_staff(reading: Reading, *, with_oidc: bool, console_address: str) -> StaffSettings:
    factor = reading.text("staff", "second_factor") or "totp"
    if factor not in SECOND_FACTORS:
        reading.problems.append(f"staff.second_factor must be one of {', '.join(SECOND_FACTORS)}")
    oidc = _oidc(reading) if with_oidc else None
    if oidc is not None and not console_address:
        reading.problems.append("hall.console_address is needed with [oidc]: the provider sends browsers back there")
    return StaffSettings(factor != "none", oidc)


def _oidc(reading: Reading) -> OidcSettings:
    file = reading.place("oidc", "secret_file", folder=False)
    return OidcSettings(
        issuer=_issuer(reading),
        client=reading.text("oidc", "client_id"),
        secret=file.read_text(encoding="utf-8").strip() if file.is_file() else "",
        roles=_roles(reading),
        role_claim=reading.text("oidc", "role_claim") or "groups",
        name_claim=reading.text("oidc", "name_claim") or "preferred_username",
        emergency=_names(reading),
    )


def _issuer(reading: Reading) -> str:
    issuer = reading.text("oidc", "issuer").rstrip("/")
    split = urlsplit(issuer)
    if issuer and split.scheme != "https" and not (split.scheme == "http" and split.hostname in LOOPBACK):
        reading.problems.append("oidc.issuer must be an address that begins with https://")
    return issuer


def _roles(reading: Reading) -> Mapping[str, Role]:
    written = reading.raw("oidc", "roles")
    known = set(Role)
    if not isinstance(written, dict) or not written or any(role not in known for role in written.values()):
        reading.problems.append('oidc.roles must give a role for each word of the provider, e.g. { "hall-clerks" = "clerk" }')
        return {}
    return {str(word): Role(role) for word, role in written.items()}


def _names(reading: Reading) -> frozenset[str]:
    written = reading.raw("oidc", "emergency")
    if written is None:
        return frozenset()
    if not isinstance(written, list) or not all(isinstance(name, str) and name for name in written):
        reading.problems.append("oidc.emergency must be a list of names")
        return frozenset()
    return frozenset(written)
