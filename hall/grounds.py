"""What a citizen is told with a return or a refusal: every reason that the clerk ticked, in the words of that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.application import Action
from flows.promise import Ground
from flows.reasons import REASONS, Reason
from flows.recheck import Problem

MOST_LINES = 20
LONGEST_LINE = 80

WRONG: Mapping[str, str] = {
    "unfinished": "「{reason}」要写明是哪些，每行一项",
    "mistaken": "「{reason}」最多 {most} 行，每行最多 {longest} 个字",
}
"""What can be wrong with what stands under a reason, by the code of the problem whose field is the reason's code."""
TOLD = frozenset({Action.RETURN, Action.REJECT, Action.SEND_BACK})
"""Actions that tell somebody why."""


def lines_of(text: str) -> tuple[str, ...]:
    """What was typed, one thing to a line."""
    return tuple(line for each in text.splitlines() if (line := each.strip()))


def grounds_of(
    action: Action, ticked: Mapping[str, Iterable[str]], note: str = ""
) -> tuple[tuple[Ground, ...], tuple[Problem, ...]]:
    """The grounds in the order of the policy file, by code with their lines; and all that is wrong with them."""
    grounds, problems = [], []
    for code, reason in REASONS.items():
        if code not in ticked:
            continue
        lines = tuple(dict.fromkeys(ticked[code]))
        grounds.append(Ground(code, reason.words, reason.remedy, lines))
        if reason.action is not action:
            problems.append(Problem("reason", "mistaken", "请选择理由"))
        elif reason.exactly and not lines and not note:
            problems.append(_wrong(reason, "unfinished"))
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            problems.append(_wrong(reason, "mistaken"))
    if not ticked or set(ticked) - set(REASONS):
        problems.append(Problem("reason", "unfinished" if not ticked else "mistaken", "请选择理由"))
    return tuple(grounds), tuple(problems)


def _wrong(reason: Reason, code: str) -> Problem:
    return Problem(reason.code, code, WRONG[code].format(reason=reason.words, most=MOST_LINES, longest=LONGEST_LINE))
