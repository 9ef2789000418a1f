"""Whole visits from the invitation to the end, without pixels: what is seen, what is sent, what is left."""

from __future__ import annotations

import asyncio
import gc
import re
from dataclasses import replace
from functools import cache

import pytest

from flows.application import Application
from flows.matters import MATTERS
from flows.recheck import recheck
from kiosk.draft import Draft
from kiosk.view import Touch, View
from kiosk.visit import Ended, serve_one
from tests.kiosk.fakes import Stage
from tests.kiosk.people import HOLDER, LYU, NOW
from tests.visits.moments import DONE, TAKEN
from tests.visits.playing import Moment, Played, Script, ScriptedDisplay, Story, play, words_on
from tests.visits.stories import PAGES, PERMIT, PULLED, REVIEW, SHOW_CARD, STORIES, SUBMIT, WHOLE, at
from tests.visits.world import hall_refuses_the_address, hall_says, pull

NAME = "a new permit with endorsements, from the card to the ticket"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOTHING_SENT = {Ended.QUIT, Ended.IDLE, Ended.CARD_TAKEN}


def run(story: Story) -> Played:
    return asyncio.run(play(story))


@cache
def told(name: str) -> Played:
    """A story of the list, played once however many tests look at it."""
    return run(next(story for story in STORIES if story.name == name))


