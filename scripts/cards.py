"""Writes docs/cards.md from the tests' tables: `python -m scripts.cards`. A test keeps it true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from kiosk.present_card import CardState
from tests.devices.card_cells import TEST, Cell, NotSeen, Outcome, Read, Reader, Refused, Row, words_of
from tests.devices.card_table import CELLS, TABLE
from tests.devices.fault_table import FAULTS

FILE = Path(__file__).parent.parent / "docs" / "cards.md"
HEAD = f"""# Cards, readers and outcomes
Made from the tests by `python -m scripts.cards`; a test fails when it is out of date. In each cell: what the driver says, what
the terminal says then, and the test that lays this card on this reader, by the part of its name that stands in brackets:

`{TEST}[resident-card-sam-v]`

The card lies on a module at the other end of a real pseudo-terminal, or on a reader of a real pcscd. The real driver reads it,
and the terminal's own card step judges it. A dash: it cannot be laid there, or is nothing of its own there.

The terminal has both readers, the one for resident cards to the right. It asks nobody for the key of a travel document: the
rows with a key are read as if somebody had typed or scanned it, and judged as usual. The codes of what was not read are in
[reference.md](reference.md).

What is the simulators' word and no real reader's: a SAM_V does not find a card outside its family, so that such a card is laid
by laying nothing (one of type B may be found, and not selected: then it is a mute card); two cards on a PC/SC reader are what
pcscd calls mute; the answer to reset of a resident card is worked out, see [add-a-device.md](add-a-device.md)."""
COLUMNS = """
| card | SAM_V | PC/SC, contactless | PC/SC, by contacts |
|---|---|---|---|"""
WORDS_HEAD = """
## What the terminal says
| | in Chinese | in English |
|---|---|---|"""
FAULTS_HEAD = """
## The faults that a reader survives
Each is provoked on the wire by at least one of its tests.

| | fault | wanted | tests |
|---|---|---|---|"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_cards(), WORDS_HEAD, *_words(), FAULTS_HEAD, *_faults()]) + "\n"


def _cards() -> Iterator[str]:
    for heading, rows in TABLE.items():
        yield from ("", f"## {heading}", COLUMNS.strip())
        yield from map(_row, rows)


def _row(row: Row) -> str:
    cells = {cell.reader: _cell(cell) for cell in row.cells}
    return f"| {row.chinese}<br>{row.english} | {' | '.join(cells.get(reader, '–') for reader in Reader)} |"


def _cell(cell: Cell) -> str:
    told = ", then ".join(f"`{state}`" for state in cell.told) or "the visit goes on"
    return f"{_outcome(cell.outcome)}<br>→ {told}<br>`[{cell.id}]`"


def _outcome(outcome: Outcome) -> str:
    match outcome:
        case Read(kind, verified):
            return f"read: `{kind}`, by `{verified}`"
        case Refused(code, None):
            return f"`{code}`"
        case Refused(code, recognised):
            return f"`{code}`: `{recognised}`"
        case NotSeen():
            return "not seen"
        case _:
            assert_never(outcome)


def _words() -> Iterator[str]:
    told = {state for cell in CELLS.values() for state in cell.told}
    yield from (f"| `{state}` | {words_of(state)} | {words_of(state, language='en')} |" for state in CardState if state in told)


def _faults() -> Iterator[str]:
    for number, fault in enumerate(FAULTS, start=1):
        tests = "<br>".join(f"`{test}`" for test in fault.ids)
        yield f"| {number} | {fault.what} | {fault.wanted} | {tests} |"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
