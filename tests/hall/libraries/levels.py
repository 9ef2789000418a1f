"""Three halls as real processes, each a department of the next: district, city, province; and one register below them."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from devices.simulators.local_port import free_ports
from flows.application import Identity, Lookup
from flows.wire import OpenVisit, VisitOpened, from_json, to_json
from hall.__main__ import main
from tests.hall.fakes import EMPTY
from tests.hall.servers import ended
from tests.patience import SOON_S

ROOT = Path(__file__).parents[3]
REGISTER_TOML = """
kind = "rest"
code = "household"
title = "公安户籍"
address = "http://127.0.0.1:{port}"
key = "person.number"
rows = "rows"
as_of = "at"

[request]
path = "/query"
body = {{ id = "{{key}}" }}

[items]
"person.number" = "id"
"person.name" = "name"
"household.address" = "address"

[collect]
path = "/changes"
mark = "next"
mark_name = "since"
more = "more"
gone = "gone"
"""
LOWER_TOML = """
kind = "rest"
code = "{code}"
title = "{title}"
address = "https://127.0.0.1:{port}"
key = "person.number"
rows = "rows"
as_of = "as_of"
origin = "department"
known_at = "known_at"

[options]
ca_file = "${{state}}/{code}/hall-ca.pem"
certificate_file = "${{state}}/{code}/peer.pem"
key_file = "${{state}}/{code}/peer.key"

[request]
path = "/api/libraries/population/look-up"
body = {{ key = "{{key}}", items = "{{paths}}", matter = "{{matter}}", visit = "{{visit}}" }}

[items]
"person.number" = "person.number"
"person.name" = "person.name"
"household.address" = "household.address"

[doubts]
"person.name" = "doubt"
"household.address" = "doubt"

[collect]
path = "/api/libraries/population/changes"
mark_name = "mark"
items_name = "items"
mark = "mark"
more = "more"
whole = "whole"
gone = "gone"
known_at = "known_at"
"""
LIBRARIES_TOML = """
[[libraries]]
code = "population"
title = "人口基础库"
title_en = "Population"
key = "person.number"
keep_days = 30
serve_hours = 72

[[libraries.sources]]
department = "{below}"
items = ["person.name", "household.address"]
every_minutes = 60
on_change = "{knocks}"
"""
PEER_TOML = """
[[peers]]
code = "UPPER"
title = "上一级大厅"

[[peers.grants]]
library = "population"
items = ["person.name", "household.address"]
purposes = ["collection", "household-extract"]

[peers.knock]
address = "https://127.0.0.1:{port}"
ca_file = "${{state}}/upper/hall-ca.pem"
certificate_file = "${{state}}/upper/peer.pem"
key_file = "${{state}}/upper/peer.key"
"""
CATALOGUE_TOML = """
[[department]]
code = "{code}"
provider = "114406040070391271"

[[dataset]]
code = "{code}.people"
title = "人口"
department = "{code}"
summary = "姓名、住址"
sharing = "unconditional"
updated = "daily"
published = 2026-01-05
valid_from = 2026-01-01
items = {items}

[items]
"""
HALL_TOML = """
[hall]
id = "{code}"
name = "{code}"
phone = "0757"
windows = [1]

[listen]
console = "127.0.0.1:0"
terminals = "127.0.0.1:{port}"
public = "127.0.0.1:0"

[folders]
departments = "departments"

[catalogue]
file = "catalogue.toml"

