"""Who a visit is for: whoever laid the card, or a child under 16 and the guardian whose card stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from devices.plate import Presence
from flows.application import Assurance, Identity
from flows.flow import Flow
from flows.fold import Given
from flows.pages import months_later
from flows.resident_number import ResidentNumber, WrongNumber
from kiosk.card import Lying, ReadCard, read_card, shown
from kiosk.present import CardState, child_view
from kiosk.screens import Make, Screens
from kiosk.terminal import Terminal

CHILD_UNDER, GUARDIAN_FROM = 16, 18
"""Years of age; the birthday itself counts as reached."""


@dataclass(frozen=True)
class Party:
    """Whom a visit serves, and the presence of the card that has to stay: the guardian's, where there is one."""

    identity: Identity
    presence: Presence
    guardian: Identity | None = None


class NotAChild(ValueError):
    """This number cannot apply with a guardian; `words` is a Chinese message id."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


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


def is_child(identity: Identity, today: date) -> bool:
    return _is_under(CHILD_UNDER, identity.birth, today)


def child_of(number: str, today: date) -> Identity:
    """A child of whom nothing but the number is known. Raises NotAChild."""
    try:
        read = ResidentNumber.read(number)
    except WrongNumber as wrong:
        raise NotAChild(wrong.words) from None
    if read.birth > today:
        raise NotAChild("公民身份号码有误，请检查每一位")
    if not _is_under(CHILD_UNDER, read.birth, today):
        raise NotAChild("已满 16 周岁的，请本人放自己的卡办理")
    return Identity(read.text, "", read.sex, read.birth, "typed", Assurance.NONE)


async def _with_guardian(terminal: Terminal, screens: Screens, lying: Lying, child: Identity) -> Party:
    def fault(holder: Identity) -> CardState | None:
        return CardState.NOT_ADULT if _is_under(GUARDIAN_FROM, holder.birth, terminal.today) else None

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
        except NotAChild as wrong:
            mistake = wrong.words


def _asking(mistake: str) -> Make:
    return lambda look, entered: child_view(look, entered, mistake)


def _is_under(years: int, birth: date, today: date) -> bool:
    return today < months_later(birth, 12 * years)
