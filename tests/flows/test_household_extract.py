"""The household certificate: what needs none, what is printed at once, what a clerk looks up."""

from __future__ import annotations

import pytest

from flows.application import Lookup
from flows.certificate import Certificate
from flows.fields import Choice
from flows.flow import Route
from flows.fold import Given, State, fold
from flows.matters.household_extract import FLOW
from flows.recheck import Problem
from tests.flows.people import identity, lookup
from tests.flows.registers import begin, filled, lookup_with, silent, told

HOUSEHOLD = {
    "person.name": "吕晓岚",
    "person.number": "440602199202299863",
    "household.number": "440604012345",
    "household.relation": "10",
    "household.address": "广东省佛山市禅城区祖庙街道莲花路36号802房",
    "household.police_station": "佛山市公安局禅城分局祖庙派出所",
    "household.moved_in": "201905",
    "household.moved_from": "广东省佛山市禅城区石湾镇街道雾岗路12号503房",
    "person.former_name": "吕小岚",
}
WITHOUT = ("household",)
SELF = {
    "proof": Given({"proof": "MOVED"}),
    "subject": Given({"subject": "SELF"}),
    "who": Given({}),
    "moved": Given({}),
    "former_name": Given({}),
    "relation": Given({}),
    "member": Given({"member_number": "440604201903054028", "member_is": "CHILD"}),
    "purpose": Given({"purpose": "SCHOOL"}),
}


def register(doubt: str = "", **changed: str) -> Lookup:
    records = {**HOUSEHOLD, **{f"household.{name}": value for name, value in changed.items()}}
    return lookup_with(told("household", records, doubt), without=WITHOUT)


def walked(given: dict[str, Given], found: Lookup | None = None) -> tuple[State, tuple[Problem, ...]]:
    return filled(FLOW, given, found or register())


def issued(given: dict[str, Given], found: Lookup | None = None) -> Certificate | None:
    state, problems = walked(given, found)
    assert (state.page, problems) == (None, ())
    return FLOW.certificate(state.known)


def proving(proof: str) -> dict[str, Given]:
    return {**SELF, "proof": Given({"proof": proof})}


def why_nots(found: Lookup | None, field: str = "proof") -> dict[str, str]:
    kind = FLOW.fields[field].kind
    assert isinstance(kind, Choice)
    return {option.key: option.why_not for option in kind.options(begin(FLOW, found))}


@pytest.mark.parametrize(
    ("proof", "stated"),
    [
        ("MOVED", {"迁入日期": "2019-05", "何地迁来": "广东省佛山市禅城区石湾镇街道雾岗路12号503房"}),
        ("FORMER_NAME", {"曾用名": "吕小岚"}),
        ("RELATION", {"户号": "440604012345", "与户主关系": "配偶"}),
    ],
)
def test_ones_own_facts_are_printed_at_once_and_no_others(proof: str, stated: dict[str, str]) -> None:
    paper = issued(proving(proof))
    assert paper is not None
    assert (paper.title, paper.issuer, paper.valid_to) == ("户籍证明", "household", None)
    assert dict(paper.rows) == {
        "姓名": "吕晓岚",
        "公民身份号码": "440602199202299863",
        "户口所在地址": "广东省佛山市禅城区祖庙街道莲花路36号802房",
        "户口所在地派出所": "佛山市公安局禅城分局祖庙派出所",
        **stated,
        "用途": "入学",
    }


@pytest.mark.parametrize(("proof", "page"), [("MOVED", "moved"), ("FORMER_NAME", "former_name"), ("RELATION", "relation")])
def test_only_the_facts_of_the_proof_are_shown(proof: str, page: str) -> None:
    state, _ = walked(proving(proof))
    assert [asked.name for asked in FLOW.asked(state.known)] == ["proof", "subject", "who", page, "purpose"]


