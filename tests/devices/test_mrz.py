"""Printed lines: the standard's examples, every line that can be printed, and every character that OCR confuses."""

from __future__ import annotations

import string
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.mrz import Check, MachineReadableZone, parse_zone, read_lines
from devices.cards.mrz_layouts import check_digit
from devices.device import Completion, DeviceError
from devices.document import AccessKey
from devices.simulators.travel_document_specimens import DocumentSpecimen, document_specimens, printed_lines

TODAY = date(2026, 11, 29)
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
PERMIT = ("CSCA12345672<3009129<9003071<8",)
CONFUSED = {"O": "0", "I": "1", "B": "8", "S": "5", "Z": "2"}
EXCHANGE = {**CONFUSED, **{digit: letter for letter, digit in CONFUSED.items()}}


def refusal(*lines: str) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        read_lines(lines)
    assert caught.value.code is Completion.INVALID_DATA
    return caught.value


def vouched(zone: MachineReadableZone) -> tuple[str, ...]:
    """What check digits vouch for."""
    return (zone.number, zone.birth, zone.expiry, zone.code)


@pytest.mark.parametrize(
    ("text", "digit"),
    [("520727", "3"), ("D23145890734<<<<<<<<<<<", "9"), ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"), ("", "0")],
)
def test_check_digits_are_those_of_the_standard(text: str, digit: str) -> None:
    """ICAO 9303-3, appendix A."""
    assert check_digit(text) == digit


def test_the_standards_passport_is_read() -> None:
    """ICAO 9303-4, appendix B."""
    assert read_lines(PASSPORT) == MachineReadableZone(
        layout="TD3",
        code="P",
        number="L898902C3",
        birth="740812",
        expiry="120415",
        issuer="UTO",
        nationality="UTO",
        sex="F",
        surname="ERIKSSON",
        given_names="ANNA MARIA",
        optional="ZE184226B",
    )


@pytest.mark.parametrize(("lines", "layout"), [(TD1, "TD1"), (TD2, "TD2")])
def test_the_standards_cards_are_read(lines: tuple[str, ...], layout: str) -> None:
    """ICAO 9303-5 and 9303-6, appendix B."""
    zone = read_lines(lines)
    assert (zone.layout, zone.number, zone.birth, zone.expiry) == (layout, "D23145890", "740812", "120415")
    assert (zone.issuer, zone.nationality, zone.sex) == ("UTO", "UTO", "F")
    assert (zone.surname, zone.given_names) == ("ERIKSSON", "ANNA MARIA")


def test_a_number_of_more_than_nine_characters_goes_on_in_the_optional_data() -> None:
    """ICAO 9303-5, appendix B, second example."""
    zone = read_lines(("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"))
    assert (zone.number, zone.optional, zone.birth) == ("D23145890734", "", "340712")


def test_the_permits_one_line_has_the_expiry_before_the_birth() -> None:
    zone = read_lines(PERMIT)
    assert (zone.code, zone.number, zone.expiry, zone.birth) == ("CS", "CA1234567", "300912", "900307")
    assert zone.access_key == AccessKey("CA1234567", "900307", "300912")


@pytest.mark.parametrize("specimen", document_specimens(), ids=lambda specimen: specimen.key)
def test_every_specimen_reads_as_it_was_printed(specimen: DocumentSpecimen) -> None:
    zone = read_lines(printed_lines(specimen))
    assert (zone.layout, zone.code, zone.number) == (specimen.zone, specimen.code, specimen.number)
    assert (zone.birth_date(TODAY), zone.expiry_date()) == (specimen.birth, specimen.expiry)


def test_lines_with_blanks_and_small_letters_are_the_same_lines() -> None:
    assert read_lines([f" {line[:7].lower()} {line[7:]}\r" for line in PASSPORT]) == read_lines(PASSPORT)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("C5CA12345672<3009129<9003071<8", "CA1234567"),
        ("CSCAI2345672<3009129<9003071<8", "CA1234567"),
        ("CSCA1Z34S672<3O09I29<9OO3O71<B", "CA1234567"),
    ],
)
def test_characters_in_places_that_hold_only_one_kind_are_mended(read: str, meant: str) -> None:
    assert read_lines([read]).number == meant


