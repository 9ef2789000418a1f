"""吕晓岚 at the terminal for 往来港澳通行证签注, when all goes well and when it does not: data for any display."""

from __future__ import annotations

from devices.device import Completion
from devices.document import IdentityDocument
from kiosk.view import Touch
from kiosk.visit import Ended
from tests.kiosk.people import EXPIRED, OF_HONG_KONG, WRONG_NUMBER
from tests.visits import world
from tests.visits.playing import Moment, Played, Script, ScriptedDisplay, Story, Strayed, play, words_on

__all__ = ["STORIES", "Moment", "Played", "Script", "ScriptedDisplay", "Story", "Strayed", "play", "words_on"]

NEXT = Touch("next")
BEGIN = (Moment("attract", Touch("hk-macau-permit")), Moment("notice", Touch("understood")))
CARD = (Moment("card", world.lay, sees="请把"),)
SHOW_CARD = (*BEGIN, *CARD)
RECORDS = tuple(Moment("records", NEXT) for _ in range(5))
HONG_KONG = Moment("form", Touch("next", {"hong_kong": "HK-G-12-2"}))
MACAU = Moment("form", Touch("next", {"macau": "MO-G-12-1"}))
STATUS = Moment("form", Touch("next", {"public_servant": "no", "soldier": "no"}))
DELIVERY = Moment("form", Touch("next", {"delivery": "PICKUP"}))
QUESTIONS = (HONG_KONG, MACAU, STATUS, DELIVERY)
SUBMIT = Moment("review", Touch("submit"))
TAKE = (Moment("ticket", world.pull), Moment("ticket", Touch("done")))
UNTIL_REVIEW = (*SHOW_CARD, *RECORDS, *QUESTIONS)
WHOLE = (*UNTIL_REVIEW, SUBMIT, *TAKE)
AFTER_CARD = (*RECORDS, *QUESTIONS, SUBMIT, *TAKE)
LEAVE = Moment("card", Touch("quit"))
TO_COUNTER = (Moment("message", Touch("ticket"), sees="请到人工窗口办理"), *TAKE)
TAKEN = Moment("message", world.pull, sees="请取走感应区里的卡")
PULLED = Moment("message", Touch("done"), sees="您的卡已取走")


def with_card(says: IdentityDocument | Completion, words: str, *, readable: bool = True) -> tuple[Moment, ...]:
    """A card that does not serve is laid, named in words, taken away; then the right one."""
    wrong = (Moment("card", world.lay_says(says, readable=readable), sees="请把"), Moment("card", world.pull, sees=words))
    return (*BEGIN, *wrong, Moment("card", world.lay, sees=words), *AFTER_CARD)


# Without departments: the citizen types the phone number and leaves everything else to the clerk.
UNKNOWN = (
    Moment("records", Touch("next", left=frozenset({"birth_place", "surname", "given_names"})), sees="没有回应"),
    Moment("records", Touch("next", left=frozenset({"address", "police_station"}))),
    Moment("records", Touch("next", left=frozenset({"permit_number", "permit_issued", "permit_expiry"}))),
    Moment("records", Touch("next", left=frozenset({"employer", "occupation"}))),
    Moment("records", Touch("next", {"mobile": "13802845678"})),
)
ALONE = (*SHOW_CARD, *UNKNOWN, *QUESTIONS)

