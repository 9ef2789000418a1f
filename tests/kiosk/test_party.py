"""Who is a child, who may act for one, and what they may ask for with which card."""

from __future__ import annotations

from datetime import date

import pytest

from devices.plate import Presence
from flows.party import NotServed, child_of, is_child
from kiosk.identity import identify
from kiosk.party import Party, may_ask_for
from tests.kiosk.people import LYU
from tests.visits.small_matters import BADGE, CHILD, FOR_CHILD, SIXTEEN_TODAY, SIXTEEN_TOMORROW, number_of

TODAY = date(2026, 11, 23)
CARD = Presence("plate", 1, True)
ADULT = identify(LYU, TODAY)


def test_on_the_sixteenth_birthday_nobody_is_a_child_any_more() -> None:
    assert is_child(identify(SIXTEEN_TOMORROW, TODAY), TODAY)
    assert not is_child(identify(SIXTEEN_TODAY, TODAY), TODAY)


def test_a_typed_number_says_birthday_and_sex_and_no_name() -> None:
    child = child_of(f" {CHILD.number.lower()} ", TODAY)
    assert (child.number, child.birth, child.sex, child.name) == (CHILD.number, CHILD.birth, "1", "")
    assert (child.document, child.assurance) == ("typed", "none")


@pytest.mark.parametrize("number", ["", "123", LYU.number, SIXTEEN_TODAY.number, number_of(date(2026, 11, 24))])
def test_a_number_of_no_child_is_refused_without_repeating_it(number: str) -> None:
    with pytest.raises(NotServed) as caught:
        child_of(number, TODAY)
    assert caught.value.words
    assert str(caught.value) == ""


def test_each_card_asks_for_what_it_can() -> None:
    child = identify(CHILD, TODAY)
    with_guardian, alone, adult = Party(child, CARD, ADULT), Party(child, CARD), Party(ADULT, CARD)
    asked = [[may_ask_for(flow, party, TODAY) for flow in (FOR_CHILD, BADGE)] for party in (with_guardian, alone, adult)]
    assert asked == [[True, False], [False, True], [True, True]]
