"""The card step as a citizen sees it: what each card is called, and where it belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devices.device import Completion, DeviceError
from devices.document import Recognised
from flows.words import Language
from kiosk.card import said_of, said_of_refusal
from kiosk.config import Where
from kiosk.identity import Refusal
from kiosk.present import Look
from kiosk.present_card import CARD_LEADS, WHERE, CardState, card_view
from tests.kiosk.fakes import PLACE, WORDS
from tests.kiosk.people import NOW

CHINESE = Look(WORDS["zh"], False, NOW, PLACE)


def test_every_fault_of_a_card_has_words_of_its_own_kind() -> None:
    faults = [DeviceError(code, recognised=what) for code in Completion for what in (None, *Recognised)]
    states = {said_of(fault, PLACE) for fault in faults} | {said_of_refusal(reason) for reason in Refusal}
    assert len({CARD_LEADS[state] for state in states}) == len(states)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (Recognised.BANK_CARD, "银行卡"),
        (Recognised.TRANSPORT_CARD, "交通卡"),
        (Recognised.MEMORY_CARD, "门禁卡"),
        (Recognised.TRAVEL_DOCUMENT, "护照或通行证"),
        (Recognised.UNKNOWN, "不能使用这种卡"),
    ],
)
def test_a_card_that_is_no_identity_card_is_called_by_its_name(what: Recognised, words: str) -> None:
    state = said_of(DeviceError(Completion.UNSUPPORTED_DATA, recognised=what), PLACE)
    assert words in card_view(CHINESE, state, 1, lying=True).lead


def test_a_card_that_does_not_prove_itself_accuses_nobody() -> None:
    lead = card_view(CHINESE, said_of(DeviceError(Completion.FRAUD_ATTEMPT), PLACE), 1, lying=True).lead
    assert "人工窗口" in lead
    assert not any(word in lead for word in ("假", "伪", "不真", "可疑"))


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_resident_card_is_sent_to_the_reader_that_reads_it(where: Where, language: Language) -> None:
    look = Look(WORDS[language], False, NOW, replace(PLACE, resident_reader=where))
    state = said_of(DeviceError(Completion.WRONG_READER, recognised=Recognised.RESIDENT_CARD), look.place)
    lead = card_view(look, state, 1, lying=True).lead
    assert WORDS[language](WHERE[where]) in lead
    assert "{" not in lead


def test_a_terminal_that_reads_no_resident_card_sends_nobody_to_a_reader_that_is_not_there() -> None:
    state = said_of(DeviceError(Completion.WRONG_READER, recognised=Recognised.RESIDENT_CARD), PLACE)
    assert "读不了居民身份证" in card_view(CHINESE, state, 1, lying=True).lead


def test_which_card_goes_where_is_said_where_the_readers_lie_apart() -> None:
    def look(resident: Where | None, chip: Where | None) -> Look:
        return Look(WORDS["zh"], False, NOW, replace(PLACE, resident_reader=resident, chip_reader=chip))

    def points(resident: Where | None, chip: Where | None) -> tuple[str, ...]:
        return card_view(look(resident, chip), CardState.WAITING, 0, lying=False).points

    assert "居民身份证放在左边的读卡器，社会保障卡放在右边的读卡器" in points(Where.LEFT, Where.RIGHT)
    assert card_view(look(Where.LEFT, Where.RIGHT), CardState.READING, 0, lying=False).points == points(None, None)
    assert (
        card_view(look(Where.LEFT, Where.RIGHT), CardState.WRONG_WAY, 1, lying=True).points == points(Where.LEFT, Where.RIGHT)[:1]
    )
    together = [points(Where.LEFT, Where.LEFT), points(Where.SOMEWHERE, Where.SOMEWHERE), points(None, Where.LEFT)]
    assert all(said == points(None, None) for said in together)


def test_after_three_tries_the_citizen_is_told_where_people_are() -> None:
    state = said_of(DeviceError(Completion.INVALID_DATA), PLACE)
    assert not any("人工窗口" in point for point in card_view(CHINESE, state, 2, lying=True).points)
    assert "人工窗口" in card_view(CHINESE, state, 3, lying=True).points[0]


def test_the_drawing_never_says_the_opposite_of_the_words() -> None:
    state = said_of(DeviceError(Completion.INVALID_DATA), PLACE)
    assert card_view(CHINESE, CardState.WAITING, 0, lying=False).art == "lay"
    assert card_view(CHINESE, CardState.READING, 0, lying=False).art == "read"
    take = card_view(CHINESE, state, 1, lying=True)
    assert (take.title, take.art, take.points) == ("请取走卡", "take", ())
