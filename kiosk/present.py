"""From what is known to what a screen shows: the frame of every view, and the screens around the questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flows.application import Outcome, SourceAnswer
from flows.flow import Flow
from flows.fold import Given
from flows.heartbeat import PartKind
from flows.items import ITEMS
from flows.masking import masked_number
from flows.pictures import Picture
from flows.words import Words
from kiosk.config import Department
from kiosk.terminal import CHINA, Place
from kiosk.view import Button, Line, Pick, ScreenKind, SourceLine, Tone, View
from kiosk.without import told


@dataclass(frozen=True)
class Look:
    """How things are shown at this moment: words, letter size, time of day, place."""

    words: Words
    large: bool
    now: datetime
    place: Place


READER_AWAY = "读卡器暂时不能使用，正在恢复，请稍候"


def frame(look: Look, kind: ScreenKind, title: str, lead: str = "", **parts: Any) -> View:
    """A view with everything that is the same on every screen. Title and lead are message ids."""
    say = look.words
    other, name = ("en", "English") if say.language == "zh" else ("zh", "中文")
    corner = (
        Button("language", name, value=other),
        Button("large", say("标准字号") if look.large else say("大字版"), value="off" if look.large else "on"),
        Button("help", say("请人帮忙")),
    )
    return View(
        kind,
        say(title),
        say(lead),
        corner=corner,
        hall_name=say(look.place.hall_name),
        clock=f"{look.now.astimezone(CHINA):%H:%M}",
        language=say.language,
        large=look.large,
        **parts,
    )


def attract_view(look: Look, matters: Sequence[Flow], *, ready: bool, laid: bool = False) -> View:
    """The welcome. Without a reader nothing can be begun here, and that is said before anybody tries. `laid`: somebody has
    laid their card already and waits for what comes."""
    say = look.words
    why_not = "" if ready else say("读卡器暂时不能使用，请到人工窗口办理")
    picks = tuple(Pick(flow.code, say(flow.title), say(flow.summary), why_not) for flow in matters)
    notice = "" if ready else say(READER_AWAY)
    buttons = (Button("my_data", say("谁查过我的资料")),)
    title = "卡已放好，请点要办的事" if laid else "一门自助办理"
    lead = "请不要取走卡" if laid else "请选择要办理的事项，或者直接放卡"
    return frame(look, "attract", title, lead, picks=picks, notice=notice, buttons=buttons)


def another_view(look: Look, matters: Sequence[Flow]) -> View:
    """What else can be done with the card that lies there."""
    say = look.words
    picks = tuple(Pick(flow.code, say(flow.title), say(flow.summary)) for flow in matters)
    buttons = (Button("done", say("不办别的了"), main=True),)
    return frame(look, "attract", "还要办理什么", "填过的内容不用再填，请不要取走卡", picks=picks, buttons=buttons)


def child_view(look: Look, entered: Given | None, mistake: str) -> View:
    """Whose guardian stands here: a child's card may lack a chip, or there is none."""
    say = look.words
    number = entered.values.get("number", "") if entered else ""
    line = Line(
        "number",
        say("孩子的公民身份号码"),
        value=masked_number(number),
        raw=number,
        kind="latin",
        hint=say("户口簿上有，共 18 位，最后一位可能是 X"),
        mistake=say(mistake),
    )
    buttons = (Button("quit", say("不办了")), Button("next", say("下一步"), main=True))
    lead = "未满 16 周岁的，由监护人代办。还会向公安户籍核对孩子和监护人的户口登记"
    return frame(look, "form", "为哪个孩子办理", lead, lines=(line,), buttons=buttons)


def notice_view(look: Look, flow: Flow, *, for_child: bool = False, lacking: Collection[PartKind] = ()) -> View:
    """What the law wants said before a card is read: a notice, not a question for consent. `for_child`: a guardian
    may say here that it is for a child. `lacking` is what the terminal cannot use now."""
    say = look.words
    asked = [_asked_of(look, d, flow) for d in look.place.asked_for(flow.items_for(child=False))]
    points = (
        say("由谁处理：{hall}", hall=say(look.place.hall_name)),
        say("用来做什么：办理“{matter}”，不作他用", matter=say(flow.title)),
        *asked,
        *((say("拍照和签名只用于这次办理，不做人脸识别；不愿意的，可以留给窗口"),) if _takes_pictures(flow) else ()),
        say("保存多久：办理结束，本终端立即清除；大厅断线时只加密暂存，恢复后即删除"),
        say("您可以查阅、更正自己的资料，也可以不用终端、到人工窗口办理"),
        say("每一次查询都有记录：在首页点“谁查过我的资料”，就能看到、打印"),
        *((say("咨询电话：{phone}", phone=look.place.phone),) if look.place.phone else ()),
    )
    child = (Button("child", say("为未满 16 周岁的孩子办理")),) if for_child else ()
    buttons = (Button("quit", say("不办了")), *child, Button("understood", say("知道了"), main=True))
    lead, without = "本事项依照法定职责办理，请先看下面的说明", told(say, flow, lacking)
    return frame(look, "notice", "怎样使用您的资料", lead, points=points, buttons=buttons, notice=without)


