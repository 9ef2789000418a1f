"""The hall's one TOML file: read in one place, and everything wrong with it named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from hall.hours import ALWAYS, WEEKDAYS, Hours, read_hours
from hall.staff_settings import USUAL, StaffSettings, read_staff
from hall.store.postgresql_address import PostgresqlAddress
from hall.voice import LANGUAGES, USUAL_VOICES
from hall.windows import Scope, Windows, read_scopes

KEYS: Mapping[str, tuple[str, ...]] = {
    "hall": ("id", "name", "phone", "windows", "region", "public_address", "console_address"),
    "listen": ("console", "terminals", "public"),
    "folders": ("state", "departments"),
    "catalogue": ("file",),
    "libraries": ("file",),
    "board": ("languages", "prompts"),
    "delivery": ("reconcile_at", "reconcile_days"),
    "staff": ("second_factor",),
    "oidc": ("issuer", "client_id", "secret_file", "role_claim", "name_claim", "roles", "emergency"),
    "hours": ("open", *WEEKDAYS, "closed", "overnight"),
    "windows": ("number",),
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
    ("delivery", "reconcile_at"),
    ("delivery", "reconcile_days"),
    ("hall", "console_address"),
    ("staff", "second_factor"),
    ("oidc", "role_claim"),
    ("oidc", "name_claim"),
    ("store", "database"),
    ("store", "password_file"),
}


@dataclass(frozen=True)
class Plan:
    """When the nightly reconciliation begins, in the hall's own time, and how many days it looks back."""

    at: time = time(2, 30)
    days: int = 7


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
    `voices` are the languages that the board calls in, in order; `prompts` a folder of recorded ones.
    `reconcile` says when departments are asked at night what they have.
    `console_address` is what clerks' browsers reach the console by, "" when nothing stands before it.
    `scopes`: what the windows do that do not do everything.
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
    voices: tuple[str, ...] = USUAL_VOICES
    prompts: Path | None = None
    reconcile: Plan = Plan()
    console_address: str = ""
    staff: StaffSettings = USUAL
    hours: Hours = ALWAYS
    scopes: Mapping[str, Scope] = field(default_factory=dict)

    @property
    def counters(self) -> Windows:
        """The windows and what each can do."""
        return Windows(self.windows, self.scopes)

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
    console_address = reading.web("hall", "console_address")
    windows = reading.numbers("hall", "windows")
    config = HallConfig(
        hall=reading.code("hall", "id"),
        name=reading.text("hall", "name"),
        phone=reading.text("hall", "phone"),
        windows=windows,
        hours=reading.hours(),
        scopes=reading.scopes(windows),
        console=reading.address("listen", "console", "127.0.0.1:8000"),
        terminals=reading.address("listen", "terminals", "127.0.0.1:8443"),
        state=state if state is not None else reading.state(),
        departments=reading.place("folders", "departments", folder=True),
        catalogue=reading.place("catalogue", "file", folder=False),
        region=reading.region("hall", "region"),
        libraries=reading.place("libraries", "file", folder=False) if "libraries" in written else None,
        reconcile=reading.plan("delivery"),
        public=public,
        voices=reading.voices("board", "languages"),
        prompts=reading.place("board", "prompts", folder=True) if "prompts" in reading.given("board") else None,
        database=reading.database("store"),
        public_address=reading.web("hall", "public_address") or f"http://{public.host}:{public.port}",
        console_address=console_address,
        staff=read_staff(reading, with_oidc="oidc" in written, console_address=console_address),
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
                if key not in KEYS[section] and section != "windows":
                    self.problems.append(f"{section}.{key} is not a setting of the hall")
                self._settings[section, key] = value

    def raw(self, section: str, key: str) -> object:
        return self._settings.get((section, key))

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

    def plan(self, section: str) -> Plan:
        """When the departments are asked what they have, and how many days back."""
        at, days = self._settings.get((section, "reconcile_at"), "02:30"), self._settings.get((section, "reconcile_days"), 7)
        if not isinstance(at, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", at):
            self.problems.append(f"{section}.reconcile_at must be a time of the day such as 02:30")
            at = "02:30"
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 60:
            self.problems.append(f"{section}.reconcile_days must be a whole number from 1 to 60")
            days = 7
        return Plan(time.fromisoformat(at), days)

    def hours(self) -> Hours:
        written = {key: value for (section, key), value in self._settings.items() if section == "hours"}
        hours, problems = read_hours(written) if written else (ALWAYS, ())
        self.problems.extend(problems)
        return hours

    def scopes(self, windows: tuple[str, ...]) -> Mapping[str, Scope]:
        written = {key: value for (section, key), value in self._settings.items() if section == "windows"}
        scopes, problems = read_scopes(written, windows)
        self.problems.extend(problems if windows else ())
        return scopes

    def state(self) -> Path:
        """Not relative to the file: state belongs to the place where the hall is run."""
        return Path(self.text("folders", "state") or "var")

    def given(self, section: str) -> frozenset[str]:
        """Which settings of a section the file has."""
        return frozenset(key for of, key in self._settings if of == section)

    def voices(self, section: str, key: str) -> tuple[str, ...]:
        value = self._settings.get((section, key), list(USUAL_VOICES))
        if not isinstance(value, list) or not value or not all(one in LANGUAGES for one in value):
            self.problems.append(f"{section}.{key} must be a list of {', '.join(LANGUAGES)}")
            return USUAL_VOICES
        return tuple(value)

    def place(self, section: str, key: str, *, folder: bool) -> Path:
        written = self.text(section, key)
        found = self._here / written
        if written and not (found.is_dir() if folder else found.is_file()):
            self.problems.append(f"{section}.{key}: there is no {'folder' if folder else 'file'} {written}")
        return found
