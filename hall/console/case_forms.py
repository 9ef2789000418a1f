"""What a clerk typed into a case's forms: read once, and drawn again when it could not be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.application import Action
from flows.recheck import Problem
from hall.amendments import Said
from hall.grounds import lines_of
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

    def mistake(self, name: str) -> str:
        """What is wrong with one field, or with the reason given for it."""
        about = (name, "reason", "") if name == self.row else (name,)
        return "；".join(problem.words for problem in self.problems if problem.field in about)

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
