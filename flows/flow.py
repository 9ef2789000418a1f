"""What a matter asks of a citizen, as data and small functions: no screen, no device, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from flows.application import Answer, Application, Attached, Identity
from flows.certificate import Certificate


@dataclass(frozen=True)
class Known:
    """What a rule may look at: answers so far by field name, records by item, the day and place of the hall.

    `records` holds, per item, the value of the department with authority. `region` is the hall's code of
    GB/T 2260, six digits, "" when unknown. `attached` are the pictures given so far, by digest. `doubted` are the
    items whose record its own department doubts or was only collected earlier, `differing` those that card and
    departments do not all have alike. `answered` are the departments that told a record or that they have none:
    silence is neither. `kept` are answers by a document that the hall kept, by the picture's digest: the citizen may take
    them.
    """

    answers: Mapping[str, Answer]
    records: Mapping[str, str]
    today: date
    region: str = ""
    guardian: Identity | None = None
    attached: Mapping[str, Attached] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()
    differing: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    kept: Mapping[str, Answer] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """The value of an answer, or "" while there is none."""
        return self.answers[name].value if name in self.answers else ""

    def record(self, item: str) -> str:
        """The value a department gave for an item, or "" when none did."""
        return self.records.get(item, "")


@dataclass(frozen=True)
class When:
    """A condition and the words in which a reviewer reads it on the flowchart."""

    words: str
    holds: Callable[[Known], bool]

    def __call__(self, known: Known) -> bool:
        return self.holds(known)


ALWAYS = When("", lambda known: True)


class Kind(Protocol):
    """A kind of field. Values are canonical strings; texts are Chinese message ids."""

    def normal(self, text: str) -> str:
        """The canonical form of what was typed or recorded."""
        ...

    def mistake(self, value: str, known: Known) -> str:
        """What is wrong with a canonical, non-empty value, in words; "" when nothing is."""
        ...

    def warning(self, value: str, known: Known) -> str:
        """What a person should look at although it may be right; it stops nobody."""
        ...

    def shown(self, value: str) -> str:
        """The value as a person reads it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to know. Labels are Chinese message ids; `name` is unique within a flow.

    `item` names the shared-data item that prefills it, `derive` the rule that works it out when no record does.
    A `locked` value that was prefilled cannot be changed at the terminal, only disputed at the counter.
    `may_be_left` allows the citizen to leave an empty field for the clerk. `row` says where the value is
    needed: the row of the form that the department keeps, e.g. "16"; a field without one must be read by a rule.
    `shares` is the key under which another matter of the same visit finds the answer; the item when empty.
    """

    name: str
    label: str
    kind: Kind
    item: str = ""
    locked: bool = False
    required: bool = True
    may_be_left: bool = False
    hint: str = ""
    row: str = ""
    shares: str = ""
    derive: Callable[[Known], str] | None = None

    @property
    def share_key(self) -> str:
        return self.shares or self.item


@dataclass(frozen=True, kw_only=True)
class Page:
    """One question to the citizen, of one or a few fields that belong together."""

    name: str
    title: str
    fields: tuple[Field, ...]
    lead: str = ""
    asked_when: When = ALWAYS


class Route(StrEnum):
    """Where the matter goes on. COUNTER is neutral: the terminal never learns or shows a reason."""

    TERMINAL = "terminal"
    COUNTER = "counter"


@dataclass(frozen=True)
class FeeLine:
    label: str
    yuan: int


@dataclass(frozen=True)
class Fee:
    """What the citizen will pay, itemised. `table` names the dated fee table it came from; `unpriced`
    are things chosen that the table has no price for."""

    lines: tuple[FeeLine, ...] = ()
    table: str = ""
    unpriced: tuple[str, ...] = ()

    @property
    def yuan(self) -> int:
        return sum(line.yuan for line in self.lines)


@dataclass(frozen=True)
class Term:
    """办理期限: how long the department may take from acceptance. The unit is part of the law's words."""

    number: int
    unit: Literal["working_days", "days"]


def no_fee(known: Known) -> Fee:
    return Fee()


