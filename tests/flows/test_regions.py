"""Codes of regions by their days, and the city in a written address."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import numdb

from flows.endorsements import cities_on
from flows.regions import TABLES, city, city_of_region, every, full_name, in_force, name, within
from tests.flows.people import PEOPLE, TODAY

FOSHAN = ("440604", "440605", "440606", "440607", "440608")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("广东省佛山市禅城区祖庙街道莲花路36号802房", "佛山"),
        ("佛山市禅城区省心路5号市场旁", "佛山"),
        ("北京市海淀区中关村大街1号", "北京"),
        ("上海浦东新区", "上海"),
        ("广西壮族自治区桂林市七星区", "桂林"),
        ("新疆维吾尔自治区乌鲁木齐市天山区", "乌鲁木齐"),
        ("内蒙古自治区呼和浩特市新城区", "呼和浩特"),
        ("黑龙江省哈尔滨市道里区", "哈尔滨"),
        ("吉林省延边朝鲜族自治州延吉市", "延边朝鲜族自治州"),
        ("广东省 佛山市", "佛山"),
        ("石湾镇街道雾岗路12号", ""),
        ("", ""),
    ],
)
def test_the_city_of_an_address(address: str, name: str) -> None:
    assert city(address) == name


def test_the_specimens_live_where_their_note_says() -> None:
    cities = {key: city(person["household"]["address"]) for key, person in PEOPLE.items()}
    assert (cities["lyu"], cities["elsewhere"]) == ("佛山", "桂林")
    assert all(cities.values())


@pytest.mark.parametrize(
    ("code", "of"),
    [
        ("440604", "佛山"),
        ("440602", "佛山"),
        ("440600", "佛山"),
        ("441900", "东莞"),
        ("110105", "北京"),
        ("500101", "重庆"),
        ("450305", "桂林"),
        ("440000", ""),
        ("341200", ""),
        ("990101", ""),
        ("4406", ""),
        ("４４０６０４", ""),
        ("", ""),
    ],
)
def test_the_city_of_a_code(code: str, of: str) -> None:
    assert city_of_region(code) == of


def test_every_city_of_individual_tourism_has_a_code_written_as_the_list_writes_it() -> None:
    assert {city_of_region(code) for code in every()} >= cities_on(TODAY)


def test_an_address_and_a_code_name_the_same_city() -> None:
    cities = [code for code in every() if city_of_region(code)]
    assert len(cities) > 150
    assert [code for code in cities if city(full_name(code)) != city_of_region(code)] == []


def test_retired_codes_keep_their_name_and_are_in_force_until_their_last_day() -> None:
    assert (name("440602"), name("440603"), name("440682")) == ("城区", "石湾区", "南海市")
    assert [in_force("440602", date.fromisoformat(day)) for day in ("1992-02-29", "2002-12-07", "2002-12-08")] == [
        True,
        True,
        False,
    ]
    assert [in_force("440604", date.fromisoformat(day)) for day in ("2002-12-07", "2002-12-08")] == [False, True]


def test_a_code_that_is_not_in_the_table_is_unknown_and_has_no_name() -> None:
    assert (name("411081"), full_name("411081"), full_name("990101")) == ("", "河南省", "")


def test_inside_a_city_are_the_districts_of_that_day() -> None:
    assert within("4406", TODAY) == FOSHAN
    assert within("4406", date(2000, 1, 1)) == ("440602", "440603", "440681", "440682", "440683", "440684")
    assert within("4419", TODAY) == within("9901", TODAY) == ()
    assert len(within("44", TODAY)) == 21


def test_no_code_stands_in_two_tables_of_one_day() -> None:
    for one, other in combinations(TABLES, 2):
        later = max(one.effective_from, other.effective_from)
        if one.in_force(later) and other.in_force(later):
            assert not one.names.keys() & other.names.keys()


def test_another_list_of_regions_has_the_same_names() -> None:
    listed = numdb.get("cn/loc")
    assert [code for code in every() if not code.endswith("0000") and name(code) not in str(listed.info(code))] == []


@given(st.text(max_size=20))
def test_any_text_has_a_city_or_none(text: str) -> None:
    assert city_of_region(text) in {"", *(city_of_region(code) for code in every())}
    assert isinstance(city(text), str)
