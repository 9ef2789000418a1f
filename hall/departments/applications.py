"""What the file of a department that takes applications may say of that, whatever kind it is asked by."""

from __future__ import annotations

from collections.abc import Iterator

from hall.departments.question import wrong_place
from hall.departments.setting import Setting

PATHS = frozenset({"applications_path", "corrections_path", "by_key_path", "list_path", "status_path"})
OPTIONS = PATHS | {"compare", "status_peer"}
ALONE = OPTIONS - {"applications_path", "corrections_path"}


def wrong_applications(setting: Setting) -> Iterator[str]:
    """One sentence each."""
    given = set(setting.options)
    for name in sorted(PATHS & given):
        yield from (f"{name.removesuffix('path')}{problem}" for problem in wrong_place(setting.options[name]))
    if "applications_path" not in given:
        yield from (f"{name} is for a department with an applications_path" for name in sorted(ALONE & given))
    peer = setting.options.get("status_peer", "A")
    if not (peer.isascii() and peer.isalnum()):
        yield "status_peer is the name that the department was enrolled under, in latin letters and digits"
