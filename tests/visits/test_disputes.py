"""A record is wrong: said at the terminal, seen at the counter, asked of its owner, and told at the next visit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows.application import Action, Attached, SourceKind
from flows.correction import Correction, CorrectionState
from flows.dispute import DISPUTE_REASONS
from flows.words import FOLDER, read_catalogue
from hall.amendments import Said
from hall.correction_targets import CorrectionAnswer
from hall.delivery import Deliverer
from kiosk.view import Line, Touch, View
from kiosk.visit import Ended
from tests.kiosk.people import LYU, lookup
from tests.ui.story_views import drawable
from tests.visits import world
from tests.visits.moments import DONE, NEXT
from tests.visits.playing import Moment, Story, words_on
from tests.visits.real_hall import RealHall, real_hall
from tests.visits.stories_disputes import HOUSEHOLD, LYUS, NEWS, SHOW_CARD, SUBMIT, marked
from tests.visits.test_visits import everything_sent, run, told

ADDRESS = "a locked address is marked as wrong and stays as it is"
DAY = "a day is marked as wrong with the right one, after a reason was forgotten and the same day typed again"
CHANGED = "a mark is changed on the review, and taken back on the page"
LOOKED = "looking at the page of a mark and going back changes nothing, and what was typed is still there"
OUTBOX = "a mark goes into the outbox with the application"
TOLD = "what became of earlier marks is told before the records"
LEFT = "whoever leaves at the news has not read them"
DIFFER = "two registers differ: neutral words, and no value of the other"


def lines(seen: Sequence[View], name: str) -> list[Line]:
    shown = [line for view in seen for line in (*view.lines, *(line for group in view.groups for line in group.lines))]
    return [line for line in shown if line.name == name]


def test_the_answer_stays_the_records_and_the_dispute_travels_beside_it() -> None:
    (application,) = everything_sent(told(ADDRESS))
    answer, said = application.answers["address"], application.disputes["address"]
    assert (answer.source.kind, answer.source.name, answer.value) == (SourceKind.DEPARTMENT, "household", said.value)
    assert (said.item, said.department, said.as_of, said.reason) == ("household.address", "household", answer.as_of, "CHANGED")


def test_the_right_day_is_said_as_far_as_a_touch_screen_can_take_it() -> None:
    (application,) = everything_sent(told(DAY))
    assert (application.disputes["permit_expiry"].claim, application.answers["permit_expiry"].value) == (
        "2026-10-08",
        "2025-10-08",
    )


def test_a_mark_is_changed_and_taken_back() -> None:
    (application,) = everything_sent(told(CHANGED))
    assert {name: said.reason for name, said in application.disputes.items()} == {"address": "WRONG"}


def test_looking_changes_nothing() -> None:
    played = told(LOOKED)
    (application,) = everything_sent(played)
    assert application.disputes == {}
    assert any(line.raw == "139" for line in lines(played.seen, "mobile"))


def test_a_sealed_application_carries_its_disputes() -> None:
    (application,) = everything_sent(told(OUTBOX))
    assert set(application.disputes) == {"address"}


def test_every_value_of_a_department_can_be_marked_and_no_other() -> None:
    seen = told(ADDRESS).shown
    pages = [view for view in seen if view.kind in ("records", "form") and view.step]
    marks = {line.name: bool(line.dispute) for view in pages for line in view.lines}
    assert {name for name, can in marks.items() if can} >= {
        "address",
        "permit_number",
        "surname",
        "birth_place",
        "mobile",
        "employer",
    }
    assert not [name for name in ("name", "number", "kind", "hong_kong", "postcode", "signature") if marks.get(name)]


def test_a_citizen_who_agrees_sees_one_small_button_a_line_and_no_other_word() -> None:
    words = {line.dispute for view in told(TOLD).shown for line in view.lines}
    assert words == {"", "不对？"}


def test_the_slip_says_that_something_is_looked_into_and_neither_which_nor_what() -> None:
    played = told(ADDRESS)
    (application,) = everything_sent(played)
    (slip,) = played.stage.printer.slips.values()
    assert [line for line in slip.footer if "登记不对" in line] == [
        "您提出有 1 项登记不对。窗口会核实，结果会在您下次放卡时告诉您"
    ]
    assert application.disputes["address"].value not in str(slip)
    assert "户口" not in str(slip)


def test_news_are_told_before_anything_else_and_once_and_hold_no_value() -> None:
    played = told(TOLD)
    kinds = [(view.kind, view.title) for view in played.shown]
    news = kinds.index(("notice", "您提出的更正有了结果"))
    assert news < min(at for at, (kind, _) in enumerate(kinds) if kind in ("records", "form"))
    said = played.shown[news]
    assert said.points == (
        "您 2026 年 11 月 20 日提出“户口所在地址”登记不对：公安户籍已经更正",
        "您 2026 年 11 月 20 日提出“通行证有效期至”登记不对：出入境管理核实后认为登记没有错。有疑问请到窗口",
        "您 2026 年 11 月 20 日提出“工作单位”登记不对：人力资源和社会保障还需要证明材料。请带材料到窗口",
    )
    assert played.stage.hall.read == [one.id for one in NEWS]
    values = {record.value for source in lookup().sources for record in source.records if len(record.value) > 5}
    assert not [value for value in values if value in words_on(said)]


def test_whoever_did_not_read_is_told_again() -> None:
    assert told(LEFT).stage.hall.read == []


def test_a_hall_that_does_not_hear_it_tells_it_again_and_nobody_waits() -> None:
    def goes(stage) -> None:  # type: ignore[no-untyped-def]
        stage.hall.news = NEWS

    story = Story(
        "the hall goes while the news are read",
        (*SHOW_CARD, Moment("notice", world.hall_goes, sees="有了结果"), Moment("notice", UNDERSTOOD), *AFTERWARDS),
        Ended.SEALED,
        before=goes,
    )
    played = run(story)
    assert played.stage.hall.read == []


UNDERSTOOD = Touch("understood")
AFTERWARDS = (Moment("review", SUBMIT.act, wishes=LYUS), Moment("ticket", world.pull, sees="资料已保存"), DONE[1])


def test_that_registers_differ_is_said_in_the_same_words_whatever_they_say() -> None:
    played = told(DIFFER)
    (mobile,) = {line.tags for line in lines(played.shown, "mobile") if len(line.tags) > 1}
    assert [tag.text for tag in mobile][1:] == ["另有部门登记不同，窗口会核对"]
    others = {r.value for r in lookup().records("contact.mobile")[1:]}
    assert not [value for value in others for view in played.seen if value in words_on(view).replace(" ", "")]


def test_every_reason_has_its_words_in_every_language() -> None:
    for folder in (path for path in FOLDER.iterdir() if path.is_dir()):
        catalogue = read_catalogue(folder)
        assert [words for one in DISPUTE_REASONS.values() for words in (one.words, one.note) if words not in catalogue] == []


class Officer:
    """The household register's own officer, who has made up his mind."""

    department, poll_s = "household", 2.0

    def __init__(self, says: CorrectionAnswer) -> None:
        self.says = says

    async def request(self, key: str, correction: Correction, evidence: Sequence[Attached]) -> str:
        return "HJ-1"

    async def answer(self, key: str, number: str, item: str) -> CorrectionAnswer:
        return self.says


