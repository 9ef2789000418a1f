"""What only the permit can come to: another kind, a loss, an endorsement or a consent changed at the last moment."""

from __future__ import annotations

from collections.abc import Mapping

from devices.document import IdentityDocument
from kiosk.view import Touch
from kiosk.visit import Ended
from scripts.wishes import STROKES
from tests.kiosk.people import HOLDER
from tests.visits import world
from tests.visits.moments import DONE, begin
from tests.visits.playing import Moment, Story

HOLDERS = {
    "public_servant": "no",
    "soldier": "no",
    "kind": "ENDORSE",
    "hong_kong": "HK-G-12-2",
    "macau": "MO-G-12-1",
    "lives_at": "household",
    "delivery": "PICKUP",
    "echannel": "later",
}
LOST = {**HOLDERS, "kind": "REISSUE_LOST"}
FAMILY = {**HOLDERS, "hong_kong": "HK-T", "hong_kong_relation": "SPOUSE"}


def comes(somebody: IdentityDocument, sees: str = "请把") -> tuple[Moment, ...]:
    return (*begin("hk-macau-permit"), Moment("card", world.lay_says(somebody), sees))


def until_review(act: Touch, wishes: Mapping[str, str]) -> Moment:
    return Moment("review", act, wishes=wishes)


def edit(page: str) -> Touch:
    return Touch("edit", {"value": page})


SUBMIT = Touch("submit")
KIND = Moment("form", Touch("next", {"kind": "REISSUE_LOST"}), sees="要办哪一种")
LOSS = {"loss_how": "STOLEN", "loss_day": "202611", "loss_place": "HK"}
TOLD_LOSS = Moment("form", Touch("next", LOSS, frozenset({"loss_story"})), sees="证件是怎样没有的")


def story(name: str, *moments: Moment) -> Story:
    return Story(name, (*comes(HOLDER), *moments, *DONE), Ended.TICKET, before=world.hall_says(of=HOLDER))


PERMIT_STORIES: tuple[Story, ...] = (
    story("endorsements only, on a permit that stays", until_review(SUBMIT, HOLDERS)),
    Story(
        "two registers are silent, and what was collected of them stands in",
        (*comes(HOLDER), until_review(SUBMIT, HOLDERS), *DONE),
        Ended.TICKET,
        before=world.hall_says(of=HOLDER, collected=("household", "exit_entry")),
    ),
    Story(
        "endorsements only, in English",
        (*comes(HOLDER, "Please"), until_review(SUBMIT, HOLDERS), *DONE),
        Ended.TICKET,
        language="en",
        before=world.hall_says(of=HOLDER),
    ),
    story(
        "the loss of a permit is declared and signed for",
        Moment("form", KIND.act, KIND.sees, LOST),
        TOLD_LOSS,
        Moment("form", Touch("next", {"loss_signature": "500,200 501,200"}), sees="遗失声明"),
        Moment("form", Touch("next", {"loss_signature": STROKES}), sees="请填写这一项"),
        until_review(SUBMIT, LOST),
    ),
    story(
        "another kind, chosen from the review, asks what it needs",
        until_review(edit("kind"), HOLDERS),
        KIND,
        TOLD_LOSS,
        until_review(SUBMIT, LOST),
    ),
    story(
        "another kind, chosen from the review, drops what it does not need",
        until_review(edit("kind"), {**LOST, **LOSS}),
        Moment("form", Touch("next", {"kind": "ENDORSE"}), sees="要办哪一种"),
        Moment("review", SUBMIT),
    ),
    story(
        "a consent is given later than the photo, and signed then",
        until_review(edit("echannel"), LOST),
        Moment("form", Touch("next", {"echannel": "yes"}), sees="港澳自助通道"),
        Moment("form", Touch("next", {"echannel_signature": STROKES}), sees="同意人签名"),
        Moment("review", SUBMIT),
    ),
    story(
        "no visit to Hong Kong after all",
        until_review(edit("hong_kong"), HOLDERS),
        Moment("form", Touch("next", {"hong_kong": "none"}), sees="要去香港吗"),
        Moment("review", SUBMIT),
    ),
    story(
        "no visit to Hong Kong after all, nor to the relative there",
        until_review(edit("hong_kong"), FAMILY),
        Moment("form", Touch("next", {"hong_kong": "none"}), sees="要去香港吗"),
        Moment("review", SUBMIT),
    ),
    story(
        "neither Hong Kong nor Macau is no endorsement",
        Moment("form", Touch("next", {"hong_kong": "none"}), "要去香港吗", HOLDERS),
        Moment("form", Touch("next", {"macau": "none"}), sees="要去澳门吗"),
        Moment("form", Touch("next", {"macau": "MO-G-12-1"}), sees="香港和澳门请至少选一个"),
        until_review(SUBMIT, HOLDERS),
    ),
)
