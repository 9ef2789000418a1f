"""Two of the facts most likely to be got wrong (domain.md 8), as a citizen meets them at the terminal."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from flows.application import Lookup, Outcome, Record, SourceAnswer
from flows.flow import Flow, Known, Route
from flows.matters import MATTERS
from flows.pictures import Picture
from kiosk.present import Look, notice_view
from kiosk.slip import Slip
from kiosk.view import View
from kiosk.visit import Ended
from tests.kiosk.fakes import PLACE, WORDS, Stage
from tests.kiosk.people import NOW, lookup
from tests.visits.moments import CARD, TO_COUNTER, begin
from tests.visits.playing import Played, Story, play, words_on
from tests.visits.small_matters import WHO
from tests.visits.test_whole_visits import told
from tests.visits.world import both, offers

HITS = ("permit.route", "permit.kinds")
LISTED = "不准出境-ban-42"


def _by_the_list(known: Known) -> Route:
    return Route.TERMINAL if known.record("permit.route") == "terminal" else Route.COUNTER


LISTS = Flow(code="lists", version="1", title="试验", pages=(WHO,), needs=HITS, route=_by_the_list)


def _said(values: dict[str, str], doubt: str = "") -> Lookup:
    """What departments say, a list hit with their own words among it."""
    answered = lookup()
    records = tuple(Record(item, value, "exit_entry", NOW, doubt) for item, value in values.items())
    others = tuple(source for source in answered.sources if source.department != "exit_entry")
    return replace(answered, sources=(*others, SourceAnswer("exit_entry", "出入境管理", Outcome.RECORD, records)))


REASONS = {
    "on a list": _said({"permit.route": "counter", "permit.kinds": "B"}),
    "on a list, in doubt": _said({"permit.route": LISTED}, "hit"),
    "no record at all": _said({}),
}


def _went(said: Lookup) -> Played:
    def hall(stage: Stage) -> None:
        stage.hall.says = said

    story = Story("listed", (*begin("lists"), CARD, *TO_COUNTER), Ended.TICKET, before=both(offers(LISTS), hall))
    return asyncio.run(play(story))


def _seen(played: Played) -> list[str]:
    return [words_on(view) for view in played.shown]


def _paper(played: Played) -> list[Slip]:
    return [replace(slip, reference="", qr="") for slip in played.stage.printer.slips.values()]


def test_fact_19_every_way_to_the_counter_looks_and_prints_the_same() -> None:
    visits = [_went(said) for said in REASONS.values()]
    assert all(_seen(played) == _seen(visits[0]) for played in visits)
    assert all(_paper(played) == _paper(visits[0]) for played in visits)


@pytest.mark.parametrize("said", REASONS.values(), ids=REASONS)
def test_fact_19_no_list_hit_is_on_any_screen_or_paper(said: Lookup) -> None:
    played = _went(said)
    everything = "\n".join([*_seen(played), *(str(slip) for slip in played.stage.printer.slips.values())])
    for word in (LISTED, "不准", "名单", "hit"):
        assert word not in everything


def test_fact_19_a_case_sent_to_the_counter_carries_no_reason() -> None:
    (application,) = _went(REASONS["on a list"]).stage.hall.submissions
    assert application.to_counter
    assert {"permit.route", "permit.kinds"}.isdisjoint(application.answers)
    assert not [answer for answer in application.answers.values() if answer.value in ("counter", LISTED)]


def test_fact_19_a_certificate_that_is_not_issued_says_nothing_about_why() -> None:
    """The terminal never works a certificate out (PROOF's rule would raise): it prints or sends to the counter."""
    issued, refused = told("a certificate is issued and printed at once"), told("the hall issues nothing: an ordinary ticket")
    before = [[words_on(view) for view in played.shown if view.kind != "ticket"] for played in (issued, refused)]
    assert before[0] == before[1]
    assert refused.stage.page_printer is not None
    assert refused.stage.page_printer.jobs == {}
    assert refused.shown[-1].title == "您的排队号码"
    ordinary = told("a portrait is taken, agreed to and signed for").shown[-1]
    assert (refused.shown[-1].title, refused.shown[-1].lead, refused.shown[-1].tone) == (
        ordinary.title,
        ordinary.lead,
        ordinary.tone,
    )


@pytest.mark.parametrize("code", sorted(MATTERS))
def test_fact_23_before_a_card_is_read_there_is_a_notice_and_no_consent(code: str) -> None:
    view = notice_view(Look(WORDS["zh"], False, NOW, PLACE), MATTERS[code], for_child=MATTERS[code].for_child)
    assert [button.name for button in view.buttons if button.main] == ["understood"]
    assert not [button.label for button in view.buttons if "同意" in button.label]
    assert any("依法" in text or "法定" in text for text in (view.lead, *view.points))
    assert any("人工窗口" in point for point in view.points)


@pytest.mark.parametrize("code", sorted(MATTERS))
def test_fact_23_no_matter_has_the_camera_or_a_signature_as_its_only_way(code: str) -> None:

    pictures = [field for field in MATTERS[code].fields.values() if isinstance(field.kind, Picture)]
    assert all(field.may_be_left or not field.required for field in pictures)


def test_fact_23_every_screen_of_the_camera_has_a_way_without_it() -> None:
    names = (
        "the third portrait is good, and the counter was offered before it",
        "a camera that fails comes back on the second try",
        "a terminal without a camera says so and goes on",
        "a paper is photographed without being judged",
    )
    asking: list[View] = [view for name in names for view in told(name).seen if view.kind == "photo" and view.buttons]
    without = [view for view in asking if not {"leave", "again"} & {button.name for button in view.buttons}]
    assert asking
    assert without == []


def test_fact_23_an_optional_consent_left_blank_stops_nobody() -> None:
    (application,) = told("a portrait is taken, agreed to and signed for").stage.hall.submissions
    assert application.answers["more"].value == ""
    consented = told("a consent has its own signature").stage.hall.submissions[0]
    assert consented.answers["more"].value == "yes"
    assert consented.answers["more_signature"].value in consented.attached


def test_the_certificate_is_printed_and_shown_by_its_code_alone() -> None:
    played = told("a certificate is issued and printed at once")
    assert played.shown[-1].number == "7Q4M Z8KD 2XVW 9RTA"
    assert played.stage.printer.slips == {}
    assert played.stage.page_printer is not None
    assert list(played.stage.page_printer.jobs) == list(played.stage.hall.tickets)


def test_a_certificate_that_was_not_printed_is_fetched_at_the_counter_by_its_number() -> None:
    for name in ("the page printer is out of paper", "there is no page printer", "the hall goes before it is fetched"):
        played = told(f"a certificate is issued, but {name}")
        (ticket,), (slip,) = played.stage.hall.tickets.values(), played.stage.printer.slips.values()
        assert played.shown[-1].number == slip.number == ticket.number
        assert not [point for point in played.shown[-1].points if "前面" in point]
