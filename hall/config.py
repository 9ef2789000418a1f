"""The hall's one TOML file: read in one place, and everything wrong with it named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hall.store.postgresql_address import PostgresqlAddress

KEYS: Mapping[str, tuple[str, ...]] = {
    "hall": ("id", "name", "phone", "windows", "region", "public_address"),
    "listen": ("console", "terminals", "public"),
    "folders": ("state", "departments"),
    "catalogue": ("file",),
    "libraries": ("file",),
    "store": ("database", "password_file"),
}
OPTIONAL = {
    ("folders", "state"),
    ("listen", "console"),
    ("listen", "terminals"),
    ("listen", "public"),
    ("hall", "region"),
    ("libraries", "file"),
    ("hall", "public_address"),
    ("store", "database"),
    ("store", "password_file"),
}


class ConfigWrong(Exception):
    """The configuration cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Address:
    """Where a listener waits. Port 0 lets the system choose."""

    host: str
    port: int


@dataclass(frozen=True)
class HallConfig:
    """One hall. `hall` is its code in certificates; `windows` are the counters' numbers; `region` its code of
    GB/T 2260, "" when it has none. `public_address` is what citizens reach the public listener by, as QR codes
    say it: usually a proxy with a certificate of its own. `libraries` says what the hall collects; None: nothing.
    `database` is a PostgreSQL that several processes may share; None: a file in `secrets`."""

    hall: str
    name: str
    phone: str
    windows: tuple[str, ...]
    console: Address
    terminals: Address
    state: Path
    departments: Path
    catalogue: Path
    region: str = ""
    public: Address = Address("127.0.0.1", 8080)
    public_address: str = "http://127.0.0.1:8080"
    libraries: Path | None = None
    database: PostgresqlAddress | None = None

    @property
    def secrets(self) -> Path:
        """Where the hall's keys lie; nobody else may read it."""
        return self.state / "hall"


def read(path: Path, state: Path | None = None) -> HallConfig:
    """The configuration; `state` from the command line wins over the file. Paths are relative to the file."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigWrong((f"{path} cannot be read: {error.strerror}",)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigWrong((f"{path} is not TOML: {error}",)) from None
    reading = _Reading(written, path.parent)
    public = reading.address("listen", "public", "127.0.0.1:8080")
    config = HallConfig(
        hall=reading.code("hall", "id"),
        name=reading.text("hall", "name"),
        phone=reading.text("hall", "phone"),
        windows=reading.numbers("hall", "windows"),
        console=reading.address("listen", "console", "127.0.0.1:8000"),
        terminals=reading.address("listen", "terminals", "127.0.0.1:8443"),
        state=state if state is not None else reading.state(),
        departments=reading.place("folders", "departments", folder=True),
        catalogue=reading.place("catalogue", "file", folder=False),
        region=reading.region("hall", "region"),
        libraries=reading.place("libraries", "file", folder=False) if "libraries" in written else None,
        public=public,
        database=reading.database("store"),
        public_address=reading.web("hall", "public_address") or f"http://{public.host}:{public.port}",
    )
    if reading.problems:
        raise ConfigWrong(tuple(reading.problems))
    return config


class _Reading:
    """Takes settings out of a parsed file and gathers what is wrong with them."""

    def __init__(self, written: Mapping[str, object], here: Path) -> None:
        self.problems: list[str] = []
        self._here = here
        self._settings: dict[tuple[str, str], object] = {}
        for section, settings in written.items():
            if section not in KEYS or not isinstance(settings, dict):
                self.problems.append(f"[{section}] is not a section of the hall's configuration")
                continue
            for key, value in settings.items():
                if key not in KEYS[section]:
                    self.problems.append(f"{section}.{key} is not a setting of the hall")
                self._settings[section, key] = value

    def text(self, section: str, key: str) -> str:
        value = self._settings.get((section, key))
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None or (section, key) not in OPTIONAL:
            self.problems.append(f"{section}.{key} must be a text that is not empty")
        return ""

    def code(self, section: str, key: str) -> str:
        value = self.text(section, key)
        if value and not re.fullmatch(r"[A-Za-z0-9]{1,12}", value):
            self.problems.append(f"{section}.{key} may hold 1 to 12 latin letters and digits only")
        return value

    def region(self, section: str, key: str) -> str:
        value = self.text(section, key)
        if value and not re.fullmatch(r"[1-9][0-9]{5}", value):
            self.problems.append(f"{section}.{key} must be six digits of GB/T 2260, e.g. 440604")
        return value

    def web(self, section: str, key: str) -> str:
        value = self.text(section, key).rstrip("/")
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.\-:\[\]]+", value):
            self.problems.append(f"{section}.{key} must be an address such as https://hall.example.cn")
        return value

    def database(self, section: str) -> PostgresqlAddress | None:
        """None: a file of the hall's own."""
        written, named = self.text(section, "database"), self.text(section, "password_file")
        password_file = self._here / named if named else None
        if password_file and not password_file.is_file():
            self.problems.append(f"{section}.password_file: there is no file {named}")
        if not written:
            if password_file:
                self.problems.append(f"{section}.password_file goes with {section}.database")
            return None
        try:
            return PostgresqlAddress.read(written, password_file)
        except ValueError as error:
            self.problems.append(f"{section}.database {error}")
            return None

    def numbers(self, section: str, key: str) -> tuple[str, ...]:
        value = self._settings.get((section, key))
        good = isinstance(value, list) and value and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in value)
        if not good or not isinstance(value, list) or len(set(value)) != len(value):
            self.problems.append(f"{section}.{key} must be a list of different numbers, e.g. [1, 2, 3]")
            return ()
        return tuple(str(number) for number in value)

    def address(self, section: str, key: str, usual: str) -> Address:
        written = self._settings.get((section, key), usual)
        host, _, port = str(written).rpartition(":")
        if not isinstance(written, str) or not host or not port.isdecimal() or int(port) > 65535:
            self.problems.append(f"{section}.{key} must be an address such as {usual}")
            return Address("", 0)
        return Address(host, int(port))

    def state(self) -> Path:
        """Not relative to the file: state belongs to the place where the hall is run."""
        return Path(self.text("folders", "state") or "var")

    def place(self, section: str, key: str, *, folder: bool) -> Path:
        written = self.text(section, key)
        found = self._here / written
        if written and not (found.is_dir() if folder else found.is_file()):
            self.problems.append(f"{section}.{key}: there is no {'folder' if folder else 'file'} {written}")
        return found
