"""The page on which a citizen says what is wrong with a record: nothing is changed, a clerk will see it."""

from __future__ import annotations

from dataclasses import replace

from flows.claims import claim_mistake, reason_mistake
from flows.dispute import Dispute
from flows.flow import Known
from flows.fold import Given
from flows.items import ITEMS
from kiosk.draft import Draft
from kiosk.origin import Facts
from kiosk.present_dispute import Disputing, dispute_view, disputing, entered_before
from kiosk.screens import Make, Screens
from kiosk.view import Touch


async def say_wrong(screens: Screens, draft: Draft, name: str, facts: Facts) -> Draft:
    """The draft with a field's record marked as wrong, or with that mark taken back, or as it was."""
    here = disputing(draft, name, facts)
    entered = entered_before(here) if here else None
    while here is not None:
        touch = await screens.ask(_asking(here), entered=entered)
        match touch.button:
            case "back":
                break
            case "withdraw":
                return draft.dispute(name, None)
            case "save":
                made = _made(here, touch)
                mistakes = _mistakes(made, draft.begin)
                if not mistakes:
                    return draft.dispute(name, made)
                here, entered = replace(here, mistakes=mistakes), Given(touch.values)
    return draft


def _made(here: Disputing, touch: Touch) -> Dispute:
    record = here.record
    claim = ITEMS[record.item].kind.normal(touch.values.get("claim", ""))
    return Dispute(record.item, record.department, record.value, record.as_of, touch.values.get("reason", ""), claim)


def _mistakes(made: Dispute, known: Known) -> dict[str, str]:
    found = {"reason": reason_mistake(made), "claim": claim_mistake(made, known)}
    return {name: words for name, words in found.items() if words}


def _asking(here: Disputing) -> Make:
    return lambda look, entered: dispute_view(look, here, entered)
