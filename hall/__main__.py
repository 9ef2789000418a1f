"""python -m hall: serve a hall, enrol its terminals and other halls, keep its staff, check its departments, collect."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from hall import departments
from hall.appointment_commands import add_appointment_commands
from hall.bootstrap import build, cupboard, peers
from hall.config import ConfigWrong, HallConfig, read
from hall.departments.setting import SettingsWrong
from hall.enrolments import Enrolments, is_name
from hall.errors import AuditUnavailable
from hall.library_commands import add_library_commands
from hall.reconcile_command import add_reconcile
from hall.serve import serve
from hall.staff_commands import add_staff_commands
from hall.store.request import Request
from hall.store.store import Store
from hall.working_day import utc_now


def main(arguments: list[str]) -> int:
    """0 when it was done, 1 when it could not be done, 2 when it was asked wrongly."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("httpcore", "httpx"):  # they repeat a department's headers, and a redirect may name somebody
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        config = read(asked.config, asked.state)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            run: Callable[[HallConfig, argparse.Namespace], Awaitable[int]] = asked.run
            return runner.run(_awaited(run(config, asked)))
    except ConfigWrong as error:
        for problem in error.problems:
            print(f"hall: {problem}", file=sys.stderr)
        return 2
    except AuditUnavailable:
        print("hall: the audit cannot be kept, so nothing was done", file=sys.stderr)
        return 1


async def _awaited(work: Awaitable[int]) -> int:
    return await work


async def _serve(config: HallConfig, asked: argparse.Namespace) -> int:
    await serve(build(config), lambda address: print(f"READY hall {address}", flush=True))
    return 0


async def _enrol(config: HallConfig, asked: argparse.Namespace) -> int:
    if not is_name(asked.name):
        raise ConfigWrong((f"a {asked.kind} is named by latin letters and digits, e.g. K07",))
    enrolments, store = _enrolments(config, asked.kind)
    try:
        await store.audit(f"{asked.kind}_enrolled", Request("", "hall", utc_now()), f"{asked.kind}:{asked.name}")
        enrolments.enrol(asked.name, asked.into)
        print(f"{asked.name} is enrolled: {asked.into}")
        return 0
    finally:
        await store.close()


async def _revoke(config: HallConfig, asked: argparse.Namespace) -> int:
    enrolments, store = _enrolments(config, asked.kind)
    try:
        if all(entry.name != asked.name for entry in enrolments.enrolments()):
            print(f"hall: no {asked.kind} {asked.name} was ever enrolled here", file=sys.stderr)
            return 1
        await store.audit(f"{asked.kind}_revoked", Request("", "hall", utc_now()), f"{asked.kind}:{asked.name}")
        enrolments.revoke(asked.name)
        print(f"{asked.name} is revoked")
        return 0
    finally:
        await store.close()


def _enrolments(config: HallConfig, kind: str) -> tuple[Enrolments, Store]:
    authority, terminals, store, _ = cupboard(config)
    return (terminals if kind == "terminal" else peers(config, authority)), store


async def _check(config: HallConfig, asked: argparse.Namespace) -> int:
    try:
        connections = departments.connect(departments.read_settings(config.departments, config.state))
    except SettingsWrong as error:
        raise ConfigWrong(error.problems) from error
    wanted = next((connection for connection in connections if connection.code == asked.name), None)
    if wanted is None:
        raise ConfigWrong((f"there is no department {asked.name}, only {', '.join(c.code for c in connections)}",))
    _, _, store, _ = cupboard(config)
    try:
        request = Request("", "hall", utc_now())
        await store.audit("department_checked", request, f"department:{wanted.code}", wanted.items)
        findings = await wanted.check()
    finally:
        await store.close()
        for connection in connections:
            await connection.close()
    for finding in findings:
        print(f"{'ok   ' if finding.good else 'WRONG'} {finding.step}: {finding.words}")
    return 0 if all(finding.good for finding in findings) else 1


def _parser() -> argparse.ArgumentParser:
    usual = argparse.ArgumentParser(add_help=False)
    usual.add_argument("--config", type=Path, default=Path("hall/demo/hall.toml"), help="the hall's TOML file")
    usual.add_argument("--state", type=Path, default=None, help="where everything is kept; wins over the file")
    parser = argparse.ArgumentParser(prog="python -m hall", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("serve", parents=[usual], help="run the hall").set_defaults(run=_serve)
    _add_enrolment(commands.add_parser("terminals", help="enrol or revoke a terminal"), usual, "terminal")
    _add_enrolment(commands.add_parser("peers", help="enrol or revoke another hall, or a department that knocks"), usual, "peer")
    add_library_commands(commands, usual)
    add_reconcile(commands, usual)
    add_staff_commands(commands, usual)
    add_appointment_commands(commands, usual)
    check = commands.add_parser("departments", help="ask a department whether it answers").add_subparsers(required=True)
    one = check.add_parser("check", parents=[usual])
    one.add_argument("name")
    one.set_defaults(run=_check)
    return parser


def _add_enrolment(command: argparse.ArgumentParser, usual: argparse.ArgumentParser, kind: str) -> None:
    commands = command.add_subparsers(required=True)
    enrol = commands.add_parser("enrol", parents=[usual])
    enrol.add_argument("name")
    enrol.add_argument("--into", type=Path, required=True)
    enrol.set_defaults(run=_enrol, kind=kind)
    revoke = commands.add_parser("revoke", parents=[usual])
    revoke.add_argument("name")
    revoke.set_defaults(run=_revoke, kind=kind)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
