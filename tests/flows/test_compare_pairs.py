"""实时比对 over generated pairs: complete, nothing invented, symmetric."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from flows.application import CITIZEN, CLERK, Answer, Application, Lookup, Source, SourceKind
from flows.compare import compare
from flows.items import ITEMS
from flows.matters.hk_macau_permit import FLOW
from tests.flows.people import NOW
from tests.flows.test_compare import OLDER, Kind, difference, record, said_by, submitted

# Fields of the matter that no rule beside the plain comparison touches.
PLAIN = sorted(
    name
    for name, f in FLOW.fields.items()
    if f.item and f.item not in ("employment.employer", "household.address", "person.birth")
)
VALUES = st.text(st.sampled_from("佛山市禅城区祖庙街道莲花路葉叶·•(（ 　1２Xx"), min_size=1, max_size=14).filter(
    lambda t: bool(t.strip())
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Application, Lookup]:
    names = draw(st.lists(st.sampled_from(PLAIN), unique=True, min_size=1))
    sources = st.sampled_from([CITIZEN, CLERK, Source(SourceKind.DEPARTMENT, "a")])
    answers = {name: Answer(draw(VALUES), draw(sources), draw(st.sampled_from([None, NOW, OLDER]))) for name in names}
    departments = {}
    for code in draw(st.lists(st.sampled_from("abc"), unique=True, min_size=1)):
        doubt = draw(st.sampled_from(["", "", "stale"]))
        held = [name for name in names if draw(st.booleans())]
        copied = {name: answers[name].value if draw(st.booleans()) else draw(VALUES) for name in held}
        departments[code] = tuple(
            record(FLOW.fields[name].item, value, code, draw(st.sampled_from([NOW, OLDER])), doubt)
            for name, value in copied.items()
        )
    return submitted(answers), said_by(**departments)


def normal(item: str, value: str) -> str:
    return ITEMS[item].kind.normal(value)


@given(cases())
def test_every_different_value_gives_exactly_one_difference_and_an_equal_one_none(case: tuple[Application, Lookup]) -> None:
    made, found = case
    by_item = {FLOW.fields[name].item: (name, answer) for name, answer in made.answers.items()}
    expected = Counter(
        (by_item[r.item][0], source.department)
        for source in found.sources
        for r in source.records
        if normal(r.item, r.value) != normal(r.item, by_item[r.item][1].value)
    )
    differences = compare(FLOW, made, found)
    equal = [d for d in differences if normal(d.item, d.answer) == normal(d.item, d.record)]
    assert {d.kind for d in equal} <= {Kind.IN_DOUBT}
    unlike = [d for d in differences if d not in equal and d.kind is not Kind.MISSING]
    assert Counter((d.field, d.department) for d in unlike) == expected


@given(cases())
def test_a_doubt_about_equal_values_is_shown_once_per_department(case: tuple[Application, Lookup]) -> None:
    made, found = case
    equal = [d for d in compare(FLOW, made, found) if normal(d.item, d.answer) == normal(d.item, d.record)]
    assert all(d.doubt for d in equal)
    assert max(Counter((d.department, d.doubt) for d in equal).values(), default=0) <= 1


@given(st.sampled_from(PLAIN), VALUES, VALUES)
def test_answer_and_record_change_places_and_the_kind_of_writing_stays(name: str, one: str, other: str) -> None:
    item = FLOW.fields[name].item
    kinds = [
        [d.kind for d in difference(item, Answer(a, CITIZEN), record(item, r), name=name) if d.kind is not Kind.MISSING]
        for a, r in ((one, other), (other, one))
    ]
    assert kinds[0] == kinds[1]


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_departments_changes_only_the_order_among_equals(order: list[str]) -> None:
    records = {code: (record("contact.mobile", f"1380000000{n}", code),) for n, code in enumerate("abc")}
    found = compare(
        FLOW, submitted({"mobile": Answer("13900000000", CITIZEN)}), said_by(**{code: records[code] for code in order})
    )
    assert {(d.department, d.record, d.kind) for d in found} == {
        (c, f"138 0000 000{n}", Kind.CONFLICT) for n, c in enumerate("abc")
    }
