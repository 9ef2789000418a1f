"""Endorsements: who is offered which letter, for how long, where, and what it costs."""

from __future__ import annotations

from datetime import date

import pytest

from flows.endorsement_choice import ANSWERS, LABELS, chosen, lines, place_choice
from flows.endorsements import ALL_OFFERS, Place
from flows.flow import FeeLine, Route
from flows.matters.hk_macau_permit import FLOW
from tests.flows.permits import FOSHAN, GUILIN, HENGQIN, SHENZHEN, ZHUHAI, known, offered, options

PLACES: tuple[Place, ...] = ("HK", "MO")
LETTERS = {f"HK-{letter}" for letter in ANSWERS}
TOURISM = {f"HK-{kind}-{length}" for kind in "GL" for length in ("3-1", "3-2", "12-1", "12-2")}
NEUTRAL = {
    "",
    "请到人工窗口办理",
    "请到户口或居住证所在城市办理",
    "超过通行证有效期，请先换发",
    "现有签注用完或到期后再申请",
    "距上次澳门签注不满 60 天",
    "香港和澳门请至少选一个",
    "澳门现在没有可以申请的签注",
}


def test_a_resident_of_a_listed_city_at_its_own_window_is_offered_everything() -> None:
    assert offered(options("HK", known())) == TOURISM | LETTERS | {"none"}
    macau = {"MO-G-3-1", "MO-G-12-1", "MO-L-3-1", "MO-L-12-1", "none"} | {f"MO-{letter}" for letter in ANSWERS}
    assert offered(options("MO", known())) == macau


def test_kinds_that_need_papers_say_so_before_they_are_chosen() -> None:
    found = options("HK", known())
    assert {found[key].note for key in LETTERS} == {"原件带到窗口出示"}
    assert found["HK-G-3-1"].note == "每次最多停留 7 天"


def test_a_household_outside_the_59_cities_has_no_individual_tourism() -> None:
    found = options("HK", known(address=GUILIN))
    assert found["HK-G-3-1"].why_not == "请到人工窗口办理"
    assert {"HK-L-3-1", "HK-T"} <= offered(found)


def test_a_listed_city_elsewhere_means_its_own_window() -> None:
    assert options("HK", known(address=SHENZHEN))["HK-G-3-1"].why_not == "请到户口或居住证所在城市办理"
    assert options("HK", known(address=SHENZHEN, region=""))["HK-G-3-1"].why_not == ""


@pytest.mark.parametrize(
    ("expiry", "offer"), [("2026-11-22", False), ("2026-11-23", True), ("", True)], ids=["run out", "last day", "not said"]
)
def test_a_residence_permit_of_this_city_opens_individual_tourism_while_it_runs(expiry: str, offer: bool) -> None:
    about = known(address=GUILIN, residence__city="佛山市", residence__expiry=expiry)
    assert ("HK-G-12-2" in offered(options("HK", about))) is offer


def test_an_unknown_address_does_not_stop_the_citizen() -> None:
    assert "HK-G-12-2" in offered(options("HK", known(address="")))


def test_kinds_that_exit_entry_does_not_give_are_the_counters_without_a_reason() -> None:
    found = options("HK", known(permit__kinds="DLQST"))
    assert {key for key, option in found.items() if option.why_not == "请到人工窗口办理"} == {
        *("HK-G-3-1", "HK-G-3-2", "HK-G-12-1", "HK-G-12-2", "HK-R")
    }


def test_talent_is_asked_for_where_one_works() -> None:
    assert options("HK", known(region="510104"))["HK-R"].why_not == "请到人工窗口办理"
    assert options("HK", known(region="310115"))["HK-R"].why_not == ""
    assert options("HK", known(region=""))["HK-R"].why_not == ""


