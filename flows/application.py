"""The nouns that travel between terminal, hall and departments: frozen values, no I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.dispute import Dispute
from flows.lookup import Lookup as Lookup
from flows.lookup import Outcome as Outcome
from flows.lookup import Record as Record
from flows.lookup import SourceAnswer as SourceAnswer
from flows.promise import Ground, Promise
from flows.waiting import WaitSpan


class SourceKind(StrEnum):
    """Who said a value."""

    CARD = "card"
    DEPARTMENT = "department"
    CITIZEN = "citizen"
    RULE = "rule"
    CLERK = "clerk"
    COUNTER = "counter"  # nobody yet: the citizen left it for the clerk to fill in
    LIBRARY = "library"  # a department that is silent, as the hall's base library had collected it before
    KEPT = "kept"  # a document that the hall kept of the same person, taken again


@dataclass(frozen=True)
class Source:
    """Who said a value; `name` is the department's code (of the library too), the rule's name or the kept
    document's id, else empty."""

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
    """A picture that goes with an application: photo, signature or kept paper. It is found by its digest. `findings` are
    what the photo checks had to say, in words; None: nobody checked, or nobody wrote it down."""

    media_type: str  # image/jpeg or image/png
    content: bytes
    findings: tuple[str, ...] | None = None

    @property
    def digest(self) -> str:
        """SM3 (GB/T 32905) of the content, as 64 hexadecimal digits."""
        return hashlib.new("sm3", self.content).hexdigest()


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
    the field that shows them; the answer stays the record's. `agreed` are digests of pictures that the citizen lets the
    hall keep for other matters.
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
    agreed: tuple[str, ...] = ()

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
    HELD = "held"  # 挂起: the citizen fetches something; the window is free and the place is kept
    NO_SHOW = "no_show"  # 过号
    RETURNED = "returned"  # 补正
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    ACCEPTED = "accepted"  # 受理
    ISSUED = "issued"  # 即办件办结: the hall itself issued the certificate
    APPROVED = "approved"  # 准予: every department concerned agreed
    REFUSED = "refused"  # 不予许可: a department refused
    MAKING = "making"  # 制证中: a department makes the document
    READY = "ready"  # 待领取
    DELIVERED = "delivered"  # 已领取 or 已寄出
    REPLACED = "replaced"  # 已撤换: the same person submitted the same matter anew while this one waited
    TO_APPROVE = "to_approve"  # 待复核: a second person has to agree before it is accepted
    SENT_BACK = "sent_back"  # 复核退回: the second person did not agree; a window takes it up again


