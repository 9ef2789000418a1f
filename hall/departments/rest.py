"""A department that answers JSON over HTTP: asked as [request] says, its answer read by jmespath."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from flows.application import Record
from hall.departments import xroad
from hall.departments.connection import Batch, DepartmentFailure, Finding, Purpose
from hall.departments.http import JSON, Allowance, Http
from hall.departments.question import filled, gaps, headers, paths_of
from hall.departments.records import instant, records_of, subjects_of
from hall.departments.rest_settings import COLLECT_PATHS, NEEDS, OPTIONS, wrong_settings
from hall.departments.setting import Described, Kind, Setting
from hall.departments.web_check import check

COLLECTION = Allowance(60.0, 16 * 1024 * 1024)
COLLECTING = Purpose("", "collection", "hall")

Row = dict[str, object]


class RestConnection(Described):
    """Fills in the question of [request] and sends it; what is collected is asked for by POST {mark_name: mark}."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._http = Http(setting)
        self._paths = {path: jmespath.compile(path) for path in _paths_in(setting)}

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        rows = self.rows(await self.answer(key, items, purpose))
        return records_of(self._setting, rows, items, self.read)

    async def answer(self, key: str, items: Sequence[str], purpose: Purpose, allowance: Allowance | None = None) -> bytes:
        """What it sends back. Raises DepartmentFailure."""
        setting, request = self._setting, self._setting.request
        said, kind = gaps(setting, key, purpose), cast(str, request.get("content_type", JSON))
        question = _written(filled(request["body"], said, paths_of(setting, items)), kind) if "body" in request else b""
        method, path = cast(str, request.get("method", "POST")), cast(str, request["path"])
        return await self._asked(method, path, kind, question, said, allowance)

    def rows(self, body: bytes) -> list[Row]:
        """The persons in the answer. Raises DepartmentFailure."""
        return self._rows(self._setting.rows, parse(body))

    def read(self, row: object, path: str) -> object:
        try:
            return self._paths[path].search(row)
        except JMESPathError:  # a function that is given what it cannot take; its error would quote that
            raise DepartmentFailure("garbled", "gives a function what it cannot take") from None

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        setting, collect = self._setting, self._setting.collect
        said, question = gaps(setting, "", COLLECTING), {collect["mark_name"]: mark, **self._wanted(items)}
        answer = parse(await self._asked("POST", collect["path"], JSON, _written(question, JSON), said, COLLECTION))
        rows = self._rows(collect.get("rows", setting.rows), answer)
        subjects = subjects_of(setting, rows, items, self.read)
        more = self._truth(answer, "more")
        new = self.read(answer, collect["mark"])
        # Without a new mark nothing is new since the last one; with more to come it would be asked for for ever.
        if not isinstance(new, str | int | None) or isinstance(new, bool) or (more and str(new) in ("None", "", mark)):
            raise DepartmentFailure("garbled", f"mark: {collect['mark']} gives nothing to go on from")
        whole, known_at = self._truth(answer, "whole"), self._known_at(answer)
        return Batch(subjects, mark if new is None else str(new), more, whole, known_at)

    async def check(self) -> Sequence[Finding]:
        return await check(self._setting, self)

    async def close(self) -> None:
        await self._http.close()

    async def _asked(
        self, method: str, path: str, kind: str, question: bytes, said: Mapping[str, str], allowance: Allowance | None
    ) -> bytes:
        written = cast("Mapping[str, str]", self._setting.request.get("headers", {}))
        sent = {**headers(written, said), **xroad.headers(self._setting, said)}
        body = await self._http.ask(method, xroad.place(self._setting, path), kind, question, sent, allowance)
        if body is None:
            raise DepartmentFailure("garbled", "it answers with status 404: is the path right?")
        return body

    def _rows(self, path: str, answer: object) -> list[Row]:
        rows = self.read(answer, path)
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        given = "a list, but not of objects" if isinstance(rows, list) else _named(rows)
        raise DepartmentFailure("garbled", f"{path} gives {given}; the answer {_fields(answer)}")

    def _wanted(self, items: Sequence[str]) -> dict[str, object]:
        name = self._setting.collect.get("items_name")
        return {name: paths_of(self._setting, items)} if name else {}

    def _known_at(self, answer: object) -> datetime | None:
        path = self._setting.collect.get("known_at")
        if not path:
            return None
        try:
            return instant(str(self.read(answer, path)))
        except ValueError:
            raise DepartmentFailure("garbled", f"known_at: {path} gives no time") from None

    def _truth(self, answer: object, name: str) -> bool:
        path = self._setting.collect.get(name)
        said = self.read(answer, path) if path else False
        if said is not None and not isinstance(said, bool):
            raise DepartmentFailure("garbled", f"{name}: {path} must give true or false, as total > `0` does")
        return said or False


def parse(body: bytes) -> object:
    """JSON in UTF-8 and nothing else. The parser's own error would quote the answer."""
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise DepartmentFailure("garbled", "the answer is not in UTF-8") from None
    except (ValueError, RecursionError):
        raise DepartmentFailure("garbled", "the answer is no JSON") from None


def _written(question: object, kind: str) -> bytes:
    if kind == JSON:
        return json.dumps(question).encode()
    return urlencode(cast("Mapping[str, object]", question), doseq=True).encode()


def _named(value: object) -> str:
    match value:
        case None:
            return "null"
        case dict():
            return "one object (write it in brackets, as [person][?@])"
        case _:
            return "a single value"


def _fields(answer: object) -> str:
    """Names of fields, and only what cannot be a number or a name of somebody: some answers use them as keys."""
    if not isinstance(answer, dict):
        return f"is {'a list' if isinstance(answer, list) else 'a single value'}"
    names = [name for name in answer if re.fullmatch(r"[A-Za-z_][A-Za-z_-]{0,39}\d{0,3}", name, re.ASCII)]
    others = len(answer) - len(names)
    return f"has the fields {', '.join(names[:20])}" + (f" and {others} more" if others else "") if answer else "is empty"


def _paths_in(setting: Setting) -> tuple[str, ...]:
    return (*setting.paths, *(setting.collect[name] for name in COLLECT_PATHS if setting.collect.get(name)))


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    try:
        jmespath.compile(path).search(None)
    except JMESPathTypeError:
        return ""  # a function that wants more than nothing
    except JMESPathError:
        return "is no jmespath"
    return ""


KIND = Kind(
    connect=RestConnection,
    needs=NEEDS,
    may=OPTIONS,
    wrong_path=_wrong_path,
    judge=lambda setting: (*wrong_settings(setting), *_wrong_collect_paths(setting)),
    requests=True,
    collects=True,
    passes_on=True,
)


def _wrong_collect_paths(setting: Setting) -> Iterator[str]:
    for name in COLLECT_PATHS:
        path = setting.collect.get(name)
        if path and (problem := _wrong_path(path, {})):
            yield f"collect.{name} {path!r} {problem}"