def test_facts_that_the_card_shows_need_no_certificate_and_that_is_said() -> None:
    words = "身份证、户口簿上已有，不需要开证明"
    assert why_nots(register())["SHOWN"] == words
    assert fold(FLOW, begin(FLOW, register()), {"proof": Given({"proof": "SHOWN"})}).mistakes == {"proof": words}


def test_what_the_register_has_not_is_not_on_offer_and_its_silence_closes_nothing() -> None:
    bare = lookup_with(told("household", {"household.address": HOUSEHOLD["household.address"]}), without=WITHOUT)
    reasons = why_nots(bare)
    assert (reasons["MOVED"], reasons["FORMER_NAME"]) == ("户口登记里没有迁移", "户口登记里没有曾用名")
    away = why_nots(lookup_with(silent("household"), without=WITHOUT))
    assert {key for key, why_not in away.items() if why_not} == {"SHOWN"}


def test_a_silent_register_leaves_every_value_and_the_paper_to_a_clerk() -> None:
    given = {
        **SELF,
        "who": Given({}, frozenset({"address", "police_station"})),
        "moved": Given({}, frozenset({"household_moved_in", "household_moved_from"})),
    }
    assert issued(given, lookup_with(silent("household"), without=WITHOUT)) is None


@pytest.mark.parametrize("proof", ["CHANGED", "CANCELLED"])
def test_what_only_the_archive_has_is_for_a_clerk(proof: str) -> None:
    assert issued(proving(proof)) is None


def test_a_member_of_the_household_is_proved_by_a_clerk_who_sees_the_book() -> None:
    member = {**proving("RELATION"), "subject": Given({"subject": "MEMBER"})}
    state, problems = walked(member)
    assert (state.page, problems, FLOW.certificate(state.known)) == (None, (), None)
    assert (state.known["member_number"], state.known["member_is"]) == ("440604201903054028", "CHILD")
    assert "household_relation" not in state.known.answers


def test_ones_own_number_is_not_that_of_a_member() -> None:
    itself = Given({"member_number": "440602199202299863", "member_is": "CHILD"})
    given = {**SELF, "subject": Given({"subject": "MEMBER"}), "member": itself}
    assert fold(FLOW, begin(FLOW, register()), given).mistakes == {"member_number": "这是您自己的号码"}


def test_a_wrong_number_of_a_member_is_found() -> None:
    given = {**SELF, "subject": Given({"subject": "MEMBER"}), "member": Given({"member_number": "1", "member_is": "CHILD"})}
    assert set(fold(FLOW, begin(FLOW, register()), given).mistakes) == {"member_number"}


def test_kin_of_another_household_goes_to_the_counter() -> None:
    assert why_nots(register(), "subject") == {"SELF": "", "MEMBER": "", "OTHER": "请到人工窗口办理"}
    kind = FLOW.fields["subject"].kind
    assert isinstance(kind, Choice)
    offered = kind.at_the_counter().options(begin(FLOW, register()))
    assert "" in [option.why_not for option in offered if option.key == "OTHER"]


def test_a_register_that_doubts_itself_certifies_nothing() -> None:
    assert issued(SELF, register(doubt="move_pending")) is None


def test_a_name_that_the_register_writes_otherwise_is_not_certified() -> None:
    other = told("household", {**HOUSEHOLD, "person.name": "呂晓岚"})
    assert issued(SELF, lookup_with(other, without=WITHOUT)) is None


def test_a_household_of_another_city_is_certified_there() -> None:
    away = register(address="湖南省衡阳市石鼓区青山街道演武坪巷5号402房")
    assert issued(SELF, away) is None


def test_a_child_goes_to_the_counter_and_gets_no_paper() -> None:
    known = begin(FLOW, lookup("child"), who=identity("child"))
    assert (FLOW.route(known), FLOW.certificate(known)) == (Route.COUNTER, None)
    assert FLOW.route(begin(FLOW, None)) is Route.TERMINAL