def everything_sent(played: Played) -> list[Application]:
    return [*played.stage.hall.submissions, *played.stage.post.kept.values(), *played.stage.post.sent]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_story_goes_as_it_is_told(story: Story) -> None:
    played = told(story.name)
    hall, display = played.stage.hall, played.display
    assert isinstance(display, ScriptedDisplay)
    assert display.forgotten, "the display was not told to forget"
    assert len(hall.tickets) == (1 if played.ended is Ended.TICKET else 0)
    if played.ended in NOTHING_SENT:
        assert not everything_sent(played)
        assert not played.stage.printer.slips
        assert hall.left == [visit for visit, _, _ in hall.opened]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_screen_offers_language_large_text_and_help_and_hides_the_number(story: Story) -> None:
    for view in told(story.name).seen:
        assert [button.name for button in view.corner] == ["language", "large", "help"]
        assert sum(button.main for button in view.buttons) <= 1
        assert not [number for number in (LYU.number, HOLDER.number) if number in words_on(view)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_whatever_was_submitted_is_taken_by_the_halls_own_recheck(story: Story) -> None:
    played = told(story.name)
    taken = [a for a in everything_sent(played) if not (played.stage.hall.refuses and not a.to_counter)]
    known = next(iter(played.stage.hall.said), None)
    for application in taken:
        assert recheck(MATTERS[application.matter], application, known, NOW.date(), "440604") == ()


def test_the_screens_that_she_answers_are_these() -> None:
    passing = ("拍一张证件照", "正在检查，请稍候")
    kinds = ("form", "records", "photo", "review")
    answered = [(view.kind, view.title) for view in told(NAME).shown if view.kind in kinds and view.title not in passing]
    assert answered == list(PAGES)


@pytest.mark.parametrize("title", [title for _, title in PAGES])
def test_pulling_the_card_on_any_screen_ends_the_visit_and_sends_nothing(title: str) -> None:
    played = run(Story("pulled", (*SHOW_CARD, at(title, pull), PULLED), Ended.CARD_TAKEN))
    assert everything_sent(played) == []
    assert len(played.stage.hall.left) == 1


def test_pulling_the_card_while_the_departments_are_asked_sends_nothing() -> None:
    def slow(stage: Stage) -> None:
        stage.hall.answering.clear()

    story = Story("pulled", (*SHOW_CARD, Moment("busy", pull), PULLED), Ended.CARD_TAKEN, before=slow)
    assert everything_sent(run(story)) == []


def test_pulling_the_card_on_the_help_screen_ends_the_visit() -> None:
    story = Story("pulled", (*SHOW_CARD, at(PERMIT, Touch("help")), Moment("message", pull), PULLED), Ended.CARD_TAKEN)
    assert everything_sent(run(story)) == []


def test_once_the_submission_has_begun_the_card_may_go() -> None:
    def pull_as_it_arrives(stage: Stage) -> None:
        submit = stage.hall.submit

        async def pulled(application: Application):  # type: ignore[no-untyped-def]
            stage.plate.pull()
            return await submit(application)

        stage.hall.submit = pulled  # type: ignore[method-assign]

    story = Story("late", (*SHOW_CARD, SUBMIT, DONE[1]), Ended.TICKET, before=pull_as_it_arrives)
    assert len(run(story).stage.hall.submissions) == 1


def test_known_values_are_shown_with_their_source_and_day() -> None:
    who = told(NAME).shown
    lines = {line.name: line for view in who if view.kind == "records" for line in view.lines}
    assert [tag.text for tag in lines["name"].tags] == ["身份证"]
    assert [tag.text for tag in lines["address"].tags] == ["公安户籍 · 2019-05-20"]
    assert lines["number"].value == "4****************3"


def test_the_steps_are_counted_from_the_first_question_to_the_review() -> None:
    steps = list(dict.fromkeys((view.step, view.steps) for view in told(NAME).shown if view.step))
    assert [step for step, _ in steps] == list(range(1, len(PAGES) + 1))
    assert [of for _, of in steps] == sorted(of for _, of in steps), "answers may bring more questions, never fewer here"
    assert steps[-1] == (len(PAGES), len(PAGES))


def test_departments_are_named_while_they_are_asked_and_when_they_answered() -> None:
    busy = [view for view in told(NAME).seen if view.kind == "busy" and view.sources]
    assert {source.state for source in busy[0].sources} == {"正在查询"}
    assert {source.title: source.state for source in busy[1].sources if source.state != "已取得"} == {"公安人口": "没有登记"}


def test_in_english_nothing_but_names_and_addresses_is_chinese() -> None:
    for view in told("the same in English").seen[1:]:
        lines = [line for group in view.groups for line in group.lines] + list(view.lines)
        parts = [view.title, view.lead, view.notice, view.total, view.hall_name, *view.points]
        parts += [button.label for button in (*view.buttons, *view.corner) if button.label != "中文"]
        parts += [text for line in lines for text in (line.label, line.hint, *(tag.text for tag in line.tags))]
        parts += [text for line in lines for pick in line.picks for text in (pick.label, pick.note, pick.why_not)]
        assert not [part for part in parts if CHINESE.search(part)]


def test_the_next_visit_begins_in_chinese_and_in_standard_text() -> None:
    async def twice() -> View:
        stage = Stage()
        story = Story("first", (Moment("attract", Touch("large")), *WHOLE), Ended.TICKET, language="en")
        script = Script(replace(story, moments=tuple(_english(moment) for moment in story.moments)), stage)
        await serve_one(stage.terminal(ScriptedDisplay(script)))
        again = Script(Story("second", (*WHOLE[:1], Moment("notice", Touch("quit"))), Ended.QUIT), stage)
        await serve_one(stage.terminal(ScriptedDisplay(again)))
        return again.shown[0]

    first = asyncio.run(twice())
    assert (first.language, first.large) == ("zh", False)


def test_a_language_chosen_by_somebody_who_left_falls_back() -> None:
    def a_minute(stage: Stage) -> None:
        stage.time.pass_by(61)

    moments = (Moment("attract", Touch("language", {"value": "en"})), Moment("attract", a_minute, sees="Choose"))
    begin = Moment("attract", Touch("hk-macau-permit"), sees="请选择要办理的事项")
    played = run(Story("left", (*moments, begin, *WHOLE[1:]), Ended.TICKET))
    assert [view.language for view in played.seen[:4]] == ["zh", "en", "zh", "zh"]


def test_a_language_change_keeps_what_was_entered() -> None:
    played = told("large text and another language in the middle keep what was entered")
    lines = [line for view in played.shown for line in view.lines if line.name == "mobile" and line.raw == "139"]
    assert len(lines) == 2
    assert played.stage.hall.submissions[0].answers["mobile"].value == "13900001111"


def test_nothing_of_a_citizen_is_reachable_after_the_visit() -> None:
    found: list[int] = []

    def count(stage: Stage) -> None:
        gc.collect()
        drafts = [thing for thing in gc.get_objects() if type(thing) is Draft]  # a dead weak reference has no class to ask for
        found.append(sum("吕晓岚" in [answer.value for answer in draft.answers.values()] for draft in drafts))

    async def visit() -> None:
        stage = Stage()
        moments = (*SHOW_CARD, at(REVIEW, count), Moment("review", pull), PULLED)
        await serve_one(stage.terminal(ScriptedDisplay(Script(Story("left", moments, Ended.CARD_TAKEN), stage))))
        count(stage)

    asyncio.run(visit())
    assert found[0] > 0
    assert found[1] == 0


def test_the_way_to_the_counter_looks_the_same_for_every_reason() -> None:
    reasons: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
        ({"permit.route": "counter"}, {}),
        ({"permit.route": "counter", "permit.kinds": "G"}, {}),
        ({}, {"public_servant": "yes", "soldier": "no"}),
        ({}, {"public_servant": "no", "soldier": "yes"}),
    )
    seen = []
    for changed, says in reasons:
        moments = (*SHOW_CARD, Moment("message", Touch("ticket"), wishes=says), *DONE)
        played = run(Story("counter", moments, Ended.TICKET, before=hall_says(changed=changed)))
        assert played.stage.hall.submissions[0].to_counter
        seen.append([words_on(view) for view in played.shown if view.kind in ("message", "ticket")])
    assert all(each == seen[0] for each in seen)


