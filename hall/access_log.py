"""Every question to a department goes into the audit before it is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from flows.usage import UseKind
from hall.departments.connection import Access
from hall.store.request import Request
from hall.store.store import Store
from hall.store.usage import FROM_LIBRARY, Reading, Whose
from hall.working_day import Clock


def access_log(store: Store, clock: Clock) -> Callable[[Access], Awaitable[None]]:
    """What the exchange calls before it asks a department: no line by which its person finds it, no question."""

    async def log(access: Access) -> None:
        request = Request(key="", by=access.purpose.asked_by, at=clock())
        await store.keep_reading(_reading(access), request)

    return log


def _reading(access: Access) -> Reading:
    whose = Whose(access.person, as_guardian=all(item.startswith("guardian.") for item in access.items))
    outcome = f"{access.department} {FROM_LIBRARY}" if access.from_library else access.department
    return Reading(UseKind.ASKED, access.purpose.visit, access.purpose.matter, (whose,), access.items, outcome)
