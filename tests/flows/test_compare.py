"""实时比对: what a clerk is shown, and that nothing is invented or left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.application import (
    CITIZEN,
    CLERK,
    LEFT_TO_COUNTER,
    Answer,
    Application,
    Assurance,
    Identity,
    Lookup,
    Outcome,
    Record,
    Source,
    SourceAnswer,
    SourceKind,
)
from flows.compare import ON_THE_CARD, Difference, DifferenceKind, compare
from flows.matters.hk_macau_permit import FLOW
from tests.flows.people import ENDORSE, NOW, VISIT, application, begin_and_fold, identity, lookup

Kind = DifferenceKind
OLDER = NOW - timedelta(days=900)
NOBODY = Identity(number="", name="", sex="", birth=date(1992, 2, 29), document="x", assurance=Assurance.NONE)


def brief(differences: tuple[Difference, ...]) -> list[tuple[str, str, Kind]]:
    return [(d.field, d.department, d.kind) for d in differences]


def of_specimen(key: str) -> tuple[Difference, ...]:
    state = begin_and_fold(FLOW, key, ENDORSE)
    return compare(FLOW, application(FLOW, key, state), lookup(key))


def submitted(answers: Mapping[str, Answer], who: Identity = NOBODY) -> Application:
    return Application(VISIT, FLOW.code, FLOW.version, "", who, answers, NOW)


def said_by(*asked: str, **departments: tuple[Record, ...]) -> Lookup:
    """`asked` are the items that every department was asked for."""
    return Lookup(
        NOW, tuple(SourceAnswer(code, code, Outcome.RECORD, records, asked=asked) for code, records in departments.items())
    )


def record(item: str, value: str, department: str = "social_security", as_of: datetime = NOW, doubt: str = "") -> Record:
    return Record(item, value, department, as_of, doubt)


def difference(item: str, answer: Answer, *records: Record, name: str) -> list[Difference]:
    groups: dict[str, tuple[Record, ...]] = {}
    for one in records:
        groups[one.department] = (*groups.get(one.department, ()), one)
    return [d for d in compare(FLOW, submitted({name: answer}), said_by(**groups)) if d.item == item]


def test_the_clerk_sees_two_old_values_of_the_main_person_and_nothing_else() -> None:
    mobile, card = sorted(of_specimen("lyu"), key=lambda d: d.item)
    assert (mobile.field, mobile.department, mobile.kind) == ("mobile", "exit_entry", Kind.OLD_VALUE)
    assert (mobile.label, mobile.answer, mobile.record) == ("联系电话", "138 0284 5678", "137 0284 0011")
    assert mobile.as_of == datetime(2015, 10, 9, tzinfo=UTC)
    assert (card.field, card.item, card.label, card.kind) == ("card.address", "household.address", "身份证地址", Kind.OLD_VALUE)
    assert "石湾镇街道" in card.answer
    assert "祖庙街道" in card.record


@pytest.mark.parametrize(
    ("key", "seen"),
    [
        ("uyghur", [("name", department, Kind.CUT) for department in ("household", "social_security", "exit_entry")]),
        ("spelling", [("name", "household", Kind.SPELLING), ("employer", "market_regulation", Kind.SPELLING)]),
        ("doubted", [("name", "household", Kind.IN_DOUBT)]),
        ("elder", []),
        ("rare", []),
        ("ssc3", []),
        ("elsewhere", []),
        ("unknown", []),
    ],
)
def test_each_specimen_shows_what_its_note_says(key: str, seen: list[tuple[str, str, Kind]]) -> None:
    assert brief(of_specimen(key)) == seen


def test_without_a_look_up_and_with_silent_departments_only_the_card_stands_beside_the_answers() -> None:
    made = application(FLOW, "lyu", begin_and_fold(FLOW, "lyu", ENDORSE))
    silent = lookup("lyu", silent=("household", "social_security", "exit_entry", "market_regulation"))
    for found in (compare(FLOW, made, None), compare(FLOW, made, silent)):
        assert brief(found) == [("address", ON_THE_CARD, Kind.OLD_VALUE)]
        assert "祖庙街道" in found[0].answer
        assert "石湾镇街道" in found[0].record


def test_a_mobile_that_the_citizen_just_gave_conflicts_with_the_authority_and_outdates_the_rest() -> None:
    found = difference(
        "contact.mobile",
        Answer("13900000000", CITIZEN),
        record("contact.mobile", "13802845678"),
        record("contact.mobile", "13702840011", "exit_entry", OLDER),
        name="mobile",
    )
    assert [(d.department, d.kind) for d in found] == [("social_security", Kind.CONFLICT), ("exit_entry", Kind.OLD_VALUE)]


def test_a_record_as_new_as_the_answer_is_a_conflict_and_not_old() -> None:
    answer = Answer("13802845678", Source(SourceKind.DEPARTMENT, "social_security"), NOW)
    records = record("contact.mobile", "13802845678"), record("contact.mobile", "13702840011", "exit_entry", NOW)
    assert [d.kind for d in difference("contact.mobile", answer, *records, name="mobile")] == [Kind.CONFLICT]


def test_a_record_older_than_what_the_answer_was_made_from_is_old() -> None:
    answer = Answer("13802845678", Source(SourceKind.DEPARTMENT, "social_security"), NOW)
    now_only = record("contact.mobile", "13702840011", "exit_entry", OLDER)
    assert [d.kind for d in difference("contact.mobile", answer, now_only, name="mobile")] == [Kind.OLD_VALUE]


def test_a_doubted_authority_does_not_make_the_sure_record_old() -> None:
    records = (
        record("contact.mobile", "13802845678", as_of=NOW, doubt="unconfirmed"),
        record("contact.mobile", "13702840011", "exit_entry", OLDER),
    )
    found = difference("contact.mobile", Answer("13900000000", CITIZEN), *records, name="mobile")
    assert [(d.department, d.kind) for d in found] == [("exit_entry", Kind.CONFLICT), ("social_security", Kind.IN_DOUBT)]


def test_the_same_person_on_another_card_is_a_conflict() -> None:
    who = replace(identity("lyu"), name="吕小岚", sex="1", ethnic_group="02", birth=date(1992, 2, 28))
    found = compare(FLOW, submitted({}, who), lookup("lyu"))
    seen = {(d.field, d.answer, d.record, d.kind) for d in found if d.department == "household" and d.field != "card.address"}
    assert seen == {
        ("card.name", "吕小岚", "吕晓岚", Kind.CONFLICT),
        ("card.sex", "男", "女", Kind.CONFLICT),
        ("card.ethnic_group", "蒙古族", "汉族", Kind.CONFLICT),
        ("card.birth", "1992-02-28", "1992-02-29", Kind.CONFLICT),
    }


def test_the_card_is_compared_once_even_when_the_form_repeats_it() -> None:
    state = begin_and_fold(FLOW, "lyu", ENDORSE)
    wrong = Lookup(NOW, (SourceAnswer("household", "户籍", Outcome.RECORD, (record("person.name", "吕小岚", "household"),)),))
    made = application(FLOW, "lyu", state)
    made = replace(made, identity=replace(made.identity, address=""))
    assert brief(compare(FLOW, made, wrong)) == [("name", "household", Kind.CONFLICT)]


def test_a_name_amended_by_the_clerk_and_the_name_on_the_card_are_both_compared() -> None:
    answers = {"name": Answer("吕晓兰", CLERK)}
    found = compare(FLOW, submitted(answers, replace(identity("lyu"), address="")), lookup("lyu"))
    names = [d for d in found if d.item == "person.name"]
    assert [d.field for d in names] == ["name"] * 4
    assert [(d.answer, d.record, d.kind) for d in names if d.department == ON_THE_CARD] == [("吕晓兰", "吕晓岚", Kind.CONFLICT)]
    other = Lookup(NOW, (SourceAnswer("household", "户籍", Outcome.RECORD, (record("person.name", "吕晓兰", "household"),)),))
    assert brief(compare(FLOW, submitted(answers, identity("lyu")), other)) == [("card.name", "household", Kind.CONFLICT)]


def test_an_employer_is_also_compared_with_the_register_of_companies() -> None:
    found = compare(
        FLOW,
        submitted({"employer": Answer("云岫软件", CITIZEN)}),
        said_by(
            social_security=(record("employment.employer", "佛山市禅城区云岫软件有限公司"),),
            market_regulation=(record("company.name", "佛山市禅城区云岫软件有限公司", "market_regulation"),),
        ),
    )
    assert [(d.field, d.item, d.department) for d in found] == [
        ("employer", "employment.employer", "social_security"),
        ("employer", "company.name", "market_regulation"),
    ]


def test_what_the_citizen_had_to_type_and_the_department_should_have_is_missing_there() -> None:
    found = compare(
        FLOW,
        submitted({"occupation": Answer("会计", CITIZEN), "mobile": Answer("13900000000", CITIZEN)}),
        said_by("employment.occupation", social_security=(record("employment.employer", "某公司"),)),
    )
    assert [(d.field, d.department, d.answer, d.record, d.kind) for d in found] == [
        ("occupation", "social_security", "会计", "", Kind.MISSING)
    ]


def test_nothing_is_missing_where_a_department_never_keeps_it() -> None:
    answers = {"birth_place": Answer("广东", CITIZEN), "mobile": Answer("13900000000", CITIZEN)}
    kept = said_by(exit_entry=(record("person.name", "吕晓岚", "exit_entry"), record("permit.number", "CB2345678", "exit_entry")))
    assert compare(FLOW, submitted(answers), kept) == ()


@pytest.mark.parametrize("blank", ["", " ", "　"])
def test_an_empty_record_is_missing_and_never_a_conflict(blank: str) -> None:
    empty = record("contact.mobile", blank)
    answer = Answer("13900000000", CITIZEN)
    assert [d.kind for d in difference("contact.mobile", answer, empty, name="mobile")] == [Kind.MISSING]
    known = replace(answer, source=Source(SourceKind.DEPARTMENT, "exit_entry"))
    assert difference("contact.mobile", known, empty, name="mobile") == []


def test_a_field_left_to_the_clerk_differs_from_nothing_and_one_the_citizen_emptied_does() -> None:
    kept = record("employment.employer", "某公司")
    assert difference("employment.employer", Answer("", LEFT_TO_COUNTER), kept, name="employer") == []
    emptied = difference("employment.employer", Answer("", CITIZEN), kept, name="employer")
    assert [(d.answer, d.record, d.kind) for d in emptied] == [("", "某公司", Kind.CONFLICT)]


def test_a_doubt_is_shown_once_for_a_department_that_agrees_in_everything() -> None:
    records = tuple(
        record(item, value, "household", doubt="move_pending")
        for item, value in {"household.address": "佛山市", "household.police_station": "祖庙派出所"}.items()
    )
    answers = {"address": Answer("佛山市", CITIZEN), "police_station": Answer("祖庙派出所", CITIZEN)}
    found = compare(FLOW, submitted(answers), said_by(household=records))
    assert [(d.field, d.kind, d.doubt) for d in found] == [("address", Kind.IN_DOUBT, "move_pending")]


def test_a_doubt_beside_another_spelling_is_shown_on_its_own_when_the_rest_agrees() -> None:
    address, station = (record(f"household.{name}", "佛山（一）", "h", doubt="a") for name in ("address", "police_station"))
    spelled, equal = Answer("佛山(一)", CITIZEN), Answer("佛山（一）", CITIZEN)
    found = compare(FLOW, submitted({"address": spelled, "police_station": equal}), said_by(h=(address, station)))
    assert [(d.field, d.kind, d.doubt) for d in found] == [
        ("police_station", Kind.IN_DOUBT, "a"),
        ("address", Kind.SPELLING, "a"),
    ]
    found = compare(FLOW, submitted({"address": spelled, "police_station": spelled}), said_by(h=(address, station)))
    assert [d.kind for d in found] == [Kind.SPELLING, Kind.SPELLING]


def test_two_doubts_of_one_department_are_two() -> None:
    records = (record("household.address", "佛山市", "h", doubt="a"), record("household.police_station", "所", "h", doubt="b"))
    answers = {"address": Answer("佛山市", CITIZEN), "police_station": Answer("所", CITIZEN)}
    assert [d.doubt for d in compare(FLOW, submitted(answers), said_by(h=records))] == ["a", "b"]


def test_the_heaviest_comes_first() -> None:
    found = compare(
        FLOW,
        submitted({"employer": Answer("某公司(佛山)", CITIZEN), "occupation": Answer("会计", CITIZEN)}),
        said_by(social_security=(record("employment.employer", "某公司（佛山)"), record("employment.occupation", "教师"))),
    )
    assert [d.kind for d in found] == [Kind.CONFLICT, Kind.SPELLING]
