"""The nouns that travel between terminal, hall and departments: frozen values, no I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.dispute import Dispute


class SourceKind(StrEnum):
    """Who said a value."""

    CARD = "card"
    DEPARTMENT = "department"
    CITIZEN = "citizen"
    RULE = "rule"
    CLERK = "clerk"
    COUNTER = "counter"  # nobody yet: the citizen left it for the clerk to fill in
    LIBRARY = "library"  # a department that is silent, as the hall's base library had collected it before


@dataclass(frozen=True)
class Source:
    """Who said a value; `name` is the department's code (of the library too) or the rule's name, else empty."""

    kind: SourceKind
    name: str = ""


CARD = Source(SourceKind.CARD)
CITIZEN = Source(SourceKind.CITIZEN)
CLERK = Source(SourceKind.CLERK)
LEFT_TO_COUNTER = Source(SourceKind.COUNTER)


class Assurance(StrEnum):
    """How far the card itself was proved; it travels with the case to the counter."""

    SAM = "sam"  # a security module read it: resident card family
    CHIP = "chip"  # read from a chip that did not prove itself: social security card
    NONE = "none"  # typed in


@dataclass(frozen=True)
class Identity:
    """Who stands at the terminal. Codes: sex GB/T 2261.1, ethnic group GB/T 3304 (two digits)."""

    number: str
    name: str
    sex: str
    birth: date
    document: str
    assurance: Assurance
    ethnic_group: str = ""
    address: str = ""
    card_expiry: date | None = None  # None: 长期 or not on the card
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attached:
    """A picture that goes with an application: photo, signature or kept paper. It is found by its digest."""

    media_type: str  # image/jpeg or image/png
    content: bytes

    @property
    def digest(self) -> str:
        """SM3 (GB/T 32905) of the content, as 64 hexadecimal digits."""
        return hashlib.new("sm3", self.content).hexdigest()


@dataclass(frozen=True)
class Record:
    """One item as one department has it. `doubt` is the department's own code, empty when sure. `origin`: where a
    department that passes records on has it from, step by step, e.g. "chancheng/household"; `as_of` is the origin's, and
    `known_at` says when the origin last had it so; None: it has it so now."""

    item: str
    value: str
    department: str
    as_of: datetime
    doubt: str = ""
    origin: str = ""
    known_at: datetime | None = None


class Outcome(StrEnum):
    """What came of asking one department. Four different things, never one empty answer."""

    NOT_ASKED = "not_asked"
    NO_ANSWER = "no_answer"
    NO_RECORD = "no_record"
    RECORD = "record"


@dataclass(frozen=True)
class SourceAnswer:
    """One department's part of a look-up. `reason` is a code such as late, down, busy, garbled, wrong_person,
    no_key, not_shared; empty when the department itself answered.

    `asked` are the items it was to tell; `withheld` says why others, of which it has a field, were not asked for:
    not_shared, not_for_matter or not_in_force. `collected_at` is set when the department did not answer and the records
    are the ones that the hall's base library had collected by then. `heard_at` is set when it had answered earlier in
    the same visit and was not asked again. `apart` holds what came of items about somebody else, a guardian, where
    that is not what came of the rest.
    """

    department: str
    title: str
    outcome: Outcome
    records: tuple[Record, ...] = ()
    reason: str = ""
    elapsed_ms: int = 0
    asked: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    collected_at: datetime | None = None
    heard_at: datetime | None = None
    apart: Mapping[str, Outcome] = field(default_factory=dict)

    def outcome_of(self, item: str) -> Outcome:
        """What came of asking this department for one item. What the library lacks, the silent department may have."""
        if any(record.item == item for record in self.records):
            return Outcome.RECORD
        if item not in self.asked:
            return Outcome.NOT_ASKED
        if item in self.apart:
            return self.apart[item]
        if self.outcome is not Outcome.RECORD:
            return self.outcome
        return Outcome.NO_ANSWER if self.collected_at else Outcome.NO_RECORD


@dataclass(frozen=True)
class Lookup:
    """What all departments said at one moment, in their order of authority for each item."""

    at: datetime
    sources: tuple[SourceAnswer, ...] = ()

    def records(self, item: str) -> tuple[Record, ...]:
        """Every department's record of an item; the first is the one with authority."""
        return tuple(r for source in self.sources for r in source.records if r.item == item)


