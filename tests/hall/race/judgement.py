"""Who was called, decided and delivered, judged from the database, the departments' books and what everybody was told."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hall.audit import AuditEvent
from hall.store.audit_file import Place, stored_audit
from hall.verify import verify

DECIDED = {"case_confirmed": "accepted", "case_rejected": "not_accepted", "case_returned": "returned"}


@dataclass
class Judgement:
    """`faults` in words; the counts say that there was something to be wrong about."""

    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def expect(self, good: bool, fault: str) -> None:
        if not good:
            self.faults.append(fault)


@dataclass(frozen=True)
class Kept:
    """What a hall's database holds after the race."""

    place: Place
    tickets: Mapping[str, tuple[str, str]]  # visit: number, status
    decisions: Mapping[str, tuple[str, ...]]  # visit: actions
    deliveries: Mapping[tuple[str, str], tuple[bool, str]]  # visit and department: done, number


def judge(kept: Kept, folder: Path, departments: Iterable[str]) -> Judgement:
    found = Judgement()
    lines = stored_audit(kept.place).get("H1", ())
    found.expect(not any(verify(kept.place).values()), "the audit chain is broken")
    for said in sorted(folder.glob("*.said")):
        errors = Counter(said.read_text("utf-8").splitlines())
        found.expect(not errors, f"{said.stem} said {dict(errors)}")
    _tickets(found, kept, lines, list(_told(folder, "K*.told")))
    _calls(found, lines, list(_told(folder, "clerk-*.told")))
    _decisions(found, kept, lines, list(_told(folder, "clerk-*.told")))
    _deliveries(found, kept, folder, tuple(departments))
    return found


def _told(folder: Path, names: str) -> Iterator[tuple[str, list[str]]]:
    for file in sorted(folder.glob(names)):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, json.loads(line)


def _tickets(found: Judgement, kept: Kept, lines: Iterable[AuditEvent], told: list[tuple[str, list[str]]]) -> None:
    """No ticket lost, none doubled."""
    issued = Counter(line.object for line in lines if line.event == "ticket_issued")
    numbers = Counter(number for number, _ in kept.tickets.values())
    for terminal, (what, visit, *rest) in told:
        found.expect(what == "ticket" and bool(rest[0]), f"{terminal} was refused: {what} {rest}")
        has = kept.tickets.get(visit, ("", ""))[0]
        found.expect(has == rest[0], f"ticket {rest[0]} was given to {visit}, the hall has {has or 'none'}")
    for visit in kept.tickets:
        found.expect(issued[visit] == 1, f"{visit} was issued {issued[visit]} times")
    found.expect(not [n for n, times in numbers.items() if times > 1], "a number was given twice")
    found.counts["tickets"] = len(kept.tickets)


def _calls(found: Judgement, lines: Iterable[AuditEvent], told: list[tuple[str, list[str]]]) -> None:
    """No ticket to two windows, no window with two tickets."""
    calls = Counter(line.object for line in lines if line.event == "ticket_called")
    at: dict[str, str] = {}
    for line in lines:
        if line.event == "ticket_called":
            found.expect(line.actor not in at, f"{line.actor} was given {line.object} while holding {at.get(line.actor)}")
            at[line.actor] = line.object
        elif line.event in DECIDED:
            at.pop(line.actor, None)
    for visit, times in calls.items():
        found.expect(times == 1, f"{visit} was called {times} times")
    holders: dict[str, set[str]] = defaultdict(set)
    for clerk, (what, *rest) in told:
        if what == "held":
            holders[rest[0]].add(clerk)
    for visit, clerks in holders.items():
        found.expect(len(clerks) == 1, f"{visit} was at the windows of {sorted(clerks)}")
    found.counts["calls"] = calls.total()


def _decisions(found: Judgement, kept: Kept, lines: Iterable[AuditEvent], told: list[tuple[str, list[str]]]) -> None:
    """Every decision once, and none that was acknowledged lost."""
    decided: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.event in DECIDED:
            decided[line.object].append(DECIDED[line.event])
    for visit, (number, status) in kept.tickets.items():
        found.expect(decided[visit] == [status], f"{number} is {status} and was decided {decided[visit]}")
        actions = [action for action in kept.decisions.get(visit, ()) if action not in ("call", "recall")]
        found.expect(len(actions) == 1, f"{number} has the history {kept.decisions.get(visit)}")
    after = {"confirm": "accepted", "reject": "not_accepted", "return": "returned"}
    for clerk, (what, *rest) in told:
        if what == "decided":
            visit, action, answer = rest
            found.expect(str(answer) == "303", f"{clerk} was answered {answer} to {action} of {visit}")
            found.expect(kept.tickets.get(visit, ("", ""))[1] == after[action], f"{clerk} did {action} of {visit}; it is lost")
        found.expect(what != "repeat" or rest[1] == rest[2], f"{clerk} was answered {rest[1:]} to one click" if rest else "")
        found.expect(what != "no case", f"{clerk} could not open {rest}")
    found.counts["decisions"] = sum(map(len, decided.values()))


def _deliveries(found: Judgement, kept: Kept, folder: Path, departments: tuple[str, ...]) -> None:
    """Every accepted case is at each of its departments once, under the number that the hall has."""
    accepted = {visit for visit, (_, status) in kept.tickets.items() if status == "accepted"}
    for department in departments:
        book = [json.loads(line) for line in (folder / f"{department}.book").read_text(encoding="utf-8").splitlines()]
        taken = Counter(key for key, _, first in book if first)
        numbers = {key: number for key, number, _ in book}
        wanted = {f"{visit}:{department}" for visit in accepted}
        found.expect(taken.keys() == wanted, f"{department} has {len(taken)} cases, {len(wanted)} were accepted")
        found.expect(not [key for key, times in taken.items() if times > 1], f"{department} has a case twice")
        for visit in accepted:
            done, number = kept.deliveries.get((visit, department), (False, ""))
            has = numbers.get(f"{visit}:{department}")
            found.expect(done and number == has, f"{visit} is {has} at {department}, {number or 'nothing'} here")
        found.counts["deliveries"] += len(taken)
        found.counts["resent"] += sum(not first for _, _, first in book)
