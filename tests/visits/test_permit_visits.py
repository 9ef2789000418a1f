"""What the hall is sent when a permit's application turns at the last moment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.application import Application
from flows.flow import Fee
from flows.fold import start
from flows.matters import MATTERS
from kiosk.view import View
from tests.kiosk.people import HOLDER, NOW, lookup
from tests.visits.playing import words_on
from tests.visits.test_visits import told

FLOW = MATTERS["hk-macau-permit"]
NEW_CARD_ONLY = {"pinyin", "home", "emergency", "work", "photo", "echannel"}


def sent(name: str) -> Application:
    (application,) = told(name).stage.hall.submissions
    return application


def answered(application: Application) -> set[str]:
    return {page.name for page in FLOW.pages if any(field.name in application.answers for field in page.fields)}


def fee(application: Application) -> Fee:
    begin = start(FLOW, application.identity, lookup(of=HOLDER), NOW.date(), region="440604")
    return FLOW.fee(replace(begin, answers=application.answers))


def last_review(name: str) -> View:
    return [view for view in told(name).shown if view.kind == "review"][-1]


def test_whoever_keeps_the_permit_is_asked_for_no_photo_and_no_work() -> None:
    name = "endorsements only, on a permit that stays"
    application = sent(name)
    assert not answered(application) & NEW_CARD_ONLY
    assert [attached.media_type for attached in application.attached.values()] == ["image/png"]
    assert fee(application).yuan == 45
    assert not [view for view in told(name).shown if view.kind == "photo"]


def test_a_loss_has_its_own_statement_and_signature_beside_the_declaration() -> None:
    application = sent("the loss of a permit is declared and signed for")
    answers = application.answers
    assert (answers["loss_how"].value, answers["loss_day"].value, answers["loss_place"].value) == ("STOLEN", "2026-11", "HK")
    for name in ("loss_signature", "signature"):
        assert application.attached[answers[name].value].media_type == "image/png"
    (statement, *_) = [view for view in told("the loss of a permit is declared and signed for").shown if view.title == "遗失声明"]
    assert "原证件自受理时起作废" in words_on(statement)


def test_another_kind_from_the_review_asks_what_it_needs_and_keeps_what_was_said() -> None:
    name = "another kind, chosen from the review, asks what it needs"
    application = sent(name)
    assert answered(application) >= {*NEW_CARD_ONLY, "loss", "loss_statement", "macau", "delivery"}
    asked = [view.title for view in told(name).shown]
    assert [asked.count(title) for title in ("要去香港吗", "要去澳门吗", "怎么联系您", "声明与签名")] == [1, 1, 1, 1]
    assert fee(application).yuan == 105


def test_another_kind_from_the_review_sends_nothing_that_it_does_not_need() -> None:
    application = sent("another kind, chosen from the review, drops what it does not need")
    assert not answered(application) & {*NEW_CARD_ONLY, "loss", "loss_statement"}
    assert [attached.media_type for attached in application.attached.values()] == ["image/png"], (
        "neither photo nor loss statement"
    )
    assert fee(application).yuan == 45


def test_a_late_consent_is_signed_and_the_photo_is_not_taken_again() -> None:
    name = "a consent is given later than the photo, and signed then"
    application = sent(name)
    assert application.answers["echannel"].value == "yes"
    assert application.answers["echannel_signature"].value in application.attached
    assert [view.title for view in told(name).shown].count("这张照片可以用") == 1
    assert len(told(name).stage.judge.asked) == 1


@pytest.mark.parametrize("more", ["", ", nor to the relative there"])
def test_not_going_to_hong_kong_after_all_takes_its_answers_and_its_price_away(more: str) -> None:
    name = f"no visit to Hong Kong after all{more}"
    application = sent(name)
    assert application.answers["hong_kong"].value == "none"
    assert not [field for field in application.answers if field.startswith("hong_kong_")]
    assert fee(application).yuan == 15
    words = words_on(last_review(name))
    assert "共 15 元" in words
    assert "香港 " not in words


def test_endorsements_alone_go_somewhere() -> None:
    application = sent("neither Hong Kong nor Macau is no endorsement")
    assert (application.answers["hong_kong"].value, application.answers["macau"].value) == ("none", "MO-G-12-1")
