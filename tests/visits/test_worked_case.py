"""The worked case of the field's own facts: 吕晓岚 on Monday 2026-11-23, every value of her sheet, her fee, her due day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.application import Application, SourceKind
from flows.calendar import due_day
from flows.compare import DifferenceKind, compare
from flows.endorsement_choice import chosen
from flows.exit_entry import validity_years
from flows.flow import Known, Term
from flows.fold import start
from flows.matters import MATTERS
from flows.pictures import MOST_BYTES
from kiosk.visit import Ended
from tests.visits.playing import words_on
from tests.visits.specimen_hall import REGION, TODAY
from tests.visits.test_variants import Told, told

TITLE = "hk-macau-permit: the worked case: an expired permit, one visit to Hong Kong and one to Macau"

SHEET = [  # row of the form, field, value, who said it
    ("3", "kind", "REAPPLY", "rule:kind"),
    ("4", "name", "吕晓岚", "card"),
    ("6", "surname", "LYU", "exit_entry"),
    ("6", "given_names", "XIAOLAN", "exit_entry"),
    ("7", "sex", "2", "card"),
    ("8", "ethnic_group", "01", "card"),
    ("9", "birth", "1992-02-29", "card"),
    ("10", "birth_place", "广东", "household"),
    ("11", "number", "440602199202299863", "card"),
    ("12", "address", "广东省佛山市禅城区祖庙街道莲花路36号802房", "household"),
    ("13", "police_station", "佛山市公安局禅城分局祖庙派出所", "household"),
    ("13", "station_code", "440604520000", "household"),
    ("14", "lives_at", "household", "citizen"),
    ("14", "postcode", "528000", "citizen"),
    ("15", "mobile", "13802845678", "social_security"),
    ("16", "emergency_phone", "13902840011", "citizen"),
    ("20", "occupation", "软件技术", "social_security"),
    ("21", "employer", "佛山市禅城区云岫软件有限公司", "social_security"),
    ("21", "credit_code", "91440604MA9XK7P27D", "social_security"),
    ("21", "company_name", "佛山市禅城区云岫软件有限公司", "market_regulation"),
    ("22", "public_servant", "no", "citizen"),
    ("22", "soldier", "no", "citizen"),
    ("24-26", "hong_kong", "HK-G-12-2", "citizen"),
    ("24-26", "macau", "MO-G-12-1", "citizen"),
    ("31", "permit_number", "C23456781", "exit_entry"),
    ("31", "permit_expiry", "2025-10-08", "exit_entry"),
    ("35", "delivery", "PICKUP", "citizen"),
    ("36", "echannel", "yes", "citizen"),
]


@pytest.fixture(scope="module")
def went() -> Told:
    return told(TITLE)


@pytest.fixture(scope="module")
def application(went: Told) -> Application:
    return went.application


@pytest.fixture(scope="module")
def known(went: Told, application: Application) -> Known:
    begin = start(MATTERS.of(application), application.identity, went.hall.lookups[application.visit], TODAY, region=REGION)
    return replace(begin, answers=application.answers)


@pytest.mark.parametrize(("row", "field", "value", "by"), SHEET, ids=lambda part: str(part))
def test_the_sheet_has_this_value_from_this_source(application: Application, row: str, field: str, value: str, by: str) -> None:
    answer = application.answers[field]
    said = answer.source.name or answer.source.kind
    assert answer.value == value
    assert (f"rule:{said}" if answer.source.kind is SourceKind.RULE else said) == by
    assert MATTERS.of(application).fields[field].row == row


def test_rows_that_are_not_asked_in_this_case_are_empty(application: Application) -> None:
    rows = {MATTERS.of(application).fields[name].row for name, answer in application.answers.items() if answer.value}
    assert not rows & {"5", "17", "18", "19", "23", "27", "28", "29", "30", "32", "33", "34"}


def test_photo_and_two_signatures_are_attached(application: Application) -> None:
    for name in ("photo", "signature", "echannel_signature"):
        attached = application.attached[application.answers[name].value]
        assert attached.digest == application.answers[name].value
        assert 0 < len(attached.content) <= MOST_BYTES


def test_the_endorsements_are_those_of_the_sheet(known: Known) -> None:
    assert [(o.place, o.kind, o.months, o.entries, o.condition.stay_days) for o in chosen(known)] == [
        ("HK", "G", 12, "2", 7),
        ("MO", "G", 12, "1", 7),
    ]


def test_the_fee_is_105_yuan_itemised_with_its_table(application: Application, known: Known) -> None:
    fee = MATTERS.of(application).fee(known)
    assert [line.yuan for line in fee.lines] == [60, 30, 15]
    assert (fee.yuan, fee.table, fee.unpriced) == (105, "收费标准 2019-07-01", ())


def test_accepted_today_it_is_due_on_wednesday_the_second_of_december(application: Application, known: Known) -> None:
    term = MATTERS.of(application).term(known)
    assert term == Term(7, "working_days")
    assert term is not None
    assert due_day(term, TODAY).isoformat() == "2026-12-02"


def test_the_new_card_is_good_for_ten_years(known: Known) -> None:
    assert validity_years(known) == 10


def test_the_options_shown_are_those_of_the_rules(went: Told) -> None:
    kinds = next(view for view in went.seen for line in view.lines if line.name == "kind")
    assert "失效重新申请" in words_on(kinds)
    picks = {line.name: line.picks for view in went.seen for line in view.lines if line.name in ("hong_kong", "macau")}
    offered = {name: {pick.key for pick in some if not pick.why_not} for name, some in picks.items()}
    assert {"HK-G-3-1", "HK-G-3-2", "HK-G-12-1", "HK-G-12-2"} <= offered["hong_kong"]
    assert {key for key in offered["macau"] if "-G-" in key} == {"MO-G-3-1", "MO-G-12-1"}


def test_the_one_difference_at_the_counter_is_the_address_of_the_chip(went: Told, application: Application) -> None:
    found = compare(MATTERS.of(application), application, went.hall.lookups[application.visit])
    assert [(d.field, d.kind) for d in found if d.field == "card.address"] == [("card.address", DifferenceKind.OLD_VALUE)]
    assert {d.field for d in found} == {"card.address", "mobile"}


def test_it_ends_with_a_ticket_that_says_it_is_no_acceptance(went: Told) -> None:
    assert went.ended is Ended.TICKET
    assert "本单不是受理回执" in words_on(went.seen[-1])
    paper = next(iter(went.stage.printer.slips.values()))
    assert ("姓名", "吕**") in paper.lines
