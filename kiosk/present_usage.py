"""Who used my data, in words: for the screen, where others look on, and for the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from flows.application import Identity
from flows.masking import masked_name
from flows.usage import Kept, Reader, Use, UseKind, UsesOfVisit, by_visit
from kiosk.extract import Extract, Readings
from kiosk.present import Look, frame
from kiosk.take_back import kept_groups
from kiosk.terminal import CHINA
from kiosk.view import Button, Group, Line, Tone, View

AT_ONCE = 20
"""Readings on one screen: a few turns of its pages. All of a long list at once would take seconds to draw."""


class Printed(StrEnum):
    """How it stands with the extract."""

    NOT_ASKED = "not_asked"
    DONE = "done"
    FAILED = "failed"


LIBRARIES: dict[str, str] = {"population": "人口库", "legal_entity": "法人库", "credit": "信用库"}


@dataclass(frozen=True)
class Listing:
    """What the hall has told so far, newest first. `older`: where it goes on, 0 when this is all."""

    uses: tuple[Use, ...]
    kept: Kept
    older: int


def about_view(look: Look) -> View:
    """What is about to be shown, before a card is read."""
    say = look.words
    points = (say("请放您本人的卡：只给本人看"), say("只列项目名称，不显示内容"), say("这次查看也会留下记录；本终端什么也不保存"))
    buttons = (Button("quit", say("不看了")), Button("understood", say("知道了"), main=True))
    lead = "放卡以后，列出本大厅每一次查询您的资料：时间、谁、办什么事、查了哪些项目"
    return frame(look, "notice", "谁查过我的资料", lead, points=points, buttons=buttons)


def asking_view(look: Look) -> View:
    return frame(look, "busy", "正在查找记录", "请不要取走卡", art="read")


def printing_view(look: Look) -> View:
    return frame(look, "busy", "正在打印", "请稍候")


def nobody_view(look: Look) -> View:
    """Nothing was read and nothing is kept."""
    lead = "这个大厅没有查询过您的资料，也没有存您的资料"
    return frame(look, "message", "没有人查过您的资料", lead, tone=Tone.GOOD, buttons=(_done(look),))


def away_view(look: Look) -> View:
    lead = "大厅系统暂时没有回应。请稍后再试，或到人工窗口查询"
    return frame(look, "message", "现在查不到记录", lead, tone=Tone.CARE, buttons=(_done(look),))


def not_mine_view(look: Look) -> View:
    """To a person: they find out who it was, and why."""
    say, phone = look.words, look.place.phone
    view = frame(look, "message", "有不是您办的？", buttons=(Button("back", say("返回记录"), main=True),))
    if not phone:
        return replace(view, lead=say("请记下日期、时间和地点，告诉旁边的工作人员，由他们查明是谁、为什么查询"))
    words = "请记下日期、时间和地点，告诉旁边的工作人员，或打 {phone}，由他们查明是谁、为什么查询"
    return replace(view, lead=say(words, phone=phone))


def usage_view(look: Look, listing: Listing, first: int, printed: Printed) -> View:
    """Part of the list, from one reading on."""
    say = look.words
    shown = listing.uses[first : first + AT_ONCE]
    kept = _kept(look, listing.kept) if first == 0 else ()
    return frame(
        look,
        "review",
        "谁查过我的资料",
        _lead(listing, printed),
        groups=(*kept, *(_group(look, of_visit) for of_visit in by_visit(shown))),
        total=_counted(look, listing, first, len(shown)),
        notice=say("没有打印出来：打印机没有纸，或不能使用") if printed is Printed.FAILED else "",
        buttons=_buttons(look, listing, first, printed),
    )


def extract(look: Look, identity: Identity, listing: Listing, first: int) -> Extract:
    """The same part on paper, with the person masked: paper is left lying about."""
    say, place = look.words, look.place
    moment = f"{look.now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    lines = (
        (say("姓名"), masked_name(identity.name)),
        (say("打印时间"), moment),
        (say("打印地点"), _terminal(look, place.terminal)),
    )
    phone = (say("咨询电话：{phone}", phone=place.phone),) if place.phone else ()
    return Extract(
        hall_name=say(place.hall_name),
        title=say("谁查过我的资料"),
        lines=lines,
        readings=tuple(_readings(look, of_visit) for of_visit in by_visit(listing.uses[first : first + AT_ONCE])),
        older=has_older(listing, first),
        cut=say("这张纸印了 {printed} 条。更早的请在屏幕上往后看再打印，或到人工窗口查询"),
        footer=(say("有不是您办的，请告诉工作人员"), *phone),
    )


def has_older(listing: Listing, first: int) -> bool:
    """Whether anything comes after the part that begins with this reading."""
    return first + AT_ONCE < len(listing.uses) or listing.older > 0


def _lead(listing: Listing, printed: Printed) -> str:
    if printed is Printed.DONE:
        return "已打印，请取走"
    return "本大厅的每一次查询，按日期和事项，最近的在前" if listing.uses else "没有人查过您的资料。大厅存有的在下面"


def _buttons(look: Look, listing: Listing, first: int, printed: Printed) -> tuple[Button, ...]:
    say = look.words
    newer = (Button("newer", say("更近的记录")),) if first else ()
    older = (Button("older", say("更早的记录")),) if has_older(listing, first) else ()
    paper = (Button("print", say("打印")),) if listing.uses and printed is not Printed.DONE else ()
    not_mine = (Button("not_mine", say("不是我办的")),) if listing.uses else ()
    return (*newer, *older, *paper, *not_mine, _done(look))


def _done(look: Look) -> Button:
    return Button("done", look.words("看完了"), main=True)


def _counted(look: Look, listing: Listing, first: int, count: int) -> str:
    if not count:
        return ""
    if first == 0 and not has_older(listing, first):
        return look.words("共 {count} 条记录", count=count)
    return look.words("最近的第 {first} 至 {last} 条记录", first=first + 1, last=first + count)


def _kept(look: Look, kept: Kept) -> tuple[Group, ...]:
    say = look.words
    libraries = [LIBRARIES.get(code, code) for code in kept.libraries]
    lines = [
        *([Line("applications", say("申请"), say("{count} 件", count=kept.applications))] if kept.applications else []),
        *([Line("libraries", say("汇集的资料"), _joined(look, libraries))] if kept.libraries else []),
        *([Line("corrections", say("正在核对的更正"), say("{count} 件", count=kept.corrections))] if kept.corrections else []),
    ]
    numbers = (Group(say("大厅现在存有您的"), tuple(lines)),) if lines else ()
    return (*numbers, *kept_groups(look, kept))


def _group(look: Look, of_visit: UsesOfVisit) -> Group:
    """Who and when as the label, what as the value."""
    named = [(f"use{number}", f"{_time(use)}  {_who(look, use)}", _what(look, use)) for number, use in enumerate(of_visit.uses)]
    return Group(_title(look, of_visit), tuple(Line(*each) for each in named), stacked=True)


def _readings(look: Look, of_visit: UsesOfVisit) -> Readings:
    """On paper who and what are one sentence."""
    said = [_after(look, _who(look, use), _what(look, use), "：") for use in of_visit.uses]
    return Readings(_title(look, of_visit), tuple(zip(map(_time, of_visit.uses), said, strict=True)))


def _title(look: Look, of_visit: UsesOfVisit) -> str:
    say, day = look.words, of_visit.day.isoformat()
    if not of_visit.matter_title:
        return _after(look, day, say("您自己查看"))
    title = _after(look, day, say(of_visit.matter_title))
    return say("{title}（为孩子办理）", title=title) if of_visit.as_guardian else title


def _after(look: Look, said: str, more: str, mark: str = "，") -> str:
    return f"{said}{mark}{more}" if look.words.language == "zh" else f"{said}: {more}"


def _time(use: Use) -> str:
    return f"{use.at.astimezone(CHINA):%H:%M}"


def _what(look: Look, use: Use) -> str:
    say = look.words
    match use.kind:
        case UseKind.ASKED:
            words = "查了大厅汇集的{department}资料：{items}" if use.from_library else "向{department}查询了：{items}"
            return say(words, department=say(use.department_title), items=_joined(look, use.items))
        case UseKind.GIVEN:
            return say("汇集到它的基础库：{items}", items=_joined(look, use.items))
        case UseKind.OPENED:
            return say("打开了您的申请")
        case UseKind.PAPER:
            return say("调出您的证明用于打印")
        case UseKind.DISPUTE:
            return say("打开了您提出的异议：{items}", items=_joined(look, use.items))
        case UseKind.EXPORTED:
            return say("取出您的申请，由人送交{department}", department=say(use.department_title))
        case UseKind.SHOWN:
            return say("您看了这份记录")
        case UseKind.DOCUMENT:
            return say("打开了留存的：{items}", items=_joined(look, use.items))
        case UseKind.REUSED:
            return say("办这件事用了留存的：{items}", items=_joined(look, use.items))
        case _:
            assert_never(use.kind)


def _who(look: Look, use: Use) -> str:
    say = look.words
    match use.reader:
        case Reader.TERMINAL:
            return _terminal(look, use.name)
        case Reader.WINDOW:
            return say("{window} 号窗口工作人员", window=use.name) if use.name else say("窗口工作人员")
        case Reader.HALL:
            return say("大厅系统")
        case Reader.ANOTHER_HALL:
            return say("另一个大厅（{hall}）", hall=use.name)
        case _:
            assert_never(use.reader)


def _terminal(look: Look, name: str) -> str:
    return look.words("自助终端 {terminal}", terminal=name)


def _joined(look: Look, titles: Sequence[str]) -> str:
    between = "、" if look.words.language == "zh" else ", "
    return between.join(look.words(title) for title in titles)
