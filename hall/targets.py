"""Departments that take outcomes: they accept an application, decide on it where they must, and hear its end."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, cast, get_args
from urllib.parse import quote

from flows.application import Application, Decision
from hall.departments import read_settings
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


class RestTarget:
    """A department that takes applications over REST: POST with Idempotency-Key, then GET; it is asked for its
    decision by the same GET, and told the end by PUT."""

    def __init__(self, setting: Setting) -> None:
        self.department, self.poll_s = setting.code, setting.poll_s
        self._path = setting.options["applications_path"]
        self._http = Http(setting)

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        body = json.dumps(_told(application, decision), ensure_ascii=False).encode()
        answer = await self._ask("POST", self._path, body, {"Idempotency-Key": key})
        number = (answer or {}).get("number")
        if not isinstance(number, str) or not number:
            raise DepartmentFailure("garbled")
        return number

    async def read_back(self, key: str, number: str) -> bool:
        answer = await self._ask("GET", self._place(number), b"", {}) or {}
        return answer.get("number") == number and answer.get("key") == key

    async def state(self, number: str) -> State:
        answer = await self._ask("GET", self._place(number), b"", {})
        if answer is None:
            raise NotThere()
        state, reason = answer.get("state"), answer.get("reason", "")
        if state not in get_args(Deciding) or answer.get("number", number) != number:
            raise DepartmentFailure("garbled")
        return State(cast(Deciding, state), reason if isinstance(reason, str) else "")

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        body = json.dumps({"outcome": outcome}).encode()
        if await self._ask("PUT", f"{self._place(number)}/outcome", body, {"Idempotency-Key": key}) is None:
            raise NotThere()

    async def close(self) -> None:
        await self._http.close()

    def _place(self, number: str) -> str:
        return f"{self._path}/{quote(number, safe='')}"

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, object] | None:
        """None when there is no such thing."""
        answer = await self._http.ask(method, path, "application/json", body, headers)
        told = None if answer is None else parse(answer)
        if told is not None and not isinstance(told, dict):
            raise DepartmentFailure("garbled")
        return told


def load(folder: Path, state: Path) -> tuple[RestTarget, ...]:
    """The departments whose TOML file names an `applications_path`."""
    return tuple(RestTarget(setting) for setting in read_settings(folder, state) if "applications_path" in setting.options)


def _told(application: Application, decision: Decision) -> dict[str, object]:
    """What the department gets to know: the person, the answers with their sources and pictures, who accepted it."""
    guardian = application.guardian
    said = application.answers.get("name")
    return {
        "visit": application.visit,
        "matter": application.matter,
        "idNo": application.identity.number,
        "name": application.identity.name or (said.value if said else ""),
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
    }


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
