"""python -m devices: what readers there are, what lies on them, and specimens' cards to lay there."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devices.device import DeviceError, DeviceStatus, IdentityReader, MediaStatus, Status
from devices.device_record import recorded
from devices.document import AccessKey, IdentityDocument
from devices.document_words import lines_of, why_not
from devices.drivers import make_reader
from devices.plate import Plate
from devices.readiness import Report
from devices.readiness_words import as_json, as_text
from devices.self_test import ConfigUnreadable, Fitted, Named, fitted, report_of
from devices.simulators.control import SimulatorRefused
from devices.simulators.hand import NO_PCSCD, NO_SAM_V, CardKind, NotPossible, State, disturb, lay, set_before, set_paper, take
from devices.simulators.sam_v import Fault
from devices.simulators.specimens import find_specimen, specimens

READ_S = 10.0
RESIDENT_READER = "resident card reader"
LYING: Mapping[MediaStatus, str] = {MediaStatus.PRESENT: "a card lies there", MediaStatus.NOT_PRESENT: "empty"}


def readers_of(state: State) -> tuple[IdentityReader, ...]:
    """Every reader that can be found from here."""
    make_reader("pcsc", state.pcsc_settings())  # from here on PC/SC calls reach the right pcscd
    found = [make_reader("pcsc", state.pcsc_settings(name)) for name in _pcsc_names()]
    if state.has_resident_reader():
        found.append(_resident_reader(state))
    return tuple(found)


def _resident_reader(state: State) -> IdentityReader:
    return make_reader("sam_v", _resident_settings(state))


def _resident_settings(state: State) -> dict[str, str]:
    return {"id": RESIDENT_READER, "port": str(state.sam_v_line)}


def _pcsc_names() -> tuple[str, ...]:
    from devices.drivers.pcsc_card import reader_names

    try:
        return reader_names()
    except DeviceError:
        return ()


def list_everything(state: State, given: argparse.Namespace) -> None:
    readers = readers_of(state)
    print("Readers")
    for reader, status in zip(readers, asyncio.run(_look(state, readers)), strict=True):
        print(f"  {reader.id:32} {_worded(status)}, {LYING.get(status.media, 'not known whether a card lies there')}")
    if not any(reader.kind == "pcsc" for reader in readers):
        print(f"  no chip card reader. {NO_PCSCD.format(state.folder)}")
    print("Specimens")
    for person in specimens():
        print(f"  {person.key:10} {person.number}  {person.name}  {person.note}")


async def _look(state: State, readers: Sequence[IdentityReader]) -> list[Status]:
    return [await _look_at(state, reader) for reader in readers]


async def _look_at(state: State, reader: IdentityReader) -> Status:
    await reader.open()
    try:
        status = await reader.check_health()
    finally:
        await reader.close()
    if reader.id == RESIDENT_READER and status.device is DeviceStatus.DEVICE_BUSY:
        # A terminal has the line; the simulator at its other end can be asked without disturbing it.
        lies = state.resident_card()
        if lies is not None:
            return Status(DeviceStatus.ONLINE, MediaStatus.PRESENT if lies else MediaStatus.NOT_PRESENT, status.detail)
    return status


def _worded(status: Status) -> str:
    return f"{status.device} ({status.detail})" if status.detail else str(status.device)


def insert(state: State, given: argparse.Namespace) -> None:
    person = find_specimen(given.name)
    if person is None:
        raise NotPossible(f"There is no specimen {given.name}. Known: " + "  ".join(f"{p.key} {p.name}" for p in specimens()))
    lay(state, person, CardKind(given.card))
    print(f"The {given.card} card of {person.name} ({person.key}) lies on the reader. Take it: python -m devices pull")


def pull(state: State, given: argparse.Namespace) -> None:
    if not take(state):
        raise NotPossible(f"No simulated card lies on a reader of {state.folder}.")
    print("The card was taken away.")


def paper(state: State, given: argparse.Namespace) -> None:
    out = given.roll == "out"
    set_paper(state, out=out)
    print("The printer has no paper. Lay some in: python -m devices paper in" if out else "The printer has paper.")


def camera(state: State, given: argparse.Namespace) -> None:
    from devices.simulators.camera import NOBODY, PAPER, NothingToShow, view  # draws: not needed to lay a card

    person = find_specimen(given.before)
    before = " ".join(filter(None, [person.key if person else given.before, given.how]))
    try:
        view(before)
    except NothingToShow as error:
        known = "  ".join([NOBODY, PAPER, *(f"{p.key} {p.name}" for p in specimens())])
        raise NotPossible(f"Nothing to show: {error}. Known: {known}") from error
    set_before(state.camera(document=given.document), before)
    print(f"Before the {'document ' if given.document else ''}camera: {before}.")


def fault(state: State, given: argparse.Namespace) -> None:
    well = given.fault == "none"
    disturb(state, "" if well else given.fault)
    print("The resident card reader is well." if well else f"The resident card reader is disturbed: {given.fault}.")


def read(state: State, given: argparse.Namespace) -> None:
    if given.card == CardKind.SOCIAL_SECURITY:
        reader = make_reader("pcsc", state.pcsc_settings())
    elif state.has_resident_reader():
        reader = _resident_reader(state)
    else:
        raise NotPossible(NO_SAM_V.format(state.folder))
    try:
        document = asyncio.run(_read(reader, _access_key(given)))
    except DeviceError as error:
        raise NotPossible(f"{why_not(error)} [{error}]") from error
    print("A tool for specimens: it shows everything that the card says. Do not lay a real person's card.")
    for name, value in lines_of(document):
        print(f"  {name:13} {value}")


def _access_key(given: argparse.Namespace) -> AccessKey | None:
    key = AccessKey(given.number, given.birth, given.expiry, given.access_number)
    return None if key == AccessKey() else key


async def _read(reader: IdentityReader, access: AccessKey | None) -> IdentityDocument:
    plate = Plate([reader])
    await plate.open()
    try:
        if not plate.ready():
            raise NotPossible(f"The {reader.id} is not ready: {_worded(reader.status())}.")
        async with asyncio.timeout(READ_S):
            return await plate.read(await plate.card_laid(), access=access)
    except TimeoutError:
        raise NotPossible(f"No card was laid within {READ_S:.0f} s; the reader is {_worded(reader.status())}.") from None
    finally:
        await plate.close()


def self_test(state: State, given: argparse.Namespace) -> None:
    try:
        wanted = fitted(given.config, state.folder) if given.config else Fitted("", "", _found(state))
    except ConfigUnreadable as error:
        raise NotPossible(str(error)) from error
    if not wanted.devices:
        raise NotPossible(f"There is no device. {NO_PCSCD.format(state.folder)}")
    report = asyncio.run(report_of(wanted, recorded(state.folder)))
    print(as_json(report) if given.json else as_text(report))
    if given.page:
        _keep_page(report, given.page, given.fonts)
    if not report.is_ready:
        raise NotPossible("" if given.json else "Not every device is ready.")


def _found(state: State) -> tuple[Named, ...]:
    """Every reader that can be found from here, as a configuration would name it."""
    make_reader("pcsc", state.pcsc_settings())  # from here on PC/SC calls reach the right pcscd
    found = [Named("readers", "pcsc", state.pcsc_settings(name)) for name in _pcsc_names()]
    if state.has_resident_reader():
        found.append(Named("readers", "sam_v", _resident_settings(state)))
    return tuple(found)


def _keep_page(report: Report, page: Path, fonts: Path) -> None:
    from devices.readiness_page import PageRefused, save  # draws: not needed for words

    try:
        files = save(report, page, fonts)
    except PageRefused as error:
        raise NotPossible(str(error)) from error
    print(f"Kept as {', '.join(map(str, files))}.", file=sys.stderr)


def _of_a_self_test() -> argparse.ArgumentParser:
    test = argparse.ArgumentParser(add_help=False)
    test.add_argument("--config", type=Path, help="the terminal's kiosk.toml; without it, the readers that are found")
    test.add_argument("--json", action="store_true", help="for a program: the whole report as JSON")
    test.add_argument("--page", type=Path, help="also keep it as an A4 page: FILE.png or FILE.pdf")
    test.add_argument("--fonts", type=Path, default=Path("assets/fonts"), help="folder of the page's faces")
    return test


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devices", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state", type=Path, default=Path("var"), help="folder of the running simulators")
    kinds = argparse.ArgumentParser(add_help=False)
    kinds.add_argument("--card", choices=[str(kind) for kind in CardKind], default=str(CardKind.SOCIAL_SECURITY))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, does: Callable[[State, argparse.Namespace], None], words: str, *more: argparse.ArgumentParser) -> None:
        commands.add_parser(name, help=words, parents=[common, *more]).set_defaults(does=does)

    named = argparse.ArgumentParser(add_help=False)
    named.add_argument("name", help="key, name or number of a specimen, e.g. 吕晓岚")
    roll = argparse.ArgumentParser(add_help=False)
    roll.add_argument("roll", choices=("out", "in"), help="out: the roll is empty; in: there is paper")
    seen = argparse.ArgumentParser(add_help=False)
    seen.add_argument("before", help="a specimen, nobody, or paper")
    seen.add_argument(
        "how", nargs="?", default="", help="how badly a specimen is shot, e.g. eyes-closed, dark, aside; default: well"
    )
    seen.add_argument("--document", action="store_true", help="the document camera, not the portrait camera")
    printed = argparse.ArgumentParser(add_help=False)
    for option, words in (
        ("number", "of the document"),
        ("birth", "YYMMDD"),
        ("expiry", "YYMMDD"),
        ("access-number", "six digits"),
    ):
        printed.add_argument(f"--{option}", default="", help=f"printed on a travel document: {words}")
    wrong = argparse.ArgumentParser(add_help=False)
    wrong.add_argument("fault", help=f"{', '.join(Fault)}, a status of the module such as 66, or none")
    command("list", list_everything, "readers, what lies on them, and the specimens")
    command("insert", insert, "lay a specimen's card on a virtual reader; any other is taken away first", named, kinds)
    command("pull", pull, "take the card away")
    command("read", read, "read the card that lies there and print what it says", kinds, printed)
    command("self-test", self_test, "ask every device of a terminal whether it is ready; 1 when one is not", _of_a_self_test())
    command("paper", paper, "take the paper out of the printer that prints into STATE/paper, or lay it in", roll)
    command("camera", camera, "put somebody or a paper before a camera that looks into STATE", seen)
    command("fault", fault, "make the resident card simulator answer wrongly", wrong)
    return parser


def main() -> int:
    given = _arguments().parse_args()
    try:
        given.does(State(given.state), given)
    except (NotPossible, SimulatorRefused) as error:
        if str(error):
            print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our words has gone: nothing more to say, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
