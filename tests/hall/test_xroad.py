"""Over X-Road: what the hall's security server is told, and whose error an error is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from tests.hall.canned import Canned, http
from tests.hall.demo_desk import PURPOSE
from tests.hall.test_departments import NUMBER, REST, persons
from tests.hall.test_rest_request import problems

OPTIONS = {"xroad_client": "CN-GD/GOV/11440604/hall", "xroad_service": "CN-GD/GOV/11440600/population/个人 信息"}
XROAD = replace(REST, options=OPTIONS)


def head_of(setting: Setting, asked_by: str = PURPOSE.asked_by) -> tuple[str, dict[str, str]]:
    """The first line and the headers of one question."""
    canned = persons()
    canned.look_up(setting, ("person.name",), asked_by=asked_by)
    first, *lines = canned.asked[0].partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return first, {name.lower(): text for name, _, text in (line.partition(": ") for line in lines)}


def failure_of(answer: Canned, setting: Setting = XROAD) -> tuple[str, str]:
    with pytest.raises(DepartmentFailure) as caught:
        answer.look_up(setting, ("person.name",))
    return caught.value.reason, caught.value.detail


def test_the_security_server_is_told_who_asks_which_service_for_which_case() -> None:
    first, headers = head_of(XROAD, asked_by="clerk:张敏")
    service = "CN-GD/GOV/11440600/population/%E4%B8%AA%E4%BA%BA%20%E4%BF%A1%E6%81%AF"
    assert first == f"POST /r1/{service}/q HTTP/1.1"
    assert headers["x-road-client"] == "CN-GD/GOV/11440604/hall"
    assert headers["x-road-userid"] == "clerk:%E5%BC%A0%E6%95%8F"
    assert headers["x-road-issue"] == PURPOSE.visit
    assert headers["x-purpose"] == PURPOSE.matter
    assert NUMBER not in str((first, headers))


def test_every_message_has_a_number_of_its_own() -> None:
    ids = {UUID(head_of(XROAD)[1]["x-road-id"]) for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("error", "status", "reason", "words"),
    [
        ("Server.ServerProxy.NetworkError", "500 Error", "down", "the department's security server answers"),
        ("Server.ServerProxy.AccessDenied", "500 Error", "refused", "the department's security server answers"),
        ("Server.ClientProxy.OutdatedGlobalConf", "500 Error", "down", "the hall's own security server answers"),
        ("Client.BadRequest", "400 Bad Request", "refused", "the hall's own security server answers"),
        ("Server.ServerProxy.UnknownService", "404 Not Found", "down", "the department's security server answers"),
        (f"<b>{NUMBER}</b>", "500 Error", "down", "the hall's own security server answers an error without a name"),
    ],
)
def test_the_error_of_a_security_server_is_told_from_the_services_own(error: str, status: str, reason: str, words: str) -> None:
    found = failure_of(http(b'{"type": "x"}', status=status, more=f"X-Road-Error: {error}\r\n"))
    assert found[0] == reason
    assert found[1].startswith(words)
    assert NUMBER not in found[1]
    assert "security server" not in failure_of(http(b"{}", status=status))[1]


def test_without_x_road_its_header_means_nothing() -> None:
    answer = http(b'{"persons": []}', more="X-Road-Error: Server.ServerProxy.AccessDenied\r\n")
    assert answer.look_up(REST, ("person.name",)) == ()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ('xroad_client = "A/B/C"', "xroad_client and xroad_service go together"),
        ('xroad_client = "A"\nxroad_service = "A/B/C/D/e"', "xroad_client must be INSTANCE/CLASS/MEMBER[/SUBSYSTEM], written"),
        (
            'xroad_client = "A/B/C/D"\nxroad_service = "A/B/../D/e"',
            "xroad_service must be INSTANCE/CLASS/MEMBER[/SUBSYSTEM]/SERVICE",
        ),
        (
            'xroad_client = "A/B/C"\nxroad_service = "A/B/C/e"\napplications_path = "/applications"',
            "applications do not go through X-Road",
        ),
    ],
)
def test_what_is_wrong_with_its_options_is_named_at_the_start(options: str, problem: str, tmp_path: Path) -> None:
    assert problem in problems(f'[request]\npath = "/q"\nbody = {{}}\n[options]\n{options}', tmp_path)
