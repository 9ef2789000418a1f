"""What can happen around a visit: cards, readers, the hall, paper, time. Each act changes the stage."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta

from devices.device import Completion, DeviceError
from devices.document import IdentityDocument
from flows.flow import Flow
from flows.heartbeat import PartKind
from flows.photo.checks import Fault
from flows.recheck import Problem
from kiosk.config import Where
from tests.kiosk.fakes import Stage
from tests.kiosk.people import LYU, MO, lookup

World = Callable[[Stage], None]


def nothing(stage: Stage) -> None:
    """Nothing special."""


def lay(stage: Stage) -> None:
    stage.plate.lay()


def lay_says(says: IdentityDocument | Completion | DeviceError, *, readable: bool = True) -> World:
    return lambda stage: stage.plate.lay(says, readable=readable)


def lay_beside(stage: Stage) -> None:
    stage.plate.lay_beside()


def reads_resident_cards(where: Where) -> World:
    """The terminal has a reader for them, there."""

    def change(stage: Stage) -> None:
        stage.place = replace(stage.place, resident_reader=where)

    return change


def pull(stage: Stage) -> None:
    stage.plate.pull()


def swap_while_reading(stage: Stage) -> None:
    stage.plate.lay(while_reading=lambda: stage.plate.lay(MO))


def break_while_reading(stage: Stage) -> None:
    stage.plate.lay(while_reading=stage.plate.reader_goes)


def reader_goes(stage: Stage) -> None:
    stage.plate.reader_goes()


def two_readers(stage: Stage) -> None:
    stage.plate.has_another_reader()


def reader_comes_back(stage: Stage) -> None:
    stage.plate.reader_comes_back()


def passes(seconds: float) -> World:
    return lambda stage: stage.time.pass_by(seconds)


def fingers_after(*seconds: float) -> World:
    """Somebody types, chooses or turns pages: fingers on the glass that touch no button of the visit."""

    def touch(stage: Stage) -> None:
        stage.fingers += [stage.time.now + timedelta(seconds=after) for after in seconds]

    return touch


def hall_says(
    *,
    silent: dict[str, str] | None = None,
    changed: dict[str, str] | None = None,
    doubt: str = "",
    collected: Collection[str] = (),
    of: IdentityDocument = LYU,
) -> World:
    def change(stage: Stage) -> None:
        stage.hall.says = lookup(silent=silent, changed=changed, doubt=doubt, collected=collected, of=of)

    return change


def hall_goes(stage: Stage) -> None:
    stage.hall.away = True


def hall_comes_back(stage: Stage) -> None:
    stage.hall.away = False


def both(*acts: World) -> World:
    def act(stage: Stage) -> None:
        for each in acts:
            each(stage)

    return act


def hall_refuses_the_address(stage: Stage) -> None:
    stage.hall.refuses = (Problem("address", "locked_value_changed", "这一项来自登记资料，不能在终端上修改"),)


def hall_refuses_the_terminal(stage: Stage) -> None:
    stage.hall.refuses_terminal = True


def hall_loses_an_answer(stage: Stage) -> None:
    stage.hall.loses_answers = 1


def paper_is_out(stage: Stage) -> None:
    stage.printer.fault = Completion.PAPER_OUT


def disk_is_full(stage: Stage) -> None:
    stage.post.full = True


def offers(*flows: Flow) -> World:
    """What can be chosen at this terminal."""

    def change(stage: Stage) -> None:
        stage.matters = {flow.code: flow for flow in flows}

    return change


def judge_finds(*shots: tuple[Fault, ...]) -> World:
    """What speaks against the next shots, one after the other."""

    def change(stage: Stage) -> None:
        stage.judge.finds += shots

    return change


def camera_breaks(stage: Stage) -> None:
    for camera in (stage.camera, stage.document_camera):
        if camera is not None:
            camera.fault = Completion.TIME_OUT


def camera_is_back(stage: Stage) -> None:
    for camera in (stage.camera, stage.document_camera):
        if camera is not None:
            camera.fault = None


def no_camera(stage: Stage) -> None:
    stage.camera = stage.document_camera = None


def out_of_service(*kinds: PartKind) -> World:
    return lambda stage: stage.out.update(kinds)


def back_in_service(stage: Stage) -> None:
    stage.out.clear()


def hall_issues(stage: Stage) -> None:
    stage.hall.issues = True


def hall_goes_after_issuing(stage: Stage) -> None:
    stage.hall.goes_after_issuing = True


def no_page_printer(stage: Stage) -> None:
    stage.page_printer = None


def pages_are_out(stage: Stage) -> None:
    assert stage.page_printer is not None
    stage.page_printer.fault = Completion.PAPER_OUT
