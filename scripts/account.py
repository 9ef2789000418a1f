"""The one-page account of a tour: times per step, every field with its source, delivery, audit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.application import Application, SourceKind
from flows.matters import MATTERS
from flows.wire import Submitted
from scripts.album import Picture

SAID_BY = {
    SourceKind.CARD: "card",
    SourceKind.CITIZEN: "citizen",
    SourceKind.RULE: "rule",
    SourceKind.CLERK: "clerk",
    SourceKind.COUNTER: "left for the counter",
}
FROM_RECORDS = (SourceKind.DEPARTMENT, SourceKind.LIBRARY)


@dataclass(frozen=True)
class Counter:
    """What a clerk met: differences as marked, the departments' own numbers, how many blanks were filled in."""

    differences: tuple[str, ...]
    numbers: tuple[str, ...]
    filled: int


@dataclass(frozen=True)
class Account:
    """Everything that a tour saw."""

    pictures: tuple[Picture, ...]
    application: Application
    taken: Submitted
    counter: Counter
    audit: str
    seconds: float

    @property
    def departments(self) -> tuple[str, ...]:
        names = {a.source.name for a in self.application.answers.values() if a.source.kind in FROM_RECORDS}
        return tuple(sorted(names))

    @property
    def prefilled(self) -> int:
        """Fields that came from the card or a department and were left as they came."""
        return sum(a.source.kind in (SourceKind.CARD, *FROM_RECORDS) for a in self.application.answers.values())

    def write(self, file: Path) -> None:
        file.write_text("\n".join([*self._head(), *self._steps(), *self._fields(), *self._counter()]) + "\n", encoding="utf-8")

    def short(self) -> str:
        """The account in a few lines."""
        return "\n".join(line for line in self._head()[2:] if line)

    def _head(self) -> list[str]:
        ended = (
            f"certificate {self.taken.certificate}, printed at once"
            if self.taken.certificate
            else f"ticket {self.taken.ticket.number}; the departments' own numbers: {', '.join(self.counter.numbers) or 'none'}"
        )
        return [
            f"# One visit: {MATTERS[self.application.matter].title}",
            "",
            f"{self.prefilled} of {len(self.application.answers)} fields prefilled from the card and "
            f"{len(self.departments)} departments ({', '.join(self.departments)}).",
            f"Ended with {ended}.",
            f"Differences marked at the counter: {len(self.counter.differences)}; blanks filled in there: {self.counter.filled}.",
            f"Audit: {self.audit}. {self.seconds:.0f} s in all.",
            "",
        ]

    def _steps(self) -> list[str]:
        rows = ["## Steps", "", "| picture | screen | seconds since the start | until the next |", "|---|---|---|---|"]
        ends = [picture.at_s for picture in self.pictures[1:]] + [self.seconds]
        for picture, end in zip(self.pictures, ends, strict=True):
            link, lasted = f"[{picture.number:02}]({picture.file.name})", end - picture.at_s
            rows.append(f"| {link} | {picture.title} | {picture.at_s:.1f} | {lasted:.1f} |")
        return [*rows, ""]

    def _fields(self) -> list[str]:
        flow = MATTERS[self.application.matter]
        rows = ["## Fields", "", "| field | value | source | as of |", "|---|---|---|---|"]
        for name, answer in self.application.answers.items():
            field = flow.fields[name]
            source = answer.source.name or SAID_BY[answer.source.kind]
            as_of = answer.as_of.date().isoformat() if answer.as_of else ""
            rows.append(f"| {field.label} | {field.kind.shown(answer.value)} | {source} | {as_of} |")
        return [*rows, ""]

    def _counter(self) -> list[str]:
        return [
            "## At the counter",
            "",
            *(f"- difference: {words}" for words in self.counter.differences),
            *(f"- delivered and read back: {number}" for number in self.counter.numbers),
            f"- audit: {self.audit}",
        ]
