"""A department that answers JSON over HTTP: asked as [request] says, its answer read by jmespath."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from flows.application import Record
from hall.departments.connection import Batch, DepartmentFailure, Finding, Purpose
from hall.departments.credentials import OPTIONS
from hall.departments.http import JSON, Allowance, Http, wrong_address
from hall.departments.question import filled, gaps, headers, paths_of, wrong_headers, wrong_place, wrong_tree
from hall.departments.records import instant, records_of, subjects_of
from hall.departments.setting import Described, Kind, Setting

FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "POST")
REQUEST = frozenset({"method", "path", "content_type", "headers", "body"})
COLLECT_PATHS = ("mark", "rows", "more", "gone", "whole", "known_at")
COLLECT = frozenset({"path", "mark_name", "items_name", *COLLECT_PATHS})
COLLECTION = Allowance(60.0, 16 * 1024 * 1024)
CHECK = Purpose("", "check", "hall")
COLLECTING = Purpose("", "collection", "hall")


class RestConnection(Described):
    """Fills in the question of [request] and sends it; what is collected is asked for by POST {mark_name: mark}, and with
    an `items_name` {items_name: paths} too."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._http = Http(setting)
        self._paths = {path: jmespath.compile(path) for path in _paths_in(setting)}

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        setting, request = self._setting, self._setting.request
        said, paths = gaps(setting, key, purpose), paths_of(setting, items)
        kind = cast(str, request.get("content_type", JSON))
        body = await self._http.ask(
            cast(str, request.get("method", "POST")),
            cast(str, request["path"]),
            kind,
            _written(filled(request["body"], said, paths), kind) if "body" in request else b"",
            headers(cast("Mapping[str, str]", request.get("headers", {})), said),
        )
        rows = self._rows(setting.rows, _found(body))
        return records_of(setting, rows, items, self._read)

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        setting, collect = self._setting, self._setting.collect
        sent = headers(cast("Mapping[str, str]", setting.request.get("headers", {})), gaps(setting, "", COLLECTING))
        question: dict[str, object] = {collect["mark_name"]: mark}
        if "items_name" in collect:
            question[collect["items_name"]] = paths_of(setting, items)
        answer = _found(await self._http.ask("POST", collect["path"], JSON, _written(question, JSON), sent, COLLECTION))
        rows = self._rows(collect.get("rows", setting.rows), answer)
        subjects = subjects_of(setting, rows, items, self._read, lambda row: self._truth(row, collect.get("gone", "")))
        more = self._truth(answer, collect.get("more", ""))
        new = self._read(answer, collect["mark"])
        # Without a new mark nothing is new since the last one; with more to come it would be asked for for ever.
        if not isinstance(new, str | int | None) or isinstance(new, bool) or (more and str(new) in ("None", "", mark)):
            raise DepartmentFailure("garbled", f"mark: {collect['mark']} gives nothing to go on from")
        whole = self._truth(answer, collect.get("whole", ""))
        return Batch(
            subjects, mark if new is None else str(new), more, whole, self._known_at(answer, collect.get("known_at", ""))
        )

    async def check(self) -> Sequence[Finding]:
        try:
            await self.look_up(self._setting.check_key, self.items, CHECK)
        except DepartmentFailure as failure:
            return [Finding("look-up", self._setting.words(failure), good=False)]
        return [Finding("look-up", "answers as it should", good=True)]

    async def close(self) -> None:
        await self._http.close()

    def _rows(self, path: str, answer: object) -> list[dict[str, object]]:
        rows = self._read(answer, path)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise DepartmentFailure("garbled", f"rows: {path} gives no list of objects")
        return rows

    def _known_at(self, answer: object, path: str) -> datetime | None:
        if not path:
            return None
        try:
            return instant(str(self._read(answer, path)))
        except ValueError:
            raise DepartmentFailure("garbled", f"{path} gives no time") from None

    def _truth(self, row: object, path: str) -> bool:
        said = self._read(row, path) if path else False
        if said is not None and not isinstance(said, bool):
            raise DepartmentFailure("garbled", f"{path} must give true or false, as deleted == '1' does")
        return said or False

    def _read(self, row: object, path: str) -> object:
        try:
            return self._paths[path].search(row)
        except JMESPathError:  # a function that is given what it cannot take; its error would quote that
            raise DepartmentFailure("garbled", f"{path} cannot be followed in the answer") from None


