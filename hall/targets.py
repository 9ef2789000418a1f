"""Departments that take outcomes: they accept an application, decide on it where they must, and hear its end."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, cast, get_args
from urllib.parse import quote

from flows.application import Application, Decision
from hall.departments.connection import DepartmentFailure
from hall.departments.http import Http
from hall.departments.rest import parse
from hall.departments.setting import Setting

Deciding = Literal["pending", "agreed", "refused"]
Ending = Literal["complete", "withdrawn"]


@dataclass(frozen=True)
class State:
    """How an application stands with the department; `reason` is its own word for a refusal."""

    state: Deciding
    reason: str = ""


class DeliveryTarget(Protocol):
    """A department that takes outcomes."""

    @property
    def department(self) -> str: ...

    @property
    def poll_s(self) -> float:
        """How often it is asked whether it decided."""
        ...

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        """The department's own number (受理编号); the same one whenever it is asked again with this key."""
        ...

    async def read_back(self, key: str, number: str) -> bool:
        """Whether the department really has it."""
        ...

    async def state(self, number: str) -> State:
        """Whether it has decided; only asked where every department has to agree."""
        ...

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        """Tells it that all agreed, or that one did not; once or again."""
        ...


class NotThere(Exception):
    """The department gave a number, but has no such application."""


class RestBook:
    """A list that a department keeps over REST: POST adds once per key, GET tells one by the department's number."""

    def __init__(self, setting: Setting, path: str) -> None:
        self._path = path
        self._http = Http(setting)

    async def add(self, key: str, contents: Mapping[str, object]) -> str:
        """The department's own number."""
        body = json.dumps(contents, ensure_ascii=False).encode()
        number = (await self._ask("POST", self._path, body, {"Idempotency-Key": key}) or {}).get("number")
        if not isinstance(number, str) or not number:
            raise DepartmentFailure("garbled")
        return number

    async def entry(self, number: str) -> Mapping[str, object] | None:
        return await self._ask("GET", self._place(number), b"", {})

    async def put(self, key: str, number: str, part: str, contents: Mapping[str, object]) -> None:
        body = json.dumps(contents).encode()
        if await self._ask("PUT", f"{self._place(number)}/{part}", body, {"Idempotency-Key": key}) is None:
            raise NotThere()

    async def close(self) -> None:
        await self._http.close()

    def _place(self, number: str) -> str:
        return f"{self._path}/{quote(number, safe='')}"

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Mapping[str, object] | None:
        """None when there is no such thing."""
        answer = await self._http.ask(method, path, "application/json", body, headers)
        told = None if answer is None else parse(answer)
        if told is not None and not isinstance(told, dict):
            raise DepartmentFailure("garbled")
        return told


class RestTarget:
    """A department that takes applications over REST; it is asked for its decision by the GET that reads them back,
    and told the end by PUT."""

    def __init__(self, setting: Setting) -> None:
        self.department, self.poll_s = setting.code, setting.poll_s
        self._book = RestBook(setting, setting.options["applications_path"])

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        return await self._book.add(key, _told(application, decision))

    async def read_back(self, key: str, number: str) -> bool:
        entry = await self._book.entry(number) or {}
        return entry.get("number") == number and entry.get("key") == key

    async def state(self, number: str) -> State:
        entry = await self._book.entry(number)
        if entry is None:
            raise NotThere()
        state, reason = entry.get("state"), entry.get("reason", "")
        if state not in get_args(Deciding) or entry.get("number", number) != number:
            raise DepartmentFailure("garbled")
        return State(cast(Deciding, state), reason if isinstance(reason, str) else "")

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        await self._book.put(key, number, "outcome", {"outcome": outcome})

    async def close(self) -> None:
        await self._book.close()


def targets_of(settings: Iterable[Setting]) -> tuple[RestTarget, ...]:
    """The departments whose TOML file names an `applications_path`."""
    return tuple(RestTarget(setting) for setting in settings if "applications_path" in setting.options)


def _told(application: Application, decision: Decision) -> dict[str, object]:
    """What the department gets to know: the person, the answers with their sources and pictures, who accepted it."""
    guardian = application.guardian
    return {
        "visit": application.visit,
        "matter": application.matter,
        "idNo": application.identity.number,
        "name": application.name,
        "guardian": {"idNo": guardian.number, "name": guardian.name} if guardian else None,
        "answers": {
            name: {"value": answer.value, "source": answer.source.name or answer.source.kind}
            for name, answer in application.answers.items()
        },
        "pictures": _pictures(application),
        "submittedAt": application.submitted_at.isoformat(),
        "acceptedAt": decision.at.isoformat(),
        "acceptedBy": decision.by,
        "window": decision.window,
        "outstanding": _outstanding(decision),
    }


def _outstanding(decision: Decision) -> dict[str, object] | None:
    """What the citizen still owes (容缺受理), so that the department does not wait in silence; None: nothing."""
    promise = decision.promise
    return {"papers": list(promise.words), "until": promise.until.isoformat()} if promise else None


def _pictures(application: Application) -> list[dict[str, str]]:
    """Each with its SM3 digest, which is also the answer's value."""
    return [
        {
            "field": name,
            "digest": answer.value,
            "mediaType": picture.media_type,
            "content": base64.b64encode(picture.content).decode(),
        }
        for name, answer in application.answers.items()
        if (picture := application.attached.get(answer.value)) is not None
    ]
