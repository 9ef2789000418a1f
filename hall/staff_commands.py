"""python -m hall staff show | add | roles | disable | enable | reset NAME: the accounts from the machine's own command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from hall.accounts import Accounts
from hall.bootstrap import cupboard
from hall.config import ConfigWrong, HallConfig
from hall.errors import NotKnown
from hall.roles import Role
from hall.staff_errors import LastSecurity, NameTaken, PasswordWeak, RolesAtOdds
from hall.staff_policy import staff_policy
from hall.store.staff import AccountLine
from hall.working_day import utc_now, working_day

Do = Callable[[Accounts, argparse.Namespace, HallConfig], Awaitable[str]]


def add_staff_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], usual: argparse.ArgumentParser) -> None:
    staff = commands.add_parser("staff", help="show and keep the accounts of the staff").add_subparsers(required=True)
    _command(staff, usual, "show", _show, "every account with its roles")
    add = _command(staff, usual, "add", _add, "an account; its password has to be changed at the first log-in")
    add.add_argument("name")
    add.add_argument("--roles", default="clerk", help="one or more of " + ", ".join(Role) + ", by commas")
    add.add_argument("--password-file", type=Path)
    add.add_argument("--own", action="store_true", help="its holder chose the password; it need not be changed")
    roles = _command(staff, usual, "roles", _roles, "other roles from now on")
    roles.add_argument("name")
    roles.add_argument("roles", help="one or more of " + ", ".join(Role) + ", by commas")
    for name, words in (("disable", "shut an account, and end its sessions"), ("enable", "open a shut account again")):
        _command(staff, usual, name, _disable, words).add_argument("name")
    reset = _command(staff, usual, "reset", _reset, "a new password, to be changed; the telephone has to be enrolled anew")
    reset.add_argument("name")
    reset.add_argument("--password-file", type=Path)


def _command(
    staff: argparse._SubParsersAction[argparse.ArgumentParser], usual: argparse.ArgumentParser, name: str, do: Do, words: str
) -> argparse.ArgumentParser:
    async def run(config: HallConfig, asked: argparse.Namespace) -> int:
        _, _, store, staff_kept = cupboard(config)
        try:
            print(await do(staff_kept.accounts, asked, config))
            return 0
        except (NotKnown, NameTaken, LastSecurity, PasswordWeak, RolesAtOdds) as error:
            print(f"hall: {_why(error, asked)}", file=sys.stderr)
            return 1
        finally:
            await store.close()

    command = staff.add_parser(name, parents=[usual], help=words)
    command.set_defaults(run=run, command=name)
    return command


async def _show(accounts: Accounts, asked: argparse.Namespace, config: HallConfig) -> str:
    lines = [_line(line) for line in await accounts.all()]
    return "\n".join(lines) or "this hall has no staff"


async def _add(accounts: Accounts, asked: argparse.Namespace, config: HallConfig) -> str:
    roles, password = _read_roles(asked.roles), _password(asked.password_file)
    await accounts.add(asked.name, password, roles, must_change=not asked.own)
    where = f"at any of the windows {', '.join(config.windows)}" if Role.CLERK in roles else "without a window"
    return f"{asked.name} may log in {where}, as {', '.join(sorted(roles))}"


async def _roles(accounts: Accounts, asked: argparse.Namespace, config: HallConfig) -> str:
    roles = _read_roles(asked.roles)
    await accounts.set_roles(asked.name, roles)
    return f"{asked.name} is now {', '.join(sorted(roles))}"


async def _disable(accounts: Accounts, asked: argparse.Namespace, config: HallConfig) -> str:
    await accounts.set_disabled(asked.name, asked.command == "disable")
    return f"{asked.name} is {'shut; the sessions are over' if asked.command == 'disable' else 'open again'}"


async def _reset(accounts: Accounts, asked: argparse.Namespace, config: HallConfig) -> str:
    await accounts.give_password(asked.name, _password(asked.password_file))
    await accounts.reset_second_factor(asked.name)
    return f"{asked.name} has a new password, to be changed at the first log-in, and no telephone"


def _line(line: AccountLine) -> str:
    marks = ("shut", line.disabled), ("password to be changed", line.must_change), ("telephone enrolled", line.enrolled)
    said = [", ".join(sorted(line.roles)), *(words for words, so in marks if so)]
    return f"{line.name}: {'; '.join(said)}"


def _read_roles(written: str) -> frozenset[Role]:
    words = [word.strip() for word in written.split(",") if word.strip()]
    strange = [word for word in words if word not in set(Role)]
    if strange or not words:
        raise ConfigWrong((f"a role is one of {', '.join(Role)}",))
    return frozenset(Role(word) for word in words)


def _password(file: Path | None) -> str:
    """From a file, or asked for twice; never from the command line, where anybody can read it."""
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise ConfigWrong(("the two passwords are not the same",))
    return password


def _why(error: Exception, asked: argparse.Namespace) -> str:
    match error:
        case NameTaken():
            return f"{asked.name} is there already; `staff reset {asked.name}` gives a new password"
        case NotKnown():
            return f"there is no account {asked.name}"
        case LastSecurity():
            return f"{asked.name} is the last account that may look after accounts"
        case RolesAtOdds(pair=(one, other)):
            return f"one person may not be both {one} and {other}"
        case PasswordWeak(fault="short"):
            return f"a password has at least {staff_policy(working_day(utc_now())).least_password} characters"
        case _:
            return "the password is too common, or holds the name"
