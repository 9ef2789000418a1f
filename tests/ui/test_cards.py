"""Every state of the card step, with the longest words that it may have, drawn and judged."""

import asyncio
from dataclasses import replace

import pytest

from flows.words import Language
from kiosk.config import Where
from kiosk.present import Look
from kiosk.present_card import SEVERAL_TRIES, CardState, card_view
from kiosk.ui.display import KivyDisplay
from kiosk.ui.pilot import Pilot
from tests.kiosk.fakes import PLACE, WORDS
from tests.kiosk.people import NOW
from tests.ui.conftest import OnScreen
from tests.ui.judge import PICTURES, judged

APART = replace(PLACE, resident_reader=Where.RIGHT, chip_reader=Where.LEFT)
ASKING = (CardState.WAITING, CardState.READING, CardState.READER_AWAY, CardState.GUARDIAN)


@pytest.mark.long  # stories come to most of them, and these too are drawn
@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_card_screen_is_drawn_whole(on_screen: OnScreen, language: Language, large: bool) -> None:
    look = Look(WORDS[language], large, NOW, APART)

    async def story(display: KivyDisplay) -> list[str]:
        pilot, found = Pilot(display), []
        for state in CardState:
            for tries in (0, SEVERAL_TRIES):
                showing = asyncio.create_task(display.show(card_view(look, state, tries, lying=state not in ASKING)))
                await pilot.shown()
                name = f"{language}{'-large' if large else ''}-{state}-{tries}"
                found += await judged(pilot, display, PICTURES / "cards", name)
                showing.cancel()
        return found

    assert on_screen(story) == []
