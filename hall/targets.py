"""Departments that take outcomes: they accept an application, decide on it where they must, and hear its end."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, cast, get_args

from flows.application import Application, Decision
from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from hall.rest_book import NotThere, RestBook, digest, number_in

Deciding = Literal["pending", "agreed", "refused"]
Ending = Literal["complete", "withdrawn"]
DIGEST = "digest"
"""`compare = "digest"`: the department repeats the SM3 digest of what it was sent; else `compare` names fields that it
repeats."""


@dataclass(frozen=True)
class State:
    """How an application stands with the department; `reason` is its own word for a refusal."""

    state: Deciding
    reason: str = ""


@dataclass(frozen=True)
class Held:
    """One application as the department lists it. `fingerprint` is made as that of what was sent, "" when the
    department repeats nothing to make it from."""

    number: str
    key: str
    fingerprint: str = ""


class Differs(Exception):
    """The department has the application, with other contents than it was sent."""


class DeliveryTarget(Protocol):
    """A department that takes outcomes."""

    @property
    def department(self) -> str: ...

    @property
    def poll_s(self) -> float:
        """How often it is asked whether it decided."""
        ...

    def fingerprint(self, application: Application, decision: Decision) -> str:
        """A digest of what it is sent, as far as it can be asked what it has; "" when it repeats nothing."""
        ...

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        """The department's own number (受理编号); the same one whenever it is asked again with this key."""
        ...

    async def found(self, key: str) -> str:
        """The number under which it has accepted this key already; "" when it has not, or cannot be asked by key."""
        ...

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        """Whether the department really has it. Raises Differs when it has something else than the fingerprint says;
        an empty key or fingerprint is not compared."""
        ...

    async def state(self, number: str) -> State:
        """Whether it has decided; only asked where every department has to agree."""
        ...

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        """Tells it that all agreed, or that one did not; once or again."""
        ...


class RestTarget:
    """A department that takes applications over REST; it is asked for its decision by the GET that reads them back,
    and told the end by PUT."""

    def __init__(self, setting: Setting) -> None:
        self.department, self.poll_s = setting.code, setting.poll_s
        self._compare = setting.options.get("compare", "")
        self._by_key = setting.options.get("by_key_path", "")
        self._list = setting.options.get("list_path", "")
        self._book = RestBook(setting, setting.options["applications_path"])

    def fingerprint(self, application: Application, decision: Decision) -> str:
        contents = package(application, decision)
        return digest(written(contents)) if self._compare == DIGEST else self._of_fields(contents)

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        return await self._book.add(key, written(package(application, decision)))

    async def found(self, key: str) -> str:
        entry = await self._book.entry(key, self._by_key) if self._by_key else None
        if entry is None:
            return ""
        if entry.get("key", key) != key:
            raise DepartmentFailure("garbled")
        return number_in(entry)

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        entry = await self._book.entry(number)
        if entry is None or entry.get("number") != number or (key and entry.get("key") != key):
            return False
        if sent and (has := self._fingerprint_of(entry)) and has != sent:
            raise Differs
        return True

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

    async def listed(self, since: datetime) -> Sequence[Held] | None:
        """Everything that it took from this hall since then, as its own clock says; None when it offers no list."""
        if not self._list:
            return None
        return [self._held(entry) async for entry in self._book.entries(self._list, since.isoformat())]

    async def close(self) -> None:
        await self._book.close()

    def _held(self, entry: Mapping[str, object]) -> Held:
        key = entry.get("key")
        if not isinstance(key, str):
            raise DepartmentFailure("garbled")
        return Held(number_in(entry), key, self._fingerprint_of(entry))

    def _fingerprint_of(self, entry: Mapping[str, object]) -> str:
        if self._compare != DIGEST:
            return self._of_fields(entry)
        said = entry.get(DIGEST)
        if not isinstance(said, str) or not said:
            raise DepartmentFailure("garbled")
        return said.lower()

    def _of_fields(self, contents: Mapping[str, object]) -> str:
        names = self._compare.split()
        if any(name not in contents for name in names):
            raise DepartmentFailure("garbled")
        chosen = {name: contents[name] for name in names}
        return digest(json.dumps(chosen, ensure_ascii=False, sort_keys=True).encode()) if names else ""


def targets_of(settings: Iterable[Setting]) -> tuple[RestTarget, ...]:
    """The departments whose TOML file names an `applications_path`."""
    return tuple(RestTarget(setting) for setting in settings if "applications_path" in setting.options)


def written(contents: Mapping[str, object]) -> bytes:
    """The very bytes that are sent."""
    return json.dumps(contents, ensure_ascii=False).encode()


def package(application: Application, decision: Decision) -> dict[str, object]:
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