def asking_view(look: Look, sources: Sequence[SourceLine]) -> View:
    """The departments are asked, while the card has to stay."""
    return frame(look, "busy", "正在向各部门查询", "一般只要几秒钟，请不要取走卡", sources=tuple(sources), art="read")


def submitting_view(look: Look) -> View:
    return frame(look, "busy", "正在提交", "请稍候")


def sources_waiting(look: Look, flow: Flow) -> tuple[SourceLine, ...]:
    """The departments that are about to be asked."""
    say = look.words
    return tuple(SourceLine(say(d.title), say("正在查询")) for d in look.place.asked_for(flow.items_for(child=False)))


def sources_done(look: Look, answers: Sequence[SourceAnswer]) -> tuple[SourceLine, ...]:
    return tuple(SourceLine(look.words(a.title), *_came(look, a), done=True) for a in answers)


def _came(look: Look, answer: SourceAnswer) -> tuple[str, Tone]:
    if answer.collected_at is not None:
        return look.words("没有回应 · {day} 归集", day=day_in_china(answer.collected_at)), Tone.CARE
    state, tone = OUTCOMES[answer.outcome]
    return look.words(state), tone


def on_day(look: Look, day: date) -> str:
    return look.words("{year} 年 {month} 月 {day} 日", year=day.year, month=day.month, day=day.day)


def day_in_china(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d}"


OUTCOMES: dict[Outcome, tuple[str, Tone]] = {
    Outcome.RECORD: ("已取得", Tone.GOOD),
    Outcome.NO_RECORD: ("没有登记", Tone.PLAIN),
    Outcome.NO_ANSWER: ("没有回应", Tone.CARE),
    Outcome.NOT_ASKED: ("没有查询", Tone.PLAIN),
}


class Message(StrEnum):
    """The messages that a visit may come to."""

    CARD_TAKEN = "card_taken"
    CARD_TAKEN_LATER = "card_taken_later"
    READER_LOST = "reader_lost"
    TAKE_CARD = "take_card"
    TO_COUNTER = "to_counter"
    OUT_OF_SERVICE = "out_of_service"
    DIFFERS = "differs"


MESSAGES: dict[Message, tuple[str, str, Tone]] = {
    Message.CARD_TAKEN: ("您的卡已取走", "办理已经结束，什么也没有提交。需要办理请重新放卡", Tone.CARE),
    Message.CARD_TAKEN_LATER: ("您的卡已取走", "这一件没有提交；前面办好的不受影响。需要办理请重新放卡", Tone.CARE),
    Message.READER_LOST: ("读卡器断开了", "办理已经结束，什么也没有提交。请稍后再试，或到人工窗口办理", Tone.CARE),
    Message.TAKE_CARD: ("请取走感应区里的卡", "如果不是您的卡，请交给工作人员", Tone.CARE),
    Message.TO_COUNTER: ("请到人工窗口办理", "请取一个号。已填的内容会转给窗口，不用重新填写", Tone.PLAIN),
    Message.DIFFERS: ("请到人工窗口办理", "有的内容与登记资料不一致，由窗口工作人员核对。请取一个号", Tone.CARE),
    Message.OUT_OF_SERVICE: ("本终端暂停服务", "请到人工窗口办理，或使用旁边的终端", Tone.CARE),
}


def message_view(look: Look, message: Message) -> View:
    """A message that asks nothing."""
    title, lead, tone = MESSAGES[message]
    return frame(look, "message", title, lead, tone=tone, buttons=(Button("done", look.words("好的"), main=True),))


def take_card_view(look: Look) -> View:
    """Goes away by itself when the card does."""
    title, lead, tone = MESSAGES[Message.TAKE_CARD]
    return frame(look, "message", title, lead, tone=tone)


def to_counter_view(look: Look, message: Message) -> View:
    """Neutral words and a ticket: every dead end leads to a person."""
    title, lead, tone = MESSAGES[message]
    buttons = (Button("quit", look.words("不办了")), Button("ticket", look.words("取号"), main=True))
    return frame(look, "message", title, lead, tone=tone, buttons=buttons)


def help_view(look: Look) -> View:
    button = Button("continue", look.words("继续办理"), main=True)
    return frame(look, "message", "请叫工作人员", "请招呼旁边的工作人员。您填的内容都还在", buttons=(button,))


def countdown_view(look: Look, view: View, left: int) -> View:
    """The same screen with a warning: soon everything entered will be gone."""
    say = look.words
    buttons = (Button("quit", say("不办了")), Button("stay", say("继续办理"), main=True))
    return replace(view, notice=say("您还在吗？{left} 秒后将清除全部内容", left=left), buttons=buttons)


def _takes_pictures(flow: Flow) -> bool:
    return any(isinstance(field.kind, Picture) for field in flow.fields.values())


def _asked_of(look: Look, department: Department, flow: Flow) -> str:
    wanted = flow.items_for(child=False)
    items = [look.words(ITEMS[item].title) for item in department.items if item in wanted]
    between = "、" if look.words.language == "zh" else ", "
    title = look.words(department.title)
    return look.words("向{department}查询：{items}", department=title, items=between.join(items))
