"""A case in a clerk's hands: the application beside the records, and what is decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flows.application import (
    CLERK,
    POSSIBLE,
    TRANSITIONS,
    Action,
    Answer,
    Application,
    Change,
    Decision,
    Lookup,
    SourceKind,
    Status,
)
from flows.compare import compare
from flows.fields import Choice
from flows.flow import Flow, Kind, Known
from flows.fold import start
from flows.matters import MATTERS
from flows.policy import REASONS
from flows.recheck import Problem
from flows.wire import to_json
from hall.case import Case
from hall.errors import NotAllowed, NotPossible, NotTaken
from hall.exchange import Purpose
from hall.store.store import LEAST_CALLS, KeptCase, Request, Standing, Store
from hall.visits import Records
from hall.working_day import Clock, working_day

FRESH = timedelta(seconds=60)
"""How long a look-up serves the same window: a page that reloads does not hammer the departments."""

DELIVER_TO: Mapping[str, tuple[str, ...]] = {"hk-macau-permit": ("exit_entry",)}
"""Which departments are told the outcome of a matter; none where the hall itself is the end."""

DESK_ACTIONS = frozenset({Action.AMEND, Action.CONFIRM, Action.RETURN, Action.REJECT})
NEED_REASON = frozenset({Action.AMEND, Action.RETURN, Action.REJECT})


class Desk:
    """Only the window that called a ticket may see its case, until it calls the next one."""

    def __init__(
        self,
        store: Store,
        exchange: Records,
        clock: Clock,
        *,
        matters: Mapping[str, Flow] = MATTERS,
        deliver_to: Mapping[str, tuple[str, ...]] = DELIVER_TO,
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._clock = clock
        self._matters = matters
        self._deliver_to = deliver_to
        self._looked: dict[str, tuple[str, datetime, Lookup]] = {}

    async def case(self, visit: str, window: str, clerk: str) -> Case:
        """The case as the clerk sees it; opening it is a read of a person's records, so it is audited."""
        kept = await self._store.case(visit)
        await self._may_see(kept.standing, window)
        await self._store.audit("case_opened", self._request("", clerk, window), visit)
        held = kept.standing.status is Status.CALLED
        now = await self._fresh(kept.application, window, clerk) if held else None
        flow = self._matters[kept.application.matter]
        known = _known(flow, kept.application, kept.lookup)
        return Case(
            application=kept.application,
            ticket=kept.standing.ticket,
            status=kept.standing.status,
            window=kept.standing.window,
            then=kept.lookup,
            now=now,
            differences=compare(flow, kept.application, now or kept.lookup),
            possible=_possible(kept.standing),
            blanks=_blanks(flow, known),
            fee=flow.fee(known),
            decisions=kept.decisions,
            deliveries=kept.deliveries,
        )

    async def decide(  # noqa: PLR0913 (a decision is who, where, what, why and with which key)
        self,
        visit: str,
        action: Action,
        *,
        window: str,
        clerk: str,
        key: str,
        reason: str = "",
        note: str = "",
        amended: Mapping[str, str] = {},
    ) -> Status:
        """Does one action and returns the status after it; a repeat of the key returns the same."""
        said = [visit, action.value, window, clerk, reason, note, dict(amended)]
        request = self._request(key, clerk, window, to_json(said))
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._store.case(visit)
        _may_do(kept.standing, action, window)
        changes = self._checked(kept, action, reason, amended)
        decision = Decision(visit, action, clerk, window, request.at, reason, note, changes)
        deliver_to = self._deliver_to.get(kept.application.matter, ())
        return await self._store.act(decision, request, working_day(request.at), deliver_to)

    async def _may_see(self, standing: Standing, window: str) -> None:
        """The holder; after the decision the same window still, until it calls the next ticket."""
        if standing.window != window or not window or standing.status in (Status.SUBMITTED, Status.NO_SHOW):
            raise NotAllowed
        if standing.status is not Status.CALLED and await self._store.last_at(window) != standing.ticket.visit:
            raise NotAllowed

    async def _fresh(self, application: Application, window: str, clerk: str) -> Lookup:
        """What the departments say now; kept in memory for this window's present case only."""
        visit, at, lookup = self._looked.get(window, ("", self._clock(), None))
        if visit == application.visit and lookup is not None and self._clock() - at < FRESH:
            return lookup
        items = self._matters[application.matter].items
        purpose = Purpose(application.visit, application.matter, f"clerk:{clerk}")
        lookup = await self._exchange.lookup(application.identity, items, purpose)
        self._looked[window] = (application.visit, self._clock(), lookup)
        return lookup

    def _checked(self, kept: KeptCase, action: Action, reason: str, amended: Mapping[str, str]) -> tuple[Change, ...]:
        """What the decision changes; NotTaken with everything that is wrong with it."""
        flow = self._matters[kept.application.matter]
        known = _known(flow, kept.application, kept.lookup)
        problems = _reason_problems(action, reason)
        changes: tuple[Change, ...] = ()
        if action is Action.AMEND:
            after = {name: _normal(flow, name, value) for name, value in amended.items()}
            problems += _amendment_problems(flow, known, after)
            changes = tuple(Change(n, known[n], value) for n, value in after.items() if value != known[n])
            if not changes and not problems:
                problems += (Problem("", "unfinished", "没有更正任何内容"),)
        elif amended:
            raise NotAllowed  # values given with another action would be lost
        if action is Action.CONFIRM:
            problems += tuple(Problem(name, "unfinished", "还有问题没有回答") for name in _blanks(flow, known))
        if problems:
            raise NotTaken(problems)
        return changes

    def _request(self, key: str, clerk: str, window: str, contents: bytes = b"") -> Request:
        return Request(key, f"clerk:{clerk}", self._clock(), window, contents)


