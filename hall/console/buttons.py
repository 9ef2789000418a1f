"""What is written on the buttons of a case and its ticket."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from flows.application import Action
from hall.console.language import say

PRESS: Mapping[str, Markup] = {
    Action.RECALL: Markup("再叫一次{key}"),
    Action.MISS: Markup("过号{key}"),
    Action.REQUEUE: Markup("重新排队{key}"),
    Action.HOLD: Markup("挂起{key}"),
    Action.RESUME: Markup("继续办理{key}"),
    Action.AMEND: Markup("更正{key}"),
    Action.CONFIRM: Markup("确认受理{key}"),
    Action.RETURN: Markup("退回补正{key}"),
    Action.REJECT: Markup("不予受理{key}"),
    Action.ACCEPT_LACKING: Markup("容缺受理{key}"),
    Action.PROPOSE: Markup("提交复核{key}"),
    Action.APPROVE: Markup("复核同意，受理{key}"),
    Action.SEND_BACK: Markup("复核退回{key}"),
    Action.TAKE_UP: Markup("接着办理{key}"),
    Action.BRING: Markup("补齐材料{key}"),
    Action.FOLLOW_UP: Markup("逾期处理{key}"),
}
"""On a button, with its key. Where Chinese has one word, another language says it otherwise of a state or of what was done."""


def press(action: str, key: str = "") -> str:
    """What a button says that does this, as markup; `key` is written on it, e.g. Alt+S."""
    return say(PRESS[action], key=Markup(" <kbd>{}</kbd>").format(key) if key else "")
