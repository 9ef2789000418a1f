"""Photos, papers and signatures, when all goes well and when it does not."""

from __future__ import annotations

from flows.photo.checks import Fault
from kiosk.view import Touch
from kiosk.visit import Ended
from tests.visits import world
from tests.visits.moments import (
    AFTER_PORTRAIT,
    CARD,
    DONE,
    LEAVE,
    NO_REMINDER,
    PORTRAIT_BEGINS,
    SIGN,
    SIGNED,
    SUBMIT,
    TAKE,
    TAKEN,
    TO_COUNTER,
    USE,
    begin,
)
from tests.visits.playing import Moment, Story
from tests.visits.small_matters import ORIGINAL, PAPERS, PORTRAIT

CROOKED = (Fault("roll", "头歪了，请把头摆正", (0.3, 0.2, 0.4, 0.5)),)
DARK = (Fault("dark", "脸上太暗，请面向灯光"), Fault("blurred", "照片模糊，请坐稳不要动"))

PICTURES: tuple[Story, ...] = (
    Story(
        "a portrait is taken, agreed to and signed for",
        (*PORTRAIT_BEGINS, TAKE, USE, *AFTER_PORTRAIT),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "the third portrait is good, and the counter was offered before it",
        (
            *PORTRAIT_BEGINS,
            TAKE,
            Moment("photo", Touch("again"), sees="头歪了"),
            TAKE,
            Moment("photo", Touch("again"), sees="工作人员帮您拍"),
            TAKE,
            USE,
            *AFTER_PORTRAIT,
        ),
        Ended.TICKET,
        before=world.both(world.offers(PORTRAIT), world.judge_finds(CROOKED, DARK)),
    ),
    Story(
        "whoever does not want to be photographed leaves it to the counter",
        (*PORTRAIT_BEGINS, LEAVE, *AFTER_PORTRAIT),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "a camera that fails comes back on the second try",
        (
            *PORTRAIT_BEGINS,
            Moment("photo", world.both(world.camera_is_back), sees="相机暂时不能使用"),
            Moment("photo", Touch("again"), sees="相机暂时不能使用"),
            TAKE,
            USE,
            *AFTER_PORTRAIT,
        ),
        Ended.TICKET,
        before=world.both(world.offers(PORTRAIT), world.camera_breaks),
    ),
    Story(
        "a terminal without a camera says so and goes on",
        (*PORTRAIT_BEGINS, Moment("photo", Touch("leave"), sees="到窗口再拍"), *AFTER_PORTRAIT),
        Ended.TICKET,
        before=world.both(world.offers(PORTRAIT), world.no_camera),
    ),
    Story(
        "a portrait is taken again from the review",
        (
            *PORTRAIT_BEGINS,
            TAKE,
            USE,
            NO_REMINDER,
            SIGN,
            Moment("review", Touch("edit", {"value": "photo"})),
            Moment("photo", Touch("again"), sees="就用这张"),
            TAKE,
            USE,
            SUBMIT,
            *DONE,
        ),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "a tap is no signature",
        (
            *PORTRAIT_BEGINS,
            TAKE,
            USE,
            NO_REMINDER,
            Moment("form", Touch("next", {"signature": "500,200 501,200"})),
            Moment("form", SIGN.act, sees="请填写这一项"),
            SUBMIT,
            *DONE,
        ),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "whoever cannot write leaves the signature to the counter",
        (*PORTRAIT_BEGINS, TAKE, USE, NO_REMINDER, Moment("form", Touch("next", left=frozenset({"signature"}))), SUBMIT, *DONE),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "a consent has its own signature",
        (
            *PORTRAIT_BEGINS,
            TAKE,
            USE,
            Moment("form", Touch("next", {"more": "yes"})),
            Moment("form", Touch("next", {"more_signature": SIGNED}), sees="同意人签名"),
            SIGN,
            SUBMIT,
            *DONE,
        ),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "a paper is photographed without being judged",
        (*begin("papers"), CARD, TAKE, USE, SUBMIT, *DONE),
        Ended.TICKET,
        before=world.offers(PAPERS),
    ),
    Story(
        "an original that must be there and cannot be photographed goes to the counter",
        (*begin("original"), CARD, LEAVE, *TO_COUNTER),
        Ended.TICKET,
        before=world.both(world.offers(ORIGINAL), world.no_camera),
    ),
    Story(
        "the citizen walks away from the camera",
        (*PORTRAIT_BEGINS, Moment("photo", world.passes(80), sees="拍照"), TAKEN),
        Ended.IDLE,
        before=world.offers(PORTRAIT),
    ),
    Story(
        "staff is called before the camera, which waits behind the screen",
        (
            *PORTRAIT_BEGINS,
            Moment("photo", Touch("help"), sees="拍照"),
            Moment("message", world.passes(3), sees="请叫工作人员"),
            Moment("message", Touch("continue")),
            TAKE,
            USE,
            *AFTER_PORTRAIT,
        ),
        Ended.TICKET,
        before=world.offers(PORTRAIT),
    ),
)
