"""District, city, province: three processes of the same software, and what of a change at the bottom arrives at the top."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest

from flows.application import Outcome, SourceAnswer
from hall.__main__ import main
from hall.store.audit_file import stored_audit
from hall.verify import verify
from tests.hall.fakes import ME as IDENTITY
from tests.hall.libraries.levels import LIBRARIES_TOML, REGISTER_TOML, LevelHall, Levels, RestRegister, three_levels
from tests.hall.libraries.registers import number
from tests.patience import SOON_S, eventually

ME, SHE, HE = number(1), number(2), number(3)
VISITS = (f"019ab000-0000-7000-8000-{serial:012x}" for serial in count(1))


@pytest.fixture
def levels(tmp_path: Path) -> Iterator[Levels]:
    with three_levels(tmp_path) as running:
        yield running


def shelf(hall: LevelHall) -> dict[str, object]:
    """The one shelf of a hall, out of its file."""
    with closing(sqlite3.connect(f"{hall.database.as_uri()}?mode=ro", uri=True)) as file:
        file.row_factory = sqlite3.Row
        row = file.execute("SELECT * FROM library_shelf").fetchone()
    return dict(row) if row else {}


def arrived(hall: LevelHall, entries: int, changed: int, gone: int = 0) -> Callable[[], bool]:
    def here() -> bool:
        found = shelf(hall)
        return (found.get("entries"), found.get("last_changed"), found.get("last_gone"), found.get("began_at")) == (
            entries,
            changed,
            gone,
            "",
        )

    return here


def asked(hall: LevelHall, key: str) -> SourceAnswer:
    identity = replace(IDENTITY, number=key)
    (answer,) = hall.look_up(identity, next(VISITS)).sources
    return answer


def values(answer: SourceAnswer) -> dict[str, str]:
    return {record.item: record.value for record in answer.records}


@pytest.mark.long  # what is killed in the middle arrives there all the same, below
def test_what_changes_at_the_bottom_arrives_at_the_top_and_outlives_every_level_below(
    levels: Levels, capsys: pytest.CaptureFixture[str]
) -> None:
    register, halls = levels.register, (levels.district, levels.city, levels.province)
    for key, name in ((ME, "吕晓岚"), (SHE, "何焕章"), (HE, "阿依")):
        register.tell(key, name=name, address="佛山市" if key == ME else "")
    levels.knock()
    for hall in halls:
        eventually(arrived(hall, 3, 3))

    register.tell(SHE, name="何焕璋")
    register.strike(HE)
    levels.knock()
    for hall in halls:
        eventually(arrived(hall, 2, 1, 1))
    assert [values(asked(hall, SHE))["person.name"] for hall in halls] == ["何焕璋"] * 3
    assert [asked(hall, HE).outcome for hall in halls] == [Outcome.NO_RECORD] * 3

    register.down()
    for hall, origin in zip(halls, ("", "household", "chancheng/household"), strict=True):
        answer = asked(hall, ME)
        assert values(answer)["person.name"] == "吕晓岚"
        assert {record.origin for record in answer.records} == {origin}
        assert {record.as_of for record in answer.records} == {datetime(2026, 8, 31, 16, tzinfo=UTC)}
        assert answer.collected_at is not None
        assert timedelta() < datetime.now(UTC) - answer.collected_at < timedelta(minutes=5)

    known = [datetime.fromisoformat(str(shelf(hall)["known_at"])) for hall in halls]
    assert known[0] == known[1] == known[2]
    levels.district.stop()
    levels.city.stop()
    answer = asked(levels.province, ME)
    assert (answer.outcome, answer.reason, answer.collected_at) == (Outcome.RECORD, "down", known[0])
    assert values(answer)["household.address"] == "佛山市"

    assert main(["libraries", "show", *levels.province.usual]) == 0
    said = capsys.readouterr().out
    assert "foshan: " in said
    assert "2 entries" in said
    assert "person.name: 100.0%" in said
    assert "household.address: 50.0%" in said


def test_a_district_killed_in_the_middle_loses_and_doubles_nothing_and_takes_a_certificate_back(levels: Levels) -> None:
    register = levels.register
    eventually(lambda: bool(shelf(levels.district).get("succeeded_at")))
    for serial in range(1, 1001):
        register.tell(number(serial), name=f"人{serial}")
    register.hold_from = register.pages + 8
    levels.knock()
    assert register.asked.wait(SOON_S)
    levels.district.stop(signal.SIGKILL)
    register.hold_from = 10**9
    register.held.set()
    half = shelf(levels.district)
    assert (half["entries"], half["mark"]) == (350, "350")
    levels.district.start()
    levels.district.wait()
    for hall in (levels.district, levels.city, levels.province):
        eventually(lambda hall=hall: shelf(hall).get("entries") == 1000 and shelf(hall)["began_at"] == "")  # type: ignore[misc]
        with closing(sqlite3.connect(hall.database)) as file:
            assert file.execute("SELECT count(*), count(DISTINCT found) FROM library_entry").fetchone() == (1000, 1000)
        assert verify(hall.database) == {hall.code: None}
    given = [line for line in stored_audit(levels.city.database)["foshan"] if line.event == "library_given"]
    assert {line.actor for line in given} == {"peer:UPPER"}
    refuses_what_is_not_granted_and_who_is_revoked(levels)


def refuses_what_is_not_granted_and_who_is_revoked(levels: Levels) -> None:
    path = "/api/libraries/population/changes"
    with levels.district.client(levels.city.state / "chancheng", "peer") as city:
        assert city.post(path, json={"items": ["person.name"]}).status_code == 200
        assert city.post(path, json={"items": ["contact.mobile"]}).status_code == 403
        assert city.post(path, json={"mark": 7}).status_code == 400
        assert city.post("/api/libraries/credit/changes", json={}).status_code == 403
        assert city.post("/api/libraries/knock").status_code == 404
        assert city.put("/api/visits/019ab000-0000-7000-8000-000000000001", content=b"{}").status_code == 403
        assert main(["peers", "revoke", "UPPER", *levels.district.usual]) == 0
        assert city.post(path, json={"items": ["person.name"]}).status_code == 403
    with levels.city.client(levels.city.state / "chancheng", "peer") as stranger, pytest.raises(httpx.TransportError):
        stranger.post("/api/libraries/knock")


def test_a_library_is_collected_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register, hall = RestRegister(), LevelHall(tmp_path / "hall", "H1", 0)
    with register.open() as port:
        hall.write(REGISTER_TOML.format(port=port), LIBRARIES_TOML.format(below="household", knocks="POLICE"))
        register.tell(ME, name="吕晓岚")
        assert main(["libraries", "collect", "population", *hall.usual]) == 0
        assert "ok    household: 1 entries, 1 changed, 0 gone" in capsys.readouterr().out
        assert main(["libraries", "collect", "credit", *hall.usual]) == 2
        assert "there is no library credit, only population" in capsys.readouterr().err
    assert main(["libraries", "collect", "population", *hall.usual]) == 1
    said = capsys.readouterr().out
    assert said == "WRONG household: down, 1 in a row\n"
    assert main(["libraries", "show", *hall.usual]) == 0
    assert "household: failing, 1 entries, 0 min old, down 1 in a row" in capsys.readouterr().out
