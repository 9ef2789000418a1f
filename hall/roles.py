"""Who may do what in the hall: five roles with separated duties, and one table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the hall. One person may be clerk and supervisor; see EXCLUDES for what does not go together."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    SECURITY = "security"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a route asks for. ANYBODY needs no log-in, EVERYONE any."""

    ANYBODY = "anybody"
    EVERYONE = "everyone"
    WINDOW = "window"
    APPROVE = "approve"
    DEAD_LETTERS = "dead_letters"
    CALL_BACKS = "call_backs"
    APPOINTMENTS = "appointments"
    OVERVIEW = "overview"
    EQUIPMENT = "equipment"
    LIBRARIES = "libraries"
    STAFF = "staff"
    AUDIT = "audit"


PERSONAL = frozenset({Permission.WINDOW, Permission.APPROVE, Permission.DEAD_LETTERS, Permission.CALL_BACKS})
"""Behind these stands the data of persons: neither operator nor security nor auditor may come there."""

MAY: Mapping[Role, frozenset[Permission]] = {
    # A second person is another clerk or a supervisor; whoever proposed it is refused by the case itself.
    Role.CLERK: frozenset({Permission.WINDOW, Permission.APPROVE, Permission.LIBRARIES}),
    Role.SUPERVISOR: frozenset(
        {
            Permission.APPROVE,
            Permission.DEAD_LETTERS,
            Permission.CALL_BACKS,
            Permission.APPOINTMENTS,
            Permission.OVERVIEW,
            Permission.EQUIPMENT,
            Permission.LIBRARIES,
        }
    ),
    Role.OPERATOR: frozenset({Permission.EQUIPMENT, Permission.LIBRARIES}),
    Role.SECURITY: frozenset({Permission.STAFF}),
    Role.AUDITOR: frozenset({Permission.AUDIT, Permission.LIBRARIES}),
}

# The three administrators of a system (三员分立: system, security, audit) are three persons, and the two who could cover up
# a decision or an account never take decisions themselves.
EXCLUDES: frozenset[frozenset[Role]] = frozenset(
    frozenset(pair)
    for pair in (
        (Role.SECURITY, Role.CLERK),
        (Role.SECURITY, Role.SUPERVISOR),
        (Role.SECURITY, Role.OPERATOR),
        (Role.SECURITY, Role.AUDITOR),
        (Role.AUDITOR, Role.CLERK),
        (Role.AUDITOR, Role.SUPERVISOR),
        (Role.AUDITOR, Role.OPERATOR),
    )
)


def may(roles: Collection[Role], permission: Permission) -> bool:
    """Whether somebody logged in with these roles may pass."""
    if permission in (Permission.ANYBODY, Permission.EVERYONE):
        return True
    return any(permission in MAY[role] for role in roles)


def at_odds(roles: Collection[Role]) -> tuple[Role, Role] | None:
    """Two of these that one person may not hold together, in the order of Role; None: they go together."""
    held = [role for role in Role if role in roles]
    pairs = ((one, other) for place, one in enumerate(held) for other in held[place + 1 :])
    return next((pair for pair in pairs if frozenset(pair) in EXCLUDES), None)
