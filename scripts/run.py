"""`make run`: one hall, its departments, a card reader and a terminal on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from scripts.company import Company, CouldNotStart, Part
from scripts.desk import CLERK, CONSOLE, KIOSK_TOML, PUBLIC, Desk, python, set_up


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make run", description=__doc__)
    arguments.add_argument("--state", type=Path, default=Path("var"))
    state = arguments.parse_args().state
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with Company(state / "log") as company:
        try:
            print("Starting the devices, seven departments and the hall…", flush=True)
            desk = set_up(company, state)
            company.start(_terminal(desk))
            print(_where_things_are(desk), flush=True)
            print(f"{company.watch()} has ended; everything is stopped.", file=sys.stderr)
            return 1
        except CouldNotStart as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("Stopping.", flush=True)
            return 0


def has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _terminal(desk: Desk) -> Part:
    options = ("--window",) if has_display() else ("--off-screen", "--picture", str(desk.state / "screen.png"))
    command = python("kiosk", "--config", KIOSK_TOML, "--state", str(desk.state), *options)
    return Part("terminal", command, environment=desk.card_service)


def _laying(desk: Desk) -> str:
    of = "" if desk.state == Path("var") else f" --state {desk.state}"
    command = ".venv/bin/python -m devices"
    return (
        f"{command} insert 吕晓岚{of}        take it: {command} pull{of}\n"
        f"                  {command} insert bank{of}          any other: {command} list{of}"
    )


def _where_things_are(desk: Desk) -> str:
    seen = (
        "in its own window"
        if has_display()
        else f"off-screen, as there is no display; its present screen is {desk.state / 'screen.png'}.\n"
        "                  With a display (DISPLAY set) it opens a window"
    )
    card = "on the reader that is plugged in" if desk.plugged_in else _laying(desk)
    return f"""
Yimen is running.
  Terminal        {seen}
  Lay a card      {card}
  Clerk's page    {CONSOLE}   name {CLERK}, password {desk.password}, window 1
  Departments     .venv/bin/python -m hall.demo tell household slow 9     (or: wrong, nonsense, down, well)
  Printed         slips in {desk.state / "paper"}, certificates in {desk.state / "pages"}; checked at {PUBLIC}
  Logs            {desk.state / "log"}
Ctrl-C stops everything; the next start goes on where this one ended.
"""


if __name__ == "__main__":
    sys.exit(main())
