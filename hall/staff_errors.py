"""What is refused to the hall's own staff, and why.

HallError
├── TooManyTries        wrong passwords; log-ins rest until a time
├── PasswordWeak        a new password that the rules do not take (it carries why)
├── NameTaken           an account of this name is there already
├── RolesAtOdds         two roles that one person may not hold together (it carries them)
├── LastSecurity        the last account that looks after accounts stays
├── NotOwnAccount       nobody changes what they may do themselves
├── NotPermitted        what this person is does not go with it
├── NotAtWindow         a window's page, and no window
├── NoWindowForRole     a role that works at no window
└── ProviderRefused     the identity provider's log-in was not taken (it carries why)
"""

from __future__ import annotations

from datetime import datetime

from hall.errors import HallError
from hall.roles import Role


class TooManyTries(HallError):
    """Wrong passwords came too often for this name or window; log-ins rest for a while."""

    code = "too_many_tries"
    http = 429

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class PasswordWeak(HallError):
    """The new password is too short, one of the most common, or holds the name."""

    code = "password_weak"
    http = 422

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault


class NameTaken(HallError):
    """There is an account of this name already."""

    code = "name_taken"
    http = 409


class RolesAtOdds(HallError):
    """One person may not hold these two roles together."""

    code = "roles_at_odds"
    http = 422

    def __init__(self, pair: tuple[Role, Role]) -> None:
        super().__init__()
        self.pair = pair


class LastSecurity(HallError):
    """This is the last account that may look after accounts; it stays."""

    code = "last_security"
    http = 409


class NotOwnAccount(HallError):
    """Nobody changes their own roles, or takes their own account away."""

    code = "not_own_account"
    http = 403


class NotPermitted(HallError):
    """The roles of whoever is logged in do not allow this."""

    code = "not_permitted"
    http = 403


class NotAtWindow(HallError):
    """This page belongs to a window, and the log-in is without one."""

    code = "not_at_window"
    http = 403


class NoWindowForRole(HallError):
    """An account of this role works at no window."""

    code = "no_window_for_role"
    http = 403


class ProviderRefused(HallError):
    """The identity provider did not answer, or what it said cannot be trusted or means no role here."""

    code = "provider_refused"
    http = 401

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why