def test_a_lost_answer_is_asked_for_again_and_gives_one_ticket() -> None:
    hall = told("the answer of the submission is lost").stage.hall
    assert len(hall.submissions) == 2
    assert hall.submissions[0] == hall.submissions[1]


def test_a_refused_value_goes_to_the_clerk_without_it() -> None:
    played = told("the hall does not take a changed record: to the counter with a ticket")
    first, second = played.stage.hall.submissions
    assert second.to_counter
    assert set(first.answers) - set(second.answers) == {"address"}


def test_whoever_gives_up_when_the_hall_refused_leaves_nothing_at_the_hall() -> None:
    moments = (*SHOW_CARD, SUBMIT, Moment("message", Touch("quit"), sees="与登记资料不一致"), TAKEN)
    hall = run(Story("gives up", moments, Ended.QUIT, before=hall_refuses_the_address)).stage.hall
    assert (hall.tickets, hall.left) == ({}, [hall.opened[0][0]])


def test_a_case_that_the_hall_refuses_twice_leads_to_a_person_with_a_reference() -> None:
    def before(stage: Stage) -> None:
        hall_refuses_the_address(stage)
        stage.hall.refuses_the_clerks_case_too = True

    moments = (*SHOW_CARD, SUBMIT, Moment("message", Touch("ticket")), *DONE)
    played = run(Story("refused twice", moments, Ended.NOT_TAKEN, before=before))
    assert played.shown[-1].title == "请到人工窗口办理"
    assert played.shown[-1].number == played.stage.hall.submissions[0].slip


def test_a_hall_that_forgot_the_visit_gets_it_as_one_it_never_knew() -> None:
    def before(stage: Stage) -> None:
        stage.hall.forgets = True

    played = run(Story("forgotten", WHOLE, Ended.TICKET, before=before))
    assert played.stage.post.sent == played.stage.hall.submissions


def test_without_departments_the_cards_values_are_marked_as_not_compared() -> None:
    played = told("the hall is away all the time: sealed, with a reference")
    who = next(view for view in played.shown if view.title == "请核对身份")
    assert {"身份证", "未比对"} == {tag.text for line in who.lines for tag in line.tags}
    (kept,) = played.stage.post.kept.values()
    assert played.shown[-1].number == kept.slip
    assert played.stage.printer.slips[kept.visit].reference == kept.slip


def test_paper_names_the_person_in_stars_only() -> None:
    (slip,) = told(NAME).stage.printer.slips.values()
    assert ("姓名", "吕**") in slip.lines
    assert "不是受理回执" in slip.footer[-1]
    assert not [text for pair in slip.lines for text in pair if LYU.number in text or LYU.name in text]


def test_editing_keeps_the_later_answers() -> None:
    (application,) = told("going back and changing an answer keeps the later ones").stage.hall.submissions
    values = {name: answer.value for name, answer in application.answers.items()}
    assert (values["hong_kong"], values["macau"], values["mobile"]) == ("HK-G-12-2", "MO-G-12-1", "13900001111")
    assert values["signature"] in application.attached
    photos = [view for view in told("going back and changing an answer keeps the later ones").shown if view.kind == "photo"]
    assert len(photos) == 3, "looked at, judged, agreed to: once"


def test_the_countdown_says_each_second_and_offers_to_go_on() -> None:
    warned = [
        view
        for view in told("the citizen walks away: a warning, a countdown, everything is wiped").seen
        if "您还在吗" in view.notice
    ]
    assert [view.notice for view in warned][:2] == ["您还在吗？20 秒后将清除全部内容", "您还在吗？19 秒后将清除全部内容"]
    assert len(warned) == 20
    assert [button.name for button in warned[0].buttons if button.main] == ["stay"]


def test_only_declared_items_are_named_in_the_notice() -> None:
    (notice,) = [view for view in told(NAME).shown if view.kind == "notice"]
    assert any(point.startswith("向公安户籍查询") for point in notice.points)
    assert [button.label for button in notice.buttons if button.main] == ["知道了"]


def _english(moment: Moment) -> Moment:
    return replace(moment, sees="Place your card") if moment.sees == "请把" else moment
