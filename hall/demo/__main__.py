"""Runs one demonstration department, or tells a running one how to behave.

python -m hall.demo household|exit-entry|social-security|market-regulation|population|traffic|medical-insurance
                    --state var [--port N]
python -m hall.demo tell DEPARTMENT well|slow SECONDS|wrong|nonsense|down --state var
python -m hall.demo decide DEPARTMENT agree|refuse|hold --state var
python -m hall.demo pace DEPARTMENT MAKING READY GONE --state var
python -m hall.demo judge DEPARTMENT correct|uphold|ask|hold --state var
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from hall.demo import acceptances, corrections, exit_entry, household, making, market_regulation, social_security
from hall.demo.behaviour import Behaviour, CannotStart, Mode, Place
from hall.demo.registers import REGISTERS

Run = Callable[[Place, int | None, Callable[[str], None]], Awaitable[None]]

DEPARTMENTS: Mapping[str, Run] = {
    "household": household.run,
    "exit-entry": exit_entry.run,
    "social-security": social_security.run,
    "market-regulation": market_regulation.run,
    **{name: register.run for name, register in REGISTERS.items()},
}


def main(arguments: list[str]) -> int:
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.command == "tell" and (asked.mode == Mode.SLOW) != (asked.seconds > 0):
        parser.error("slow needs a number of seconds, and nothing else has one")
    name = asked.department.replace("_", "-")
    place = Place(asked.state.absolute(), name.replace("-", "_"))
    if asked.command == "tell":
        place.tell(Behaviour(Mode(asked.mode), asked.seconds))
        return 0
    if asked.command == "decide":
        acceptances.tell(place, acceptances.Decides(asked.decides))
        return 0
    if asked.command == "pace":
        making.tell(place, making.Pace(asked.making, asked.ready, asked.gone))
        return 0
    if asked.command == "judge":
        corrections.tell(place, corrections.Judges(asked.judges))
        return 0
    try:
        asyncio.run(
            _until_told(DEPARTMENTS[name](place, asked.port, lambda address: print(f"READY {name} {address}", flush=True)))
        )
    except CannotStart as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hall.demo", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in DEPARTMENTS:
        command = commands.add_parser(name, help=f"run the department {name}")
        command.set_defaults(department=name)
        command.add_argument("--port", type=int, help="another port than its own; 0 for any")
        command.add_argument("--state", type=Path, default=Path("var"))
    names = [*DEPARTMENTS, *(name.replace("-", "_") for name in DEPARTMENTS if "-" in name)]
    decide = commands.add_parser("decide", help="tell a running department's officer what to decide")
    decide.add_argument("department", choices=names)
    decide.add_argument("decides", choices=list(acceptances.Decides))
    decide.add_argument("--state", type=Path, default=Path("var"))
    pace = commands.add_parser("pace", help="tell a running department after how many seconds it makes documents")
    pace.add_argument("department", choices=names)
    for stage in ("making", "ready", "gone"):
        pace.add_argument(stage, type=float)
    pace.add_argument("--state", type=Path, default=Path("var"))
    judge = commands.add_parser("judge", help="tell a running department's officer what to answer to correction requests")
    judge.add_argument("department", choices=names)
    judge.add_argument("judges", choices=list(corrections.Judges))
    judge.add_argument("--state", type=Path, default=Path("var"))
    tell = commands.add_parser("tell", help="tell a running department how to behave")
    tell.add_argument("department", choices=names)
    tell.add_argument("mode", choices=list(Mode))
    tell.add_argument("seconds", type=float, nargs="?", default=0.0)
    tell.add_argument("--state", type=Path, default=Path("var"))
    return parser


async def _until_told(running: Awaitable[None]) -> None:
    """Ctrl-C and SIGTERM end the department in good order."""
    task = asyncio.ensure_future(running)
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
