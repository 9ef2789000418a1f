"""Tells higher halls that something is new here, without saying what: they ask for it as soon as they hear."""

from __future__ import annotations

import asyncio
import logging

from hall.departments.connection import DepartmentFailure
from hall.departments.http import JSON, Http
from hall.departments.setting import Setting
from hall.libraries.setting import COLLECTION, Knock, LibrarySettings, PeerSetting

log = logging.getLogger(__name__)

PATH = "/api/libraries/knock"
TRIES = 5
FIRST_PAUSE_S = 1.0
"""Doubled by every failure; who has not heard after the last try collects on schedule."""


class Knocker:
    """Knocks once for however much became new meanwhile."""

    def __init__(self, settings: LibrarySettings) -> None:
        self._settings = settings
        self._doors = {peer.code: (Http(_setting(peer, peer.knock)), asyncio.Event()) for peer in settings.peers if peer.knock}

    def changed(self, library: str) -> None:
        for peer in self._settings.peers:
            if peer.code in self._doors and peer.grant(library, COLLECTION):
                self._doors[peer.code][1].set()

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            for peer, (http, news) in self._doors.items():
                group.create_task(self._always(peer, http, news))
            group.create_task(asyncio.Event().wait())

    async def close(self) -> None:
        for http, _ in self._doors.values():
            await http.close()

    async def _always(self, peer: str, http: Http, news: asyncio.Event) -> None:
        while True:
            await news.wait()
            news.clear()
            for failed in range(TRIES):
                try:
                    await http.ask("POST", PATH, JSON, b"", {})
                    break
                except DepartmentFailure as failure:
                    log.warning("knock_failed", extra={"peer": peer, "reason": failure.reason})
                    await asyncio.sleep(FIRST_PAUSE_S * (1 << failed))


def _setting(peer: PeerSetting, knock: Knock) -> Setting:
    files = {"ca_file": knock.ca_file, "certificate_file": knock.certificate_file, "key_file": knock.key_file}
    options = {name: str(file) for name, file in files.items()}
    return Setting(kind="rest", code=peer.code, title=peer.title, address=knock.address, key="", items={}, options=options)
