"""Moving house: one new address, and what each of three departments has to do about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.application import LEFT_TO_COUNTER, Answer, Lookup, Source, SourceAnswer, SourceKind
from flows.fields import Choice
from flows.flow import Route
from flows.fold import Given, State, fold, share
from flows.matters import residence_permit
from flows.matters.moving_house import FLOW
from flows.recheck import Problem, recheck
from tests.flows.people import TODAY, identity
from tests.flows.registers import REGION, begin, filled, lookup_with, pictured, silent, submitted, told

OLD = "广东省佛山市禅城区张槎街道古大路22号903房"
MOVED_TO = "广东省佛山市南海区桂城街道南新三路8号1201房"
HUKOU = "湖南省衡阳市石鼓区青山街道演武坪巷5号402房"
MIGRANT = identity("migrant")
PEOPLE_HAVE = {
    "household": {"household.address": HUKOU},
    "population": {"residence.number": "4406042023001875", "residence.address": OLD},
    "social_security": {"insurance.number": "1044060431920", "social_security.address": OLD, "contact.mobile": "13715460062"},
    "traffic": {"vehicle.plate": "粤E·9T5M1", "vehicle.address": OLD},
}
MOVE = {
    "who": Given({"mobile": "13715460062"}),
    "hukou": Given({"hukou": "no"}),
    "home": Given({"home": "new"}),
    "chosen": Given({}),
    "new_home_district": Given({"new_home_district": "440605"}),
    "new_home_town": Given({"new_home_town": "桂城街道"}),
    "new_home_road": Given({"new_home_road": "南海大道北"}),
    "new_home_door": Given({"new_home_number": "20"}),
    "new_home": Given({}),
    "registers": Given({}),
    "new_home_paper": pictured("new_home_paper", "image/jpeg"),
    "declaration": pictured("signature"),
}


def registers(*instead: SourceAnswer) -> Lookup:
    """What all four say, some of them something else."""
    others = {source.department for source in instead}
    same = (told(name, records) for name, records in PEOPLE_HAVE.items() if name not in others)
    return lookup_with(*instead, *same, key="migrant", without=tuple(PEOPLE_HAVE))


def walked(given: dict[str, Given], found: Lookup | None = None) -> tuple[State, tuple[Problem, ...]]:
    return filled(FLOW, given, found or registers(), who=MIGRANT)


def to_change(state: State) -> dict[str, str]:
    return {name: state.known[f"register_{name}"] for name in FLOW.told}


def homes(found: Lookup | None) -> list[str]:
    kind = FLOW.fields["home"].kind
    assert isinstance(kind, Choice)
    return [option.key for option in kind.options(begin(FLOW, found, who=MIGRANT))]


def test_one_address_goes_to_three_departments_that_all_have_to_agree() -> None:
    state, problems = walked(MOVE)
    assert (state.page, problems, FLOW.route(state.known)) == (None, (), Route.TERMINAL)
    assert to_change(state) == {"population": "yes", "social_security": "yes", "traffic": "yes"}
    assert (FLOW.approvals, FLOW.told) == (True, ("population", "social_security", "traffic"))


def test_the_new_address_is_chosen_step_by_step_and_goes_to_every_register() -> None:
    state, _ = walked(MOVE)
    assert state.known["new_home"] == "广东省佛山市南海区桂城街道南海大道北20号"


@pytest.mark.parametrize("department", ["population", "social_security", "traffic"])
def test_a_department_that_does_not_have_the_person_changes_nothing(department: str) -> None:
    state, problems = walked(MOVE, registers(told(department, {})))
    assert problems == ()
    assert [name for name, answer in to_change(state).items() if answer == "no"] == [department]


@pytest.mark.parametrize("said", ["yes", "no"])
@pytest.mark.parametrize("department", ["population", "social_security", "traffic"])
def test_silence_is_not_taken_for_having_no_record_the_citizen_says_it(department: str, said: str) -> None:
    found = registers(silent(department))
    waiting = fold(FLOW, begin(FLOW, found, who=MIGRANT), {**MOVE, "registers": Given({})})
    assert waiting.mistakes == {f"register_{department}": "请选择一项"}
    state, problems = walked({**MOVE, "registers": Given({f"register_{department}": said})}, found)
    assert (state.page, problems, to_change(state)[department]) == (None, (), said)


def test_nobody_takes_a_register_out_that_has_the_person() -> None:
    state, problems = walked({**MOVE, "registers": Given({"register_traffic": "no"})})
    assert (to_change(state)["traffic"], problems) == ("yes", ())
    made = submitted(FLOW, state, MIGRANT)
    forged = Answer("no", Source(SourceKind.RULE, "register_traffic"))
    found = recheck(FLOW, replace(made, answers={**made.answers, "register_traffic": forged}), registers(), TODAY, REGION)
    assert [(problem.field, problem.code) for problem in found] == [("register_traffic", "mistaken")]


def test_an_address_that_one_register_has_already_is_chosen_and_that_register_left_alone() -> None:
    new = told("population", {**PEOPLE_HAVE["population"], "residence.address": MOVED_TO})
    state, problems = walked({**MOVE, "home": Given({"home": "population"})}, registers(new))
    assert (state.page, problems, state.known["address"]) == (None, (), MOVED_TO)
    assert to_change(state) == {"population": "no", "social_security": "yes", "traffic": "yes"}
    assert "new_home" not in state.known.answers


def test_an_address_that_several_registers_share_is_offered_once() -> None:
    assert homes(registers()) == ["household", "population", "new"]
    assert homes(None) == ["new"]


def test_moving_to_the_address_that_all_have_leaves_nothing_to_do_at_the_terminal() -> None:
    state, _ = walked({**MOVE, "home": Given({"home": "population"})})
    assert set(to_change(state).values()) == {"no"}
    assert FLOW.route(state.known) is Route.COUNTER


def test_who_is_in_none_of_the_registers_goes_to_the_counter() -> None:
    nobody = registers(told("population", {}), told("social_security", {}), told("traffic", {}))
    assert FLOW.route(walked(MOVE, nobody)[0].known) is Route.COUNTER


def test_a_household_that_moves_too_is_for_the_police_counter_and_that_is_said() -> None:
    kind = FLOW.fields["hukou"].kind
    assert isinstance(kind, Choice)
    known = begin(FLOW, registers(), who=MIGRANT)
    assert {option.key: option.note for option in kind.options(known)} == {"no": "", "yes": "由公安户籍窗口办理"}
    state = fold(FLOW, known, {"who": Given({"mobile": "13715460062"}), "hukou": Given({"hukou": "yes"})})
    assert FLOW.route(state.known) is Route.COUNTER


def test_the_proof_may_be_shown_at_the_counter() -> None:
    state, problems = walked({**MOVE, "new_home_paper": Given({}, frozenset({"new_home_paper"}))})
    assert (state.page, problems) == (None, ())
    assert state.known.answers["new_home_paper"].source == LEFT_TO_COUNTER


def test_when_the_hall_was_away_everything_is_asked_and_nothing_invented() -> None:
    said = Given({"register_population": "yes", "register_social_security": "no", "register_traffic": "no"})
    state, problems = filled(FLOW, {**MOVE, "registers": said}, None, who=MIGRANT)
    assert (state.page, problems) == (None, ())
    assert to_change(state) == {"population": "yes", "social_security": "no", "traffic": "no"}


def test_a_district_said_for_the_residence_permit_is_not_asked_again() -> None:
    state, _ = walked(MOVE)
    said = share(FLOW, state.known.answers)
    assert said["address.new_home_district"].value == "440605"
    assert residence_permit.FLOW.fields["new_home_district"].share_key == "address.new_home_district"


def test_a_child_goes_to_the_counter() -> None:
    assert FLOW.route(begin(FLOW, None, who=identity("child"))) is Route.COUNTER
    assert FLOW.route(begin(FLOW, None, who=MIGRANT)) is Route.TERMINAL