def test_a_number_that_two_changes_would_mend_is_refused() -> None:
    """Either O of the passport's number as 0 makes the check digit fit: never two answers."""
    number = next(
        f"{a}{b}4567890"[:9]
        for a in "OIBSZ"
        for b in "OIBSZ"
        if check_digit(f"{a}{EXCHANGE[b]}4567890"[:9]) == check_digit(f"{EXCHANGE[a]}{b}4567890"[:9])
    )
    digit = check_digit(EXCHANGE[number[0]] + number[1:])
    second = f"{number}{digit}UTO7408122F1204159<<<<<<<<<<<<<<0"
    composite = check_digit((second[:10] + second[13:20] + second[21:43]).replace(number, EXCHANGE[number[0]] + number[1:]))
    assert "misread" in refusal(PASSPORT[0], second + composite).technical


def test_a_digit_among_the_letters_of_a_name_empties_the_name_and_nothing_else() -> None:
    zone = read_lines((PASSPORT[0].replace("MARIA", "MAR1A"), PASSPORT[1]))
    assert (zone.surname, zone.given_names, zone.number) == ("", "", "L898902C3")


@pytest.mark.parametrize("country", ["D<<", "0TO"])
def test_a_digit_in_the_country_is_refused(country: str) -> None:
    lines = (PASSPORT[0].replace("UTO", country), PASSPORT[1])
    if country == "D<<":
        assert read_lines(lines).issuer == "D"
    else:
        refusal(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("",),
        (PASSPORT[0],),
        (PASSPORT[0], PASSPORT[1][:-1]),
        (PASSPORT[0], TD2[1]),
        (*TD1, TD1[0]),
        (PASSPORT[0], PASSPORT[1].replace("<", "«")),
        (PASSPORT[0], PASSPORT[1].replace("L8", "吕8")),
        (PASSPORT[0].replace("P<", "V<"), PASSPORT[1]),
        ("<" * 30,),
        ("<" * 44, "<" * 44),
    ],
)
def test_what_is_no_zone_is_refused_in_words(lines: tuple[str, ...]) -> None:
    assert refusal(*lines).technical


def test_dates_that_are_none_are_refused_even_when_they_check() -> None:
    refusal("CSCA12345672<301332" + check_digit("301332") + PERMIT[0][20:])


@pytest.mark.parametrize(
    ("birth", "day"),
    [("261129", date(2026, 11, 29)), ("261130", date(1926, 11, 30)), ("000229", date(2000, 2, 29)), ("7408<<", None)],
)
def test_nobody_was_born_tomorrow(birth: str, day: date | None) -> None:
    zone = MachineReadableZone("TD3", "P", "L898902C3", birth, "300101")
    assert zone.birth_date(TODAY) == day


def test_every_expiry_is_of_this_century() -> None:
    assert MachineReadableZone("TD3", "P", "L898902C3", "740812", "991231").expiry_date() == date(2099, 12, 31)


def test_a_chips_zone_is_believed_and_says_what_does_not_check() -> None:
    zone = parse_zone("".join(PASSPORT)[:-2] + "71")
    assert zone.number == "L898902C3"
    assert zone.wrong == {Check.OPTIONAL, Check.COMPOSITE}


@pytest.mark.parametrize("text", ["", "P<UTO", "X" * 88, "".join(PASSPORT).replace("<", " ")])
def test_a_chip_without_a_zone_is_invalid(text: str) -> None:
    with pytest.raises(DeviceError) as caught:
        parse_zone(text)
    assert caught.value.code is Completion.INVALID_DATA


