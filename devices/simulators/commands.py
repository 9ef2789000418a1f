"""The commands of `python -m devices` that act on simulators while a terminal runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from devices.simulators.deck import CardKind, Wish, Wrong, everything
from devices.simulators.hand import NotPossible, State, disturb, disturb_card, lay, make_well, set_before, set_paper, take
from devices.simulators.lying_card import CardFault, Disturbance
from devices.simulators.sam_v_module import Fault
from devices.simulators.social_security_card import VERSIONS
from devices.simulators.specimens import find_specimen, specimens

Does = Callable[[State, argparse.Namespace], None]
WELL = "none"


class Adds(Protocol):
    """Adds a command with its options and the words that explain it."""

    def __call__(self, name: str, does: Does, words: str, options: argparse.ArgumentParser, /) -> None: ...


def list_deck() -> None:
    print("Cards to lay: python -m devices insert KEY")
    for key, number, name, note in everything():
        print(f"  {key:24}{f'{number}  {name}  ' if number else ''}{note}")


def insert(state: State, given: argparse.Namespace) -> None:
    wishes = [Wish(name, given.card, given.version, given.contactless, given.wrong) for name in given.name]
    if len(wishes) > 2:
        raise NotPossible("Two cards at once are enough.")
    title = lay(state, wishes, Disturbance(given.fault, given.at))
    faulty = f" It is {given.fault} at command {given.at}." if given.fault else ""
    print(f"On the reader: {title}.{faulty} Take it: python -m devices pull")


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
    if given.fault == WELL:
        make_well(state)
        print("Card and reader are well.")
    elif given.fault in set(CardFault):
        disturb_card(state, Disturbance(CardFault(given.fault), given.at))
        print(f"The card on the chip card reader is disturbed: {given.fault} at command {given.at} from now on.")
    elif given.at != 1:
        raise NotPossible("--at counts the commands to a chip card; the resident card reader is disturbed at once.")
    else:
        disturb(state, given.fault)
        print(f"The resident card reader is disturbed: {given.fault}.")


def trust(state: State, given: argparse.Namespace) -> None:
    from devices.simulators.kept_authority import AuthorityUnreadable, kept_authority, trust_in  # signs: not needed elsewhere

    try:
        file = trust_in(given.folder, kept_authority(state.authority))
    except AuthorityUnreadable as error:
        raise NotPossible(str(error)) from error
    except OSError as error:
        raise NotPossible(f"{error.filename or given.folder}: {error.strerror}") from error
    print(f"{file} vouches for the travel documents that are laid from {state.folder}.")


def add_commands(command: Adds) -> None:
    command("insert", insert, "lay a card on a simulated reader; any other is taken away first", _insert_options())
    command("pull", pull, "take the card away", _options())
    command("fault", fault, "make the resident card simulator, or the lying chip card, answer wrongly", _fault_options())
    folder = _options()
    folder.add_argument("folder", type=Path, help="a card reader's `trust`")
    command("trust", trust, "write the certificate that vouches for simulated travel documents", folder)
    roll = _options()
    roll.add_argument("roll", choices=("out", "in"), help="out: the roll is empty; in: there is paper")
    command("paper", paper, "take the paper out of the printer that prints into STATE/paper, or lay it in", roll)
    command("camera", camera, "put somebody or a paper before a camera that looks into STATE", _camera_options())


def _insert_options() -> argparse.ArgumentParser:
    options = _options()
    options.add_argument(
        "name",
        nargs="+",
        help="key, name or number of a specimen, e.g. 吕晓岚, or another key of `list`; two resident cards lie on one another",
    )
    options.add_argument("--card", type=CardKind, choices=list(CardKind), help="of a person; default: social-security")
    options.add_argument("--version", choices=VERSIONS, default="", help="of a social security card; default: the person's")
    options.add_argument("--contactless", action="store_true", help="a social security card without contacts")
    options.add_argument("--wrong", type=Wrong, choices=list(Wrong), help="what is wrong with a travel document")
    options.add_argument("--fault", type=CardFault, choices=list(CardFault), help="what a chip card does while it is read")
    _add_at(options)
    return options


def _fault_options() -> argparse.ArgumentParser:
    options = _options()
    faults = f"of the chip card: {', '.join(CardFault)}; of the resident card reader: {', '.join(Fault)}"
    options.add_argument("fault", help=f"{faults}, or a status of its module such as 66; {WELL}: all is well")
    _add_at(options)
    return options


def _add_at(options: argparse.ArgumentParser) -> None:
    options.add_argument("--at", type=_counted, default=1, help="the command to a chip card at which its fault comes; default: 1")


def _counted(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError("commands are counted from 1")
    return int(word)


def _camera_options() -> argparse.ArgumentParser:
    options = _options()
    options.add_argument("before", help="a specimen, nobody, or paper")
    options.add_argument(
        "how", nargs="?", default="", help="how badly a specimen is shot, e.g. eyes-closed, dark, aside; default: well"
    )
    options.add_argument("--document", action="store_true", help="the document camera, not the portrait camera")
    return options


def _options() -> argparse.ArgumentParser:
    """To be the parent of a command, which has its own --help."""
    return argparse.ArgumentParser(add_help=False)
