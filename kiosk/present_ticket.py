"""What the citizen takes away: the ticket screen and the same words on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.application import Application, Ticket
from flows.certificate import grouped
from flows.flow import Flow
from flows.masking import masked_name, masked_number
from flows.waiting import MOST_AHEAD
from kiosk.present import Look, frame, on_day
from kiosk.slip import Slip
from kiosk.terminal import CHINA
from kiosk.view import Button, Tone, View


@dataclass(frozen=True)
class Receipt:
    """What came of handing in. Without a ticket the hall was away; then `kept` says whether the
    application lies sealed in the outbox. `certificate` is the verification code of a paper that the hall issued."""

    application: Application
    ticket: Ticket | None
    kept: bool = False
    certificate: str = ""

    @property
    def number(self) -> str:
        """What the citizen remembers: the number of the queue, or the reference."""
        return self.ticket.number if self.ticket else self.application.slip

    @property
    def another_day(self) -> date | None:
        """The day of the ticket, when the hall calls nobody any more on the day it was issued."""
        if self.ticket is None or self.ticket.working_day == self.ticket.issued_at.astimezone(CHINA).date():
            return None
        return self.ticket.working_day


class OnPaper(StrEnum):
    """What the citizen can take from the printers."""

    CERTIFICATE = "certificate"
    SLIP = "slip"
    NOTHING = "nothing"


TAKE: dict[OnPaper, str] = {
    OnPaper.CERTIFICATE: "请取走证明和您的卡",
    OnPaper.SLIP: "请取走小票和您的卡",
    OnPaper.NOTHING: "小票没有打印出来，请记下或拍下这个号码；请取走您的卡",
}


def ticket_view(look: Look, flow: Flow, receipt: Receipt, on_paper: OnPaper, *, more: bool) -> View:
    """`more`: the card still lies there and another matter can be begun with it."""
    say = look.words
    another = (Button("another", say("再办一件")),) if more else ()
    buttons = (*another, Button("done", say("完成"), main=True))
    if on_paper is OnPaper.CERTIFICATE:
        points = (say("扫证明上的二维码，或凭这个验证码，可以核对真假"), say(TAKE[on_paper]))
        number = grouped(receipt.certificate)
        lead = "屏幕上的号码是验证码"
        return frame(look, "ticket", "证明已打印", lead, tone=Tone.GOOD, number=number, points=points, buttons=buttons)
    return frame(
        look,
        "ticket",
        _title(receipt),
        _lead(receipt),
        tone=Tone.GOOD if receipt.ticket else Tone.CARE,
        number=receipt.number,
        code=receipt.ticket.page if receipt.ticket else "",
        points=(*_points(look, flow, receipt), say(TAKE[on_paper])),
        notice=say("打印机没有纸，或不能使用") if on_paper is OnPaper.NOTHING or receipt.certificate else "",
        buttons=buttons,
    )


def slip(look: Look, flow: Flow, receipt: Receipt) -> Slip:
    """The same on paper, with the person masked: paper is left lying about."""
    say, application = look.words, receipt.application
    moment = f"{application.submitted_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    lines = (
        (say("事项"), say(flow.title)),
        *(((say("姓名"), masked_name(application.identity.name)),) if application.identity.name else ()),
        (say("公民身份号码"), masked_number(application.identity.number)),
        (say("提交时间"), moment),
    )
    return Slip(
        hall_name=say(look.place.hall_name),
        number=receipt.ticket.number if receipt.ticket else "",
        title=say(_title(receipt)),
        reference=application.slip,
        lines=lines,
        footer=_points(look, flow, receipt),
        qr=receipt.ticket.page if receipt.ticket and receipt.ticket.page else application.visit,
    )


def _title(receipt: Receipt) -> str:
    if receipt.certificate:
        return "证明已开具"
    if receipt.ticket:
        return "您的排队号码"
    return "资料已保存" if receipt.kept else "请到人工窗口办理"


def _lead(receipt: Receipt) -> str:
    if receipt.certificate:
        return "这里没有打印出来。请凭编号到窗口打印"
    if receipt.another_day:
        return "大厅今天不再叫号，请那天开门后再来"
    if receipt.ticket:
        return "请在等候区等候叫号"
    if receipt.kept:
        return "大厅系统暂时没有回应。资料已加密保存，恢复后自动提交。请凭编号到人工窗口"
    return "这次没有提交成功，请把编号告诉窗口工作人员"


def _turn(look: Look, receipt: Receipt) -> tuple[str, ...]:
    """When it will be theirs, as far as that can be told."""
    say, ticket = look.words, receipt.ticket
    if ticket is None:
        return ()
    if receipt.another_day:
        return (say("这是 {day}的号码，那天按号叫", day=on_day(look, receipt.another_day)),)
    if not ticket.ahead:
        return (say("前面没有人，马上就会叫到您"),)
    ahead = say("前面还有 {ahead} 人", ahead=f"{MOST_AHEAD - 1}+" if ticket.ahead >= MOST_AHEAD else ticket.ahead)
    if ticket.wait is None:
        return (ahead,)
    message, values = ticket.wait.told()
    return ahead, say("预计等候：{span}", span=say(message, **values))


def _points(look: Look, flow: Flow, receipt: Receipt) -> tuple[str, ...]:
    say = look.words
    if receipt.certificate:
        card = say("请带上：{things}", things=say("居民身份证"))
        return (card, *_asked_to_correct(look, receipt.application), say("本单不是证明，证明由窗口打印"))
    between = "、" if say.language == "zh" else ", "
    bring = (say("请带上：{things}", things=between.join(say(thing) for thing in flow.bring)),) if flow.bring else ()
    follow = (say("手机扫二维码，可以看排到哪里了"),) if receipt.ticket and receipt.ticket.page else ()
    return (
        *_turn(look, receipt),
        *follow,
        *bring,
        *_asked_to_correct(look, receipt.application),
        say("本单不是受理回执，由窗口工作人员确认才算受理"),
    )


def _asked_to_correct(look: Look, application: Application) -> tuple[str, ...]:
    """That records are to be looked into, and how many: paper is left lying about, so neither which nor what."""
    count = len(application.disputes)
    return (look.words("您提出有 {count} 项登记不对。窗口会核实，结果会在您下次放卡时告诉您", count=count),) if count else ()
