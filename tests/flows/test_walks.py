"""Every matter walked by random citizens: never a dead end, never unfinished, and the hall agrees with the terminal."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from flows.application import CITIZEN, Answer, Lookup
from flows.fields import Choice, Option, fixed_choice
from flows.flow import ALWAYS, Field, Flow, Page, When
from flows.matters import MATTERS
from flows.recheck import recheck
from tests.flows.people import NOW, identity
from tests.flows.walking import LONGEST, DeadEnd, Visitor, visitor, walk, walk_two

WALKS = settings(max_examples=12, phases=[Phase.generate])  # a failing walk is repeated by its seed: scripts.walks prints it
SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("code", MATTERS)
@given(seed=SEEDS)
@WALKS
def test_whatever_a_citizen_does_the_matter_comes_to_its_end_and_the_hall_agrees(code: str, seed: int) -> None:
    chance = Random(seed)
    flow = MATTERS[code]
    walked = walk(flow, chance, visitor(flow, chance))
    assert walked.counter == walked.application.to_counter
    assert walked.counter or walked.application.answers


@pytest.mark.parametrize("code", MATTERS)
def test_whoever_means_it_is_never_kept_for_ever_though_no_department_answers(code: str) -> None:
    flow = MATTERS[code]
    for seed in range(3):
        walked = walk(flow, Random(seed), Visitor(identity("lyu"), None, Lookup(NOW), "440604"))
        assert walked.touches < LONGEST


@given(seed=SEEDS, codes=st.tuples(st.sampled_from(sorted(MATTERS)), st.sampled_from(sorted(MATTERS))))
@WALKS
def test_a_second_matter_of_the_visit_that_knows_the_first_is_as_honest(seed: int, codes: tuple[str, str]) -> None:
    first, second = walk_two(MATTERS[codes[0]], MATTERS[codes[1]], Random(seed))
    assert (first.application.matter, second.application.matter) == codes


@given(seed=SEEDS)
@WALKS
def test_an_answer_taken_out_of_a_finished_application_is_found(seed: int) -> None:
    chance = Random(seed)
    flow = MATTERS["specimen"]
    who = visitor(flow, chance)
    walked = walk(flow, chance, who)
    made = walked.application
    said = sorted(name for name, answer in made.answers.items() if answer.source == CITIZEN and flow.fields[name].required)
    if made.to_counter or not said:
        return
    name = chance.choice(said)
    less = {field: answer for field, answer in made.answers.items() if field != name}
    cut = type(made)(**{**vars(made), "answers": less})
    assert recheck(flow, cut, who.lookup, who.today, who.region)


# The walker itself has to see what it is there for.


def matter(*pages: Page) -> Flow:
    return Flow(code="x", version="1", title="x", pages=pages)


def asked(name: str, kind: Choice, *, when: When = ALWAYS) -> Page:
    return Page(name=name, title=name, fields=(Field(name=name, label=name, kind=kind),), asked_when=when)


NOBODY = Visitor(identity("lyu"), None, None, "")
NOTHING_LEFT = Choice(lambda known: (Option("a", "甲", why_not="没有了"),), str)


def test_a_first_page_without_any_possible_answer_is_a_dead_end() -> None:
    with pytest.raises(DeadEnd, match="the first page stuck cannot be answered"):
        walk(matter(asked("stuck", NOTHING_LEFT)), Random(1), NOBODY)


def test_a_later_page_that_no_way_leads_around_is_a_dead_end() -> None:
    with pytest.raises(DeadEnd, match="no end after"):
        walk(matter(asked("fruit", fixed_choice(a="甲", b="乙")), asked("stuck", NOTHING_LEFT)), Random(1), NOBODY)


def test_a_page_that_an_earlier_answer_takes_away_is_no_dead_end() -> None:
    only_a = When("甲", lambda known: known["fruit"] == "a")
    pages = asked("fruit", fixed_choice(a="甲", b="乙")), asked("stuck", NOTHING_LEFT, when=only_a)
    walked = [walk(matter(*pages), Random(seed), NOBODY) for seed in range(20)]
    assert {page for each in walked for page in each.turned} == {"stuck"}
    assert all(each.application.answers["fruit"] == Answer("b", CITIZEN) for each in walked)
