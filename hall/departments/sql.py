"""A department whose database the hall may read: a table, a view or one SELECT, and a user that can only read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from flows.application import Record
from hall.departments.connection import Batch, Finding, Purpose
from hall.departments.records import records_of
from hall.departments.setting import Described, Kind, Setting
from hall.departments.sql_check import Check
from hall.departments.sql_collect import COLLECT_S, Collection
from hall.departments.sql_database import Database
from hall.departments.sql_query import problem
from hall.departments.sql_rows import look_up, read

LARGEST_BATCH = 1000
COLLECT = frozenset({"mark", "gone", "batch", "query"})
NAME = re.compile(r"[\w$#]{1,128}(\.[\w$#]{1,128}){0,2}")


class SqlConnection(Described):
    """Any database that SQLAlchemy reaches through an installed driver: `address` is its URL without user and password."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._database = Database(setting)
        self._collection = Collection(setting)

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        rows = await self._database.ask(lambda asked: look_up(asked, self._setting, items, key), self.deadline_s)
        return records_of(self._setting, rows, items, read)

    async def check(self) -> Sequence[Finding]:
        return await Check(self._setting, self._database).findings()

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        if not self.collects:
            return await super().changes(mark, items)
        return await self._database.ask(lambda asked: self._collection.batch(asked, mark, items), COLLECT_S)

    async def close(self) -> None:
        self._database.close()


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    return "" if NAME.fullmatch(path) else "is no name of a table or column"


def _judge(setting: Setting) -> Iterator[str]:
    """What is wrong with the settings; nothing is asked of the database yet."""
    if setting.address:
        yield from _judge_address(setting)
    query = setting.request.get("query", "")
    if bool(setting.rows) == bool(query):
        yield "a sql department needs either rows, a table or view, or request.query, one SELECT"
    yield from (f"request.{name} is nothing that can be set" for name in sorted(set(setting.request) - {"query"}))
    if query:
        yield from _judge_query("request.query", query, keyed=True)
    if setting.collect:
        yield from _judge_collect(setting)


def _judge_address(setting: Setting) -> Iterator[str]:
    try:
        url = make_url(setting.address)
        dialect = url.get_dialect()
    except NoSuchModuleError:
        yield f"there is no SQLAlchemy dialect {setting.address.partition(':')[0]}: install the package that brings it"
        return
    except ArgumentError:
        yield "address is no database URL such as postgresql+psycopg://host/database"
        return
    try:
        dialect.import_dbapi()
    except ImportError as error:
        yield f"the driver of {url.drivername} is not installed ({error.name})"
    yield from _judge_credentials(setting, url)


def _judge_credentials(setting: Setting, url: URL) -> Iterator[str]:
    if url.username or url.password:
        yield "user and password do not belong into the address but into [options] user and password_file"
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            yield "a SQLite address names a file: sqlite:////path/of/the/file"
        return
    yield from (f"a {url.get_backend_name()} department needs {n}" for n in ("user", "password_file") if n not in setting.options)


def _judge_collect(setting: Setting) -> Iterator[str]:
    collect = setting.collect
    yield from (f"collect.{name} is nothing that can be set" for name in sorted(set(collect) - COLLECT))
    if "mark" not in collect:
        yield "collect.mark is missing: the column of last change, or a number that rises"
    for name in ("mark", "gone"):
        if collect.get(name) and (wrong := _wrong_path(collect[name], {})):
            yield f"collect.{name} {collect[name]!r} {wrong}"
    if not collect.get("batch", "1").isdecimal() or not 0 < int(collect.get("batch", "1")) <= LARGEST_BATCH:
        yield f"collect.batch must be a whole number from 1 to {LARGEST_BATCH}, in quotes"
    if ("query" in collect) != ("query" in setting.request):
        yield "collect.query, the whole register without :key, belongs to request.query and to nothing else"
    if "query" in collect:
        yield from _judge_query("collect.query", collect["query"], keyed=False)


def _judge_query(name: str, query: object, *, keyed: bool) -> Iterator[str]:
    wrong = problem(query, keyed=keyed) if isinstance(query, str) else "must be text in quotes"
    if wrong:
        yield f"{name} {wrong}"


KIND = Kind(
    connect=SqlConnection,
    needs=frozenset(),
    may=frozenset({"rows", "user", "password_file", "check_key"}),
    wrong_path=_wrong_path,
    judge=lambda setting: tuple(_judge(setting)),
    requests=True,
    collects=True,
)
