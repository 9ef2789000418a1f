"""What a citizen does with pictures that the hall has kept, and with the consent to keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flows.application import Attached
from flows.kept import Keeping, KeptPaper, Offer, Origin
from flows.usage import Kept
from kiosk.view import Touch
from kiosk.visit import Ended
from tests.kiosk.fake_devices import A_PAGE
from tests.kiosk.fakes import Stage
from tests.ui.sample_pictures import face
from tests.visits import world
from tests.visits.moments import AFTER_PORTRAIT, CARD, DONE, NO_REMINDER, PORTRAIT_BEGINS, SIGN, SUBMIT, TAKE, TAKEN, USE, begin
from tests.visits.playing import Moment, Story
from tests.visits.small_matters import BADGE, PAPERS, PORTRAIT
from tests.visits.stories_usage import DONE as READ_ALL
from tests.visits.stories_usage import SHOW, hall_has

FACE = Attached("image/jpeg", face(354, 472, "#FFFFFF"))
LEASE = Attached("image/jpeg", A_PAGE)
PHOTO = Offer(
    "photo 1",
    "photo",
    "photo.exit_entry",
    FACE.digest,
    date(2026, 5, 30),
    date(2026, 11, 30),
    "往来港澳通行证",
    Origin.TERMINAL,
)
PAPER = Offer("paper 1", "paper", "home_proof", LEASE.digest, date(2026, 6, 3), None, "", Origin.WINDOW)
USE_KEPT = Moment("photo", Touch("use_kept"), sees="您拍过照片，还可以用")
ANOTHER = Moment("photo", Touch("again"), sees="重新拍")
KEEP = Moment("photo", Touch("use_and_keep"), sees="留着下次用")


def keeps(*offers: tuple[Offer, Attached]) -> world.World:
    def change(stage: Stage) -> None:
        stage.hall.on_offer = {offer.document: (offer, picture) for offer, picture in offers}

    return change


def key_is_lost(stage: Stage) -> None:
    stage.hall.keeps_no_key = True


def another_picture_comes(stage: Stage) -> None:
    stage.hall.on_offer["photo 1"] = (PHOTO, LEASE)


HAS_PHOTO = world.both(world.offers(PORTRAIT), keeps((PHOTO, FACE)))


def told(name: str, *moments: Moment, before: Callable[[Stage], None] = HAS_PHOTO, ends: Ended = Ended.TICKET) -> Story:
    return Story(name, moments, ends, before=before)


KEPT_STORIES: tuple[Story, ...] = (
    told("a kept photo is used again and no camera opens", *PORTRAIT_BEGINS, USE_KEPT, *AFTER_PORTRAIT),
    told("whoever does not like the kept photo takes a new one", *PORTRAIT_BEGINS, ANOTHER, TAKE, USE, *AFTER_PORTRAIT),
    told(
        "back from the kept photo, and it is there again",
        *PORTRAIT_BEGINS,
        Moment("photo", Touch("back"), sees="还可以用"),
        Moment("records", Touch("next")),
        USE_KEPT,
        *AFTER_PORTRAIT,
    ),
    told(
        "a kept photo is changed for a new one at the review",
        *PORTRAIT_BEGINS,
        USE_KEPT,
        NO_REMINDER,
        SIGN,
        Moment("review", Touch("edit", {"value": "photo"})),
        Moment("photo", Touch("again"), sees="就用这张"),
        TAKE,
        USE,
        SUBMIT,
        *DONE,
    ),
    told(
        "the hall cannot read what it kept: the camera opens as if nothing were kept",
        *PORTRAIT_BEGINS,
        TAKE,
        USE,
        *AFTER_PORTRAIT,
        before=world.both(HAS_PHOTO, key_is_lost),
    ),
    told(
        "another picture than the one on offer is not shown to anybody",
        *PORTRAIT_BEGINS,
        TAKE,
        USE,
        *AFTER_PORTRAIT,
        before=world.both(HAS_PHOTO, another_picture_comes),
    ),
    told(
        "a paper that was handed in before is used again",
        *begin("papers"),
        CARD,
        Moment("photo", Touch("use_kept"), sees="您交过这份材料，还可以用"),
        SUBMIT,
        *DONE,
        before=world.both(world.offers(PAPERS), keeps((PAPER, LEASE))),
    ),
    told(
        "a new photo is kept for next time because the citizen says so",
        *PORTRAIT_BEGINS,
        TAKE,
        KEEP,
        *AFTER_PORTRAIT,
        before=world.offers(PORTRAIT),
    ),
    told(
        "whoever thinks better of it keeps nothing",
        *PORTRAIT_BEGINS,
        TAKE,
        KEEP,
        NO_REMINDER,
        SIGN,
        Moment("review", Touch("edit", {"value": "photo"})),
        USE,
        SUBMIT,
        *DONE,
        before=world.offers(PORTRAIT),
    ),
    told(
        "a kept photo serves the second matter of the visit too",
        *PORTRAIT_BEGINS,
        USE_KEPT,
        NO_REMINDER,
        SIGN,
        SUBMIT,
        Moment("ticket", Touch("another")),
        Moment("attract", Touch("badge")),
        Moment("notice", Touch("understood")),
        Moment("records", Touch("next")),
        USE,
        Moment("form", Touch("next")),
        SUBMIT,
        *DONE,
        before=world.both(world.offers(PORTRAIT, BADGE), keeps((PHOTO, FACE))),
    ),
    told(
        "pulling the card at the kept photo ends the visit",
        *PORTRAIT_BEGINS,
        Moment("photo", world.pull, sees="还可以用"),
        Moment("message", Touch("done")),
        ends=Ended.CARD_TAKEN,
    ),
)

PHOTO_PAPER = KeptPaper("photo 1", "出入境证件照片", date(2026, 5, 30), date(2026, 11, 30), Keeping.REUSE, True)
LEASE_PAPER = replace(PHOTO_PAPER, document="lease 1", title="租赁合同或房产证", until=None)
CERTIFICATE = KeptPaper("certificate 1", "大厅出具的证明", date(2026, 6, 1), None, Keeping.STATUTORY, False)
LETTER = KeptPaper("letter 1", "单位同意函", date(2026, 6, 1), None, Keeping.CASE, False)
KEEPS = hall_has(kept=Kept(2, documents=(PHOTO_PAPER, LEASE_PAPER, CERTIFICATE, LETTER)))
DELETE = Moment("review", Touch("withdraw", {"value": "photo 1"}), sees="大厅留存：出入境证件照片")
DELETED = Moment("message", Touch("back"), sees="已经删除")
YES = Moment("message", Touch("delete"), sees="删除留存的出入境证件照片吗")


def case_rests_on_it(stage: Stage) -> None:
    stage.hall.destroys = False


def mine(name: str, *moments: Moment, before: Callable[[Stage], None] = KEEPS, ends: Ended = Ended.LOOKED) -> Story:
    return Story(name, (*SHOW, *moments), ends, before=before)


MY_PAPERS: tuple[Story, ...] = (
    mine(
        "what the hall keeps of my papers is deleted", DELETE, YES, Moment("message", Touch("back"), sees="已经删除"), *READ_ALL
    ),
    mine("whoever thinks better of it deletes nothing", DELETE, Moment("message", Touch("keep"), sees="删除留存"), *READ_ALL),
    mine(
        "a paper that a case rests on stays with that case alone",
        DELETE,
        YES,
        Moment("message", Touch("back"), sees="不会再用于别的事"),
        *READ_ALL,
        before=world.both(KEEPS, case_rests_on_it),
    ),
    mine(
        "a lost answer is asked for again",
        Moment("review", world.hall_loses_an_answer),
        DELETE,
        YES,
        DELETED,
        *READ_ALL,
    ),
    mine(
        "the hall goes while something is being deleted",
        DELETE,
        Moment("message", world.hall_goes),
        YES,
        Moment("message", Touch("done"), sees="现在查不到记录"),
        TAKEN,
    ),
    mine(
        "what may not be deleted has no button, and a forged touch does nothing",
        Moment("review", Touch("withdraw", {"value": "certificate 1"})),
        *READ_ALL,
    ),
)
