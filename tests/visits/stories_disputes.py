"""A record that the citizen finds wrong: marked, looked over, taken back; and what became of it by the next visit."""

from __future__ import annotations

from datetime import date

from flows.correction import CorrectionNews, CorrectionState
from kiosk.view import Touch
from kiosk.visit import Ended
from scripts.wishes import ERRANDS
from tests.kiosk.fakes import Stage
from tests.visits import world
from tests.visits.moments import CARD, DONE, NEXT, TAKEN, begin
from tests.visits.playing import Moment, Story

LYUS = ERRANDS["hk-macau-permit"].wishes
SHOW_CARD = (*begin("hk-macau-permit"), CARD)
HOUSEHOLD, PERMIT, CONTACT = "户口登记在哪里", "最近一次办的证件", "怎么联系您"
MARKED = "您认为不对，窗口会核实"
SUBMIT = Moment("review", Touch("submit"), sees="您认为不对的登记", wishes=LYUS)
SUBMIT_ALL_RIGHT = Moment("review", Touch("submit"), wishes=LYUS)
PULLED = Moment("message", Touch("done"), sees="您的卡已取走")


def dispute(field: str) -> Touch:
    return Touch("dispute", {"value": field})


def save(reason: str, **claim: str) -> Moment:
    return Moment("form", Touch("save", {"reason": reason, **claim}), sees="哪里不对？")


def marked(title: str, field: str, reason: str, **claim: str) -> tuple[Moment, ...]:
    return (Moment("records", dispute(field), sees=title, wishes=LYUS), save(reason, **claim))


ASKED = date(2026, 11, 20)
NEWS = (
    CorrectionNews("c1", "household.address", "household", CorrectionState.CORRECTED, ASKED, date(2026, 11, 22)),
    CorrectionNews("c2", "permit.expiry", "exit_entry", CorrectionState.UPHELD, ASKED, date(2026, 11, 22)),
    CorrectionNews("c3", "employment.employer", "social_security", CorrectionState.NEEDS_MORE, ASKED, date(2026, 11, 22)),
)


def there_is_news(stage: Stage) -> None:
    stage.hall.news = NEWS


DISPUTES: tuple[Story, ...] = (
    Story(
        "a locked address is marked as wrong and stays as it is",
        (*SHOW_CARD, *marked(HOUSEHOLD, "address", "CHANGED"), Moment("records", NEXT, sees=MARKED), SUBMIT, *DONE),
        Ended.TICKET,
    ),
    Story(
        "a day is marked as wrong with the right one, after a reason was forgotten and the same day typed again",
        (
            *SHOW_CARD,
            Moment("records", dispute("permit_expiry"), sees=PERMIT, wishes=LYUS),
            Moment("form", Touch("save", {"claim": "20251008"}), sees="哪里不对？"),
            Moment("form", Touch("save", {"reason": "WRONG", "claim": "20251008"}), sees="请选择一项"),
            Moment("form", Touch("save", {"reason": "WRONG", "claim": "20260231"}), sees="和登记的一样"),
            Moment("form", Touch("save", {"reason": "WRONG", "claim": "20261008"}), sees="没有这一天"),
            Moment("records", NEXT, sees=MARKED),
            SUBMIT,
            *DONE,
        ),
        Ended.TICKET,
    ),
    Story(
        "a mark is changed on the review, and taken back on the page",
        (
            *SHOW_CARD,
            *marked(HOUSEHOLD, "address", "CHANGED"),
            Moment("records", dispute("police_station"), sees=MARKED),
            save("OTHER"),
            Moment("review", dispute("address"), sees="您认为不对的登记", wishes=LYUS),
            Moment("form", Touch("save", {"reason": "WRONG"}), sees="登记没有错"),
            Moment("review", dispute("police_station"), sees="登记错了"),
            Moment("form", Touch("withdraw"), sees="哪里不对？"),
            SUBMIT,
            *DONE,
        ),
        Ended.TICKET,
    ),
    Story(
        "looking at the page of a mark and going back changes nothing, and what was typed is still there",
        (
            *SHOW_CARD,
            Moment("records", Touch("dispute", {"value": "mobile", "mobile": "139"}), sees=CONTACT, wishes=LYUS),
            Moment("form", Touch("large", {"value": "on", "reason": "CHANGED"}), sees="哪里不对？"),
            Moment("form", Touch("back"), sees="标准字号"),
            Moment("records", Touch("next", {"mobile": "13802845678"}), sees="139"),
            SUBMIT_ALL_RIGHT,
            *DONE,
        ),
        Ended.TICKET,
    ),
    Story(
        "the card is pulled on the page of a mark",
        (*SHOW_CARD, *marked(HOUSEHOLD, "address", "CHANGED")[:1], Moment("form", world.pull, sees="哪里不对？"), PULLED),
        Ended.CARD_TAKEN,
    ),
    Story(
        "a mark goes into the outbox with the application",
        (
            *SHOW_CARD,
            *marked(HOUSEHOLD, "address", "CHANGED"),
            Moment("review", world.hall_goes, wishes=LYUS),
            Moment("review", Touch("submit")),
            Moment("ticket", world.pull, sees="资料已保存"),
            DONE[1],
        ),
        Ended.SEALED,
    ),
    Story(
        "what became of earlier marks is told before the records",
        (
            *SHOW_CARD,
            Moment("notice", Touch("understood"), sees="您提出的更正有了结果"),
            SUBMIT_ALL_RIGHT,
            *DONE,
        ),
        Ended.TICKET,
        before=there_is_news,
    ),
    Story(
        "whoever leaves at the news has not read them",
        (*SHOW_CARD, Moment("notice", Touch("quit"), sees="您提出的更正有了结果"), TAKEN),
        Ended.QUIT,
        before=there_is_news,
    ),
    Story(
        "two registers differ: neutral words, and no value of the other",
        (*SHOW_CARD, Moment("records", NEXT, sees="另有部门登记不同，窗口会核对", wishes=LYUS), SUBMIT_ALL_RIGHT, *DONE),
        Ended.TICKET,
    ),
)