@pytest.mark.parametrize(
    ("says", "state", "words"),
    [
        ("corrected", CorrectionState.CORRECTED, "公安户籍已经更正"),
        ("upheld", CorrectionState.UPHELD, "核实后认为登记没有错"),
        ("needs_more", CorrectionState.NEEDS_MORE, "还需要证明材料"),
    ],
)
def test_the_loop_is_closed_from_the_terminal_to_the_terminal(
    tmp_path: Path, says: str, state: CorrectionState, words: str
) -> None:
    first = Story("first", (*SHOW_CARD, *marked(HOUSEHOLD, "address", "CHANGED"), *REST), Ended.TICKET)
    again = Story("again", (*SHOW_CARD, Moment("notice", UNDERSTOOD, sees=words), *PLAIN), Ended.TICKET)
    quiet = Story("quiet", (*SHOW_CARD, *PLAIN), Ended.TICKET)

    async def story() -> None:
        async with real_hall(tmp_path) as hall:
            application = await hall.visited(drawable(first), "K07")
            await decided(hall, application.visit)
            await Deliverer(hall.store, (), hall.clock, asyncio.Event(), [Officer(CorrectionAnswer(says))]).run_once()  # type: ignore[arg-type]
            (correction,) = await hall.store.corrections(application.visit)
            assert (correction.state, correction.receipt) == (state, "HJ-1")
            await hall.visited(drawable(again), "K08")
            await hall.visited(drawable(quiet), "K07")
            assert [one.state for one in await hall.store.corrections_of(LYU.number)] == [state]

    asyncio.run(story())


PLAIN = (Moment("review", SUBMIT.act, wishes=LYUS), *DONE)
REST = (Moment("records", NEXT), SUBMIT, *DONE)


async def decided(hall: RealHall, visit: str) -> None:
    await hall.queue.call_next("3", "zhang", "call")
    case = await hall.desk.case(visit, "3", "zhang")
    assert [one.state for one in case.corrections] == [CorrectionState.OPEN]
    said = Said("CARD_TO_RENEW")
    await hall.desk.decide(visit, Action.RETURN, window="3", clerk="zhang", key="return", said=said)
