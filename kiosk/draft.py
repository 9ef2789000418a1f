"""An application while it is being filled in: a fold of the answers. Every step returns a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from flows.application import Answer
from flows.dispute import Dispute
from flows.flow import Flow, Known, Page
from flows.fold import Given, State, fold


@dataclass(frozen=True)
class Draft:
    """`given` is what stands, by page; `kept` what was entered on pages that are open again. `to_counter`: a page
    that cannot be left open was left to the counter all the same. `said_wrong` are disputes by field, of pages that
    may not be asked any more; `agreed` are digests of pictures that the hall may keep for other matters."""

    flow: Flow
    begin: Known
    given: Mapping[str, Given] = field(default_factory=dict)
    kept: Mapping[str, Given] = field(default_factory=dict)
    to_counter: bool = False
    said_wrong: Mapping[str, Dispute] = field(default_factory=dict)
    agreed: frozenset[str] = frozenset()

    @cached_property
    def state(self) -> State:
        return fold(self.flow, self.begin, self.given)

    @property
    def page(self) -> Page | None:
        """The page that is asked now; None when nothing is left to ask."""
        return self.state.page

    @property
    def known(self) -> Known:
        return self.state.known

    @property
    def mistakes(self) -> Mapping[str, str]:
        return self.state.mistakes

    @property
    def answers(self) -> Mapping[str, Answer]:
        return self.state.known.answers

    @property
    def disputes(self) -> Mapping[str, Dispute]:
        """The records said to be wrong, of fields that this citizen is asked."""
        asked = {field.name for page in self.asked for field in page.fields}
        return {name: dispute for name, dispute in self.said_wrong.items() if name in asked and name in self.answers}

    @property
    def entered(self) -> Given | None:
        """What was entered on the present page before, by this citizen; None when it is new."""
        return None if self.page is None else self.given.get(self.page.name) or self.kept.get(self.page.name)

    @property
    def asked(self) -> tuple[Page, ...]:
        return self.flow.asked(self.known)

    @property
    def step(self) -> int:
        """Which of `steps` this is, from 1; the review is the last."""
        names = [page.name for page in self.asked]
        return names.index(self.page.name) + 1 if self.page else self.steps

    @property
    def steps(self) -> int:
        return len(self.asked) + 1

    @property
    def can_go_back(self) -> bool:
        return self.step > 1

    def answer(self, page: Page, given: Given) -> Draft:
        kept = {name: entered for name, entered in self.kept.items() if name != page.name}
        return replace(self, given={**self.given, page.name: given}, kept=kept)

    def agreeing(self, digest: str, *, agrees: bool) -> Draft:
        """The hall may, or may not, keep this picture for other matters."""
        return replace(self, agreed=self.agreed | {digest} if agrees else self.agreed - {digest})

    def back(self) -> Draft:
        """The page before the present one is open again, with what was entered on it."""
        return self.edit(self.asked[self.step - 2].name) if self.can_go_back else self

    def edit(self, page: str) -> Draft:
        """Opens one page again. The answers of all later pages stay, unless the new one makes them wrong."""
        if page not in self.given:
            return self
        given = {name: entered for name, entered in self.given.items() if name != page}
        return replace(self, given=given, kept={**self.kept, page: self.given[page]})

    def keeping(self, page: Page, entered: Given) -> Draft:
        """With what was entered so far on a page that stays open."""
        return replace(self, kept={**self.kept, page.name: entered})

    def dispute(self, name: str, dispute: Dispute | None) -> Draft:
        """A field's record is said to be wrong; None takes that back."""
        others = {field: before for field, before in self.said_wrong.items() if field != name}
        return replace(self, said_wrong=others if dispute is None else {**others, name: dispute})
