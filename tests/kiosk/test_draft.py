"""The draft as a fold: forward, back, and one page changed from the review."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flows.dispute import Dispute
from flows.fields import YES_NO, Phone, Text
from flows.flow import Field, Flow, Known, Page, When
from flows.fold import Given
from kiosk.draft import Draft


def wants_post(known: Known) -> bool:
    return known["post"] == "yes"


FLOW = Flow(
    code="test",
    version="1",
    title="试验",
    pages=(
        Page(name="phone", title="电话", fields=(Field(name="phone", label="电话", kind=Phone()),)),
        Page(name="post", title="邮寄", fields=(Field(name="post", label="邮寄", kind=YES_NO),)),
        Page(
            name="where",
            title="地址",
            asked_when=When("邮寄时", wants_post),
            fields=(Field(name="where", label="地址", kind=Text()),),
        ),
    ),
)
PHONE, POST, WHERE = FLOW.pages
BEGIN = Draft(FLOW, Known({}, {}, date(2026, 11, 23)))
CALLED = Given({"phone": "13802845678"})
YES, NO = Given({"post": "yes"}), Given({"post": "no"})


def asked(draft: Draft) -> str:
    return draft.page.name if draft.page else "review"


def test_pages_are_asked_one_after_the_other_and_counted() -> None:
    first, second = BEGIN, BEGIN.answer(PHONE, CALLED)
    third = second.answer(POST, YES)
    assert [asked(draft) for draft in (first, second, third)] == ["phone", "post", "where"]
    assert [(draft.step, draft.steps) for draft in (first, second, third)] == [(1, 3), (2, 3), (3, 4)]


def test_a_page_that_is_not_asked_is_left_out() -> None:
    done = BEGIN.answer(PHONE, CALLED).answer(POST, NO)
    assert asked(done) == "review"
    assert done.step == done.steps == 3


def test_a_mistake_keeps_the_page_and_what_was_entered() -> None:
    wrong = BEGIN.answer(PHONE, Given({"phone": "138"}))
    assert asked(wrong) == "phone"
    assert "11 位数字" in wrong.mistakes["phone"]
    assert wrong.entered == Given({"phone": "138"})


def test_back_opens_the_page_before_with_what_was_entered_on_it() -> None:
    draft = BEGIN.answer(PHONE, CALLED).back()
    assert (asked(draft), draft.entered) == ("phone", CALLED)


def test_there_is_nothing_before_the_first_page() -> None:
    assert BEGIN.back() is BEGIN


def test_back_from_the_review_opens_the_last_page_that_was_asked() -> None:
    assert asked(BEGIN.answer(PHONE, CALLED).answer(POST, NO).back()) == "post"


def test_changing_one_page_keeps_the_later_answers() -> None:
    changed = BEGIN.answer(PHONE, CALLED).answer(POST, NO).edit("phone")
    assert asked(changed) == "phone"
    again = changed.answer(PHONE, Given({"phone": "13900001111"}))
    assert asked(again) == "review"
    assert again.answers["phone"].value == "13900001111"


def test_a_change_that_opens_a_new_question_asks_it() -> None:
    done = BEGIN.answer(PHONE, CALLED).answer(POST, NO)
    assert asked(done.edit("post").answer(POST, YES)) == "where"


def test_answers_of_a_page_that_is_no_longer_asked_do_not_travel() -> None:
    posted = BEGIN.answer(PHONE, CALLED).answer(POST, YES).answer(WHERE, Given({"where": "佛山"}))
    assert "where" in posted.answers
    assert "where" not in posted.edit("post").answer(POST, NO).answers


def test_a_page_that_was_never_answered_cannot_be_changed() -> None:
    draft = BEGIN.answer(PHONE, CALLED)
    assert draft.edit("where") is draft
    assert draft.edit("no such page") is draft


def test_a_mark_of_a_page_that_is_not_asked_any_more_rests_and_comes_back_with_the_page() -> None:
    said = Dispute("household.address", "household", "佛山市", datetime(2026, 1, 1, tzinfo=UTC), "CHANGED")
    posted = BEGIN.answer(PHONE, CALLED).answer(POST, YES).answer(WHERE, Given({"where": "佛山市"})).dispute("where", said)
    assert posted.disputes == {"where": said}
    collected = posted.edit("post").answer(POST, NO)
    assert collected.disputes == {}
    assert collected.edit("post").answer(POST, YES).disputes == {"where": said}
    assert posted.dispute("where", None).disputes == {}


def test_what_was_entered_on_an_open_page_is_kept_while_something_else_is_asked() -> None:
    draft = BEGIN.keeping(PHONE, Given({"phone": "138"}))
    assert draft.page is PHONE
    assert draft.entered == Given({"phone": "138"})
