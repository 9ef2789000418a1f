"""A picture that the hall kept of this person: shown before the camera opens, taken again or photographed anew."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flows.application import Attached
from flows.fold import Given
from flows.kept import Offer
from kiosk.draft import Draft
from kiosk.hall_client import HallAway, Refused
from kiosk.present_photo import Scene, fetching_view, kept_view
from kiosk.screens import Patience, Screens
from kiosk.terminal import Terminal
from kiosk.view import Touch

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offered:
    """What the hall has on offer for one field of this visit."""

    visit: str
    offer: Offer


async def take_again(terminal: Terminal, screens: Screens, scene: Scene, offered: Offered) -> Draft | None:
    """The draft with the kept picture, or one page back; None: the citizen wants another one, or it cannot be had."""
    fetching = screens.during(
        lambda look, entered: fetching_view(look, scene), _fetched(terminal, offered), patience=Patience.FOR_EVER
    )
    picture = await fetching
    if not isinstance(picture, Attached):
        return None
    touch: Touch = await screens.ask(lambda look, entered: kept_view(look, scene, offered.offer, picture.content))
    match touch.button:
        case "use_kept":
            given = Given({scene.field.name: picture.digest}, attached={picture.digest: picture})
            return scene.draft.answer(scene.page, given)
        case "back":
            return scene.draft.back()
        case _:
            return None


async def _fetched(terminal: Terminal, offered: Offered) -> Attached | None:
    """Nothing that goes wrong here is the citizen's trouble: the camera is there."""
    try:
        picture = await terminal.hall.kept_picture(offered.visit, offered.offer.document)
    except HallAway:
        log.warning("kept_picture_not_fetched", extra={"visit": offered.visit, "code": HallAway.code})
    except Refused as refused:
        log.warning("kept_picture_not_fetched", extra={"visit": offered.visit, "code": refused.code})
    else:
        if picture.digest == offered.offer.digest:
            return picture
        log.error("kept_picture_is_another", extra={"visit": offered.visit})
    return None
