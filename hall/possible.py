"""What this clerk may do with this case at this moment: the one table, and what the matter adds to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.application import POSSIBLE, Action, Status
from flows.lacking import LACKING, Lacking, SecondaryPaper
from flows.second_person import SECOND_PERSON, SecondPerson
from hall.line_policy import ORDERS
from hall.store.store import KeptCase

AT_THE_WINDOW = frozenset(
    {Action.AMEND, Action.CONFIRM, Action.ACCEPT_LACKING, Action.PROPOSE, Action.RETURN, Action.REJECT, Action.TAKE_UP}
)
"""Decisions of the window that has the case."""

OF_THE_SECOND = frozenset({Action.APPROVE, Action.SEND_BACK})
ELSEWHERE = OF_THE_SECOND | {Action.BRING, Action.FOLLOW_UP}
"""Not done at the page of the window that has the case."""


@dataclass(frozen=True)
class CounterRules:
    """What the hall's policy says of acceptance: what may be lacking, and where a second person has to agree."""

    lacking: Lacking = LACKING
    second: SecondPerson = SECOND_PERSON

    def papers(self, kept: KeptCase, day: date) -> tuple[SecondaryPaper, ...]:
        return self.lacking.of(kept.application.matter, day)

    def why_second(self, kept: KeptCase, day: date) -> str:
        return self.second.why(kept.application, day)


def possible(kept: KeptCase, rules: CounterRules, day: date) -> frozenset[Action]:
    """At the window that has the case. Where a second person has to agree, nobody accepts alone."""
    found = POSSIBLE[kept.standing.status] - ELSEWHERE
    if kept.standing.calls < ORDERS[-1].no_show_calls:
        found -= {Action.MISS}
    if rules.why_second(kept, day):
        return found - {Action.CONFIRM, Action.ACCEPT_LACKING}
    found -= {Action.PROPOSE}
    return found if rules.papers(kept, day) else found - {Action.ACCEPT_LACKING}


def possible_for_second(kept: KeptCase) -> frozenset[Action]:
    return POSSIBLE[kept.standing.status] & OF_THE_SECOND if kept.standing.status is Status.TO_APPROVE else frozenset()