def _may_do(standing: Standing, action: Action, window: str) -> None:
    """Refuses early and in words; the store's guarded UPDATE is what decides between two clerks."""
    if action not in DESK_ACTIONS:
        raise NotAllowed
    if (standing.status, action) not in TRANSITIONS:
        raise NotPossible(standing.status)
    if standing.window != window:
        raise NotAllowed


def _possible(standing: Standing) -> frozenset[Action]:
    early = {Action.MISS} if standing.calls < LEAST_CALLS else set()
    return POSSIBLE[standing.status] - early


def _known(flow: Flow, application: Application, lookup: Lookup | None) -> Known:
    """The answers and records as the rules see them, on the day of submission."""
    begin = start(flow, application.identity, lookup, working_day(application.submitted_at))
    return replace(begin, answers=application.answers)


def _blanks(flow: Flow, known: Known) -> tuple[str, ...]:
    """Fields the clerk still has to fill: required ones, and those the citizen left."""
    asked = [field for page in flow.asked(known) for field in page.fields if not known[field.name]]
    return tuple(field.name for field in asked if field.required or _left(known, field.name))


def _left(known: Known, name: str) -> bool:
    return name in known.answers and known.answers[name].source.kind is SourceKind.COUNTER


def _reason_problems(action: Action, reason: str) -> tuple[Problem, ...]:
    given = REASONS.get(reason)
    if action not in NEED_REASON or (given is not None and given.action is action):
        return ()
    return (Problem("reason", "unfinished" if not reason else "mistaken", "请选择理由"),)


def _normal(flow: Flow, name: str, value: str) -> str:
    return flow.fields[name].kind.normal(value) if name in flow.fields else value


def _amendment_problems(flow: Flow, known: Known, after: Mapping[str, str]) -> tuple[Problem, ...]:
    """Each amended value judged by its field's kind, beside the other amended ones."""
    together = replace(known, answers={**known.answers, **{n: Answer(value, CLERK) for n, value in after.items()}})
    problems = []
    for name, value in after.items():
        field = flow.fields.get(name)
        if field is None:
            problems.append(Problem(name, "not_asked", "这一项不需要填写"))
        elif not value and field.required:
            problems.append(Problem(name, "unfinished", "请填写这一项"))
        elif value and (words := _as_a_clerk(field.kind).mistake(value, together)):
            problems.append(Problem(name, "mistaken", words))
    return tuple(problems)


def _as_a_clerk(kind: Kind) -> Kind:
    return kind.at_the_counter() if isinstance(kind, Choice) else kind