@pytest.mark.parametrize(
    ("address", "region", "today", "place", "special"),
    [
        (SHENZHEN, "440304", "2026-11-23", "HK", {"HK-G-12-M"}),
        (SHENZHEN, "440304", "2024-12-01", "HK", {"HK-G-12-M"}),
        (SHENZHEN, "440304", "2024-11-30", "HK", {"HK-G-12-W1"}),
        (SHENZHEN, "440604", "2026-11-23", "HK", set()),
        (FOSHAN, "440604", "2026-11-23", "HK", set()),
        (ZHUHAI, "440402", "2026-11-23", "MO", {"MO-G-12-W1"}),
        (ZHUHAI, "440402", "2024-12-31", "MO", set()),
        (HENGQIN, "440402", "2026-11-23", "MO", {"MO-G-12-W1", "MO-G-12-M"}),
    ],
)
def test_city_specials_are_offered_to_their_residents_at_home_in_their_time(
    address: str, region: str, today: str, place: Place, special: set[str]
) -> None:
    about = known(date.fromisoformat(today), address=address, region=region)
    found = {key for key in options(place, about) if key.endswith(("G-12-M", "G-12-W1"))}
    assert found == special
    assert special <= offered(options(place, about))


def test_a_residence_permit_opens_shenzhen_and_hengqin_but_not_the_weekly_visit_of_zhuhai() -> None:
    shenzhen = known(address=GUILIN, residence__city="深圳", region="440304")
    assert "HK-G-12-M" in offered(options("HK", shenzhen))
    zhuhai = {"residence__city": "珠海", "address": GUILIN, "region": "440402"}
    assert not {"MO-G-12-W1", "MO-G-12-M"} & set(options("MO", known(**zhuhai, residence__address=ZHUHAI)))
    in_hengqin = options("MO", known(**zhuhai, residence__address=HENGQIN))
    assert "MO-G-12-M" in offered(in_hengqin)
    assert "MO-G-12-W1" not in in_hengqin


@pytest.mark.parametrize("question", ["public_servant", "soldier"])
def test_city_specials_leave_out_public_servants_and_soldiers(question: str) -> None:
    assert "HK-G-12-M" not in options("HK", known(address=SHENZHEN, region="440304", **{question: "yes"}))


@pytest.mark.parametrize(("expiry", "year"), [("2027-11-21", False), ("2027-11-22", True), ("2027-11-23", True), ("", True)])
def test_an_endorsement_ends_on_or_before_the_last_day_of_the_card_that_stays(expiry: str, year: bool) -> None:
    found = options("HK", known(permit_expiry=expiry))
    assert found["HK-G-12-2"].why_not == ("" if year else "超过通行证有效期，请先换发")
    assert found["HK-G-3-2"].why_not == ""


def test_on_a_new_card_every_length_fits() -> None:
    assert "HK-G-12-2" in offered(options("HK", known(permit_expiry="2027-01-01", kind="RENEW")))


def test_a_kind_whose_every_length_is_too_long_sends_to_renewal_first() -> None:
    found = options("HK", known(permit_expiry="2027-07-01"))
    assert (found["HK-R"].why_not, found["HK-R"].counter) == ("超过通行证有效期，请先换发", False)
    assert found["HK-T"].why_not == ""


@pytest.mark.parametrize(("until", "offer"), [("2026-11-22", True), ("2026-11-23", False), ("", True)])
def test_an_unused_endorsement_for_a_place_is_used_first_and_the_other_place_stays_open(until: str, offer: bool) -> None:
    about = known(permit__hong_kong_until=until)
    assert ("HK-G-3-1" in offered(options("HK", about))) is offer
    assert options("HK", about)["none"].why_not == ""
    assert "MO-G-3-1" in offered(options("MO", about))


@pytest.mark.parametrize(("kind", "offer"), [("REAPPLY", True), ("REISSUE_LOST", True), ("RENEW", False)])
def test_an_endorsement_on_a_card_that_counts_no_more_stops_nobody(kind: str, offer: bool) -> None:
    about = known(kind=kind, permit__hong_kong_until="2027-01-01")
    assert ("HK-G-3-1" in offered(options("HK", about))) is offer


@pytest.mark.parametrize(("last", "offer"), [("2026-09-24", True), ("2026-09-25", False)])
def test_macau_keeps_a_distance_of_days_and_hong_kong_none(last: str, offer: bool) -> None:
    about = known(permit__macau_last=last)
    assert options("MO", about)["MO-G-3-1"].why_not == ("" if offer else "距上次澳门签注不满 60 天")
    assert "HK-G-3-1" in offered(options("HK", about))


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ({"hong_kong": "HK-G-3-1"}, FeeLine("香港 个人旅游 三个月一次", 15)),
        ({"hong_kong": "HK-T", "hong_kong_length": "HK-T-3-M"}, FeeLine("香港 探亲 三个月多次", 80)),
        ({"macau": "MO-R", "macau_length": "MO-R-36-M"}, FeeLine("澳门 人才 三年多次", 240)),
        ({"macau": "MO-R", "macau_length": "MO-R-60-M"}, FeeLine("澳门 人才 五年多次", 240)),
        ({"macau": "MO-G-12-W1"}, FeeLine("澳门 个人旅游 一年每周一次", 80)),
    ],
)
def test_each_endorsement_is_a_line_of_its_own(answers: dict[str, str], line: FeeLine) -> None:
    assert lines(known(**answers)) == ((line,), ())


