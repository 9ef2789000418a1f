"""谁查过我的资料: tells a person, whose card lies at a terminal, every read of their records in this hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from flows.application import Assurance
from flows.flow import Matters
from flows.items import ITEMS
from flows.kept import title_of
from flows.matters import MATTERS
from flows.usage import PURPOSES, Kept, Reader, ShowUsage, UsageShown, Use, UseKind
from flows.wire import to_json
from hall.documents import Documents
from hall.errors import NotAllowed
from hall.store.request import Request
from hall.store.store import Store
from hall.store.usage import FROM_LIBRARY, KeptUse, Reading, Whose
from hall.working_day import Clock

PAGE = 1000


class Libraries(Protocol):
    """The collected base libraries, as far as a person is told of them."""

    async def owner(self, number: str) -> Sequence[str]:
        """The codes of the libraries that have an entry about the person with this number."""
        ...


class Corrections(Protocol):
    """Requests to correct a record, as far as the person who asked is told of them."""

    async def of(self, number: str) -> Sequence[object]:
        """Those of the person with this number that no department has answered yet."""
        ...


class Usage:
    """Only for a card that was really read: a number that somebody typed, a guardian too, is shown nothing. `titles` are
    those of departments by code, and of other halls by what the audit calls them, e.g. peer:FOSHAN."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        titles: Mapping[str, str],
        *,
        matters: Matters = MATTERS,
        libraries: Libraries | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._titles = titles
        self._matters = matters
        self._libraries = libraries
        self._corrections = corrections
        self._documents = Documents(store, clock)

    async def show(self, look: str, terminal: str, asked: ShowUsage) -> UsageShown:
        """One page. The look is written down before anything is shown, once for all of its pages; it is not on them,
        but on those of the next."""
        if asked.identity.assurance is Assurance.NONE:
            raise NotAllowed
        number = asked.identity.number
        contents = to_json([terminal, asked.identity])
        request = Request(f"usage:{look}", f"terminal:{terminal}", self._clock(), contents=contents)
        reading = Reading(UseKind.SHOWN, look, "", (Whose(number),))
        shown = await self._store.show_usage(reading, await self._kept(number), request)
        before = min(asked.before, shown.line) if asked.before > 0 else shown.line
        found = await self._store.usage_of(number, before, PAGE + 1)
        page = found[:PAGE]
        older = page[-1].line.number if len(found) > PAGE else 0
        return UsageShown(tuple(self._use(kept) for kept in page), shown.kept, older)

    async def _kept(self, number: str) -> Kept:
        libraries = await self._libraries.owner(number) if self._libraries else ()
        corrections = await self._corrections.of(number) if self._corrections else ()
        documents = await self._documents.of(number)
        return Kept(len(await self._store.visits_of(number)), tuple(libraries), len(corrections), documents)

    def _use(self, kept: KeptUse) -> Use:
        line = kept.line
        reader, name = _reader(kept)
        department, _, mark = line.outcome.partition(" ")
        return Use(
            at=line.at,
            kind=UseKind(line.event),
            reader=reader,
            name=self._titles.get(line.actor, name),
            visit=line.object,
            matter=kept.matter,
            matter_title=self._matters[kept.matter].title
            if kept.matter in self._matters
            else PURPOSES.get(kept.matter, kept.matter),
            department_title=self._titles.get(department, department),
            items=tuple(ITEMS[item].title if item in ITEMS else title_of(item) for item in line.items),
            from_library=mark == FROM_LIBRARY,
            as_guardian=kept.as_guardian,
        )


def _reader(kept: KeptUse) -> tuple[Reader, str]:
    """Never a clerk's name, see docs/decisions/0009-who-is-named-as-a-reader.md."""
    kind, _, name = kept.line.actor.partition(":")
    match kind:
        case "terminal":
            return Reader.TERMINAL, name
        case "clerk":
            return Reader.WINDOW, kept.window
        case "hall" if not name:
            return Reader.HALL, ""
        case _:
            return Reader.ANOTHER_HALL, name