LETTERS = st.sampled_from(string.ascii_uppercase)
NUMBERS = st.text(string.ascii_uppercase + string.digits, min_size=5, max_size=9)
NAMES = st.lists(st.text(string.ascii_uppercase, min_size=1, max_size=12), min_size=1, max_size=4).map(" ".join)
DAYS = st.dates(date(1927, 1, 1), date(2026, 11, 28))
CODES = {"TD3": ["P", "PO", "PD"], "TD1": ["I", "ID", "A", "C"], "mainland permit": ["CR", "CT"], "one-line permit": ["CS", "CD"]}


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=count, max_size=count)


@st.composite
def specimens(draw: st.DrawFn) -> DocumentSpecimen:
    zone = draw(st.sampled_from(sorted(CODES)))
    number = draw(NUMBERS)
    if zone == "one-line permit":
        number = draw(LETTERS) + draw(st.sampled_from(string.ascii_uppercase + string.digits)) + draw(digits(7))
    if zone == "mainland permit":
        number = draw(st.sampled_from(["H", "M", ""])) + draw(digits(8))
    return DocumentSpecimen(
        key="",
        zone=zone,
        code=draw(st.sampled_from(CODES[zone])),
        issuer=draw(st.text(string.ascii_uppercase, min_size=3, max_size=3)),
        nationality=draw(st.text(string.ascii_uppercase, min_size=3, max_size=3)),
        number=number,
        name="",
        surname=draw(NAMES),
        given_names=draw(NAMES),
        sex=draw(st.sampled_from("MF<")),
        birth=draw(DAYS),
        expiry=draw(st.dates(date(2001, 1, 1), date(2099, 12, 31))),
        card_access_number="",
        opens="",
        groups=frozenset(),
        person="",
        note="",
    )


@given(specimens())
def test_every_line_that_can_be_printed_is_read(specimen: DocumentSpecimen) -> None:
    zone = read_lines(printed_lines(specimen))
    assert (zone.number, zone.code) == (specimen.number, specimen.code)
    assert (zone.birth_date(TODAY), zone.expiry_date()) == (specimen.birth, specimen.expiry)
    assert parse_zone("".join(printed_lines(specimen))) == zone


def read_or_refused(lines: Sequence[str]) -> MachineReadableZone | None:
    try:
        return read_lines(lines)
    except DeviceError as refusal:
        return None if refusal.code is Completion.INVALID_DATA else pytest.fail(str(refusal))


@given(specimens(), st.data())
def test_one_character_that_was_misread_is_mended_or_refused_and_never_wrong(
    specimen: DocumentSpecimen, data: st.DataObject
) -> None:
    lines = printed_lines(specimen)
    right = read_lines(lines)
    text, length = "".join(lines), len(lines[0])
    places = [place for place, character in enumerate(text) if character in EXCHANGE]
    place = data.draw(st.sampled_from(places))
    misread = text[:place] + EXCHANGE[text[place]] + text[place + 1 :]
    zone = read_or_refused([misread[start : start + length] for start in range(0, len(text), length)])
    if zone:
        assert vouched(zone) == vouched(right)
        assert (zone.surname, zone.given_names) in ((right.surname, right.given_names), ("", ""))
        assert (zone.issuer, zone.nationality) == (right.issuer, right.nationality)


@given(st.lists(st.text(st.sampled_from(string.ascii_uppercase + string.digits + "<"), min_size=30, max_size=30), max_size=3))
def test_lines_of_the_right_length_and_no_sense_are_read_or_refused(lines: list[str]) -> None:
    zone = read_or_refused(lines)
    assert zone is None or not zone.wrong


def test_most_misread_characters_are_mended() -> None:
    """So that refusing everything would not pass for mending."""
    misread = [
        "".join((line[:place], EXCHANGE[line[place]], line[place + 1 :]))
        for specimen in document_specimens()
        if specimen.zone == "one-line permit"
        for line in printed_lines(specimen)
        for place in range(2, 30)
        if line[place] in EXCHANGE
    ]
    assert sum(read_or_refused([line]) is not None for line in misread) == len(misread) > 20
