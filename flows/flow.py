"""What a matter asks of a citizen, as data and small functions: no screen, no device, no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from flows.application import Answer


@dataclass(frozen=True)
class Known:
    """What a rule may look at: answers so far by field name, records by item, the day in the hall.

    `records` holds, per item, the value of the department with authority.
    """

    answers: Mapping[str, Answer]
    records: Mapping[str, str]
    today: date

    def __getitem__(self, name: str) -> str:
        """The value of an answer, or "" while there is none."""
        return self.answers[name].value if name in self.answers else ""

    def record(self, item: str) -> str:
        """The value a department gave for an item, or "" when none did."""
        return self.records.get(item, "")


def always(known: Known) -> bool:
    return True


class Kind(Protocol):
    """A kind of field. Values are canonical strings; texts are Chinese message ids."""

    def normal(self, text: str) -> str:
        """The canonical form of what was typed or recorded."""
        ...

    def mistake(self, value: str, known: Known) -> str:
        """What is wrong with a canonical, non-empty value, in words; "" when nothing is."""
        ...

    def shown(self, value: str) -> str:
        """The value as a person reads it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to know. Labels are Chinese message ids; `name` is unique within a flow.

    `item` names the shared-data item that prefills it. A `locked` value that was prefilled cannot
    be changed at the terminal, only disputed at the counter. `may_be_left` allows the citizen to
    leave an empty field for the clerk.
    """

    name: str
    label: str
    kind: Kind
    item: str = ""
    locked: bool = False
    required: bool = True
    may_be_left: bool = False
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One question to the citizen, of one or a few fields that belong together."""

    name: str
    title: str
    fields: tuple[Field, ...]
    lead: str = ""
    asked_when: Callable[[Known], bool] = always


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


def no_fee(known: Known) -> Fee:
    return Fee()


def at_the_terminal(known: Known) -> Route:
    return Route.TERMINAL


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A matter. `needs` are items its rules read without showing them; `version` changes with
    every change a running case would notice; `bring` says what the counter wants to see."""

    code: str
    version: str
    title: str
    pages: tuple[Page, ...]
    summary: str = ""
    bring: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    policy_version: str = ""
    route: Callable[[Known], Route] = at_the_terminal
    fee: Callable[[Known], Fee] = no_fee
    fields: Mapping[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        every = [f for page in self.pages for f in page.fields]
        if len({f.name for f in every}) != len(every):
            raise ValueError(f"{self.code}: a field name is used twice")
        object.__setattr__(self, "fields", {f.name: f for f in every})

    @property
    def items(self) -> tuple[str, ...]:
        """Every shared-data item this matter may ask departments for, and no other."""
        shown = [f.item for f in self.fields.values() if f.item]
        return tuple(dict.fromkeys([*shown, *self.needs]))

    def asked(self, known: Known) -> tuple[Page, ...]:
        """The pages that this citizen is asked, in order."""
        return tuple(page for page in self.pages if page.asked_when(known))
