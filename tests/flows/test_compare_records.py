"""实时比对 beyond answer and record: records beside each other, the card, copies, and records that come twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.application import CITIZEN, LEFT_TO_COUNTER, Answer, Lookup, Outcome, Source, SourceAnswer, SourceKind
from flows.compare import ON_THE_CARD, compare
from flows.matters import MATTERS
from flows.matters.hk_macau_permit import FLOW
from tests.flows.people import NOW, identity
from tests.flows.test_compare import NOBODY, OLDER, Kind, brief, difference, record, said_by, submitted

MOBILE = Source(SourceKind.DEPARTMENT, "a")


def test_two_departments_contradict_each_other_and_the_answer_agrees_with_one() -> None:
    found = compare(
        FLOW,
        submitted({"mobile": Answer("13802845678", MOBILE, NOW)}),
        said_by(a=(record("contact.mobile", "13802845678", "a"),), b=(record("contact.mobile", "13702840011", "b"),)),
    )
    assert [(d.field, d.department, d.answer, d.kind) for d in found] == [("mobile", "b", "138 0284 5678", Kind.CONFLICT)]


def test_records_of_what_nobody_said_stand_beside_the_one_with_authority() -> None:
    told = said_by(
        a=(record("permit.route", "terminal", "a"),),
        b=(record("permit.route", "counter", "b"),),
        c=(record("permit.route", "terminal", "c"),),
    )
    found = compare(FLOW, submitted({}), told)
    assert [(d.field, d.said_by, d.answer, d.department, d.record, d.kind) for d in found] == [
        ("permit.route", "a", "自助办理", "b", "人工窗口", Kind.CONFLICT)
    ]


def test_a_doubted_authority_gives_way_to_the_next_and_stands_beside_it() -> None:
    told = said_by(
        a=(record("permit.route", "terminal", "a", doubt="stale"),), b=(record("permit.route", "counter", "b", OLDER),)
    )
    found = compare(FLOW, submitted({}), told)
    assert [(d.said_by, d.department, d.kind, d.doubt) for d in found] == [("b", "a", Kind.IN_DOUBT, "stale")]


def test_a_doubt_about_what_only_a_rule_reads_is_seen() -> None:
    found = compare(FLOW, submitted({}), said_by(a=(record("permit.route", "terminal", "a", doubt="stale"),)))
    assert [(d.field, d.kind, d.doubt) for d in found] == [("permit.route", Kind.IN_DOUBT, "stale")]


def test_a_field_left_to_the_clerk_shows_that_departments_do_not_agree_about_it() -> None:
    told = said_by(a=(record("contact.mobile", "13802845678", "a"),), b=(record("contact.mobile", "13702840011", "b"),))
    found = compare(FLOW, submitted({"mobile": Answer("", LEFT_TO_COUNTER)}), told)
    assert [(d.field, d.said_by, d.department, d.kind) for d in found] == [("mobile", "a", "b", Kind.CONFLICT)]


def test_one_department_with_two_records_of_one_item_is_beside_both() -> None:
    two = record("contact.mobile", "13702840011"), record("contact.mobile", "13902840022", as_of=OLDER)
    found = difference("contact.mobile", Answer("13802845678", CITIZEN), *two, name="mobile")
    assert [(d.record, d.kind) for d in found] == [("137 0284 0011", Kind.CONFLICT), ("139 0284 0022", Kind.OLD_VALUE)]
    assert len(set(found)) == 2


def test_the_same_record_twice_is_one_difference() -> None:
    twice = record("contact.mobile", "13702840011")
    assert len(difference("contact.mobile", Answer("13802845678", CITIZEN), twice, twice, name="mobile")) == 1


def test_a_copy_of_the_base_library_is_compared_and_says_its_age() -> None:
    collected = NOW - timedelta(days=3)
    copy = SourceAnswer(
        "a",
        "a",
        Outcome.RECORD,
        (record("contact.mobile", "13702840011", "a", OLDER),),
        "late",
        asked=("contact.mobile", "employment.occupation"),
        collected_at=collected,
    )
    answers = {"mobile": Answer("13802845678", CITIZEN), "occupation": Answer("会计", CITIZEN)}
    found = compare(FLOW, submitted(answers), Lookup(NOW, (copy,)))
    assert [(d.field, d.kind, d.collected_at) for d in found if d.kind is not Kind.MISSING] == [
        ("mobile", Kind.CONFLICT, collected)
    ]


@pytest.mark.parametrize(
    "silent",
    [
        SourceAnswer("a", "a", Outcome.NO_ANSWER, reason="late", asked=("employment.occupation",)),
        SourceAnswer("a", "a", Outcome.NOT_ASKED, reason="no_key"),
        SourceAnswer("a", "a", Outcome.NO_RECORD, asked=("employment.occupation",)),
        SourceAnswer("a", "a", Outcome.RECORD, asked=("contact.mobile",), withheld={"employment.occupation": "not_shared"}),
    ],
)
def test_nothing_is_missing_where_nobody_was_asked_nobody_answered_or_nobody_is_known(silent: SourceAnswer) -> None:
    assert compare(FLOW, submitted({"occupation": Answer("会计", CITIZEN)}), Lookup(NOW, (silent,))) == ()


def test_an_answer_that_a_record_bears_out_is_not_set_against_the_card_twice() -> None:
    who = replace(identity("lyu"), address="广东省佛山市禅城区石湾镇街道雾岗路12号503房")
    address = "广东省佛山市禅城区祖庙街道莲花路36号802房"
    told = said_by(household=(record("household.address", address, "household"),))
    found = [d for d in compare(FLOW, submitted({"address": Answer(address, CITIZEN)}, who), told) if "address" in d.item]
    assert brief(tuple(found)) == [("card.address", "household", Kind.OLD_VALUE)]


def test_a_guardians_name_that_is_not_the_one_on_the_guardians_card_is_seen() -> None:
    flow = next(flow for flow in MATTERS.values() if "guardian_name" in flow.fields)
    made = replace(submitted({"guardian_name": Answer("吕建国", CITIZEN)}), guardian=replace(NOBODY, name="吕建囯"))
    assert [(d.field, d.department, d.record) for d in compare(flow, made, None)] == [("guardian_name", ON_THE_CARD, "吕建囯")]


@pytest.mark.parametrize(
    ("item", "one", "other", "kind"),
    [
        ("household.moved_in", "2015", "2015-06-03", Kind.CUT),
        ("household.moved_in", "2015-06", "2015-07-03", Kind.CONFLICT),
        ("household.relation", "01", "02", Kind.SPELLING),
        ("household.relation", "10", "12", Kind.CUT),
        ("household.relation", "11", "12", Kind.CONFLICT),
        ("person.ethnic_group", "10", "11", Kind.CONFLICT),
        ("person.sex", "2", "9", Kind.CUT),
        ("person.birth", "1992-02-28", "1992-02-29", Kind.CONFLICT),
        ("permit.number", "C23456781", "C23456782", Kind.CONFLICT),
        ("contact.mobile", "07578234000", "075782340001", Kind.CONFLICT),
        ("insurance.number", "4406041234", "44060412345678", Kind.CONFLICT),
        ("person.birth_place", "广东", "广东省佛山市", Kind.CUT),
        ("residence.city", "佛山", "佛山市", Kind.SPELLING),
        ("company.name", "佛山市禅城区云岫软件有限公司", "佛山市禅城区云岫软件", Kind.CUT),
    ],
)
def test_each_kind_of_value_differs_in_its_own_way(item: str, one: str, other: str, kind: Kind) -> None:
    """Beside each other, as nobody said them; the two may change places."""
    flow = replace(FLOW, needs=(item,))
    for first, second in ((one, other), (other, one)):
        told = said_by(a=(record(item, first, "a"),), b=(record(item, second, "b"),))
        assert [d.kind for d in compare(flow, submitted({}), told) if d.item == item] == [kind]


def test_the_order_does_not_depend_on_the_order_of_answers() -> None:
    answers = {"employer": Answer("甲", CITIZEN), "mobile": Answer("13900000000", CITIZEN), "occupation": Answer("乙", CITIZEN)}
    told = said_by(
        a=(
            record("contact.mobile", "13800000000", "a"),
            record("employment.employer", "丙", "a"),
            record("employment.occupation", "丁", "a"),
        )
    )
    found = compare(FLOW, submitted(answers), told)
    assert found == compare(FLOW, submitted(dict(reversed(list(answers.items())))), told)
    fields = list(FLOW.fields)
    assert [d.field for d in found] == sorted((d.field for d in found), key=fields.index)
