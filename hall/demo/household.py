"""公安户籍: an old register in MariaDB, with pinyin column names and a character set that loses rare characters."""

from __future__ import annotations

import asyncio
import getpass
import hashlib
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hall.demo.behaviour import Behaviour, CannotStart, Mode, Place
from hall.demo.door import HOST, Door
from hall.demo.people import after, everybody
from hall.demo.person import Person

PORT = 8103
DOUBTS = {"": "0", "move_pending": "1"}
SCHEMA = (Path(__file__).parent / "household.sql").read_text("utf-8")
START_S = 30
COLUMNS = "GMSFHM, XM, XB, MZ, CSRQ, CSDSSX, HH, YHZGX, HKDZ, PCS, CYM, PCSDM, QRRQ, HDQL, CYBZ, GXSJ"
HANZI = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]){2,}")
NUMBER = re.compile(rb"\d{17}[\dX]")


async def run(place: Place, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves until cancelled."""
    made = await _make(place)
    with tempfile.TemporaryDirectory(prefix="yimen-household-") as short:  # a socket's path may not exceed 107 bytes
        inner = Path(short) / "s"
        # MariaDB speaks on the private socket only; even there root is locked.
        door = Door(inner, place.behaviour, server_speaks_first=True, ask=_ask_about_another, answer=_break_characters)
        opened = await door.open(PORT if port is None else port)
        server = await asyncio.create_subprocess_exec(
            *_so_that_it_ends_with_us(_found("mariadbd")),
            *_common(made),
            f"--socket={inner}",
            "--skip-networking",
            "--innodb-buffer-pool-size=16M",
            "--performance-schema=OFF",
            "--max-connections=50",
            "--table-open-cache=100",
            f"--log-error={place.folder / 'mariadb.log'}",
        )
        try:
            await _answering(server, inner, place)
            ready(f"{HOST}:{opened}")
            await server.wait()
            raise CannotStart(f"MariaDB stopped; see {place.folder / 'mariadb.log'}")
        finally:
            door.close()
            if server.returncode is None:
                server.send_signal(signal.SIGTERM)
            await server.wait()


async def _make(place: Place) -> Path:
    """The folder of the database, made anew when the people or the tables have changed since."""
    statements = "\n".join(_statements(place.password()))
    print_of_it = hashlib.sha256(statements.encode()).hexdigest()
    made, mark = place.folder / "database", place.folder / "made-of"
    if mark.exists() and mark.read_text("ascii") == print_of_it:
        return made
    shutil.rmtree(place.folder, ignore_errors=True)
    place.folder.mkdir(parents=True)
    script = place.folder / "make.sql"
    script.touch(mode=0o600)
    script.write_text(statements, "utf-8")
    maker = await asyncio.create_subprocess_exec(
        _found("mariadb-install-db"),
        *_common(made),
        "--auth-root-authentication-method=socket",
        "--skip-test-db",
        f"--extra-file={script}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        told, _ = await maker.communicate()
    except asyncio.CancelledError:
        os.killpg(maker.pid, signal.SIGKILL)  # a script with children; what it made so far is thrown away at the next start
        await maker.wait()
        raise
    (place.folder / "made.log").write_bytes(told)
    script.unlink()  # it holds the hall's password
    if maker.returncode:
        raise CannotStart(f"the household database could not be made; see {place.folder / 'made.log'}")
    mark.write_text(print_of_it, "ascii")
    return made


def _common(database: Path) -> list[str]:
    return ["--no-defaults", f"--datadir={database}", f"--user={getpass.getuser()}"]


def _found(program: str) -> str:
    # Debian keeps servers in /usr/sbin, which is not on everybody's path.
    path = shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")
    if path is None:
        raise CannotStart(f"{program} is missing: install the Debian package mariadb-server-core")
    return path


def _so_that_it_ends_with_us(program: str) -> list[str]:
    """Even when this process is killed: an orphan would hold the database's lock at the next start."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", program] if setpriv else [program]


async def _answering(server: asyncio.subprocess.Process, inner: Path, place: Place) -> None:
    wrong = CannotStart(f"MariaDB did not start; see {place.folder / 'mariadb.log'}")
    try:
        async with asyncio.timeout(START_S):
            while server.returncode is None:
                try:
                    _, writer = await asyncio.open_unix_connection(str(inner))
                except OSError:
                    await asyncio.sleep(0.05)
                    continue
                writer.close()
                return
    except TimeoutError:
        raise wrong from None
    raise wrong


def _statements(password: str) -> Iterator[str]:
    yield SCHEMA
    for person in everybody():
        if person.household:
            yield f"INSERT INTO register.T_CZRK ({COLUMNS}) VALUES ({_row(person)});"  # noqa: S608 (every value is written in hexadecimal)
    yield f"CREATE USER hall@localhost IDENTIFIED BY '{password}';"
    yield "GRANT SELECT ON register.V_CZRK_YM TO hall@localhost;"
    yield f"ALTER USER {getpass.getuser()}@localhost ACCOUNT LOCK;"


def _row(person: Person) -> str:
    return ", ".join(f"_utf8mb4 x'{value.encode().hex()}'" for value in values(person))


def values(person: Person) -> tuple[str, ...]:
    """A row of the register, in the order of COLUMNS."""
    entry = person.household
    assert entry is not None
    return (
        person.number,
        entry.name,
        person.sex,
        person.ethnic_group,
        person.birth.replace("-", ""),
        entry.birth_place,
        entry.family,
        entry.relation,
        entry.address,
        entry.police_station,
        entry.former_name,
        entry.station_code,
        entry.moved_in.replace("-", ""),
        entry.moved_from,
        DOUBTS[entry.doubt],
        entry.as_of.replace("-", "") + "090000",
    )


def _ask_about_another(sent: bytes, behaviour: Behaviour) -> bytes:
    """Wrong: whoever is asked for, another number of the same length reaches the database."""
    if behaviour.mode is not Mode.WRONG:
        return sent
    return NUMBER.sub(lambda found: after(found[0].decode()).number.encode(), sent)


def _break_characters(sent: bytes, behaviour: Behaviour) -> bytes:
    """Nonsense: Chinese text arrives as bytes that are no characters; the packets around it stay whole."""
    if behaviour.mode is not Mode.NONSENSE:
        return sent
    return HANZI.sub(lambda found: b"\xff" * len(found[0]), sent)
