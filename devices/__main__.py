"""python -m devices: what readers there are, what lies on them, and whether every device is ready."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from devices.device import DeviceError, DeviceStatus, IdentityReader, MediaStatus, Status
from devices.device_record import recorded
from devices.document import AccessKey, IdentityDocument
from devices.document_words import lines_of, why_not
from devices.drivers import SettingsWrong, make_reader
from devices.plate import Plate
from devices.readiness import Report
from devices.readiness_words import as_json, as_text
from devices.self_test import ConfigUnreadable, Fitted, Named, fitted, report_of
from devices.simulators.commands import Does, add_commands, list_deck
from devices.simulators.control import SimulatorRefused
from devices.simulators.deck import CardKind, NotInTheDeck
from devices.simulators.hand import NO_PCSCD, NO_SAM_V, NotPossible, State
from devices.simulators.travel_document_specimens import document_specimens

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
    list_deck()


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


def read(state: State, given: argparse.Namespace) -> None:
    access = _access_key(given)
    try:
        document = asyncio.run(_read(_readers_for(state, given), access))
    except SettingsWrong as error:
        raise NotPossible(f"{error}. Fill one: python -m devices trust FOLDER") from error
    except DeviceError as error:
        raise NotPossible(f"{why_not(error)} [{error}]") from error
    print("A tool for specimens: it shows everything that the card says. Do not lay a real person's card.")
    for name, value in lines_of(document):
        print(f"  {name:13} {value}")


def _readers_for(state: State, given: argparse.Namespace) -> list[IdentityReader]:
    """Those on which such a card can lie."""
    wanted = []
    if given.card is not CardKind.RESIDENT:
        trust = {"trust": str(given.trust)} if given.trust else {}
        wanted.append(make_reader("pcsc", {**state.pcsc_settings(), **trust}))
    if given.card is not CardKind.SOCIAL_SECURITY and state.has_resident_reader():
        wanted.append(_resident_reader(state))
    if not wanted:
        raise NotPossible(NO_SAM_V.format(state.folder))
    return wanted


def _access_key(given: argparse.Namespace) -> AccessKey | None:
    """What the specimen's document has printed on it, or what is given in its place."""
    specimen = next((one for one in document_specimens() if one.key == given.specimen), None)
    if given.specimen and specimen is None:
        known = "  ".join(one.key for one in document_specimens())
        raise NotPossible(f"There is no travel document {given.specimen}. Known: {known}")
    printed = specimen.access_key if specimen else AccessKey()
    key = AccessKey(
        given.number or printed.number,
        given.birth or printed.birth,
        given.expiry or printed.expiry,
        given.access_number or printed.card_access_number,
    )
    return None if key == AccessKey() else key


async def _read(readers: Sequence[IdentityReader], access: AccessKey | None) -> IdentityDocument:
    plate = Plate(readers)
    await plate.open()
    try:
        if not plate.ready():
            raise NotPossible(f"Not ready: {_how_they_are(readers)}.")
        async with asyncio.timeout(READ_S):
            laid = await plate.card_laid()
        return await plate.read(laid, access=access)
    except TimeoutError:
        raise NotPossible(f"No card was laid within {READ_S:.0f} s: {_how_they_are(readers)}.") from None
    finally:
        await plate.close()


def _how_they_are(readers: Sequence[IdentityReader]) -> str:
    return ", ".join(f"{reader.id} {_worded(reader.status())}" for reader in readers)


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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, does: Does, words: str, options: argparse.ArgumentParser) -> None:
        commands.add_parser(name, help=words, parents=[common, options]).set_defaults(does=does)

    command("list", list_everything, "readers, what lies on them, and cards to lay", argparse.ArgumentParser(add_help=False))
    command("read", read, "read the card that lies there and print what it says", _read_options())
    command("self-test", self_test, "ask every device of a terminal whether it is ready; 1 when one is not", _of_a_self_test())
    add_commands(command)
    return parser


def _read_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--card", type=CardKind, choices=list(CardKind), help="only from a reader of such cards")
    for option, words in (
        ("number", "of the document"),
        ("birth", "YYMMDD"),
        ("expiry", "YYMMDD"),
        ("access-number", "six digits"),
    ):
        options.add_argument(f"--{option}", default="", help=f"printed on a travel document: {words}")
    options.add_argument("--specimen", default="", help="key of a travel document of `list`: all that is printed on it")
    options.add_argument("--trust", type=Path, help="folder of the certificates that travel documents are checked against")
    return options


def main() -> int:
    given = _arguments().parse_args()
    try:
        given.does(State(given.state), given)
    except (NotPossible, NotInTheDeck, SimulatorRefused) as error:
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
