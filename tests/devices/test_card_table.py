"""Every card on every reader, laid on a real pcscd or a module on a real pty, with the terminal's card step before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from devices.cards import CHIP_CARDS
from devices.cards.resident_card import TYPES
from devices.device import DeviceError, IdentityReader
from devices.document import AccessKey, IdentityDocument, Recognised
from devices.plate import Plate, Presence
from kiosk.card import STILL_MUTE_S, Lying, read_card
from kiosk.present_card import CardState
from kiosk.screens import Screens, stopped
from kiosk.view import Touch, View
from scripts import cards
from tests.devices.card_cells import TEST, Cell, NotSeen, OnChipReader, OnModule, Outcome, Read, Refused, words_of
from tests.devices.card_table import CELLS, TABLE
from tests.devices.fault_table import FAULTS, is_a_test, on_the_wire
from tests.devices.laying import Slot, lying, tell
from tests.devices.plate_on_a_pty import CALM, plate
from tests.kiosk.fakes import FakeTime, Stage

QUIETLY = frozenset({CardState.WAITING, CardState.READING})
ALL_SAID = 10 * FakeTime.SETTLED
"""Turns of the loop after which the time that passes on a screen is over, and all is said."""
LOOKS = 8
"""More than the three in a row after which a module's plate is known to be empty."""


class NotingPlate(Plate):
    """A plate over one reader, which keeps what came of its card. `access` opens what lies there, as if somebody had given it."""

    def __init__(self, reader: IdentityReader, access: AccessKey | None) -> None:
        super().__init__([reader], unreadable_after_s=0.05)
        self._access = access
        self.came: Outcome | None = None

    async def read(self, presence: Presence, *, access: AccessKey | None = None) -> IdentityDocument:
        try:
            document = await super().read(presence, access=access or self._access)
        except DeviceError as error:
            self.came = Refused(error.code, error.recognised)
            raise
        self.came = Read(document.kind, document.verified)
        return document

    async def outcome(self) -> Outcome:
        """A terminal reads nothing that is mute; its reader is asked all the same."""
        if self.came is None and self.lying:
            with suppress(DeviceError):
                await self.read(self.lying[0])
        return self.came or NotSeen()


class Glass:
    """A display that nobody touches. On every screen as much time passes as makes the terminal say more of a mute card."""

    touches = 0

    def __init__(self, cell: Cell, time: FakeTime) -> None:
        self._time = time
        self._states = {words_of(state, cell.place): state for state in CardState}
        self._enough = max(1, len(cell.told))
        self.shown: list[CardState] = []
        self.told_enough = asyncio.Event()

    @property
    def trouble(self) -> tuple[CardState, ...]:
        return tuple(state for state in self.shown if state not in QUIETLY)

    async def show(self, view: View) -> Touch:
        self.update(view)
        never: asyncio.Future[Touch] = asyncio.get_running_loop().create_future()
        return await never

    def update(self, view: View) -> None:
        state = self._states[view.lead]
        if state not in self.shown:
            self.shown.append(state)
        if len(self.trouble) >= self._enough:
            self.told_enough.set()
        self._time.pass_by(STILL_MUTE_S)

    def forget(self) -> None:
        raise AssertionError("a card step forgets nothing")


async def card_step(cell: Cell, reader: IdentityReader) -> tuple[Outcome, tuple[CardState, ...]]:
    """What came of the card, and what the terminal told."""
    noting, stage = NotingPlate(reader, cell.access), Stage(place=cell.place)
    glass = Glass(cell, stage.time)
    terminal = replace(stage.terminal(glass), plate=noting)
    await noting.open()
    serving = asyncio.create_task(read_card(terminal, Screens(terminal), Lying()))
    telling = asyncio.create_task(_looked(reader) if isinstance(cell.outcome, NotSeen) else glass.told_enough.wait())
    try:
        await asyncio.wait({serving, telling}, return_when=asyncio.FIRST_COMPLETED)
        for _ in range(ALL_SAID):
            await asyncio.sleep(0)
        goes_on = serving.done() and bool(serving.result().identity.name)
        return await noting.outcome(), () if goes_on else glass.trouble or tuple(glass.shown)
    finally:
        await stopped(serving, telling)
        await noting.close()


async def _looked(reader: IdentityReader) -> None:
    for _ in range(LOOKS):
        await reader.check_health()


@asynccontextmanager
async def laid(cell: Cell, slot: Slot | None) -> AsyncIterator[IdentityReader]:
    """`slot` is where a card with a chip goes."""
    match cell:
        case OnModule():
            async with plate(patience=replace(CALM, several_s=0.2)) as on:
                cell.lay(on.simulator)
                yield on.reader
        case OnChipReader() if slot:
            async with lying(slot, cell.made(), trust=cell.trust) as (reader, _):
                yield reader
        case _:
            raise AssertionError("a card without a reader")


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_what_comes_of_a_card_on_a_reader(cell: Cell, request: pytest.FixtureRequest) -> None:
    slot = request.getfixturevalue("slot") if isinstance(cell, OnChipReader) else None

    async def story() -> None:
        async with laid(cell, slot) as reader:
            assert await card_step(cell, reader) == (cell.outcome, cell.told)

    tell(story())


def test_cards_that_share_a_cell_say_the_same() -> None:
    """One id is one card: two cells of the same id would hide one of them."""
    assert all(CELLS[cell.id] is cell for rows in TABLE.values() for row in rows for cell in row.cells)


def test_every_kind_that_is_read_has_a_row() -> None:
    kinds = {kind for row in CHIP_CARDS for kind in row.documents} | {kind for kind, _ in TYPES.values()}
    assert {cell.outcome.kind for cell in CELLS.values() if isinstance(cell.outcome, Read)} == kinds


def test_what_a_card_is_taken_for_has_a_row() -> None:
    taken = {cell.outcome.recognised for cell in CELLS.values() if isinstance(cell.outcome, Refused)}
    assert taken == {None, *Recognised}


def test_the_page_of_cards_is_what_the_tables_say() -> None:
    assert cards.FILE.read_text("utf-8") == cards.page(), "run `python -m scripts.cards`"


@pytest.mark.parametrize("number", range(1, 25))
def test_every_fault_has_tests_and_is_provoked_on_the_wire(number: int) -> None:
    fault = FAULTS[number - 1]
    assert [test for test in fault.ids if not is_a_test(test)] == []
    assert [test for test in fault.ids if test.startswith(TEST) and test[len(TEST) + 1 : -1] not in CELLS] == []
    assert any(map(on_the_wire, fault.ids))


def test_there_are_twenty_four_faults() -> None:
    assert len(FAULTS) == 24