class Action(StrEnum):
    """What may be done with a case: by a clerk, or by the hall when a day ends."""

    CALL = "call"
    RECALL = "recall"
    MISS = "miss"
    REQUEUE = "requeue"
    HOLD = "hold"
    RESUME = "resume"
    PASS_ON = "pass_on"  # noqa: S105 to another window, or to those with a skill
    TAKE = "take"  # the next matter of the same person, without returning to the line
    PRIORITY = "priority"  # 优先: a ground of law, told by the citizen
    CLOSE = "close"  # the hall's own, at the turn of the day
    AMEND = "amend"
    CONFIRM = "confirm"
    RETURN = "return"
    REJECT = "reject"
    ACCEPT_LACKING = "accept_lacking"  # 容缺受理: secondary papers are promised for a day
    PROPOSE = "propose"  # 提交复核, where a second person has to agree
    APPROVE = "approve"
    SEND_BACK = "send_back"
    TAKE_UP = "take_up"
    BRING = "bring"  # 补齐: a promised paper is there
    FOLLOW_UP = "follow_up"  # 逾期处理


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.SUBMITTED, Action.CALL): Status.CALLED,
    (Status.CALLED, Action.RECALL): Status.CALLED,
    (Status.CALLED, Action.MISS): Status.NO_SHOW,
    (Status.NO_SHOW, Action.REQUEUE): Status.SUBMITTED,
    (Status.CALLED, Action.HOLD): Status.HELD,
    (Status.HELD, Action.RESUME): Status.CALLED,
    (Status.HELD, Action.REQUEUE): Status.SUBMITTED,
    (Status.CALLED, Action.PASS_ON): Status.SUBMITTED,
    (Status.SUBMITTED, Action.TAKE): Status.CALLED,
    (Status.SUBMITTED, Action.PRIORITY): Status.SUBMITTED,
    (Status.SUBMITTED, Action.CLOSE): Status.NO_SHOW,
    (Status.HELD, Action.CLOSE): Status.NO_SHOW,
    (Status.CALLED, Action.AMEND): Status.CALLED,
    (Status.CALLED, Action.CONFIRM): Status.ACCEPTED,
    (Status.CALLED, Action.RETURN): Status.RETURNED,
    (Status.RETURNED, Action.REQUEUE): Status.SUBMITTED,
    (Status.CALLED, Action.REJECT): Status.NOT_ACCEPTED,
    (Status.ISSUED, Action.REQUEUE): Status.SUBMITTED,
    (Status.CALLED, Action.ACCEPT_LACKING): Status.ACCEPTED,
    (Status.CALLED, Action.PROPOSE): Status.TO_APPROVE,
    (Status.TO_APPROVE, Action.APPROVE): Status.ACCEPTED,
    (Status.TO_APPROVE, Action.SEND_BACK): Status.SENT_BACK,
    (Status.SENT_BACK, Action.TAKE_UP): Status.CALLED,
    (Status.ACCEPTED, Action.BRING): Status.ACCEPTED,
    (Status.APPROVED, Action.BRING): Status.APPROVED,
    (Status.ACCEPTED, Action.FOLLOW_UP): Status.ACCEPTED,
    (Status.APPROVED, Action.FOLLOW_UP): Status.APPROVED,
    (Status.MAKING, Action.BRING): Status.MAKING,
    (Status.MAKING, Action.FOLLOW_UP): Status.MAKING,
    (Status.READY, Action.BRING): Status.READY,
    (Status.READY, Action.FOLLOW_UP): Status.READY,
    (Status.DELIVERED, Action.BRING): Status.DELIVERED,
    (Status.DELIVERED, Action.FOLLOW_UP): Status.DELIVERED,
}

POSSIBLE: Mapping[Status, frozenset[Action]] = {
    status: frozenset(action for at, action in TRANSITIONS if at is status) for status in Status
}
"""The console draws its buttons from this table, the hall refuses from it, a test walks it."""

ACCEPTING = frozenset({Action.CONFIRM, Action.ACCEPT_LACKING, Action.APPROVE})
"""What makes an application an accepted one (受理): the departments are told, the term begins."""


@dataclass(frozen=True)
class Ticket:
    """A place in the queue. `working_day` is the day in Asia/Shanghai, not the UTC date: the next open day, when the
    hall has closed. `ahead` is counted up to MOST_AHEAD only; `wait` is None when it cannot be told. `page` is the address
    at which a citizen follows it, "" from a hall that has none."""

    number: str
    visit: str
    matter: str
    working_day: date
    issued_at: datetime
    ahead: int
    page: str = ""
    wait: WaitSpan | None = None


@dataclass(frozen=True)
class Change:
    """One value that a clerk amended."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Decision:
    """What a clerk did with a case, and why. `reason` is a code of assets/policy/reasons.toml; `grounds` are all that the
    citizen was told, in the words of that day; `papers` are the promised ones that it is about (assets/policy/lacking.toml)."""

    visit: str
    action: Action
    by: str
    window: str
    at: datetime
    reason: str = ""
    note: str = ""
    changes: tuple[Change, ...] = field(default=())
    grounds: tuple[Ground, ...] = ()
    promise: Promise | None = None
    papers: tuple[str, ...] = ()
