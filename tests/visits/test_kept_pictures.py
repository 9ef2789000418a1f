"""Kept pictures at the terminal: what is fetched and sent, who agreed to what, and what is left behind."""

from __future__ import annotations

import asyncio

import pytest

from flows.application import CITIZEN, Source, SourceKind
from flows.kept import answers_of
from flows.recheck import recheck
from kiosk.view import View
from kiosk.visit import Ended
from tests.kiosk.people import LYU, NOW
from tests.visits.playing import Played, Story, play, words_on
from tests.visits.small_matters import SMALL
from tests.visits.stories_kept import FACE, KEPT_STORIES, LEASE, MY_PAPERS, PHOTO


def told(name: str) -> Played:
    return asyncio.run(play(next(story for story in (*KEPT_STORIES, *MY_PAPERS) if story.name == name)))


def photos(played: Played) -> list[View]:
    return [view for view in played.seen if view.kind == "photo"]


@pytest.mark.parametrize("story", KEPT_STORIES, ids=lambda story: story.name)
def test_every_story_goes_as_it_is_told_and_the_hall_takes_it(story: Story) -> None:
    played = told(story.name)
    hall = played.stage.hall
    for application in hall.submissions:
        flow = SMALL[application.matter]
        kept = answers_of(hall.offers(flow))
        assert recheck(flow, application, hall.said[0], NOW.date(), "440604", kept) == ()
        assert bool(recheck(flow, application, hall.said[0], NOW.date(), "440604")) is _is_kept(application.answers)


def _is_kept(answers: object) -> bool:
    assert isinstance(answers, dict)
    return any(answer.source.kind is SourceKind.KEPT for answer in answers.values())


@pytest.mark.parametrize("story", [*KEPT_STORIES, *MY_PAPERS], ids=lambda story: story.name)
def test_no_screen_says_a_number_and_each_has_a_way_out(story: Story) -> None:
    played = told(story.name)
    for view in played.seen:
        assert LYU.number not in words_on(view)
        assert sum(button.main for button in view.buttons) <= 1
    for view in played.shown:
        names = {button.name for button in view.buttons}
        waits = view.kind in ("busy", "attract", "card") or not names
        assert waits or names & {"quit", "done", "continue", "back", "keep"}, view.title


def test_a_kept_photo_goes_with_its_source_and_without_the_camera() -> None:
    played = told("a kept photo is used again and no camera opens")
    (application,) = played.stage.hall.submissions
    answer = application.answers["photo"]
    assert (answer.value, answer.source) == (FACE.digest, Source(SourceKind.KEPT, PHOTO.document))
    assert application.attached[FACE.digest] == FACE
    assert application.agreed == ()
    assert played.stage.judge.asked == []
    assert not [view for view in photos(played) if view.guide]


def test_it_is_shown_with_its_day_its_matter_and_its_end_and_nothing_is_chosen_beforehand() -> None:
    played = told("a kept photo is used again and no camera opens")
    view = next(view for view in photos(played) if view.picture)
    assert (view.title, view.lead) == ("您拍过照片，还可以用", "2026-05-30 在本大厅拍的")
    assert view.points == ("当时办的是：往来港澳通行证", "2026-11-30 以前都可以再用")
    assert [button.label for button in view.buttons[-2:]] == ["重新拍", "用这张"]


def test_the_picture_is_fetched_when_its_page_comes_and_not_before() -> None:
    assert told("pulling the card at the kept photo ends the visit").stage.hall.fetched == ["photo 1"]
    assert told("a new photo is kept for next time because the citizen says so").stage.hall.fetched == []


def test_a_new_photo_is_the_citizens_own_although_one_is_kept() -> None:
    for name in (
        "whoever does not like the kept photo takes a new one",
        "a kept photo is changed for a new one at the review",
        "the hall cannot read what it kept: the camera opens as if nothing were kept",
        "another picture than the one on offer is not shown to anybody",
    ):
        (application,) = told(name).stage.hall.submissions
        assert application.answers["photo"].source == CITIZEN, name
        assert FACE.digest not in application.attached


def test_a_picture_that_was_not_on_offer_is_never_on_the_screen() -> None:
    seen = told("another picture than the one on offer is not shown to anybody").seen
    assert not [view for view in seen if view.picture == LEASE.content]


def test_consent_is_a_button_of_its_own_and_never_the_main_one() -> None:
    played = told("a new photo is kept for next time because the citizen says so")
    (application,) = played.stage.hall.submissions
    assert application.agreed == (application.answers["photo"].value,)
    view = next(view for view in photos(played) if any(button.name == "use_and_keep" for button in view.buttons))
    assert [button.name for button in view.buttons if button.main] == ["use"]
    assert "同意" in view.points[0]


def test_without_that_button_nothing_is_agreed() -> None:
    for name in ("whoever does not like the kept photo takes a new one", "whoever thinks better of it keeps nothing"):
        (application,) = told(name).stage.hall.submissions
        assert application.agreed == (), name


def test_what_is_kept_already_is_not_asked_for_again() -> None:
    played = told("a kept photo serves the second matter of the visit too")
    assert not [button for view in photos(played) for button in view.buttons if button.name == "use_and_keep"]
    assert [one.answers["photo"].source.kind for one in played.stage.hall.submissions] == [SourceKind.KEPT] * 2


def test_one_asks_for_deletion_of_what_one_agreed_to_and_of_nothing_else() -> None:
    played = told("what the hall keeps of my papers is deleted")
    first, last = [view for view in played.shown if view.kind == "review"]
    edits = {group.title: group.edit.name for group in first.groups if group.edit}
    assert edits == dict.fromkeys(("大厅留存：出入境证件照片", "大厅留存：租赁合同或房产证"), "withdraw")
    titles = [group.title for group in last.groups]
    assert "大厅留存：出入境证件照片" not in titles
    assert "大厅留存：大厅出具的证明" in titles
    ((look, identity, document),) = played.stage.hall.withdrawn
    assert (look, identity.number, document) == (played.stage.hall.looks[0][0], LYU.number, "photo 1")


def test_thinking_better_of_it_or_a_forged_touch_asks_the_hall_for_nothing() -> None:
    for name in (
        "whoever thinks better of it deletes nothing",
        "what may not be deleted has no button, and a forged touch does nothing",
    ):
        assert told(name).stage.hall.withdrawn == [], name


def test_a_lost_answer_is_asked_for_once_more_under_the_same_number() -> None:
    first, second = told("a lost answer is asked for again").stage.hall.withdrawn
    assert first == second


def test_what_stays_with_its_case_says_so_and_loses_its_button() -> None:
    played = told("a paper that a case rests on stays with that case alone")
    last = [view for view in played.shown if view.kind == "review"][-1]
    group = next(group for group in last.groups if group.title == "大厅留存：出入境证件照片")
    assert group.edit is None
    assert group.lines[-1].value == "只用于当时的办件，到期销毁"
    assert played.ended is Ended.LOOKED
