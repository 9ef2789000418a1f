"""An address by steps: only what belongs under the step before is offered, and the whole text comes out."""

from __future__ import annotations

from datetime import date

from flows import regions
from flows.addresses import Address
from flows.application import LEFT_TO_COUNTER
from flows.flow import Flow, Known
from flows.fold import Given, State, fold
from flows.streets import LIBRARIES, OTHER, address_pages

TODAY = date(2026, 11, 23)
FLOW = Flow(code="x", version="1", title="x", pages=address_pages("home", "新住址", "1"))
BEGIN = Known({}, {}, TODAY, "440604")


def told(**values: str) -> State:
    steps = {
        "home_district": {"home_district": values.get("district", "")},
        "home_town": {"home_town": values.get("town", "")},
        "home_road": {"home_road": values.get("road", "")},
        "home_door": {"home_number": values.get("number", ""), "home_room": values.get("room", "")},
    }
    given = {page: Given(answers) for page, answers in steps.items() if any(answers.values())}
    return fold(FLOW, BEGIN, given)


def offered(state: State, name: str) -> set[str]:
    kind = FLOW.fields[name].kind
    return {option.key for option in kind.options(state.known)}  # type: ignore[attr-defined]


def test_towns_are_those_of_the_district_and_roads_those_of_the_town() -> None:
    assert "440604" in offered(told(), "home_district")
    assert offered(told(district="440604"), "home_town") == {"祖庙街道", "石湾镇街道", "张槎街道", "南庄镇"}
    assert offered(told(district="440604", town="石湾镇街道"), "home_road") == {"雾岗路", "跃进路", "影荫路", OTHER}


def test_the_whole_address_is_written_as_registers_write_it() -> None:
    state = told(district="440604", town="祖庙街道", road="莲花路", number="36", room="802")
    assert state.known["home"] == "广东省佛山市禅城区祖庙街道莲花路36号802房"
    assert Address().mistake(state.known["home"], state.known) == ""
    assert told(district="440604", town="祖庙街道", road="莲花路", number="3").known["home"].endswith("莲花路3号")


def test_a_road_that_the_library_has_not_is_left_to_the_counter() -> None:
    state = told(district="440607", town="南山镇", road=OTHER)
    assert state.page is not None
    assert state.page.name == "home"
    left = fold(
        FLOW,
        BEGIN,
        {**{p.name: Given({p.name: state.known[p.name]}) for p in FLOW.pages[:3]}, "home": Given({}, frozenset({"home"}))},
    )
    assert left.page is None
    assert left.known["home_town"] == "南山镇"


def test_a_town_of_another_district_is_a_mistake() -> None:
    assert told(district="440604", town="大良街道").mistakes == {"home_town": "请从列出的选项中选择"}


def test_a_door_is_digits() -> None:
    assert told(district="440604", town="祖庙街道", road="莲花路", number="甲").mistakes == {"home_number": "门牌号只写数字"}


def test_every_district_of_the_library_is_a_known_region() -> None:

    for library in LIBRARIES:
        assert {regions.name(code) != "" for code in library.districts} == {True}


def test_a_hall_without_a_library_leaves_the_whole_address_to_the_counter() -> None:
    elsewhere = Known({}, {}, TODAY, "110101")
    steps = {"home_district": Given({"home_district": OTHER}), "home": Given({}, frozenset({"home"}))}
    state = fold(FLOW, elsewhere, steps)
    assert state.page is None
    assert state.known.answers["home"].source == LEFT_TO_COUNTER
