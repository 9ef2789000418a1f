"""实时比对 over a hundred thousand generated pairs: every difference found, none invented, the same from both sides.

The generator is judged too: comparisons that are broken on purpose do not pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest

from flows import names
from flows.application import CITIZEN, Answer, Application, Lookup, Outcome, Record, SourceAnswer
from flows.compare import Difference, DifferenceKind, compare
from flows.flow import Field, Flow, Page
from flows.items import ITEMS
from flows.likeness import PLACES, likeness
from flows.names import Likeness
from tests.flows.people import NOW, VISIT
from tests.flows.test_compare import NOBODY
from tests.flows.writings import MAKERS, Pair, pairs

PAIRS = 100_002  # whole forms of six
FEW = 6_000
SEED = 20_261_123

FIELDS = {item: item.replace(".", "_") for item in MAKERS}
FORM = Flow(
    code="form",
    version="1",
    title="表",
    pages=(
        Page(
            name="form",
            title="表",
            fields=tuple(Field(name=name, label=ITEMS[i].title, kind=ITEMS[i].kind, item=i) for i, name in FIELDS.items()),
        ),
    ),
)
KINDS = {
    Likeness.SPELLING: DifferenceKind.SPELLING,
    Likeness.FORMER: DifferenceKind.OLD_VALUE,
    Likeness.CUT: DifferenceKind.CUT,
    "other": DifferenceKind.CONFLICT,
}

Compare = Callable[[Flow, Application, Lookup], Sequence[Difference]]
Alike = Callable[[str, str, str], Likeness | None]
Key = tuple[str, str, DifferenceKind]


@dataclass(frozen=True)
class Form:
    """One of each item, each beside a record of some department; `expected` is what there is to find."""

    application: Application
    lookup: Lookup
    expected: Counter[Key]


def forms(made: Iterator[Pair], draw: Random) -> Iterator[Form]:
    for one_of_each in zip(*[made] * len(MAKERS), strict=True):
        yield _form(one_of_each, draw, doubted=draw.random() < 0.2)


def _form(made: Sequence[Pair], draw: Random, *, doubted: bool) -> Form:
    """Department c doubts what it has, where `doubted`; another department may have the very answer."""
    told: dict[str, list[Record]] = {"a": [], "b": [], "c": []}
    expected: Counter[Key] = Counter()
    agreeing: list[str] = []
    for pair in made:
        code, also = draw.sample("abc", 2)
        doubt = "stale" if doubted and code == "c" else ""
        told[code].append(Record(pair.item, pair.other, code, NOW, doubt))
        kind = _kind(pair, doubt)
        expected.update([(FIELDS[pair.item], code, kind)] if kind else [])
        agreeing += [FIELDS[pair.item]] if doubt and not kind else []
        if draw.random() < 0.3:
            copied_doubt = "stale" if doubted and also == "c" else ""
            told[also].append(Record(pair.item, pair.one, also, NOW, copied_doubt))
            agreeing += [FIELDS[pair.item]] if copied_doubt else []
    if agreeing and not any(kind is DifferenceKind.IN_DOUBT for _, _, kind in expected):
        first = min(agreeing, key=list(FIELDS.values()).index)
        expected[first, "c", DifferenceKind.IN_DOUBT] += 1
    answers = {FIELDS[pair.item]: Answer(pair.one, CITIZEN) for pair in made}
    sources = tuple(SourceAnswer(code, code, Outcome.RECORD, tuple(records)) for code, records in told.items())
    return Form(Application(VISIT, "form", "1", "", NOBODY, answers, NOW), Lookup(NOW, sources), expected)


def _kind(pair: Pair, doubt: str) -> DifferenceKind | None:
    if _same(pair):
        return None
    kind = KINDS[pair.truth]
    return DifferenceKind.IN_DOUBT if doubt and kind is DifferenceKind.CONFLICT else kind


def _same(pair: Pair) -> bool:
    normal = ITEMS[pair.item].kind.normal
    return pair.truth == "same" or (pair.truth is Likeness.SPELLING and normal(pair.one) == normal(pair.other))


def wrong_form(compared: Compare, made: Iterator[Form]) -> Form | None:
    """The first form in which something is not found, is invented, comes twice or out of order."""
    weights = list(DifferenceKind)
    for form in made:
        found = compared(FORM, form.application, form.lookup)
        ranked = [weights.index(difference.kind) for difference in found]
        keys = Counter((difference.field, difference.department, difference.kind) for difference in found)
        if keys != form.expected or ranked != sorted(ranked) or len(set(found)) != len(found):
            return form
    return None


def wrong_pair(alike: Alike, made: Iterator[Pair]) -> Pair | None:
    """The first pair that is not what it was made to be, or is something else from the other side."""
    for pair in made:
        if not _same(pair):
            truth = None if pair.truth == "other" else pair.truth
            normal = ITEMS[pair.item].kind.normal
            one, other = normal(pair.one), normal(pair.other)
            if not alike(pair.item, one, other) == alike(pair.item, other, one) == truth:
                return pair
    return None


def swapped(made: Iterator[Pair]) -> Iterator[Pair]:
    return (replace(pair, one=pair.other, other=pair.one) for pair in made)


def test_a_hundred_thousand_pairs_in_whole_forms() -> None:
    assert wrong_form(compare, forms(pairs(SEED, PAIRS), Random(SEED))) is None


@pytest.mark.long
def test_the_same_pairs_from_the_other_side() -> None:
    assert wrong_form(compare, forms(swapped(pairs(SEED, PAIRS)), Random(SEED))) is None


def test_the_order_of_answers_and_of_items_within_a_department_changes_nothing() -> None:
    for form in forms(pairs(SEED + 1, 600), Random(SEED)):
        shuffled = replace(form.application, answers=dict(reversed(list(form.application.answers.items()))))
        sources = tuple(replace(source, records=source.records[::-1]) for source in form.lookup.sources)
        assert compare(FORM, form.application, form.lookup) == compare(FORM, shuffled, replace(form.lookup, sources=sources))


def test_every_truth_is_met_often_for_every_item_that_knows_it() -> None:
    met = Counter((pair.item, str(pair.truth)) for pair in pairs(SEED, 5 * FEW))
    assert {truth for item, truth in met if item == "household.address"} == {"spelling", "former", "cut", "other"}
    assert min(met.values()) > 100


def only_names(item: str, one: str, other: str) -> Likeness | None:
    """No rule for addresses at all."""
    return names.likeness(one, other) if item in PLACES else likeness(item, one, other)


def without_provinces(item: str, one: str, other: str) -> Likeness | None:
    """Addresses must begin alike: no region is left out or read another way."""
    found = likeness(item, one, other)
    return found if item not in PLACES or one[:2] == other[:2] else None


def ignoring_digits(item: str, one: str, other: str) -> Likeness | None:
    return likeness(item, re.sub(r"[0-9]", "", one), re.sub(r"[0-9]", "", other))


def through_numbers(item: str, one: str, other: str) -> Likeness | None:
    """36号80 is taken for the beginning of 36号802."""
    short, long = sorted((one, other), key=len)
    return Likeness.CUT if len(short) >= names.SHORTEST_CUT and long.startswith(short) else likeness(item, one, other)


def by_the_same_signs(item: str, one: str, other: str) -> Likeness | None:
    """Two names with the same characters in another order."""
    return Likeness.SPELLING if sorted(one) == sorted(other) else likeness(item, one, other)


def cut_anywhere(item: str, one: str, other: str) -> Likeness | None:
    """Whatever lies within the other is the other, cut."""
    return Likeness.CUT if one in other or other in one else likeness(item, one, other)


def one_sided(item: str, one: str, other: str) -> Likeness | None:
    return likeness(item, one, other) if len(one) <= len(other) else None


def former_is_spelling(item: str, one: str, other: str) -> Likeness | None:
    found = likeness(item, one, other)
    return Likeness.SPELLING if found is Likeness.FORMER else found


@pytest.mark.parametrize(
    "broken",
    [
        only_names,
        without_provinces,
        ignoring_digits,
        through_numbers,
        by_the_same_signs,
        cut_anywhere,
        one_sided,
        former_is_spelling,
        lambda item, one, other: None,
        lambda item, one, other: Likeness.SPELLING,
    ],
)
def test_a_broken_rule_of_writing_is_found_out(broken: Alike) -> None:
    assert wrong_pair(likeness, pairs(SEED, FEW)) is None
    assert wrong_pair(broken, pairs(SEED, FEW)) is not None


def _forgetful(flow: Flow, application: Application, lookup: Lookup) -> Sequence[Difference]:
    return compare(flow, application, lookup)[:5]


def _first_department_only(flow: Flow, application: Application, lookup: Lookup) -> Sequence[Difference]:
    return compare(flow, application, replace(lookup, sources=lookup.sources[:2]))


def _one_for_each_field(flow: Flow, application: Application, lookup: Lookup) -> Sequence[Difference]:
    return list({difference.field: difference for difference in compare(flow, application, lookup)}.values())


def _twice(flow: Flow, application: Application, lookup: Lookup) -> Sequence[Difference]:
    found = compare(flow, application, lookup)
    return [*found, *found[-1:]]


def _unranked(flow: Flow, application: Application, lookup: Lookup) -> Sequence[Difference]:
    return sorted(compare(flow, application, lookup), key=lambda difference: difference.field)


def _careless_about_doubt(flow: Flow, application: Application, lookup: Lookup) -> Sequence[Difference]:
    sources = [replace(s, records=tuple(replace(r, doubt="") for r in s.records)) for s in lookup.sources]
    return compare(flow, application, replace(lookup, sources=tuple(sources)))


@pytest.mark.parametrize(
    "broken", [_forgetful, _first_department_only, _one_for_each_field, _twice, _unranked, _careless_about_doubt]
)
def test_a_broken_comparison_is_found_out(broken: Compare) -> None:
    assert wrong_form(broken, forms(pairs(SEED, FEW), Random(SEED))) is not None
