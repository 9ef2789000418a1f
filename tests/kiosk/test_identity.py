"""Who may be served by which card, and what a clerk is told about the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from devices.document import DocumentKind, IdentityDocument, Verified, Warning
from flows.application import Assurance
from hall.console.words import CARD_WARNING
from kiosk.identity import DocumentRefused, Refusal, identify
from tests.kiosk.people import LYU

TODAY = date(2026, 11, 23)


def refused(document: IdentityDocument) -> Refusal:
    with pytest.raises(DocumentRefused) as caught:
        identify(document, TODAY)
    return caught.value.reason


def test_a_resident_card_says_who_stands_there() -> None:
    identity = identify(LYU, TODAY)
    assert (identity.name, identity.number, identity.birth) == ("吕晓岚", "440602199202299863", date(1992, 2, 29))
    assert identity.assurance is Assurance.SAM
    assert identity.warnings == ()


@pytest.mark.parametrize(
    ("verified", "assurance"), [(Verified.SAM, Assurance.SAM), (Verified.CHIP, Assurance.CHIP), (Verified.NONE, Assurance.NONE)]
)
def test_how_far_the_card_was_proved_travels_along(verified: Verified, assurance: Assurance) -> None:
    assert identify(replace(LYU, verified=verified), TODAY).assurance is assurance


def test_a_card_serves_on_its_last_day_and_not_after_it() -> None:
    assert identify(replace(LYU, valid_to=TODAY), TODAY).card_expiry == TODAY
    assert refused(replace(LYU, valid_to=TODAY - timedelta(days=1))) is Refusal.EXPIRED


def test_a_card_without_an_end_never_expires() -> None:
    assert identify(replace(LYU, valid_to=None, long_term=True), TODAY).card_expiry is None


@pytest.mark.parametrize("kind", [k for k in DocumentKind if "permit" in k])
def test_other_cards_of_the_same_reader_are_sent_to_the_counter(kind: DocumentKind) -> None:
    assert refused(replace(LYU, kind=kind)) is Refusal.WRONG_KIND


@pytest.mark.parametrize("number", ["440602199202299864", "44060219920230986X", "4406021992022998", "440602199202299868"])
def test_a_number_that_cannot_be_is_not_used_to_ask_anybody(number: str) -> None:
    assert refused(replace(LYU, number=number)) is Refusal.NUMBER_INVALID


@pytest.mark.parametrize("lost", [{"name": " "}, {"number": ""}])
def test_a_card_that_says_nobody_was_not_read(lost: dict[str, str]) -> None:
    assert refused(replace(LYU, **lost)) is Refusal.NOT_READABLE  # type: ignore[arg-type]


def test_a_card_without_a_birthday_is_helped_out_by_its_number() -> None:
    assert identify(replace(LYU, birth=None), TODAY).birth == date(1992, 2, 29)


def test_what_looks_odd_is_for_the_clerk_and_stops_nobody() -> None:
    odd = replace(LYU, birth=date(1992, 3, 1), warnings=frozenset({Warning.NAME_MAY_BE_CUT}))
    assert identify(odd, TODAY).warnings == ("birth_differs_from_number", "name_may_be_cut")


def test_a_card_that_is_not_valid_yet_may_be_the_fault_of_a_clock_and_is_for_the_clerk() -> None:
    assert identify(replace(LYU, valid_from=TODAY + timedelta(days=1)), TODAY).warnings == ("not_yet_valid",)
    assert identify(replace(LYU, valid_from=TODAY), TODAY).warnings == ()


def test_every_warning_has_words_for_the_clerk() -> None:
    everything = replace(LYU, birth=date(1992, 3, 1), valid_from=TODAY + timedelta(days=1), warnings=frozenset(Warning))
    assert set(identify(everything, TODAY).warnings) == set(CARD_WARNING)


def test_a_refusal_says_nothing_of_the_person() -> None:
    with pytest.raises(DocumentRefused) as caught:
        identify(replace(LYU, number="440602199202299864"), TODAY)
    assert str(caught.value) == "number_invalid"
