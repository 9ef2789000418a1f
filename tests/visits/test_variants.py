"""Every variant of every matter, from the card to its end, through the real visit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cache

import pytest

from flows.application import Application
from flows.fold import start
from flows.matters import MATTERS
from kiosk.view import Touch, View
from kiosk.visit import Ended, serve_one
from scripts.wishes import Citizen
from tests.kiosk.fakes import Stage
from tests.patience import SOON_S
from tests.visits.playing import words_on
from tests.visits.specimen_hall import BY_KEY, REGION, TODAY, SpecimenHall, card_of
from tests.visits.variants import VARIANTS, Ending, Variant


class Lived:
    """A display at which one citizen does what they want; every screen is kept."""

    def __init__(self, citizen: Citizen, stage: Stage, cards: tuple[str, ...]) -> None:
        self.seen: list[View] = []
        self._citizen = citizen
        self._stage = stage
        self._cards = list(cards)
        self._touched: asyncio.Future[Touch] | None = None

    @property
    def touches(self) -> int:
        return 0

    async def show(self, view: View) -> Touch:
        self._touched = asyncio.get_running_loop().create_future()
        self._look(view)
        return await self._touched

    def update(self, view: View) -> None:
        self._look(view)

    def forget(self) -> None:
        self._touched = None

    def _look(self, view: View) -> None:
        self.seen.append(view)
        if view.kind == "card":
            self._move_card(view)
        elif view.kind == "ticket":
            self._stage.plate.pull()
            self._make(Touch("done"))
        else:
            self._make(self._citizen.touch(view))

    def _move_card(self, view: View) -> None:
        if view.art == "take":
            self._stage.plate.pull()
        elif view.art == "lay" and self._cards:
            self._stage.plate.lay(card_of(self._cards.pop(0)))

    def _make(self, touch: Touch | None) -> None:
        if touch is not None and self._touched is not None and not self._touched.done():
            self._touched.set_result(touch)


@dataclass(frozen=True)
class Told:
    """How a variant went."""

    ended: Ended
    seen: list[View]
    stage: Stage
    hall: SpecimenHall

    @property
    def application(self) -> Application:
        return next(iter([*self.hall.submissions, *self.stage.post.kept.values()]))


@cache
def told(title: str) -> Told:
    return asyncio.run(live(next(variant for variant in VARIANTS if variant.title == title)))


async def live(variant: Variant) -> Told:
    hall = SpecimenHall(variant.silent)
    hall.away = variant.hall_away
    stage = Stage(hall=hall, matters={code: MATTERS[code] for code in MATTERS})
    child = BY_KEY[variant.child]["number"] if variant.child else ""
    citizen = Citizen(variant.matter, variant.wishes, child)
    lived = Lived(citizen, stage, variant.cards or (variant.person,))
    async with asyncio.timeout(SOON_S):
        ended = await serve_one(stage.terminal(lived))
    return Told(ended, lived.seen, stage, hall)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_variant(variant: Variant) -> None:
    went = told(variant.title)
    application = went.application
    assert application.matter == variant.matter
    assert _ending(went) is variant.ending
    for name, value in variant.answers.items():
        assert application.answers[name].value == value, name
    if variant.fee is not None:
        assert _fee(went) == variant.fee


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_no_screen_of_a_variant_shows_a_whole_number(variant: Variant) -> None:
    numbers = {BY_KEY[key]["number"] for key in (variant.person, variant.child, *variant.cards) if key}
    for view in told(variant.title).seen:
        assert not [number for number in numbers if number in words_on(view)]


def test_every_matter_has_variants() -> None:
    assert {variant.matter for variant in VARIANTS} == set(MATTERS) - {"specimen"}
    assert len({variant.title for variant in VARIANTS}) == len(VARIANTS)


def _ending(went: Told) -> Ending:
    if went.ended is Ended.SEALED:
        return Ending.KEPT
    assert went.ended is Ended.TICKET
    if went.hall.issued:
        return Ending.CERTIFICATE
    return Ending.COUNTER if went.application.to_counter else Ending.TICKET


def _fee(went: Told) -> int:
    application = went.application
    lookup = went.hall.lookups.get(application.visit)
    flow = MATTERS.of(application)
    begin = start(flow, application.identity, lookup, TODAY, region=REGION, guardian=application.guardian)
    return flow.fee(replace(begin, answers=application.answers)).yuan
