"""What became of the corrections that this person asked for: told once, before anything else is shown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from flows.application import Lookup
from flows.correction import CorrectionNews, CorrectionState
from flows.items import ITEMS
from kiosk.hall_client import HallAway, Refused
from kiosk.origin import department_title
from kiosk.present import Look, frame, on_day
from kiosk.screens import Screens
from kiosk.terminal import Terminal
from kiosk.view import Button, View

HEAR_S = 2.0

SAID = {
    CorrectionState.CORRECTED: "您 {day}提出“{item}”登记不对：{department}已经更正",
    CorrectionState.UPHELD: "您 {day}提出“{item}”登记不对：{department}核实后认为登记没有错。有疑问请到窗口",
    CorrectionState.NEEDS_MORE: "您 {day}提出“{item}”登记不对：{department}还需要证明材料。请带材料到窗口",
}


async def tell_news(
    terminal: Terminal, screens: Screens, visit: str, lookup: Lookup | None, news: Sequence[CorrectionNews]
) -> None:
    """A hall that does not hear that they were read tells them again next time."""
    if not news:
        return
    await screens.ask(lambda look, entered: news_view(look, lookup, news))
    with contextlib.suppress(HallAway, Refused, TimeoutError):
        async with asyncio.timeout(HEAR_S):
            await terminal.hall.heard(visit, tuple(one.id for one in news))


def news_view(look: Look, lookup: Lookup | None, news: Sequence[CorrectionNews]) -> View:
    """Items, departments and days; never a value: others may look on."""
    say = look.words
    points = tuple(
        say(
            SAID[one.state],
            day=on_day(look, one.asked_on),
            item=say(ITEMS[one.item].title),
            department=department_title(look, one.department, lookup),
        )
        for one in news
        if one.state in SAID and one.item in ITEMS
    )
    buttons = (Button("quit", say("不办了")), Button("understood", say("知道了"), main=True))
    return frame(look, "notice", "您提出的更正有了结果", "下面会显示各部门现在的登记", points=points, buttons=buttons)