def parse(body: bytes) -> object:
    """JSON in UTF-8 and nothing else. The parser's own error would quote the answer."""
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise DepartmentFailure("garbled", "the answer is not in UTF-8") from None
    except (ValueError, RecursionError):
        raise DepartmentFailure("garbled", "the answer is no JSON") from None


def _found(body: bytes | None) -> object:
    if body is None:
        raise DepartmentFailure("garbled", "it answers with status 404: is the path right?")
    return parse(body)


def _written(question: object, kind: str) -> bytes:
    if kind == JSON:
        return json.dumps(question).encode()
    return urlencode(cast("Mapping[str, object]", question), doseq=True).encode()


def _paths_in(setting: Setting) -> Iterator[str]:
    collect = [setting.collect[name] for name in COLLECT_PATHS if name in setting.collect]
    yield from filter(None, (*setting.items.values(), setting.rows, setting.as_of, setting.doubt, setting.origin, *collect))


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    try:
        jmespath.compile(path).search(None)
    except JMESPathTypeError:
        return ""  # a function that wants more than nothing
    except JMESPathError:
        return "is no jmespath"
    return ""


def _judge(setting: Setting) -> Iterator[str]:
    yield from wrong_address(setting)
    request = setting.request
    yield from (f"request.{name} is nothing that can be set" for name in sorted(set(request) - REQUEST))
    if request.get("method", "POST") not in METHODS:
        yield f"request.method must be one of {', '.join(METHODS)}"
    if request.get("content_type", JSON) not in (JSON, FORM):
        yield f"request.content_type must be {JSON} or {FORM}"
    yield from (f"request.{problem}" for problem in [wrong_place(request.get("path"))] if problem)
    yield from wrong_headers(request.get("headers", {}))
    yield from _wrong_body(request)
    if "applications_path" in setting.options:
        yield from (f"applications_{problem}" for problem in [wrong_place(setting.options["applications_path"])] if problem)
    yield from _wrong_collect(setting.collect)


def _wrong_body(request: Mapping[str, object]) -> Iterator[str]:
    body = request.get("body")
    if request.get("method", "POST") == "GET":
        if body is not None:
            yield "request.body: a GET has none"
        return
    if not isinstance(body, dict):
        yield "request.body must be a table"
        return
    if request.get("content_type") == FORM and any(isinstance(branch, dict | list) for branch in body.values()):
        yield "request.body: a form holds only texts and numbers"
    yield from wrong_tree("body", body)


def _wrong_collect(collect: Mapping[str, str]) -> Iterator[str]:
    if not collect:
        return
    yield from (f"collect.{name} is nothing that can be set" for name in sorted(set(collect) - COLLECT))
    yield from (f"collect.{name} is missing" for name in ("path", "mark", "mark_name") if not collect.get(name))
    if collect.get("path"):
        yield from (f"collect.{problem}" for problem in [wrong_place(collect["path"])] if problem)
    for name in COLLECT_PATHS:
        if collect.get(name) and (problem := _wrong_path(collect[name], {})):
            yield f"collect.{name} {collect[name]!r} {problem}"


KIND = Kind(
    connect=RestConnection,
    needs=frozenset({"rows"}),
    may=OPTIONS | {"applications_path", "check_key"},
    wrong_path=_wrong_path,
    judge=lambda setting: tuple(_judge(setting)),
    requests=True,
    collects=True,
    passes_on=True,
)