@dataclass(frozen=True)
class Answer:
    """A value with its origin. `as_of` is when the origin knew it; None for what was just said."""

    value: str
    source: Source
    as_of: datetime | None = None


@dataclass(frozen=True)
class Application:
    """What the citizen submits. `visit` is the terminal's UUIDv7 and the key of the submission.

    `to_counter`: the terminal could not finish; the answers are as far as they got and a clerk
    does the rest. No reason travels with it. `guardian` acts for an applicant under 16; `attached`
    holds, by digest, the pictures that answers name. `disputes` are the records that the citizen says are wrong, by
    the field that shows them; the answer stays the record's.
    """

    visit: str
    matter: str
    flow_version: str
    policy_version: str
    identity: Identity
    answers: Mapping[str, Answer]
    submitted_at: datetime
    language: str = "zh"
    to_counter: bool = False
    guardian: Identity | None = None
    attached: Mapping[str, Attached] = field(default_factory=dict)
    disputes: Mapping[str, Dispute] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The card's; of a child whose number was typed, what the register or the guardian said."""
        said = self.answers.get("name")
        return self.identity.name or (said.value if said else "")

    @property
    def slip(self) -> str:
        """The short reference on paper when no ticket could be issued: the random tail of the visit."""
        return self.visit.replace("-", "")[-8:].upper()


class Status(StrEnum):
    """办件状态. A submission at the terminal is not 受理; only a clerk's confirmation is."""

    SUBMITTED = "submitted"  # 已提交(待受理)
    CALLED = "called"  # 已叫号 / 审核中
    NO_SHOW = "no_show"  # 过号
    RETURNED = "returned"  # 补正
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    ACCEPTED = "accepted"  # 受理
    ISSUED = "issued"  # 即办件办结: the hall itself issued the certificate
    APPROVED = "approved"  # 准予: every department concerned agreed
    REFUSED = "refused"  # 不予许可: a department refused
    REPLACED = "replaced"  # 已撤换: the same person submitted the same matter anew while this one waited


class Action(StrEnum):
    """What a clerk may do with a case."""

    CALL = "call"
    RECALL = "recall"
    MISS = "miss"
    REQUEUE = "requeue"
    AMEND = "amend"
    CONFIRM = "confirm"
    RETURN = "return"
    REJECT = "reject"


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.SUBMITTED, Action.CALL): Status.CALLED,
    (Status.CALLED, Action.RECALL): Status.CALLED,
    (Status.CALLED, Action.MISS): Status.NO_SHOW,
    (Status.NO_SHOW, Action.REQUEUE): Status.SUBMITTED,
    (Status.CALLED, Action.AMEND): Status.CALLED,
    (Status.CALLED, Action.CONFIRM): Status.ACCEPTED,
    (Status.CALLED, Action.RETURN): Status.RETURNED,
    (Status.RETURNED, Action.REQUEUE): Status.SUBMITTED,
    (Status.CALLED, Action.REJECT): Status.NOT_ACCEPTED,
    (Status.ISSUED, Action.REQUEUE): Status.SUBMITTED,
}

POSSIBLE: Mapping[Status, frozenset[Action]] = {
    status: frozenset(action for at, action in TRANSITIONS if at is status) for status in Status
}
"""The console draws its buttons from this table, the hall refuses from it, a test walks it."""


MOST_AHEAD = 300
"""Nobody counts further who waits in front of a ticket."""


@dataclass(frozen=True)
class Ticket:
    """A place in the queue. `working_day` is the day in Asia/Shanghai, not the UTC date; `ahead` is MOST_AHEAD at most."""

    number: str
    visit: str
    matter: str
    working_day: date
    issued_at: datetime
    ahead: int


@dataclass(frozen=True)
class Change:
    """One value that a clerk amended."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Decision:
    """What a clerk did with a case, and why. `reason` is a code of assets/policy/reasons.toml."""

    visit: str
    action: Action
    by: str
    window: str
    at: datetime
    reason: str = ""
    note: str = ""
    changes: tuple[Change, ...] = field(default=())
