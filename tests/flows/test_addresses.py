"""Addresses as households write them: where the region ends, and what cannot be delivered to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.addresses import DISTRICT, Address, Parted, joined, part
from flows.flow import Known
from flows.names import spelling
from tests.flows.people import PEOPLE, TODAY

HERE = Known({}, {}, TODAY, "440604")
KIND = Address()
BEGIN = "地址请从省、市写起，例如“广东省佛山市禅城区”"


@pytest.mark.parametrize(
    ("address", "parted"),
    [
        ("广东省佛山市禅城区祖庙街道1号", Parted("440604", "广东省佛山市禅城区", "祖庙街道1号")),
        ("佛山市禅城区祖庙街道1号", Parted("440604", "佛山市禅城区", "祖庙街道1号")),
        ("广西壮族自治区桂林市七星区1号", Parted("450300", "广西壮族自治区桂林市", "七星区1号")),
        ("安徽省阜阳市颍州区1号", Parted("340000", "安徽省", "阜阳市颍州区1号")),
        ("北京市海淀区1号", Parted("110000", "北京市", "海淀区1号")),
        ("佛山市石湾区1号", Parted("440603", "佛山市石湾区", "1号")),
        ("莲花路36号", Parted("", "", "莲花路36号")),
        ("", Parted("", "", "")),
    ],
)
def test_an_address_is_its_region_and_the_rest(address: str, parted: Parted) -> None:
    assert part(address) == parted


def test_the_same_address_with_and_without_its_province_is_in_the_same_region() -> None:
    assert part("广东省佛山市禅城区1号").code == part("佛山市禅城区1号").code


def test_region_and_rest_make_the_written_address_again() -> None:
    for person in PEOPLE.values():
        address = person["household"]["address"]
        found = part(address)
        assert joined(found.code, found.rest) == found.region + found.rest == address


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (" 广东省 佛山市 禅城区祖庙街道１号 ", ""),
        ("恩施土家族苗族自治州恩施市2号", ""),
        ("莲花路36号802房", BEGIN),
        ("12市3号", BEGIN),
        ("广东省佛山市", "请写到街道和门牌号"),
        ("广东省佛山市禅城区" + "长" * 100, "太长了，请写短一些"),
        ("广东省佛山市\x07某街道1号", "含有不能使用的字符"),
    ],
)
def test_an_address_begins_with_its_region_and_ends_at_a_door(typed: str, words: str) -> None:
    assert KIND.mistake(KIND.normal(typed), HERE) == words


def test_a_region_that_the_table_does_not_know_is_looked_at_and_never_refused() -> None:
    value = "恩施土家族苗族自治州恩施市2号"
    assert (KIND.mistake(value, HERE), KIND.warning(value, HERE)) == ("", "地址里的省、市不在代码表中，请核对")
    assert KIND.warning("广东省佛山市禅城区祖庙街道1号", HERE) == ""


def test_the_written_form_still_compares_with_what_a_register_writes() -> None:
    assert spelling(KIND.normal("广东省佛山市 禅城区莲花路３６号")) == spelling("广东省佛山市禅城区莲花路36号")


def test_the_districts_offered_are_those_of_the_halls_city() -> None:
    options = DISTRICT.options(HERE)
    assert [option.label for option in options] == ["禅城区", "南海区", "顺德区", "三水区", "高明区"]
    assert (DISTRICT.mistake("440604", HERE), DISTRICT.mistake("440602", HERE)) == ("", "请从列出的选项中选择")
    assert (DISTRICT.shown("440604"), DISTRICT.shown("999999")) == ("禅城区", "999999")


@pytest.mark.parametrize("region", ["", "441900", "990000"])
def test_a_city_without_districts_offers_none(region: str) -> None:
    assert DISTRICT.options(Known({}, {}, TODAY, region)) == ()


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("省市区广东佛山禅城1号"), max_size=30))
def test_any_text_is_parted_without_losing_a_character(text: str) -> None:
    found = part(KIND.normal(text))
    assert found.region + found.rest == KIND.normal(text)
    assert KIND.normal(KIND.normal(text)) == KIND.normal(text)
