"""One picture by the camera: looked at live, taken, judged, and used, taken again or left to the counter."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial

from devices.device import DeviceError
from flows.application import Attached
from flows.fold import Given
from flows.pictures import Photo
from kiosk.draft import Draft
from kiosk.kept_paper import NoPicture, small_enough
from kiosk.kept_picture import Offered, take_again
from kiosk.present import Look
from kiosk.present_photo import Scene, Wrong, checking_view, live_view, no_camera_view, taken_view, wrong_view
from kiosk.screens import Patience, Screens
from kiosk.terminal import Camera, Terminal
from kiosk.view import Mark, Touch, View

log = logging.getLogger(__name__)

FRAME_S = 0.12
"""About eight pictures a second: enough to sit straight by."""


async def photograph(terminal: Terminal, screens: Screens, scene: Scene, offered: Offered | None = None) -> Draft:
    """The draft with the picture, or with the page left to the counter, or one page back. `offered` is a kept one."""
    picture, failures = _before(scene), 0
    if picture is None and offered and (draft := await take_again(terminal, screens, scene, offered)):
        return draft
    while True:
        if picture is None:
            outcome = await _taken(terminal, screens, scene)
            if isinstance(outcome, Attached):
                picture = outcome
                continue
            failures += isinstance(outcome, Wrong)
            touch = outcome if isinstance(outcome, Touch) else await _told(screens, scene, outcome, failures)
        else:
            touch = await _agreed(screens, scene, picture)
        match touch.button:
            case "use" | "use_and_keep" if picture is not None:
                given = Given({scene.field.name: picture.digest}, attached={picture.digest: picture})
                agreeing = scene.draft.agreeing(picture.digest, agrees=touch.button == "use_and_keep")
                return agreeing.answer(scene.page, given)
            case "leave":
                return _left(scene)
            case "back":
                return scene.draft.back()
            case _:
                picture = None


def _before(scene: Scene) -> Attached | None:
    """The picture that stands here already: taken before the page was opened again, or for another matter."""
    draft, name = scene.draft, scene.field.name
    if draft.mistakes:
        return None
    entered = draft.entered
    value = entered.values.get(name, "") if entered else draft.known[name]
    return (entered.attached.get(value) if entered else None) or draft.known.attached.get(value)


async def _taken(terminal: Terminal, screens: Screens, scene: Scene) -> Attached | Wrong | Touch:
    """What the camera gave and the rules agree to, what speaks against it, or a touch that wants no picture."""
    camera = terminal.camera if scene.is_portrait else terminal.document_camera
    lacks = ("camera" if scene.is_portrait else "document_camera") in terminal.lacking
    shot = await _live(terminal, screens, scene, camera) if camera is not None and not lacks else None
    if shot is None:
        return await screens.ask(lambda look, entered: no_camera_view(look, scene, fitted=camera is not None))
    if isinstance(shot, Touch):
        return shot
    judging = screens.during(
        lambda look, entered: checking_view(look, scene, shot), _judged(terminal, scene, shot), patience=Patience.FOR_EVER
    )
    return await judging


async def _live(terminal: Terminal, screens: Screens, scene: Scene, camera: Camera) -> bytes | Touch | None:
    """The frame that was seen when it was taken; another touch; None when the camera fails."""
    newest = b""

    def make(look: Look, entered: Given | None) -> View:
        return live_view(look, scene, newest)

    async def look_on() -> None:
        nonlocal newest
        while True:
            newest = await camera.frame()
            screens.update(make)
            await terminal.wait(FRAME_S)

    while True:
        try:
            touch = await screens.during(make, look_on())
        except DeviceError as error:
            log.warning("camera_failed", extra={"code": str(error.code)})
            return None
        if isinstance(touch, Touch) and touch.button != "take":
            return touch
        if newest:
            return newest


async def _judged(terminal: Terminal, scene: Scene, shot: bytes) -> Attached | Wrong:
    kind = scene.field.kind
    if not isinstance(kind, Photo):
        try:
            return await asyncio.to_thread(small_enough, shot)
        except NoPicture:
            return Wrong(b"", ("没有拍清楚，请再拍一张",))
    judging = partial(terminal.judge, shot, kind.sheet, scene.draft.begin.today, child=scene.child)
    judged = await asyncio.to_thread(judging)
    if not judged.faults:
        return Attached("image/jpeg", judged.picture, findings=())
    marks = tuple(Mark(*fault.box) for fault in judged.faults if fault.box)
    return Wrong(shot, tuple(dict.fromkeys(fault.words for fault in judged.faults)), marks)


async def _told(screens: Screens, scene: Scene, wrong: Wrong, failures: int) -> Touch:
    return await screens.ask(lambda look, entered: wrong_view(look, scene, wrong, failures))


async def _agreed(screens: Screens, scene: Scene, picture: Attached) -> Touch:
    return await screens.ask(lambda look, entered: taken_view(look, scene, picture))


def _left(scene: Scene) -> Draft:
    if scene.field.may_be_left:
        return scene.draft.answer(scene.page, Given({}, frozenset({scene.field.name})))
    return replace(scene.draft, to_counter=True)
