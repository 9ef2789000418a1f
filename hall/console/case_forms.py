"""What a clerk typed into a case's forms: read once, and drawn again when it could not be saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flows.application import Action
from flows.reasons import REASONS
from flows.recheck import Problem
from hall.amendments import Said
from hall.console.language import listed, say
from hall.grounds import LONGEST_LINE, MOST_LINES, WRONG, lines_of
from hall.seen import read

MISSING = "MATERIAL_MISSING"
"""The reason under which the things that were ticked in the list of what to bring are told."""


@dataclass(frozen=True)
class Notice:
    """What became of the clerk's last action."""

    title: str
    words: str
    weight: str = "grave"


@dataclass(frozen=True)
class Typed:
    """What a clerk typed and could not be saved, so that nothing is typed twice. `row` is the
    field that was to be amended; `seen` are the marks of what the page had shown (hall.seen). `lines` are what was typed
    under each ticked reason, `bring` what was ticked in the list of what to bring; `lacking` are promised papers."""

    action: str = ""
    row: str = ""
    value: str = ""
    reason: str = ""
    note: str = ""
    seen: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    bring: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    until: str = ""
    promised_by: str = ""

    @property
    def mistakes(self) -> str:
        """Everything that is wrong."""
        return wrong(self.problems)

    def mistake(self, name: str) -> str:
        """What is wrong with one field, or with the reason given for it."""
        about = (name, "reason", "") if name == self.row else (name,)
        return wrong(problem for problem in self.problems if problem.field in about)

    def said(self) -> Said:
        ticked = {code: lines_of(text) for code, text in self.lines.items()}
        if self.bring:
            ticked[MISSING] = (*self.bring, *ticked.get(MISSING, ()))
        amended = {self.row: self.value} if self.action == Action.AMEND else {}
        return Said(
            self.reason,
            self.note.strip(),
            amended,
            seen=self.seen,
            ticked=ticked,
            lacking=self.lacking,
            until=self.until.strip(),
            promised_by=self.promised_by.strip(),
        )


def wrong(problems: Iterable[Problem]) -> str:
    """What is wrong, each thing once."""
    return listed(dict.fromkeys(_wrong(problem) for problem in problems), "；")


def _wrong(problem: Problem) -> str:
    reason = REASONS.get(problem.field)
    if reason is None:
        return say(problem.words)
    return say(WRONG[problem.code], reason=say(reason.words), most=MOST_LINES, longest=LONGEST_LINE)


def typed(action: str, form: Mapping[str, str]) -> Typed:
    """Every ticked thing is a field of its own: tick.CODE with lines.CODE, bring.NUMBER, lacking.CODE."""
    return Typed(
        action=action,
        row=form.get("field", ""),
        value=form.get("value", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        seen=read(form.get("seen", "")),
        lines={code: form.get(f"lines.{code}", "") for code in _ticked("tick.", form)},
        bring=tuple(form[f"bring.{number}"] for number in _ticked("bring.", form)),
        lacking=_ticked("lacking.", form),
        until=form.get("until", ""),
        promised_by=form.get("promised_by", ""),
    )


def _ticked(begin: str, form: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name.removeprefix(begin) for name in form if name.startswith(begin))