STORIES: tuple[Story, ...] = (
    Story("an endorsement, from the card to the ticket", WHOLE, Ended.TICKET),
    Story("the same in English", (*BEGIN, Moment("card", world.lay, sees="Please"), *AFTER_CARD), Ended.TICKET, language="en"),
    Story(
        "a card laid at the invitation is enough to begin",
        (Moment("attract", world.lay), Moment("notice", Touch("understood")), *AFTER_CARD),
        Ended.TICKET,
    ),
    Story(
        "large text and another language in the middle keep what was entered",
        (
            *SHOW_CARD,
            *RECORDS[:4],
            Moment("records", Touch("large", {"mobile": "139", "value": "on"})),
            Moment("records", Touch("language", {"mobile": "139", "value": "en"}), sees="标准字号"),
            Moment("records", Touch("next", {"mobile": "13900001111"}), sees="Smaller"),
            *QUESTIONS,
            SUBMIT,
            *TAKE,
        ),
        Ended.TICKET,
    ),
    Story(
        "staff is called and the visit goes on",
        (*SHOW_CARD, Moment("records", Touch("help")), Moment("message", Touch("continue")), *AFTER_CARD),
        Ended.TICKET,
    ),
    Story(
        "the card is laid the wrong way round", with_card(Completion.INVALID_MEDIA, "翻到另一面", readable=False), Ended.TICKET
    ),
    Story("a bank card", with_card(Completion.UNSUPPORTED_DATA, "不能使用这种卡"), Ended.TICKET),
    Story(
        "a social security card that opens to security modules only",
        with_card(Completion.NEEDS_AUTHORITY, "请改用居民身份证"),
        Ended.TICKET,
    ),
    Story("a card that expired yesterday", with_card(EXPIRED, "过了有效期"), Ended.TICKET),
    Story("a residence permit of Hong Kong, Macau or Taiwan", with_card(OF_HONG_KONG, "面向内地居民"), Ended.TICKET),
    Story("a card with a wrong number", with_card(WRONG_NUMBER, "号码不正确"), Ended.TICKET),
    Story(
        "a card that is not read after several tries",
        (
            *BEGIN,
            Moment("card", world.lay_says(Completion.INVALID_DATA), sees="请把"),
            *(
                moment
                for _ in range(2)
                for moment in (
                    Moment("card", world.pull, sees="请取走卡"),
                    Moment("card", world.lay_says(Completion.INVALID_DATA), sees="请放卡"),
                )
            ),
            Moment("card", Touch("help"), sees="试了几次都不行"),
            Moment("message", Touch("continue")),
            LEAVE,
            TAKEN,
        ),
        Ended.QUIT,
    ),
    Story(
        "a card swapped for another while it is read",
        (
            *BEGIN,
            Moment("card", world.swap_while_reading, sees="请把"),
            Moment("card", world.pull, sees="卡移动了"),
            Moment("card", world.lay, sees="卡移动了"),
            *AFTER_CARD,
        ),
        Ended.TICKET,
    ),
    Story(
        "the reader goes while a card is read and comes back",
        (
            *BEGIN,
            Moment("card", world.break_while_reading, sees="请把"),
            Moment("card", world.both(world.reader_comes_back, world.lay), sees="正在恢复"),
            *AFTER_CARD,
        ),
        Ended.TICKET,
    ),
    Story(
        "the reader is away at the invitation and comes back",
        (
            Moment("attract", Touch("hk-macau-permit"), sees="读卡器暂时不能使用，请到人工窗口办理"),
            Moment("attract", world.reader_comes_back, sees="读卡器暂时不能使用，请到人工窗口办理"),
            *WHOLE,
        ),
        Ended.TICKET,
        before=world.reader_goes,
    ),
    Story(
        "the reader goes in the middle",
        (*SHOW_CARD, Moment("records", world.reader_goes), Moment("message", Touch("done"), sees="读卡器断开了")),
        Ended.CARD_TAKEN,
    ),
    Story(
        "the reader under the card goes, another one stays: the citizen did not take the card",
        (*SHOW_CARD, Moment("records", world.reader_goes), Moment("message", Touch("done"), sees="读卡器断开了")),
        Ended.CARD_TAKEN,
        before=world.two_readers,
    ),
    Story(
        "exit-entry does not answer: the citizen copies the permit by hand",
        (
            *SHOW_CARD,
            Moment("records", Touch("next", {"surname": "LYU", "given_names": "XIAOLAN"}), sees="出入境管理没有回应"),
            RECORDS[1],
            Moment(
                "records",
                Touch("next", {"permit_number": "cb2345678", "permit_issued": "20210315", "permit_expiry": "20310314"}),
                sees="出入境管理没有回应",
            ),
            *RECORDS[3:],
            *QUESTIONS,
            SUBMIT,
            *TAKE,
        ),
        Ended.TICKET,
        before=world.hall_says(silent={"exit_entry": "late"}),
    ),
    *(
        Story(
            f"the household register is {reason} and is named",
            (
                *SHOW_CARD,
                Moment("records", Touch("next", left=frozenset({"birth_place"})), sees="公安户籍没有回应"),
                Moment("records", Touch("next", left=frozenset({"address", "police_station"})), sees="公安户籍没有回应"),
                *RECORDS[2:],
                *QUESTIONS,
                SUBMIT,
                *TAKE,
            ),
            Ended.TICKET,
            before=world.hall_says(silent={"household": reason}),
        )
        for reason in ("late", "down", "garbled")
    ),
    Story(
        "a value in doubt is marked",
        (*SHOW_CARD, RECORDS[0], Moment("records", NEXT, sees="正在核实"), *RECORDS[2:], *QUESTIONS, SUBMIT, *TAKE),
        Ended.TICKET,
        before=world.hall_says(doubt="household.address"),
    ),
    Story(
        "the hall is away all the time: sealed, with a reference",
        (*ALONE, SUBMIT, Moment("ticket", world.pull, sees="资料已保存"), Moment("ticket", Touch("done"))),
        Ended.SEALED,
        before=world.hall_goes,
    ),
    Story(
        "the hall is away at first and back at the end",
        (*ALONE, Moment("review", world.hall_comes_back), SUBMIT, *TAKE),
        Ended.TICKET,
        before=world.hall_goes,
    ),
    Story(
        "the hall goes before the submission",
        (*UNTIL_REVIEW, Moment("review", world.hall_goes), SUBMIT, Moment("ticket", world.pull, sees="资料已保存"), TAKE[1]),
        Ended.SEALED,
    ),
    Story("the answer of the submission is lost", WHOLE, Ended.TICKET, before=world.hall_loses_an_answer),
    Story(
        "neither the hall nor the disk takes it",
        (*UNTIL_REVIEW, Moment("review", world.both(world.hall_goes, world.disk_is_full)), SUBMIT, *TAKE),
        Ended.NOT_TAKEN,
    ),
    Story(
        "the hall does not take a changed record: to the counter with a ticket",
        (*UNTIL_REVIEW, SUBMIT, Moment("message", Touch("ticket"), sees="与登记资料不一致"), *TAKE),
        Ended.TICKET,
        before=world.hall_refuses_the_address,
    ),
    Story(
        "the hall does not know this terminal any more",
        (*SHOW_CARD, Moment("message", world.pull, sees="暂停服务"), Moment("message", Touch("done"))),
        Ended.NOT_TAKEN,
        before=world.hall_refuses_the_terminal,
    ),
    Story(
        "the paper is out",
        (*UNTIL_REVIEW, SUBMIT, Moment("ticket", world.pull, sees="请记下或拍下这个号码"), TAKE[1]),
        Ended.TICKET,
        before=world.paper_is_out,
    ),
    Story(
        "to the counter from the start, without a reason",
        (*SHOW_CARD, *TO_COUNTER),
        Ended.TICKET,
        before=world.hall_says(changed={"permit.route": "counter"}),
    ),
    Story(
        "to the counter after a page",
        (
            *SHOW_CARD,
            *RECORDS,
            HONG_KONG,
            MACAU,
            Moment("form", Touch("next", {"public_servant": "yes", "soldier": "no"})),
            *TO_COUNTER,
        ),
        Ended.TICKET,
    ),
    Story(
        "the citizen walks away: a warning, a countdown, everything is wiped",
        (*SHOW_CARD, Moment("records", world.passes(60)), Moment("records", world.passes(20), sees="您还在吗？20 秒后"), TAKEN),
        Ended.IDLE,
    ),
    Story(
        "the citizen was only thinking",
        (*SHOW_CARD, Moment("records", world.passes(65)), Moment("records", Touch("stay"), sees="您还在吗"), *AFTER_CARD),
        Ended.TICKET,
    ),
    Story("the citizen gives up", (*SHOW_CARD, RECORDS[0], Moment("records", Touch("quit")), TAKEN), Ended.QUIT),
    Story(
        "going back and changing an answer keeps the later ones",
        (
            *UNTIL_REVIEW,
            Moment("review", Touch("edit", {"value": "hong_kong"})),
            Moment("form", Touch("back")),
            Moment("records", Touch("next", {"mobile": "13900001111"})),
            Moment("form", Touch("next", {"hong_kong": "none"})),
            Moment("review", Touch("back"), sees="139 0000 1111"),
            DELIVERY,
            SUBMIT,
            *TAKE,
        ),
        Ended.TICKET,
    ),
    Story(
        "a mistake is said in words where it was made",
        (
            *SHOW_CARD,
            *RECORDS[:4],
            Moment("records", Touch("next", {"mobile": "1380284"})),
            Moment("records", Touch("next", {"mobile": "13802845678"}), sees="手机号码是 11 位数字"),
            HONG_KONG,
            Moment("form", NEXT),
            Moment("form", MACAU.act, sees="请选择一项"),
            STATUS,
            DELIVERY,
            SUBMIT,
            *TAKE,
        ),
        Ended.TICKET,
    ),
    Story(
        "a card left behind is not the next citizen's",
        (*UNTIL_REVIEW, SUBMIT, TAKE[1], TAKEN),
        Ended.TICKET,
    ),
)
