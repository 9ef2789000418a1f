"""Characters that OCR confuses, mended where exactly one answer makes a check digit fit."""

from __future__ import annotations

from collections.abc import Mapping

from devices.cards.mrz_layouts import FILLER, Checked, Layout

_DIGITS: Mapping[str, str] = {"O": "0", "I": "1", "B": "8", "S": "5", "Z": "2"}
"""Letters read for digits and the other way round, of those whose exchange a check digit notices at every place."""
_LETTERS: Mapping[str, str] = {digit: letter for letter, digit in _DIGITS.items()}
_EXCHANGE: Mapping[str, str] = {**_DIGITS, **_LETTERS}


def mended(text: str, layout: Layout) -> str | None:
    """The zone with the check digit of every field fitting, or None. A place that can only hold a digit or a letter is read
    as one; elsewhere one character a field may change, if there is only one that helps."""
    digits = frozenset(_digit_places(layout))
    letters = frozenset(_number_places(layout, "A"))
    for places, right in ((digits, _DIGITS), (letters, _LETTERS)):
        text = "".join(right.get(read, read) if place in places else read for place, read in enumerate(text))
    for checked in filter(None, (layout.number, layout.optional_check)):
        answers = _answers(text, checked, digits | letters)
        if len(answers) != 1:
            return None
        text = answers[0]
    return text


def _answers(text: str, checked: Checked, settled: frozenset[int]) -> list[str]:
    """The text itself when its check digit fits or is not there, else every text with one character exchanged that fits."""
    if text[checked.digit] == FILLER or checked.fits(text):
        return [text]
    one_changed = (
        text[:place] + _EXCHANGE[text[place]] + text[place + 1 :]
        for place in range(checked.span.start, checked.span.stop)
        if text[place] in _EXCHANGE and place not in settled
    )
    return [candidate for candidate in one_changed if checked.fits(candidate)]


def _digit_places(layout: Layout) -> list[int]:
    dates = [place for date in (layout.birth, layout.expiry) for place in range(date.span.start, date.span.stop)]
    checks = (layout.number, layout.birth, layout.expiry, layout.optional_check, layout.composite)
    return dates + [checked.digit for checked in checks if checked] + _number_places(layout, "9")


def _number_places(layout: Layout, form: str) -> list[int]:
    return [place for place, wanted in enumerate(layout.number_form, start=layout.number.span.start) if wanted == form]
