"""What a cell of the table of cards says: which card lies on which reader, what comes of it, what the terminal tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from devices.cards.icao_9303.trust import Trust
from devices.device import Completion
from devices.document import AccessKey, DocumentKind, Recognised, Verified
from devices.simulators.sam_v_module import SimulatedModule
from devices.simulators.vpcd import CardProgram
from flows.words import Language
from kiosk.config import Where
from kiosk.present import Look
from kiosk.present_card import CardState, card_view
from kiosk.terminal import Place
from tests.kiosk.fakes import PLACE, WORDS
from tests.kiosk.people import NOW

TEST = "tests/devices/test_card_table.py::test_what_comes_of_a_card_on_a_reader"
APART = replace(PLACE, resident_reader=Where.RIGHT, chip_reader=Where.LEFT)
"""A terminal with both readers."""
CHIP_READER_ALONE = replace(PLACE, chip_reader=Where.SOMEWHERE)


class Reader(StrEnum):
    SAM_V = "sam-v"
    CONTACTLESS = "contactless"  # PC/SC
    CONTACTS = "contacts"  # PC/SC


@dataclass(frozen=True)
class Read:
    kind: DocumentKind
    verified: Verified


@dataclass(frozen=True)
class Refused:
    code: Completion
    recognised: Recognised | None = None


@dataclass(frozen=True)
class NotSeen:
    """The reader stays empty."""


Outcome = Read | Refused | NotSeen


@dataclass(frozen=True)
class Cell:
    """`told` is what the terminal says after the card was tried, nothing when the visit goes on with its holder. `access` is
    what opens the card, where somebody gave it."""

    card: str
    outcome: Outcome
    told: tuple[CardState, ...] = ()
    access: AccessKey | None = None
    place: Place = APART

    @property
    def reader(self) -> Reader:
        raise NotImplementedError

    @property
    def id(self) -> str:
        return f"{self.card}-{self.reader}"


@dataclass(frozen=True)
class OnModule(Cell):
    """`lay` puts the card on a SAM_V module at the other end of a real pty."""

    lay: Callable[[SimulatedModule], None] = field(kw_only=True)

    @property
    def reader(self) -> Reader:
        return Reader.SAM_V


@dataclass(frozen=True)
class OnChipReader(Cell):
    """`made` is the card, laid on a reader of a real pcscd; `trust` whom the reader believes."""

    made: Callable[[], CardProgram] = field(kw_only=True)
    by_contacts: bool = False
    trust: Trust = ()

    @property
    def reader(self) -> Reader:
        return Reader.CONTACTS if self.by_contacts else Reader.CONTACTLESS


@dataclass(frozen=True)
class Row:
    """A card in words. A reader that it cannot be laid on has no cell; cards that say the same to a reader share one."""

    english: str
    chinese: str
    cells: Sequence[Cell]


Table = Mapping[str, Sequence[Row]]
"""Rows under their headings."""


def words_of(state: CardState, place: Place = APART, language: Language = "zh") -> str:
    """The lead of the terminal's screen."""
    return card_view(Look(WORDS[language], False, NOW, place), state, 1, lying=True).lead
