"""A department that answers JSON over HTTP: the number travels in the body, never in the address."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import httpx
import jmespath
from jmespath.exceptions import JMESPathError

from flows.application import Record
from hall.departments.connection import DepartmentFailure, Finding, Purpose
from hall.departments.records import records_of
from hall.departments.setting import Described, Kind, Setting

log = logging.getLogger(__name__)

LARGEST_ANSWER = 256 * 1024
LIMITS = httpx.Limits(max_connections=16, keepalive_expiry=2.0)
"""Idle connections end before most servers end them (5 s): a look-up must not meet a closing one."""


class Http:
    """One department's HTTP service: no redirect is followed, no answer read that is too large."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        # trust_env=False: a proxy of the environment must never see a citizen's number.
        self._client = httpx.AsyncClient(
            base_url=setting.address, timeout=setting.deadline_s, follow_redirects=False, trust_env=False, limits=LIMITS
        )

    async def ask(self, method: str, path: str, content_type: str, body: bytes, headers: Mapping[str, str]) -> bytes | None:
        """The body of an answer of this content type; None for 404. Raises DepartmentFailure."""
        try:
            request = self._client.build_request(
                method,
                path,
                content=body,
                headers={**headers, "Content-Type": content_type, "Accept-Encoding": "identity"},
            )
            response = await self._client.send(request, auth=self._auth(), stream=True)
            try:
                return await self._body(response, content_type.partition(";")[0])
            finally:
                await response.aclose()
        except httpx.TimeoutException as error:
            raise DepartmentFailure("late") from error
        except httpx.RemoteProtocolError as error:
            # A closed connection is a department that is down; anything else is not HTTP.
            raise DepartmentFailure("down" if "disconnected" in str(error) else "garbled") from error
        except httpx.TransportError as error:
            raise DepartmentFailure("down") from error

    async def close(self) -> None:
        await self._client.aclose()

    def _auth(self) -> httpx.BasicAuth | None:
        user = self._setting.options.get("user")
        return httpx.BasicAuth(user, self._setting.password()) if user else None

    async def _body(self, response: httpx.Response, content_type: str) -> bytes | None:
        if response.status_code == 404:
            return None
        if response.status_code >= 500 or response.status_code == 429:
            raise DepartmentFailure("down")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        packed = response.headers.get("Content-Encoding", "identity")
        if response.status_code not in (200, 201) or kind != content_type or packed != "identity":
            log.warning("department_answer_refused", extra={"department": self._setting.code, "status": response.status_code})
            raise DepartmentFailure("garbled")
        body = b""
        async for part in response.aiter_raw():
            body += part
            if len(body) > LARGEST_ANSWER:
                raise DepartmentFailure("garbled")
        return body


def parse(body: bytes) -> object:
    """JSON in UTF-8 and nothing else. The parser's own error would quote the answer."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise DepartmentFailure("garbled") from None


class RestConnection(Described):
    """Looks a person up by POST {key_name: key, "items": [...]} and reads the rows by jmespath."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._http = Http(setting)
        paths = {*setting.items.values(), setting.rows, setting.as_of, setting.doubt} - {""}
        self._paths = {path: jmespath.compile(path) for path in paths}

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        asked = {self._setting.options["key_name"]: key, "items": [self._setting.items[item] for item in items]}
        asked_by = quote(purpose.asked_by, safe=":")  # a clerk's name is Chinese, a header is ASCII
        headers = {"X-Purpose": purpose.matter, "X-Request-For": purpose.visit, "X-Asked-By": asked_by}
        body = await self._http.ask(
            "POST", self._setting.options["path"], "application/json", json.dumps(asked).encode(), headers
        )
        rows = None if body is None else self._paths[self._setting.rows].search(parse(body))
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise DepartmentFailure("garbled")
        return records_of(self._setting, rows, items, lambda row, path: self._paths[path].search(row))

    async def check(self) -> Sequence[Finding]:
        try:
            if await self._http.ask("GET", self._setting.options["check_path"], "application/json", b"", {}) is None:
                raise DepartmentFailure("garbled")
        except DepartmentFailure as failure:
            return [Finding("look-up", self._setting.words(failure), good=False)]
        return [Finding("look-up", "answers as it should", good=True)]

    async def close(self) -> None:
        await self._http.close()


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    try:
        jmespath.compile(path)
    except JMESPathError:
        return "is no jmespath"
    return ""


KIND = Kind(
    connect=RestConnection,
    needs=frozenset({"rows", "path", "key_name", "check_path"}),
    may=frozenset({"user", "password_file", "applications_path", "corrections_path"}),
    wrong_path=_wrong_path,
)
