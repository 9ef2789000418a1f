"""What a clerk's decision may change, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flows.application import CLERK, Action, Answer, Attached, Change, SourceKind
from flows.fields import Choice
from flows.flow import Flow, Kind, Known
from flows.reasons import REASONS
from flows.recheck import Problem
from hall.errors import NotAllowed, NotTaken

FULL = frozenset({Action.CONFIRM, Action.ACCEPT_LACKING, Action.PROPOSE})
"""Only for an application in which nothing is left open."""


@dataclass(frozen=True)
class Said:
    """What a clerk gives with a decision. `amended` are new values by field name; a picture's value is its
    digest, and the picture lies in `attached`. `seen` are the marks of what the page showed (hall.seen). `ticked` are the
    reasons for a return or a refusal, by code, with lines that say what exactly; `lacking` are the codes of papers that
    are promised until the day `until` (ISO 8601) in the name of `promised_by`."""

    reason: str = ""
    note: str = ""
    amended: Mapping[str, str] = field(default_factory=dict)
    attached: Mapping[str, Attached] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    ticked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    until: str = ""
    promised_by: str = ""

    @property
    def grounds(self) -> Mapping[str, tuple[str, ...]]:
        """What was ticked; a single reason is one that was."""
        return self.ticked or ({self.reason: ()} if self.reason else {})

    def contents(self) -> tuple[object, ...]:
        """All that was said, so that the same key cannot be used to say something else."""
        amended, ticked = dict(self.amended), {code: list(lines) for code, lines in self.ticked.items()}
        said = (self.reason, self.note, amended, sorted(self.seen))
        more = (ticked, list(self.lacking), self.until, self.promised_by)
        return (*said, *more) if any(more) else said


@dataclass(frozen=True)
class Upload:
    """A picture for a field; `forced`: keep it whatever the photo checks find."""

    field: str
    content: bytes
    forced: bool = False


def changes_of(flow: Flow, known: Known, action: Action, said: Said) -> tuple[Change, ...]:
    """What the decision changes; NotTaken with everything that is wrong with it."""
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    if action is Action.AMEND:
        problems += _reason_problems(said.reason)
        after = {name: _normal(flow, name, value) for name, value in said.amended.items()}
        problems += _amendment_problems(flow, known, after, said.attached)
        changes = tuple(Change(n, known[n], value) for n, value in after.items() if value != known[n])
        if not changes and not problems:
            problems += (Problem("", "unfinished", "没有更正任何内容"),)
    elif said.amended:
        raise NotAllowed  # values given with another action would be lost
    if action in FULL:
        problems += tuple(Problem(name, "unfinished", "还有问题没有回答") for name in blanks(flow, known))
    if problems:
        raise NotTaken(problems)
    return changes


def blanks(flow: Flow, known: Known) -> tuple[str, ...]:
    """Fields the clerk still has to fill: required ones, and those the citizen left."""
    asked = [one for page in flow.asked(known) for one in page.fields if not known[one.name]]
    return tuple(one.name for one in asked if one.required or _left(known, one.name))


def _left(known: Known, name: str) -> bool:
    return name in known.answers and known.answers[name].source.kind is SourceKind.COUNTER


def _reason_problems(reason: str) -> tuple[Problem, ...]:
    given = REASONS.get(reason)
    if given is not None and given.action is Action.AMEND:
        return ()
    return (Problem("reason", "unfinished" if not reason else "mistaken", "请选择理由"),)


def _normal(flow: Flow, name: str, value: str) -> str:
    return flow.fields[name].kind.normal(value) if name in flow.fields else value


def _amendment_problems(
    flow: Flow, known: Known, after: Mapping[str, str], attached: Mapping[str, Attached]
) -> tuple[Problem, ...]:
    """Each amended value judged by its field's kind, beside the other amended ones."""
    answers = {**known.answers, **{n: Answer(value, CLERK) for n, value in after.items()}}
    together = replace(known, answers=answers, attached={**known.attached, **attached})
    problems = []
    for name, value in after.items():
        asked = flow.fields.get(name)
        if asked is None:
            problems.append(Problem(name, "not_asked", "这一项不需要填写"))
        elif not value and asked.required:
            problems.append(Problem(name, "unfinished", "请填写这一项"))
        elif value and (words := _as_a_clerk(asked.kind).mistake(value, together)):
            problems.append(Problem(name, "mistaken", words))
    return tuple(problems)


def _as_a_clerk(kind: Kind) -> Kind:
    return kind.at_the_counter() if isinstance(kind, Choice) else kind
