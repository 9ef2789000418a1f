"""The accounts from the machine's own command line, and the settings by which the staff proves who it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hall.config import ConfigWrong, read
from hall.roles import Role
from hall.staff_settings import OidcSettings, StaffSettings
from tests.hall.command_line import commanded
from tests.hall.test_config import DEMO, GOOD, written

OIDC = """
[oidc]
issuer = "https://id.example.cn/realms/hall/"
client_id = "yimen"
secret_file = "oidc.secret"
roles = { "hall-clerks" = "clerk" }
emergency = ["he-an"]
"""
WHERE = 'phone = "0757-1"\nconsole_address = "https://counter.example.cn"'


Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def staff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str, password: str = "a sentence of my own") -> CompletedProcess[str]:
        (tmp_path / "password").write_text(password, encoding="utf-8")
        given = ["--password-file", str(tmp_path / "password")] if arguments[0] in ("add", "reset") else []
        return commanded(capsys, "staff", *arguments, *given, "--config", str(DEMO), "--state", str(tmp_path / "var"))

    return command


def test_the_accounts_are_kept_from_the_command_line(staff: Command) -> None:
    assert staff("show").stdout == "this hall has no staff\n"
    assert staff("add", "he", "--roles", "security").stdout == "he may log in without a window, as security\n"
    assert "at any of the windows 1, 2" in staff("add", "wang", "--roles", "clerk,supervisor", "--own").stdout
    assert staff("roles", "wang", "clerk").stdout == "wang is now clerk\n"
    assert staff("disable", "wang").returncode == 0
    shown = "he: security; password to be changed\nwang: clerk; shut\n"
    assert staff("show").stdout == shown
    assert staff("enable", "wang").stdout == "wang is open again\n"
    assert staff("reset", "wang", password="another sentence").returncode == 0
    assert "wang: clerk; password to be changed" in staff("show").stdout


@pytest.mark.parametrize(
    ("arguments", "password", "status", "words"),
    [
        (("add", "he"), "a sentence of my own", 1, "he is there already"),
        (("add", "wu"), "short", 1, "a password has at least 12 characters"),
        (("add", "wu"), "password1234", 1, "too common"),
        (("add", "wu", "--roles", "clerk,auditor"), "a sentence of my own", 1, "one person may not be both clerk and auditor"),
        (("add", "wu", "--roles", "king"), "a sentence of my own", 2, "a role is one of clerk, supervisor, operator"),
        (("roles", "he", "clerk"), "", 1, "he is the last account that may look after accounts"),
        (("disable", "he"), "", 1, "he is the last account"),
        (("roles", "nobody", "clerk"), "", 1, "there is no account nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    staff: Command, arguments: tuple[str, ...], password: str, status: int, words: str
) -> None:
    staff("add", "he", "--roles", "security")
    done = staff(*arguments, password=password)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_telephone_is_asked_for_unless_the_hall_says_otherwise(tmp_path: Path) -> None:
    assert read(written(tmp_path, GOOD)).staff == StaffSettings(second_factor=True)
    assert read(DEMO).staff.second_factor is False


def test_an_identity_provider_is_named_with_its_roles(tmp_path: Path) -> None:
    (tmp_path / "oidc.secret").write_text("the client's own secret\n", encoding="utf-8")
    config = read(written(tmp_path, GOOD.replace('phone = "0757-1"', WHERE) + OIDC))
    assert config.staff.oidc == OidcSettings(
        "https://id.example.cn/realms/hall",
        "yimen",
        "the client's own secret",
        {"hall-clerks": Role.CLERK},
        emergency=frozenset({"he-an"}),
    )


def test_everything_wrong_with_it_is_said_at_once(tmp_path: Path) -> None:
    wrong = OIDC.replace("https://id", "http://id").replace('"clerk"', '"king"').replace('["he-an"]', '"he-an"')
    with pytest.raises(ConfigWrong) as refused:
        read(written(tmp_path, GOOD + wrong + '[staff]\nsecond_factor = "sms"\n'))
    assert len(refused.value.problems) == 6
    assert {problem.split()[0] for problem in refused.value.problems} == {
        "staff.second_factor",
        "oidc.secret_file:",
        "oidc.issuer",
        "oidc.roles",
        "oidc.emergency",
        "hall.console_address",
    }