[libraries]
file = "libraries.toml"
"""


class Handler(BaseHTTPRequestHandler):
    """Answers for the register that its server holds."""

    server: Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = self.server.register.answer(self.path, asked)
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None: ...


class Server(ThreadingHTTPServer):
    register: RestRegister


@dataclass
class RestRegister:
    """A department's service, with a log of changes; `page` entries in an answer. `hold` keeps an answer back."""

    log: list[dict[str, object]] = field(default_factory=list)
    page: int = 50
    server: Server | None = None
    pages: int = 0
    asked: threading.Event = field(default_factory=threading.Event)
    hold_from: int = 10**9
    held: threading.Event = field(default_factory=threading.Event)

    def tell(self, key: str, **values: str) -> None:
        self.log.append({"id": key, "at": "2026-09-01", **values})

    def strike(self, key: str) -> None:
        self.log.append({"id": key, "gone": True})

    def answer(self, path: str, asked: Mapping[str, str]) -> dict[str, object]:
        if path == "/query":
            rows = [row for row in self.log if row["id"] == asked["id"]]
            return {"rows": rows[-1:] if rows and not rows[-1].get("gone") else []}
        self.pages += 1
        if self.pages >= self.hold_from:
            self.asked.set()
            self.held.wait(SOON_S)
        first = int(asked["since"] or 0)
        end = min(first + self.page, len(self.log))
        return {"rows": self.log[first:end], "next": str(end), "more": end < len(self.log)}

    @contextmanager
    def open(self) -> Iterator[int]:
        """Its port, until it is closed or goes down."""
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.register = self
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            yield int(self.server.server_address[1])
        finally:
            self.held.set()
            self.down()

    def down(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


@dataclass
class LevelHall:
    """One hall's process and what it is configured by."""

    folder: Path
    code: str
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def state(self) -> Path:
        return self.folder / "var"

    @property
    def usual(self) -> list[str]:
        return ["--config", str(self.folder / "hall.toml"), "--state", str(self.state)]

    @property
    def database(self) -> Path:
        return self.state / "hall" / "hall.sqlite"

    def write(self, department: str, libraries: str) -> None:
        (self.folder / "departments").mkdir(parents=True)
        code = department.split('code = "')[1].split('"')[0]
        (self.folder / "departments" / f"{code}.toml").write_text(department, "utf-8")
        items = ("person.number", "person.name", "household.address")
        catalogue = CATALOGUE_TOML.format(code=code, items=json.dumps(items))
        catalogue += "".join(f'"{item}" = ["{code}"]\n' for item in items)
        (self.folder / "catalogue.toml").write_text(catalogue, "utf-8")
        (self.folder / "libraries.toml").write_text(libraries, "utf-8")
        self.database.parent.mkdir(parents=True)
        self.database.write_bytes(EMPTY)
        (self.folder / "hall.toml").write_text(HALL_TOML.format(code=self.code, port=self.port), "utf-8")

    def start(self) -> None:
        """Returns at once; `wait` until it answers."""
        command = [sys.executable, "-m", "hall", "serve", *self.usual]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def wait(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("READY")

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            ended(self.process)
            self.process = None

    def look_up(self, identity: Identity, visit: str) -> Lookup:
        """As a terminal of this hall sees it."""
        folder = self.folder / "K07"
        if not folder.exists():
            assert main(["terminals", "enrol", "K07", "--into", str(folder), *self.usual]) == 0
        with self.client(folder, "terminal") as terminal:
            asked = OpenVisit("household-extract", "1", identity)
            answer = terminal.put(f"/api/visits/{visit}", content=to_json(asked))
            assert answer.status_code == 200, answer.text
            return from_json(VisitOpened, answer.content).lookup

    def client(self, folder: Path, kind: str) -> httpx.Client:
        tls = ssl.create_default_context(cafile=str(folder / "hall-ca.pem"))
        tls.load_cert_chain(folder / f"{kind}.pem", folder / f"{kind}.key")
        return httpx.Client(base_url=f"https://127.0.0.1:{self.port}", verify=tls, timeout=SOON_S)


@dataclass
class Levels:
    """The register, and the halls from the bottom up."""

    register: RestRegister
    district: LevelHall
    city: LevelHall
    province: LevelHall

    def knock(self) -> None:
        """The register tells the district that something changed."""
        with self.district.client(self.district.folder / "police", "peer") as police:
            assert police.post("/api/libraries/knock").status_code == 200


@contextmanager
def three_levels(folder: Path) -> Iterator[Levels]:
    register = RestRegister()
    codes = ("chancheng", "foshan", "guangdong")
    district, city, province = (LevelHall(folder / code, code, port) for code, port in zip(codes, free_ports(3), strict=True))
    with register.open() as port:
        district.write(
            REGISTER_TOML.format(port=port),
            LIBRARIES_TOML.format(below="household", knocks="POLICE") + PEER_TOML.format(port=city.port),
        )
        city.write(
            LOWER_TOML.format(code="chancheng", title="禅城区大厅", port=district.port),
            LIBRARIES_TOML.format(below="chancheng", knocks="LOWER") + PEER_TOML.format(port=province.port),
        )
        province.write(
            LOWER_TOML.format(code="foshan", title="佛山市大厅", port=city.port),
            LIBRARIES_TOML.format(below="foshan", knocks="LOWER"),
        )
        _enrol(district, "POLICE", district.folder / "police")
        for lower, upper in ((district, city), (city, province)):
            _enrol(lower, "UPPER", upper.state / lower.code)
            _enrol(upper, "LOWER", lower.state / "upper")
        halls = (district, city, province)
        try:
            for hall in halls:
                hall.start()
            for hall in halls:
                hall.wait()
            yield Levels(register, *halls)
        finally:
            register.held.set()
            for hall in halls:
                if hall.process is not None:
                    hall.process.terminate()
            for hall in halls:
                hall.stop()


def _enrol(hall: LevelHall, name: str, into: Path) -> None:
    assert main(["peers", "enrol", name, "--into", str(into), *hall.usual]) == 0
