"""X-Road (PR-REST 1.0): the hall's security server carries the question to the department's, and both sign for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting

OPTIONS = frozenset({"xroad_client", "xroad_service"})
PARTS = {"xroad_client": (3, 4), "xroad_service": (4, 5)}
"""Instance, member class, member code, and a subsystem that may be missing; a service has its own code after them."""


def place(setting: Setting, path: str) -> str:
    """The path at the hall's own security server; the same path without X-Road."""
    service = setting.options.get("xroad_service")
    return f"/r1/{_encoded(service)}{path}" if service else path


def headers(setting: Setting, said: Mapping[str, str]) -> dict[str, str]:
    """Who asks, on whose behalf and for which case; {} without X-Road."""
    client = setting.options.get("xroad_client")
    if not client:
        return {}
    told = {
        "X-Road-Client": _encoded(client),
        "X-Road-Id": said["request_id"],
        "X-Road-UserId": quote(said["asked_by"], safe=":"),
        "X-Road-Issue": quote(said["visit"], safe=":"),
    }
    return {name: text for name, text in told.items() if text}


def failure(setting: Setting, told: str) -> DepartmentFailure | None:
    """What X-Road-Error means: a security server answers instead of the department, which never saw the question."""
    if not told or "xroad_client" not in setting.options:
        return None
    error = told if re.fullmatch(r"[A-Za-z0-9_.]{1,80}", told, re.ASCII) else "an error without a name"
    whose = "the department's" if error.startswith("Server.ServerProxy") else "the hall's own"
    refused = "AccessDenied" in error or error.startswith("Client.")
    return DepartmentFailure("refused" if refused else "down", f"{whose} security server answers {error}, not the department")


def wrong_xroad(setting: Setting) -> Iterator[str]:
    """What is wrong with the options of X-Road, one sentence each."""
    given = OPTIONS & set(setting.options)
    if given and given != OPTIONS:
        yield "xroad_client and xroad_service go together"
    for name in sorted(given):
        parts = setting.options[name].split("/")
        if len(parts) not in PARTS[name] or not all(part and part.isprintable() and part not in (".", "..") for part in parts):
            code = "/SERVICE" if name == "xroad_service" else ""
            yield f"{name} must be INSTANCE/CLASS/MEMBER[/SUBSYSTEM]{code}, written plainly"
    for what in ("applications", "corrections"):
        if given and f"{what}_path" in setting.options:
            yield f"{what} do not go through X-Road: leave out {what}_path or xroad_client"


def _encoded(identifier: str) -> str:
    """Part by part, as the protocol wants it: a slash only stands between parts."""
    return "/".join(quote(part, safe="") for part in identifier.split("/"))
