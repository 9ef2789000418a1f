"""What the citizen takes away: the ticket screen and the same words on paper."""

from __future__ import annotations

from dataclasses import dataclass

from flows.application import Application, Ticket
from flows.flow import Flow
from kiosk.present import Look, frame
from kiosk.privacy import masked_name, masked_number
from kiosk.slip import Slip
from kiosk.terminal import CHINA
from kiosk.view import Button, Tone, View


@dataclass(frozen=True)
class Receipt:
    """What came of handing in. Without a ticket the hall was away; then `kept` says whether the
    application lies sealed in the outbox."""

    application: Application
    ticket: Ticket | None
    kept: bool = False

    @property
    def number(self) -> str:
        """What the citizen remembers: the number of the queue, or the reference."""
        return self.ticket.number if self.ticket else self.application.slip


def ticket_view(look: Look, flow: Flow, receipt: Receipt, *, printed: bool) -> View:
    say = look.words
    paper = say("请取走小票和您的卡") if printed else say("小票没有打印出来，请记下或拍下这个号码；请取走您的卡")
    return frame(
        look,
        "ticket",
        _title(receipt),
        _lead(receipt),
        tone=Tone.GOOD if receipt.ticket else Tone.CARE,
        number=receipt.number,
        points=(*_points(look, flow, receipt), paper),
        notice="" if printed else say("打印机没有纸，或不能使用"),
        buttons=(Button("done", say("完成"), main=True),),
    )


def slip(look: Look, flow: Flow, receipt: Receipt) -> Slip:
    """The same on paper, with the person masked: paper is left lying about."""
    say, application = look.words, receipt.application
    moment = f"{application.submitted_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    lines = (
        (say("事项"), say(flow.title)),
        (say("姓名"), masked_name(application.identity.name)),
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
        qr=application.visit,
    )


def _title(receipt: Receipt) -> str:
    if receipt.ticket:
        return "您的排队号码"
    return "资料已保存" if receipt.kept else "请到人工窗口办理"


def _lead(receipt: Receipt) -> str:
    if receipt.ticket:
        return "请在等候区等候叫号"
    if receipt.kept:
        return "大厅系统暂时没有回应。资料已加密保存，恢复后自动提交。请凭编号到人工窗口"
    return "这次没有提交成功，请把编号告诉窗口工作人员"


def _ahead(look: Look, ticket: Ticket) -> str:
    return look.words("前面还有 {ahead} 人", ahead=ticket.ahead) if ticket.ahead else look.words("前面没有人，马上就会叫到您")


def _points(look: Look, flow: Flow, receipt: Receipt) -> tuple[str, ...]:
    say = look.words
    between = "、" if say.language == "zh" else ", "
    ahead = (_ahead(look, receipt.ticket),) if receipt.ticket else ()
    bring = (say("请带上：{things}", things=between.join(say(thing) for thing in flow.bring)),) if flow.bring else ()
    return (*ahead, *bring, say("本单不是受理回执，由窗口工作人员确认才算受理"))