@pytest.mark.parametrize(
    ("until", "yuan"),
    [
        ("2026-11-30", 80),
        ("2027-11-22", 80),
        ("2027-11-23", 120),
        ("2028-11-22", 120),
        ("2028-11-23", 160),
        ("2029-10-22", 160),
        ("2029-10-23", 240),
    ],
)
def test_a_stay_is_priced_by_the_months_to_its_end_a_begun_one_whole(until: str, yuan: int) -> None:
    about = known(hong_kong="HK-D", hong_kong_length="HK-D-0-M", hong_kong_stay_until=until)
    assert lines(about) == ((FeeLine("香港 逗留 到许可期满多次", yuan),), ())


def test_a_stay_whose_end_is_left_to_the_counter_has_no_price_yet() -> None:
    about = known(hong_kong="HK-D", hong_kong_length="HK-D-0-M", macau="MO-G-3-1")
    assert lines(about) == ((FeeLine("澳门 个人旅游 三个月一次", 15),), ("香港 逗留 到许可期满多次",))


def test_a_kind_without_its_length_has_no_price_yet() -> None:
    assert lines(known(hong_kong="HK-T")) == ((), ("香港 探亲",))
    assert chosen(known(hong_kong="HK-T")) == ()


def test_hong_kong_and_macau_are_two_endorsements() -> None:
    about = known(hong_kong="HK-S", hong_kong_length="HK-S-12-M", macau="MO-L-3-1")
    assert [offer.key for offer in chosen(about)] == ["HK-S-12-M", "MO-L-3-1"]


def test_who_cannot_go_to_macau_now_and_wants_endorsements_alone_has_to_go_to_hong_kong() -> None:
    about = known(permit__macau_until="2027-01-01")
    assert options("HK", about)["none"].why_not == "澳门现在没有可以申请的签注"
    assert options("HK", known(permit__macau_until="2027-01-01", kind="RENEW"))["none"].why_not == ""


def test_with_live_endorsements_for_both_places_endorsements_alone_are_the_counters() -> None:
    both = {"permit__hong_kong_until": "2027-01-01", "permit__macau_until": "2027-01-01"}
    assert FLOW.route(known(**both)) is Route.COUNTER
    assert FLOW.route(known(**both, kind="RENEW")) is Route.TERMINAL
    assert FLOW.route(known(permit__hong_kong_until="2027-01-01")) is Route.TERMINAL


def test_every_reason_why_something_is_not_on_offer_is_neutral() -> None:
    people = [
        known(**said)
        for said in (
            {},
            {"address": GUILIN},
            {"address": SHENZHEN},
            {"permit__kinds": "L"},
            {"permit_expiry": "2027-07-01"},
            {"permit__macau_until": "2027-01-01"},
            {"permit__macau_last": "2026-11-01"},
            {"hong_kong": "none"},
            {"region": "510104"},
        )
    ]
    words = {option.why_not for about in people for place in PLACES for option in options(place, about).values()}
    assert words == NEUTRAL


def test_what_can_never_be_had_a_clerk_cannot_choose_either() -> None:
    choice = place_choice("HK").at_the_counter()
    found = {option.key: option.why_not for option in choice.options(known(permit_expiry="2027-07-01", permit__kinds="GL"))}
    assert found["HK-G-12-2"] == "超过通行证有效期，请先换发"
    assert found["HK-T"] == ""


def test_every_option_ever_offered_can_be_read_again() -> None:
    assert {offer.key for offer in ALL_OFFERS} <= set(LABELS)
    for place in PLACES:
        for option in options(place, known()).values():
            assert place_choice(place).shown(option.key) == option.label != option.key
