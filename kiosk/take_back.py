"""要求删除: a person takes back the consent by which the hall keeps a document for other matters."""

from __future__ import annotations

from dataclasses import replace

from flows.application import Identity
from flows.kept import Keeping, KeptPaper
from flows.usage import Kept
from kiosk.hall_client import HallAway
from kiosk.present import Look, frame
from kiosk.screens import Patience, Screens
from kiosk.terminal import Terminal
from kiosk.view import Button, Group, Line, Tone, Touch, View


def kept_groups(look: Look, kept: Kept) -> tuple[Group, ...]:
    """What the hall keeps of a person's papers: names and days, no picture; others may look on."""
    return tuple(_group(look, one) for one in kept.documents)


def any_kept(kept: Kept) -> bool:
    return any((kept.applications, kept.libraries, kept.corrections, kept.documents))


async def take_back(terminal: Terminal, screens: Screens, look: str, identity: Identity, kept: Kept, document: str) -> Kept:
    """What is kept afterwards. Raises HallAway and Refused."""
    found = next((one for one in kept.documents if one.document == document and one.deletable), None)
    if found is None:
        return kept
    touch = await screens.ask(lambda look, entered: asking_view(look, found))
    if touch.button != "delete":
        return kept
    done = await screens.during(
        lambda look, entered: deleting_view(look), _withdrawn(terminal, look, identity, document), patience=Patience.FOR_EVER
    )
    assert not isinstance(done, Touch)  # a busy screen has no button of its own
    await screens.ask(lambda look, entered: done_view(look, destroyed=done))
    stays = () if done else (replace(found, keeping=Keeping.CASE, until=None, deletable=False),)
    others = tuple(one for one in kept.documents if one.document != document)
    return replace(kept, documents=(*others, *stays))


def asking_view(look: Look, paper: KeptPaper) -> View:
    say = look.words
    buttons = (Button("keep", say("不删除")), Button("delete", say("删除"), main=True))
    title = say("删除留存的{title}吗", title=say(paper.title))
    lead = "删除以后，下次办事要重新拍或重新交。已经交上去的办件不受影响"
    return replace(frame(look, "message", "", lead, tone=Tone.CARE, buttons=buttons), title=title)


def deleting_view(look: Look) -> View:
    return frame(look, "busy", "正在删除", "请稍候")


def done_view(look: Look, *, destroyed: bool) -> View:
    title = "已经删除" if destroyed else "不会再用于别的事"
    lead = "大厅不再存有它" if destroyed else "它只留在当时的办件档案里，到期销毁"
    return frame(look, "message", title, lead, tone=Tone.GOOD, buttons=(Button("back", look.words("返回记录"), main=True),))


def _group(look: Look, paper: KeptPaper) -> Group:
    say = look.words
    lines = [Line("since", say("从哪天起"), paper.seen_on.isoformat()), Line("rule", say("做什么用"), _rule(look, paper))]
    edit = Button("withdraw", say("要求删除"), value=paper.document) if paper.deletable else None
    return Group(say("大厅留存：{title}", title=say(paper.title)), tuple(lines), edit)


def _rule(look: Look, paper: KeptPaper) -> str:
    say = look.words
    match paper.keeping:
        case Keeping.REUSE if paper.until is not None:
            return say("您同意过：{day} 以前办别的事可以再用", day=paper.until.isoformat())
        case Keeping.REUSE:
            return say("您同意过留存")
        case Keeping.STATUTORY:
            return say("依法随办件保存，不能删除")
        case _:
            return say("只用于当时的办件，到期销毁")


async def _withdrawn(terminal: Terminal, look: str, identity: Identity, document: str) -> bool:
    """Whether it is gone altogether."""
    try:
        return (await terminal.hall.withdraw(look, identity, document)).destroyed
    except HallAway:
        # The answer may have been lost on the way; the number of the look makes a second try harmless.
        return (await terminal.hall.withdraw(look, identity, document)).destroyed
