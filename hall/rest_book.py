"""A list that a department keeps over REST: added to once per key, read back by the department's own number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote, urlencode

from hall.departments.connection import DepartmentFailure
from hall.departments.http import JSON, Allowance, Http
from hall.departments.rest import parse
from hall.departments.setting import Setting

LIST = Allowance(60.0, 16 * 1024 * 1024)
MOST_PARTS = 10_000
LONGEST_NUMBER = 64
LONGEST_MARK = 200


class NotThere(Exception):
    """The department gave a number, but has no such application."""


class RestBook:
    """POST adds once per key, GET tells one by the department's number."""

    def __init__(self, setting: Setting, path: str) -> None:
        self._path = path
        self._http = Http(setting)

    async def add(self, key: str, contents: bytes) -> str:
        """The department's own number."""
        entry = await self._ask("POST", self._path, contents, _changing(key)) or {}
        if entry.get("key", key) != key:  # an answer to another question
            raise DepartmentFailure("garbled")
        return number_in(entry)

    async def entry(self, number: str, path: str = "") -> Mapping[str, object] | None:
        return await self._ask("GET", f"{path or self._path}/{quote(number, safe='')}", b"", {})

    async def put(self, key: str, number: str, part: str, contents: Mapping[str, object]) -> None:
        path, body = f"{self._path}/{quote(number, safe='')}/{part}", json.dumps(contents).encode()
        if await self._ask("PUT", path, body, _changing(key)) is None:
            raise NotThere()

    async def entries(self, path: str, since: str) -> AsyncIterator[Mapping[str, object]]:
        """Everything since an instant, part by part."""
        mark = ""
        for _ in range(MOST_PARTS):
            found, mark, more = await self.part(path, {"since": since, "mark": mark})
            for entry in found:
                yield entry
            if not more:
                return
        raise DepartmentFailure("garbled")

    async def part(self, path: str, asked: Mapping[str, str]) -> tuple[list[Mapping[str, object]], str, bool]:
        """What `{"entries": […], "mark": …, "more": …}` says; with more to come the mark has moved on."""
        answer = await self._ask("GET", f"{path}?{urlencode(asked)}", b"", {}, LIST)
        if answer is None:
            raise DepartmentFailure("garbled")
        entries, mark, more = answer.get("entries"), answer.get("mark", ""), answer.get("more", False)
        good = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
        if not good or not isinstance(mark, str) or len(mark) > LONGEST_MARK or not isinstance(more, bool):
            raise DepartmentFailure("garbled")
        if more and mark in ("", asked.get("mark", "")):
            raise DepartmentFailure("garbled")
        return entries, mark, more  # type: ignore[return-value]

    async def close(self) -> None:
        await self._http.close()

    async def _ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str], allowance: Allowance | None = None
    ) -> Mapping[str, object] | None:
        """None when there is no such thing."""
        # No connection is used twice: what a department says twice would be taken for its answer to the next question.
        answer = await self._http.ask(method, path, JSON, body, {**headers, "Connection": "close"}, allowance)
        told = None if answer is None else parse(answer)
        if told is not None and not isinstance(told, dict):
            raise DepartmentFailure("garbled")
        return told


def number_in(entry: Mapping[str, object]) -> str:
    """The department's own number. It is kept and shown, so it may be no text of any length with anything in it."""
    number = entry.get("number")
    good = isinstance(number, str) and 0 < len(number) <= LONGEST_NUMBER and number.isprintable() and number == number.strip()
    if not good or not isinstance(number, str):
        raise DepartmentFailure("garbled")
    return number


def digest(contents: bytes) -> str:
    """SM3 (GB/T 32905), as 64 hexadecimal digits."""
    return hashlib.new("sm3", contents).hexdigest()


def _changing(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}
