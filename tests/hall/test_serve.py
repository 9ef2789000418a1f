"""The hall's commands and what it does by itself: enrolment that is audited, and forgetting."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from hall.__main__ import main
from hall.config import Address
from hall.serve import listening_at
from hall.store.audit_file import stored_audit
from tests.hall.console_stage import running_hall
from tests.hall.engines import refuse
from tests.hall.fakes import change, dump
from tests.hall.test_app import free_ports


def events(file: Path) -> list[tuple[str, str, str]]:
    return [(line.event, line.actor, line.object) for line in stored_audit(file).get("H1", ())]


@pytest.fixture
def usual(tmp_path: Path) -> list[str]:
    """What every command is given: a configuration and a state of its own."""
    return ["--config", str(free_ports(tmp_path)), "--state", str(tmp_path / "var")]


def test_enrolling_and_revoking_a_terminal_is_audited_before_it_is_done(
    tmp_path: Path, usual: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    enrol = ["terminals", "enrol", "K20", "--into", str(tmp_path / "k20"), *usual]
    file = tmp_path / "var" / "hall" / "hall.sqlite"
    assert main(enrol) == 0
    assert main(["terminals", "revoke", "K20", *usual]) == 0
    assert main(["terminals", "revoke", "K99", *usual]) == 1
    assert events(file) == [("terminal_enrolled", "hall", "terminal:K20"), ("terminal_revoked", "hall", "terminal:K20")]
    assert main(["terminals", "enrol", "../K21", "--into", str(tmp_path / "k21"), *usual]) == 2
    refuse(file)
    assert main(["terminals", "enrol", "K22", "--into", str(tmp_path / "k22"), *usual]) == 1
    assert "the audit cannot be kept, so nothing was done" in capsys.readouterr().err
    assert not (tmp_path / "k21").exists()
    assert not (tmp_path / "k22").exists()


def test_what_is_accepted_sends_each_part_of_a_page_at_once() -> None:
    with listening_at(Address("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_is_old_is_forgotten_when_the_hall_starts_and_what_is_new_is_not(tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage:
        file = stage.file
        stage.submit("lyu", 0x9901)
    new = dump(file)
    change(file, "INSERT INTO event SELECT hall, 900, name, visit, window, '2026-11-20' FROM event")
    change(file, "INSERT INTO replay SELECT hall, 'old', asked, answer, '2026-11-16T01:24:59.000000+00:00' FROM replay LIMIT 1")
    assert len(dump(file)) == len(new) + 2
    with running_hall(tmp_path) as stage:
        store = stage.services.store

        async def forgotten() -> None:
            while True:
                changed = store.changed
                if not any("'old'" in line for line in dump(file)):
                    return
                await changed.wait()

        stage.do(forgotten())
    after = [line for line in dump(file) if '"event"' in line or '"replay"' in line]
    assert not [line for line in after if "2026-11-20" in line]
    assert [line for line in new if '"event"' in line or "submit:" in line or "open:" in line] == [
        line for line in after if '"event"' in line or "submit:" in line or "open:" in line
    ]
