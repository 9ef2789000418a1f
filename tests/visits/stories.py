"""吕晓岚 at the terminal for her expired 往来港澳通行证, when all goes well and when it does not: data for any display."""

from __future__ import annotations

from collections.abc import Mapping

from devices.device import Completion
from kiosk.view import ScreenKind, Touch
from kiosk.visit import Ended
from scripts.wishes import ERRANDS
from tests.visits import world
from tests.visits.moments import CARD, DONE, NEXT, TAKEN, TO_COUNTER, begin
from tests.visits.playing import Moment, Story
from tests.visits.stories_cards import CARD_STORIES
from tests.visits.stories_disputes import DISPUTES
from tests.visits.stories_permit import PERMIT_STORIES
from tests.visits.stories_usage import USAGE_STORIES

LYUS = ERRANDS["hk-macau-permit"].wishes
PAGES: tuple[tuple[ScreenKind, str], ...] = (
    ("form", "请先回答两个问题"),
    ("records", "最近一次办的证件"),
    ("form", "要办哪一种"),
    ("form", "要去香港吗"),
    ("form", "要去澳门吗"),
    ("records", "请核对身份"),
    ("records", "户口登记在哪里"),
    ("records", "请核对拼音姓名"),
    ("form", "现在住在哪里"),
    ("records", "怎么联系您"),
    ("form", "紧急联系人"),
    ("records", "在哪里工作"),
    ("form", "办好以后怎样领取"),
    ("photo", "这张照片可以用"),
    ("form", "港澳自助通道"),
    ("form", "请签名"),
    ("form", "声明与签名"),
    ("review", "请核对后提交"),
)
"""The screens that she answers between card and ticket, in order."""
OTHER_PAGES: tuple[tuple[ScreenKind, str], ...] = (("form", "以前办过这种证件吗"), ("form", "姓名用拼音怎么写"))

BEGIN = begin("hk-macau-permit")
SHOW_CARD = (*BEGIN, CARD)
PULLED = Moment("message", Touch("done"), sees="您的卡已取走")


def at(title: str, act: Touch | world.World, wishes: Mapping[str, str] = LYUS, *, sees: str = "") -> Moment:
    """What happens on the screen of this title, after everything before it was answered as wished."""
    screen = next(screen for screen, known in (*PAGES, *OTHER_PAGES) if known == title)
    return Moment(screen, act, sees or title, wishes)


STATUS, PERMIT, CONTACT = (PAGES[number][1] for number in (0, 1, 9))
REVIEW = "请核对后提交"
SUBMIT = Moment("review", Touch("submit"), wishes=LYUS)
WHOLE = (*SHOW_CARD, SUBMIT, *DONE)
AFTER_CARD = (SUBMIT, *DONE)
KEPT = (Moment("ticket", world.pull, sees="资料已保存"), DONE[1])


def edit(page: str, wishes: Mapping[str, str] = LYUS) -> Moment:
    return at(REVIEW, Touch("edit", {"value": page}), wishes)


# Without departments: she says what she had, types the phone number and leaves everything else to the clerk.
UNKNOWN = {**LYUS, "held": "yes", "kind": "REAPPLY", "mobile": "13802845678"}
LEFT = Touch("next", left=frozenset({"permit_number", "permit_issued", "permit_expiry"}))
ALONE = (*SHOW_CARD, at(PERMIT, LEFT, UNKNOWN, sees="大厅系统暂时没有回应"))
SUBMIT_ALONE = Moment("review", Touch("submit"), wishes=UNKNOWN)

