"""What happens again and again in the stories of a visit."""

from __future__ import annotations

from kiosk.view import Touch
from tests.visits import world
from tests.visits.playing import Moment
from tests.visits.small_matters import (
    CHILD,
)

SIGNED = "100,300 180,120 260,330;320,140 420,300 520,160"
NEXT = Touch("next")
UNDERSTOOD = Moment("notice", Touch("understood"))
CARD = Moment("card", world.lay, sees="请把")
TAKE = Moment("photo", Touch("take"), sees="拍照")
USE = Moment("photo", Touch("use"), sees="就用这张")
LEAVE = Moment("photo", Touch("leave"))
SIGN = Moment("form", Touch("next", {"signature": SIGNED}))
SUBMIT = Moment("review", Touch("submit"))
DONE = (Moment("ticket", world.pull), Moment("ticket", Touch("done")))
TO_COUNTER = (Moment("message", Touch("ticket"), sees="请到人工窗口办理"), *DONE)
TAKEN = Moment("message", world.pull, sees="请取走感应区里的卡")
MOBILE = Moment("records", Touch("next", {"mobile": "13900001111"}))
NO_REMINDER = Moment("form", NEXT, sees="提醒")


def begin(code: str) -> tuple[Moment, ...]:
    return Moment("attract", Touch(code)), UNDERSTOOD


PORTRAIT_BEGINS = (*begin("portrait"), CARD, MOBILE)
AFTER_PORTRAIT = (NO_REMINDER, SIGN, SUBMIT, *DONE)
LAY_GUARDIAN = Moment("card", world.lay, sees="请监护人")
CHILDS_REST = (Moment("records", NEXT), MOBILE, SUBMIT, *DONE)
CHILD_TYPED = (
    Moment("attract", Touch("for-child")),
    Moment("notice", Touch("child")),
    Moment("form", Touch("next", {"number": CHILD.number})),
)
