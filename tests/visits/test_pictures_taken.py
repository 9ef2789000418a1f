"""What a visit with pictures shows, sends and leaves behind."""

from __future__ import annotations

import asyncio
import gc

from flows.application import SourceKind
from kiosk.view import Mark, Touch
from kiosk.visit import Ended, serve_one
from tests.kiosk.fake_devices import FakeCamera, Shot
from tests.kiosk.fakes import Stage
from tests.kiosk.people import NOW
from tests.visits.moments import PORTRAIT_BEGINS, TAKE
from tests.visits.playing import Moment, Script, ScriptedDisplay, Story, play
from tests.visits.small_matters import BADGE, PORTRAIT
from tests.visits.test_whole_visits import told
from tests.visits.world import offers, pull


def test_the_judged_picture_goes_to_the_hall_and_not_the_shot() -> None:
    played = told("a portrait is taken, agreed to and signed for")
    (application,) = played.stage.hall.submissions
    photo = application.attached[application.answers["photo"].value]
    assert (photo.media_type, photo.content) == ("image/jpeg", b"cropped 1")
    assert application.attached[application.answers["signature"].value].media_type == "image/png"
    assert played.stage.judge.asked == [(b"somebody", "exit_entry", NOW.date())]


def test_an_optional_consent_that_nobody_gave_is_blank() -> None:
    (application,) = told("a portrait is taken, agreed to and signed for").stage.hall.submissions
    assert application.answers["more"].value == ""
    assert "more_signature" not in application.answers


def test_live_pictures_come_with_an_outline_and_faults_with_their_place() -> None:
    seen = [
        view for view in told("the third portrait is good, and the counter was offered before it").seen if view.kind == "photo"
    ]
    live = next(view for view in seen if view.picture)
    assert (live.guide, live.picture, [button.name for button in live.buttons if button.main]) == (
        "portrait",
        b"somebody",
        ["take"],
    )
    first = next(view for view in seen if view.marks)
    assert first.marks == (Mark(0.3, 0.2, 0.4, 0.5),)
    assert first.points == ("头歪了，请把头摆正",)


def test_after_two_failures_the_counter_is_the_main_way() -> None:
    seen = told("the third portrait is good, and the counter was offered before it").shown
    wrong = [view for view in seen if view.title == "这张还不能用"]
    assert [[button.name for button in view.buttons if button.main] for view in wrong] == [["again"], ["leave"]]


def test_a_photo_on_the_review_is_a_picture() -> None:
    played = told("a portrait is taken again from the review")
    review = [view for view in played.shown if view.kind == "review"][-1]
    lines = {line.name: line for group in review.groups for line in group.lines}
    assert lines["photo"].picture == b"cropped 2"
    assert lines["signature"].picture.startswith(b"\x89PNG")
    (application,) = played.stage.hall.submissions
    assert {picture.content for picture in application.attached.values() if picture.media_type == "image/jpeg"} == {b"cropped 2"}


def test_a_photo_left_to_the_counter_is_marked_and_nothing_is_attached_for_it() -> None:
    (application,) = told("whoever does not want to be photographed leaves it to the counter").stage.hall.submissions
    assert application.answers["photo"].source.kind is SourceKind.COUNTER
    assert [picture.media_type for picture in application.attached.values()] == ["image/png"]


def test_a_signature_stays_while_the_language_changes() -> None:
    signed = {"signature": "100,300 180,120 260,330;320,140 420,300 520,160"}
    moments = (
        *PORTRAIT_BEGINS,
        Moment("photo", Touch("leave")),
        Moment("form", Touch("next")),
        Moment("form", Touch("language", {**signed, "value": "en"})),
        Moment("form", Touch("quit"), sees="Back"),
        Moment("message", pull),
    )
    view = [v for v in asyncio.run(play(Story("signs", moments, Ended.QUIT, before=offers(PORTRAIT)))).shown if v.kind == "form"][
        -1
    ]
    assert (view.lines[0].raw, view.lines[0].picture[:4]) == (signed["signature"], b"\x89PNG")


def test_a_paper_is_sent_as_it_was_seen_and_nobody_judges_it() -> None:
    played = told("a paper is photographed without being judged")
    (application,) = played.stage.hall.submissions
    (paper,) = application.attached.values()
    assert paper.digest == application.answers["paper"].value
    assert played.stage.judge.asked == []
    assert {view.guide for view in played.seen if view.kind == "photo"} == {"page", ""}


def test_a_second_matter_shares_what_was_said_and_the_photo() -> None:
    played = told("a second matter asks only what is new")
    first, second = played.stage.hall.submissions
    assert first.visit != second.visit
    assert second.answers["mobile"].value == "13900001111"
    assert second.attached == {second.answers["photo"].value: first.attached[first.answers["photo"].value]}
    assert len(played.stage.judge.asked) == 1
    assert [code for _, code, _ in played.stage.hall.opened] == ["portrait", "badge"]


def test_nothing_more_is_offered_when_the_card_is_gone_or_all_is_done() -> None:
    done = [view for view in told("a second matter asks only what is new").seen if view.kind == "ticket"]
    assert [any(button.name == "another" for button in view.buttons) for view in (done[0], done[-1])] == [True, False]
    child = [view for view in told("with a guardian's card only a child's matters are offered").shown if view.kind == "ticket"]
    assert not any(button.name == "another" for view in child for button in view.buttons)


def test_pulling_the_card_at_the_ticket_takes_the_offer_of_another_matter_away() -> None:
    moments = (
        *PORTRAIT_BEGINS,
        Moment("photo", Touch("leave")),
        Moment("form", Touch("next")),
        Moment("form", Touch("next", left=frozenset({"signature"}))),
        Moment("review", Touch("submit")),
        Moment("ticket", pull, sees="再办一件"),
    )
    last = Moment("ticket", Touch("done"))

    class Watching(Script):
        def _is_due(self, moment: Moment, view: object) -> bool:
            due = super()._is_due(moment, view)  # type: ignore[arg-type]
            names = [button.name for button in view.buttons]  # type: ignore[attr-defined]
            return due and (moment is not last or "another" not in names)

    story = Story("pulls", (*moments, last), Ended.TICKET, before=offers(PORTRAIT, BADGE))
    played = asyncio.run(play(story, tells=Watching))
    assert [button.name for button in played.seen[-1].buttons] == ["done"]


def test_no_frame_of_the_camera_is_left_after_the_visit() -> None:
    found: list[int] = []

    def count(stage: Stage) -> None:
        gc.collect()
        found.append(sum(type(thing) is Shot and thing == b"leaves" for thing in gc.get_objects()))

    async def visit() -> None:
        stage = Stage(camera=FakeCamera(b"leaves"))
        offers(PORTRAIT)(stage)
        moments = (
            *PORTRAIT_BEGINS,
            TAKE,
            Moment("photo", count, sees="就用这张"),
            Moment("photo", pull),
            Moment("message", Touch("done")),
        )
        await serve_one(stage.terminal(ScriptedDisplay(Script(Story("left", moments, Ended.CARD_TAKEN), stage))))
        count(stage)

    asyncio.run(visit())
    assert found[0] > 0
    assert found[1] == 0
