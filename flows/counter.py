"""A matter as a clerk fills it in: the same pages and rules as at the terminal, all of them on one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.application import Answer
from flows.fields import Choice
from flows.flow import Field, Flow, Known, Page
from flows.fold import Given, answered, derived_on, is_locked, mistakes_on, only_asked


def at_the_counter(flow: Flow) -> Flow:
    """The matter with every choice that a clerk may make, also those for which a terminal sends people here."""
    return replace(flow, pages=tuple(replace(page, fields=tuple(map(_for_a_clerk, page.fields))) for page in flow.pages))


@dataclass(frozen=True)
class Sheet:
    """The pages that are asked as things stand, in the matter's order. `unread` are those on which nothing was given
    yet, `ahead` what will be wrong there if it stays so; `begun` is what was prefilled or worked out, by field, before
    anything was typed there. `stuck` are questions with nothing to choose from: they are answered in the case."""

    flow: Flow
    known: Known
    pages: tuple[Page, ...]
    unread: frozenset[str]
    begun: Mapping[str, Answer]
    mistakes: Mapping[str, str]
    ahead: Mapping[str, str]
    stuck: frozenset[str]

    @property
    def is_done(self) -> bool:
        return not self.mistakes and not self.unread

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What can be handed in; of a sheet with a stuck question only what has a value or was left for the case."""
        answers = only_asked(self.flow, self.known).answers
        return {name: answer for name, answer in answers.items() if name not in self.stuck}


def laid_out(flow: Flow, begin: Known, given: Mapping[str, Given]) -> Sheet:
    """Replays what was given like flows.fold, but past pages that are unanswered or mistaken: whoever sees the whole
    sheet answers in any order. A sheet without mistakes folds to the same answers."""
    known, begun, done = begin, dict(begin.answers), set[str]()
    mistakes: dict[str, str] = {}
    ahead: dict[str, str] = {}
    stuck: set[str] = set()
    while page := next((p for p in flow.pages if p.name not in done and p.asked_when(known)), None):
        known = derived_on(page, known)
        begun |= {f.name: known.answers[f.name] for f in page.fields if f.name in known.answers and f.name not in begun}
        stuck |= {f.name for f in page.fields if _is_stuck(f, known)}
        if page.name in given:
            known = answered(page, known, given[page.name])
        wrong = {name: words for name, words in mistakes_on(page, known).items() if name not in stuck}
        if page.name in given:
            mistakes |= wrong
        else:
            ahead |= {name: words for name, words in wrong.items() if not flow.fields[name].may_be_left}
        done.add(page.name)
    pages = flow.asked(known)
    names = {field.name for page in pages for field in page.fields}
    return Sheet(
        flow,
        known,
        pages,
        frozenset(page.name for page in pages if page.name not in given),
        begun,
        {name: words for name, words in mistakes.items() if name in names},
        {name: words for name, words in ahead.items() if name in names},
        frozenset(stuck & names),
    )


def _is_stuck(asked: Field, known: Known) -> bool:
    if not isinstance(asked.kind, Choice) or not asked.required or asked.may_be_left:
        return False
    return not is_locked(asked, known.answers.get(asked.name)) and all(o.why_not for o in asked.kind.options(known))


def _for_a_clerk(asked: Field) -> Field:
    return replace(asked, kind=asked.kind.at_the_counter()) if isinstance(asked.kind, Choice) else asked
