"""The counter's words for what it shows of a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from flows.application import Answer, Source, SourceKind
from flows.fold import GUARDIANS_CARD
from hall.console.clock import on_day
from hall.console.language import listed, say
from hall.store.counter import Elsewhere

GONE = "这一件已经不在填报中：可能已经提交、已取消，或者是前一天的。"
STALE = ("这一件刚在另一个页面保存过", "下面是这一页上填的内容，还没有保存。请核对后再次保存，另一个页面的改动会被覆盖。")
OPEN_ALREADY = "本窗口有一件没有填完，先办完或取消它，再为下一位填报。"
WINDOW_TAKEN = ("还没有提交", "本窗口正在办理另一件。请先办完，或者选「提交并排队」；填的内容已经保存。")
NOT_DONE = "还没有提交"


def not_done(mistakes: int, unread: int) -> str:
    left = [say("有 {mistakes} 处要补充或更正", mistakes=mistakes)] if mistakes else []
    left += [say("又多出 {unread} 组问题要看", unread=unread)] if unread else []
    return say("{left}；填的内容已经保存。", left=listed(left, "，"))


def at_another(number: str, window: str) -> str:
    words = "同一人的同一事项（{number}）正在 {window} 号窗口办理，请先与该窗口联系；填的内容已经保存。"
    return say(words, number=number, window=window)


def open_elsewhere(one: Elsewhere, at: str) -> str:
    """Where the same matter of the same person is open."""
    if one.is_waiting:
        return say("{number} 正在排队（{at} 取号）；本件提交后，{number} 作废，由本件代替。", number=one.number, at=at)
    if one.number:
        return say("{number} 正在 {window} 号窗口办理（{at} 取号）。", number=one.number, window=one.window, at=at)
    return say("{window} 号窗口（{clerk}）{at} 起正在为同一人填报同一事项。", window=one.window, clerk=one.clerk, at=at)


TYPED_NUMBER = "手工输入，请核验原件"
BY_NUMBER = "由号码得出"


def origin(answer: Answer, item: str, titles: Mapping[str, str]) -> str:
    """Where a prefilled value comes from, "" for what was just said."""
    source: Source = answer.source
    match source.kind:
        case SourceKind.CARD:
            typed = source == GUARDIANS_CARD or item == "person.number"
            return say(TYPED_NUMBER if typed else BY_NUMBER)
        case SourceKind.DEPARTMENT | SourceKind.LIBRARY:
            department = say(titles.get(source.name, source.name))
            whence = say("{department}归集", department=department) if source.kind is SourceKind.LIBRARY else department
            return f"{whence} · {on_day(answer.as_of)}" if answer.as_of else whence
        case SourceKind.RULE:
            return say("按规定得出")
        case _:
            return ""
