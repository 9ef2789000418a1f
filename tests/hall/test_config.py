"""One TOML file, read in one place; everything wrong with it is said at once."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hall.config import Address, ConfigWrong, read
from hall.store.postgresql_address import PostgresqlAddress
from tests.patience import SOON_S

DEMO = Path(__file__).parents[2] / "hall" / "demo" / "hall.toml"

GOOD = """
[hall]
id = "H1"
name = "某区行政服务中心"
phone = "0757-1"
windows = [1, 2]
[listen]
console = "127.0.0.1:0"
terminals = "127.0.0.1:0"
[folders]
departments = "departments"
[catalogue]
file = "catalogue.toml"
"""


def written(folder: Path, text: str) -> Path:
    (folder / "departments").mkdir()
    (folder / "catalogue.toml").write_text("", encoding="utf-8")
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hall", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=DEMO.parents[2], timeout=SOON_S)


def test_the_demonstration_hall_is_read_and_the_state_of_the_command_line_wins(tmp_path: Path) -> None:
    config = read(DEMO, tmp_path)
    assert (config.hall, config.console, config.terminals) == ("H1", Address("127.0.0.1", 8000), Address("127.0.0.1", 8443))
    assert config.state == tmp_path
    assert config.departments.is_dir()
    assert config.catalogue.is_file()


def test_what_is_left_out_is_the_usual(tmp_path: Path) -> None:
    text = GOOD.replace('console = "127.0.0.1:0"', "").replace('terminals = "127.0.0.1:0"', "")
    config = read(written(tmp_path, text))
    assert (config.console.port, config.terminals.port, config.state) == (8000, 8443, Path("var"))


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = """
[hall]
id = "禅城"
name = ""
windows = [1, 1]
colour = "blue"
[listen]
console = "8000"
[folders]
departments = "nowhere"
[weather]
sunny = true
"""
    with pytest.raises(ConfigWrong) as caught:
        read(written(tmp_path, text))
    assert set(caught.value.problems) == {
        "hall.colour is not a setting of the hall",
        "[weather] is not a section of the hall's configuration",
        "hall.id may hold 1 to 12 latin letters and digits only",
        "hall.name must be a text that is not empty",
        "hall.phone must be a text that is not empty",
        "hall.windows must be a list of different numbers, e.g. [1, 2, 3]",
        "listen.console must be an address such as 127.0.0.1:8000",
        "folders.departments: there is no folder nowhere",
        "catalogue.file must be a text that is not empty",
    }


def test_a_file_that_is_no_toml_and_a_file_that_is_not_there_are_one_sentence_each(tmp_path: Path) -> None:
    with pytest.raises(ConfigWrong, match="is not TOML"):
        read(written(tmp_path, "[hall"))
    with pytest.raises(ConfigWrong, match="cannot be read: No such file"):
        read(tmp_path / "other.toml")


def test_serving_with_a_bad_configuration_is_worded_lines_and_exit_2(tmp_path: Path) -> None:
    done = run("serve", "--config", str(written(tmp_path, GOOD.replace("[1, 2]", "[]"))), "--state", str(tmp_path / "var"))
    assert done.returncode == 2
    assert done.stderr == "hall: hall.windows must be a list of different numbers, e.g. [1, 2, 3]\n"


def test_a_busy_port_is_one_worded_line_and_exit_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        text = (
            DEMO.read_text(encoding="utf-8").replace("8000", str(port)).replace('"departments"', f'"{DEMO.parent}/departments"')
        )
        for file in ("catalogue.toml", "libraries.toml"):
            text = text.replace(file, f"{DEMO.parent}/{file}")
        path = written(tmp_path, text)
        done = run("serve", "--config", str(path), "--state", str(tmp_path / "var"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"hall: 127.0.0.1:{port} cannot be listened on: Address already in use\n"


def test_where_the_hall_lies_and_how_the_public_reaches_it(tmp_path: Path) -> None:
    text = GOOD.replace(
        "[listen]", 'region = "440604"\npublic_address = "https://hall.example.cn/"\n[listen]\npublic = "0.0.0.0:8088"'
    )
    config = read(written(tmp_path, text))
    assert (config.region, config.public, config.public_address) == (
        "440604",
        Address("0.0.0.0", 8088),
        "https://hall.example.cn",
    )


def test_without_an_address_of_its_own_the_public_reaches_the_listener_itself(tmp_path: Path) -> None:
    config = read(written(tmp_path, GOOD))
    assert (config.region, config.public_address) == ("", "http://127.0.0.1:8080")


def test_a_region_or_address_that_is_none_is_said_so(tmp_path: Path) -> None:
    text = GOOD.replace("[listen]", 'region = "禅城"\npublic_address = "hall.example.cn"\n[listen]')
    with pytest.raises(ConfigWrong) as wrong:
        read(written(tmp_path, text))
    assert [problem.split(" must")[0] for problem in wrong.value.problems] == ["hall.region", "hall.public_address"]


def test_a_database_is_named_without_a_password_and_its_password_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "db.password").write_text("secret", encoding="utf-8")
    store = (
        '[store]\ndatabase = "postgresql://hall@db1,db2/yimen?target_session_attrs=read-write"\npassword_file = "db.password"\n'
    )
    config = read(written(tmp_path, GOOD + store))
    assert config.database == PostgresqlAddress(
        "postgresql://hall@db1,db2/yimen?target_session_attrs=read-write", tmp_path / "db.password"
    )
    assert config.database.password() == "secret"


def test_a_hall_that_names_no_database_has_a_file(tmp_path: Path) -> None:
    assert read(written(tmp_path, GOOD)).database is None


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ('database = "mysql://db/yimen"', "store.database must begin with postgresql:"),
        ('database = "postgresql://hall:secret@db/yimen"', "store.database may hold no password: name a password_file"),
        ('database = "postgresql:host=db password=secret dbname=x"', "store.database may hold no password: name a password_file"),
        ('database = "postgresql:host=db colour=blue"', "store.database is not an address such as postgresql://"),
        ('database = "postgresql://hall@db"', "store.database must name a database or a service"),
        ('database = "postgresql:service=hall"\npassword_file = "none"', "store.password_file: there is no file none"),
        ('password_file = "catalogue.toml"', "store.password_file goes with store.database"),
        ('file = "hall.sqlite"', "store.file is not a setting of the hall"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_so_without_the_password(tmp_path: Path, setting: str, problem: str) -> None:
    with pytest.raises(ConfigWrong) as wrong:
        read(written(tmp_path, f"{GOOD}[store]\n{setting}\n"))
    assert [told[: len(problem)] for told in wrong.value.problems] == [problem]
    assert "secret" not in str(wrong.value)
