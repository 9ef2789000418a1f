"""Who a visit is for: whoever laid the card, or a child under 16 and the guardian whose card stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from devices.plate import Presence
from flows.application import Identity
from flows.flow import Flow
from flows.fold import Given
from flows.party import GUARDIAN_FROM, NotServed, child_of, is_child, is_under
from kiosk.card import Lying, ReadCard, read_card, shown
from kiosk.present import child_view
from kiosk.present_card import CardState
from kiosk.screens import Make, Screens
from kiosk.terminal import Terminal


@dataclass(frozen=True)
class Party:
    """Whom a visit serves, and the presence of the card that has to stay: the guardian's, where there is one."""

    identity: Identity
    presence: Presence
    guardian: Identity | None = None


async def meet(terminal: Terminal, screens: Screens, lying: Lying, flow: Flow, *, for_child: bool) -> Party:
    """Reads the cards that say who is served. `for_child`: a guardian said so and types the child's number."""
    if for_child:
        return await _with_guardian(terminal, screens, lying, await _typed_child(screens, terminal.today))
    card = await read_card(terminal, screens, lying)
    if not (flow.for_child and is_child(card.identity, terminal.today)):
        return Party(card.identity, card.presence)
    await shown(screens, CardState.CHILD_READ, 0, terminal.plate.card_gone(card.presence), lying=True)
    return await _with_guardian(terminal, screens, lying, card.identity)


def may_ask_for(flow: Flow, party: Party, today: date) -> bool:
    """Whether this matter can be begun with the cards that were laid."""
    return flow.for_child if party.guardian else not (flow.for_child and is_child(party.identity, today))


async def _with_guardian(terminal: Terminal, screens: Screens, lying: Lying, child: Identity) -> Party:
    def fault(holder: Identity) -> CardState | None:
        return CardState.NOT_ADULT if is_under(GUARDIAN_FROM, holder.birth, terminal.today) else None

    card: ReadCard = await read_card(terminal, screens, lying, begin=CardState.GUARDIAN, fault=fault)
    return Party(child, card.presence, card.identity)


async def _typed_child(screens: Screens, today: date) -> Identity:
    entered: Given | None = None
    mistake = ""
    while True:
        touch = await screens.ask(_asking(mistake), entered=entered)
        entered = Given(touch.values)
        try:
            return child_of(touch.values.get("number", ""), today)
        except NotServed as wrong:
            mistake = wrong.words


def _asking(mistake: str) -> Make:
    return lambda look, entered: child_view(look, entered, mistake)