AROUND: tuple[Story, ...] = (
    Story("a new permit with endorsements, from the card to the ticket", WHOLE, Ended.TICKET),
    Story("the same in English", (*BEGIN, Moment("card", world.lay, sees="Please"), *AFTER_CARD), Ended.TICKET, language="en"),
    Story(
        "a card laid at the invitation is enough to begin",
        (Moment("attract", world.lay), BEGIN[1], *AFTER_CARD),
        Ended.TICKET,
    ),
    Story(
        "large text and another language in the middle keep what was entered",
        (
            *SHOW_CARD,
            at(CONTACT, Touch("large", {"mobile": "139", "value": "on"})),
            Moment("records", Touch("language", {"mobile": "139", "value": "en"}), sees="标准字号"),
            Moment("records", Touch("next", {"mobile": "13900001111"}), sees="Smaller"),
            *AFTER_CARD,
        ),
        Ended.TICKET,
    ),
    Story(
        "staff is called and the visit goes on",
        (*SHOW_CARD, at(PERMIT, Touch("help")), Moment("message", Touch("continue")), *AFTER_CARD),
        Ended.TICKET,
    ),
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
            Moment("card", Touch("quit")),
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
    *(
        Story(
            name,
            (*SHOW_CARD, at(PERMIT, world.reader_goes), Moment("message", Touch("done"), sees="读卡器断开了")),
            Ended.CARD_TAKEN,
            before=before,
        )
        for name, before in (
            ("the reader goes in the middle", world.nothing),
            ("the reader under the card goes, another one stays: the citizen did not take the card", world.two_readers),
        )
    ),
    Story(
        "exit-entry does not answer: the citizen copies the permit by hand",
        (
            *SHOW_CARD,
            at("以前办过这种证件吗", Touch("next", {"held": "yes"})),
            at(
                PERMIT,
                Touch("next", {"permit_number": "c23456781", "permit_issued": "20151009", "permit_expiry": "20251008"}),
                sees="出入境管理没有回应",
            ),
            at("姓名用拼音怎么写", NEXT),
            *AFTER_CARD,
        ),
        Ended.TICKET,
        before=world.hall_says(silent={"exit_entry": "late"}),
    ),
    *(
        Story(
            f"the household register is {reason} and is named",
            (
                *SHOW_CARD,
                at("请核对身份", Touch("next", left=frozenset({"birth_place"})), sees="公安户籍没有回应"),
                Moment("records", Touch("next", left=frozenset({"address", "police_station"})), sees="公安户籍没有回应"),
                *AFTER_CARD,
            ),
            Ended.TICKET,
            before=world.hall_says(silent={"household": reason}),
        )
        for reason in ("late", "down", "garbled")
    ),
    Story(
        "a value in doubt is marked",
        (*SHOW_CARD, at("户口登记在哪里", NEXT, sees="正在核实"), *AFTER_CARD),
        Ended.TICKET,
        before=world.hall_says(doubt="household.address"),
    ),
    Story(
        "the hall is away all the time: sealed, with a reference",
        (*ALONE, SUBMIT_ALONE, *KEPT),
        Ended.SEALED,
        before=world.hall_goes,
    ),
    Story(
        "the hall is away at first and back at the end",
        (*ALONE, at(REVIEW, world.hall_comes_back, UNKNOWN), SUBMIT, *DONE),
        Ended.TICKET,
        before=world.hall_goes,
    ),
    Story("the hall goes before the submission", (*SHOW_CARD, at(REVIEW, world.hall_goes), SUBMIT, *KEPT), Ended.SEALED),
    Story("the answer of the submission is lost", WHOLE, Ended.TICKET, before=world.hall_loses_an_answer),
    Story(
        "neither the hall nor the disk takes it",
        (*SHOW_CARD, at(REVIEW, world.both(world.hall_goes, world.disk_is_full)), SUBMIT, *DONE),
        Ended.NOT_TAKEN,
    ),
    Story(
        "the hall does not take a changed record: to the counter with a ticket",
        (*SHOW_CARD, SUBMIT, Moment("message", Touch("ticket"), sees="与登记资料不一致"), *DONE),
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
        (*SHOW_CARD, SUBMIT, Moment("ticket", world.pull, sees="请记下或拍下这个号码"), DONE[1]),
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
        (*SHOW_CARD, Moment("form", Touch("next", {"public_servant": "yes", "soldier": "no"}), sees=STATUS), *TO_COUNTER),
        Ended.TICKET,
    ),
    Story(
        "the citizen walks away: a warning, a countdown, everything is wiped",
        (*SHOW_CARD, at(PERMIT, world.passes(60)), Moment("records", world.passes(20), sees="您还在吗？20 秒后"), TAKEN),
        Ended.IDLE,
    ),
    Story(
        "the citizen was only thinking",
        (*SHOW_CARD, at(PERMIT, world.passes(65)), Moment("records", Touch("stay"), sees="您还在吗"), *AFTER_CARD),
        Ended.TICKET,
    ),
    Story("the citizen gives up", (*SHOW_CARD, at("请核对身份", Touch("quit")), TAKEN), Ended.QUIT),
    Story(
        "going back and changing an answer keeps the later ones",
        (
            *SHOW_CARD,
            edit("emergency"),
            Moment("form", Touch("back"), sees="紧急联系人"),
            Moment("records", Touch("next", {"mobile": "13900001111"}), sees=CONTACT),
            Moment("form", NEXT, sees="紧急联系人"),
            Moment("review", Touch("back"), sees="139 0000 1111"),
            Moment("form", NEXT, sees="声明与签名"),
            Moment("review", Touch("submit")),
            *DONE,
        ),
        Ended.TICKET,
    ),
    Story(
        "a mistake is said in words where it was made",
        (
            *SHOW_CARD,
            at("要去澳门吗", NEXT),
            Moment("form", Touch("next", {"macau": LYUS["macau"]}), sees="请选择一项"),
            at(CONTACT, Touch("next", {"mobile": "1380284"})),
            Moment("records", Touch("next", {"mobile": "13802845678"}), sees="手机号码是 11 位数字"),
            *AFTER_CARD,
        ),
        Ended.TICKET,
    ),
    Story("a card left behind is not the next citizen's", (*SHOW_CARD, SUBMIT, DONE[1], TAKEN), Ended.TICKET),
)
STORIES: tuple[Story, ...] = (*AROUND, *CARD_STORIES, *DISPUTES, *PERMIT_STORIES, *USAGE_STORIES)