def at_the_terminal(known: Known) -> Route:
    return Route.TERMINAL


def no_term(known: Known) -> Term | None:
    return None


def no_certificate(known: Known) -> Certificate | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A matter. `needs` are items its rules read without showing them; `version` changes with
    every change a running case would notice; `bring` says what the counter wants to see.

    `told` are the departments (codes) that get the outcome; with `approvals` every one of them has to agree
    (并联审批). `for_child`: a guardian may apply for a child under 16; only then `child_needs` are read.
    `certificate` is what the hall issues by itself, at once, when every fact is there and sure; None sends the
    citizen to the counter.
    """

    code: str
    version: str
    title: str
    pages: tuple[Page, ...]
    summary: str = ""
    bring: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    child_needs: tuple[str, ...] = ()
    policy_version: str = ""
    told: tuple[str, ...] = ()
    approvals: bool = False
    for_child: bool = False
    route: Callable[[Known], Route] = at_the_terminal
    fee: Callable[[Known], Fee] = no_fee
    term: Callable[[Known], Term | None] = no_term
    certificate: Callable[[Known], Certificate | None] = no_certificate
    fields: Mapping[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        every = [f for page in self.pages for f in page.fields]
        if len({f.name for f in every}) != len(every):
            raise ValueError(f"{self.code}: a field name is used twice")
        object.__setattr__(self, "fields", {f.name: f for f in every})

    @property
    def items(self) -> tuple[str, ...]:
        """Every shared-data item this matter may ever ask departments for, and no other."""
        return self.items_for(child=True)

    def items_for(self, *, child: bool) -> tuple[str, ...]:
        """Those asked for in a visit: what proves a guardian only where one acts."""
        shown = [f.item for f in self.fields.values() if f.item]
        return tuple(dict.fromkeys([*shown, *self.needs, *(self.child_needs if child else ())]))

    @property
    def issues(self) -> bool:
        """Whether the hall can end this matter by itself with a certificate."""
        return self.certificate is not no_certificate

    def asked(self, known: Known) -> tuple[Page, ...]:
        """The pages that this citizen is asked, in order."""
        return tuple(page for page in self.pages if page.asked_when(known))


class Matters(Mapping[str, Flow]):
    """The matters of a hall by code, each in its newest version; earlier versions serve the cases begun with them."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._newest: dict[str, Flow] = {}
        self._every: dict[tuple[str, str], Flow] = {}
        for flow in flows:
            if (flow.code, flow.version) in self._every:
                raise ValueError(f"{flow.code}: version {flow.version} is there twice")
            self._every[flow.code, flow.version] = flow
            newest = self._newest.get(flow.code)
            if newest is None or int(flow.version) > int(newest.version):
                self._newest[flow.code] = flow

    def __getitem__(self, code: str) -> Flow:
        return self._newest[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._newest)

    def __len__(self) -> int:
        return len(self._newest)

    def version(self, code: str, version: str) -> Flow | None:
        """That version of a matter; None when this hall has never had it."""
        return self._every.get((code, version))

    def of(self, application: Application) -> Flow:
        """The version an application was made with; raises KeyError when this hall has never had it."""
        return self._every[application.matter, application.flow_version]


def repeated(page: Page, another: Field, *, most: int) -> tuple[Page, ...]:
    """A page asked again and again, at most so often: as long as `another`, a yes-no question, is answered yes.

    The fields of the second time are named NAME_2 and so on; the last time does not ask for another.
    """
    pages = []
    for number in range(1, most + 1):
        tail = "" if number == 1 else f"_{number}"
        fields = tuple(replace(f, name=f.name + tail) for f in (*page.fields, *((another,) if number < most else ())))
        pages.append(replace(page, name=page.name + tail, fields=fields, asked_when=_again(page, another, number)))
    return tuple(pages)


def _again(page: Page, another: Field, number: int) -> When:
    if number == 1:
        return page.asked_when
    before = [another.name if n == 1 else f"{another.name}_{n}" for n in range(1, number)]
    return When(f"{another.label}：是", lambda known: page.asked_when(known) and all(known[name] == "yes" for name in before))
