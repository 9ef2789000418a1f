"""居民身份证换领、补领: a card that ends, is damaged or lost. The household register fills it in, not the old chip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows import fees, guardian
from flows.exit_entry_pages import only_when
from flows.fields import Choice, Option, fixed_choice
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, Route, Term, When
from flows.names import DOT, dotted, is_same
from flows.pages import (
    AT_THE_COUNTER,
    CONTACT,
    ELSEWHERE,
    HOME,
    day_of,
    declaration,
    is_under,
    months_later,
    photo,
    shared_field,
)
from flows.policy import Dated, declare, newest, on, read
from flows.regions import name as name_of_region

ADULT = 16
_PROVINCE = re.compile(r"[^市县]{2,7}?(?:省|自治区)|(?:北京|上海|天津|重庆)市")
KINDS = {"EXPIRED": "有效期满换领", "DAMAGED": "损坏换领", "LOST": "丢失补领", "FIRST": "首次申领"}


@dataclass(frozen=True, kw_only=True)
class Renewal(Dated):
    months_before: int
    same_province: bool


@dataclass(frozen=True, kw_only=True)
class Age:
    from_age: int
    years: int


@dataclass(frozen=True, kw_only=True)
class Validity(Dated):
    ages: tuple[Age, ...]


@dataclass(frozen=True, kw_only=True)
class Prices(Dated):
    of: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Limit(Dated):
    days: int


@dataclass(frozen=True, kw_only=True)
class ResidentCards:
    renewal: tuple[Renewal, ...]
    validity: tuple[Validity, ...]
    prices: tuple[Prices, ...]
    limit: tuple[Limit, ...]


_POLICY = read(ResidentCards, "resident_card")
declare("resident card renewal", _POLICY.renewal)
declare("resident card validity", _POLICY.validity)
declare("resident card prices", _POLICY.prices)
declare("resident card limit", _POLICY.limit)


def years_valid(known: Known) -> int:
    """How many years a card made today is valid; 0 is 长期."""
    bands = on(known.today, _POLICY.validity, "resident card validity").ages
    return next(band.years for band in reversed(bands) if not is_under(known, band.from_age))


def kinds(known: Known) -> tuple[Option, ...]:
    years = years_valid(known)
    note = f"新证有效期 {years} 年" if years else "新证长期有效"
    gone = "身份证已挂失，请选丢失补领" if known.record("resident_card.state") == "lost" else ""
    return (
        Option("EXPIRED", KINDS["EXPIRED"], note, gone or _not_yet(known)),
        Option("DAMAGED", KINDS["DAMAGED"], note, gone),
        Option("LOST", KINDS["LOST"], note),
        Option("FIRST", KINDS["FIRST"], note, AT_THE_COUNTER, counter=True),
    )


def route(known: Known) -> Route:
    """The counter for whatever a terminal may not decide; which of these it was stays unsaid."""
    away = (
        _is_child_alone(known)
        or _lives_in_another_province(known)
        or known.record("resident_card.fingerprints") == "no"
        or has_rare_characters(known["name"])
        or any(item.startswith(("household.", "person.")) for item in known.doubted)
        or _differs_from_household(known)
    )
    return Route.COUNTER if away else Route.TERMINAL


def fee(known: Known) -> Fee:
    paid = on(known.today, _POLICY.prices, "resident card prices").of.get(known["kind"])
    if paid is None:
        return Fee()
    table = fees.fees_on(known.today)
    return Fee((FeeLine(KINDS[known["kind"]], table.of(paid)),), table.name)


def term(known: Known) -> Term:
    return Term(on(known.today, _POLICY.limit, "resident card limit").days, "days")


def has_rare_characters(name: str) -> bool:
    """Whether a name holds what the first national code tables had not: the machine that makes cards may lack it."""
    return re.search(rf"[^\u4e00-\u9fa5{DOT}]", dotted(name)) is not None


def _not_yet(known: Known) -> str:
    """Why the end of the card is no reason yet; a card nobody told the end of is the clerk's to look at."""
    if known.record("resident_card.expiry") == "长期":
        return "身份证长期有效，不用换领"
    ends = day_of(known.record("resident_card.expiry"))
    if ends is None:
        return ""
    first = months_later(ends, -on(known.today, _POLICY.renewal, "resident card renewal").months_before)
    return f"身份证还有效，{first.isoformat()} 起可以换领" if known.today < first else ""


def _is_child_alone(known: Known) -> bool:
    """A child without guardian; or one with no card yet on record: the first card is not for a terminal."""
    had_one = known.record("resident_card.expiry") or known.record("resident_card.issued")
    return is_under(known, ADULT) and (known.guardian is None or not had_one)


def _lives_in_another_province(known: Known) -> bool:
    """By the police station's code; by the written address where the register has no code."""
    if not on(known.today, _POLICY.renewal, "resident card renewal").same_province or not known.region:
        return False
    station = known.record("household.station_code")
    if station:
        return station[:2] != known.region[:2]
    written = _PROVINCE.match(known.record("household.address"))
    return written is not None and written[0] != name_of_region(f"{known.region[:2]}0000")


def _differs_from_household(known: Known) -> bool:
    """Whether card and register disagree about the person: what a new card says is then a clerk's decision."""
    said = {"name": "person.name", "sex": "person.sex", "ethnic_group": "person.ethnic_group", "birth": "person.birth"}
    pairs = [(known[name], known.record(item)) for name, item in said.items()]
    return any(one and other and not is_same(one, other) for one, other in pairs)


KIND = Page(
    name="kind",
    title="要办哪一种",
    lead="身份证过期或丢失后，芯片仍能读出，但已经不能使用",
    fields=(Field(name="kind", label="办理种类", kind=Choice(kinds, lambda key: KINDS.get(key, key)), row="申领原因"),),
)
WHO = Page(
    name="who",
    title="请核对身份",
    lead="新证按户口登记的内容制作；有不对的地方，请在窗口告诉工作人员",
    fields=(
        shared_field("name", "person.name", row="姓名"),
        shared_field("number", "person.number", row="公民身份号码"),
        shared_field("sex", "person.sex", row="性别"),
        shared_field("ethnic_group", "person.ethnic_group", row="民族"),
        shared_field("birth", "person.birth", row="出生日期"),
        shared_field("address", "household.address", row="住址", may_be_left=True),
        shared_field("police_station", "household.police_station", row="签发机关", may_be_left=True),
    ),
)
DELIVERY = Page(
    name="delivery",
    title="办好以后怎样领取",
    lead="领取新证时交回旧证",
    fields=(
        Field(
            name="delivery",
            label="领取方式",
            kind=fixed_choice(PICKUP="到大厅窗口领取", EMS="邮政快递送到家"),
            row="领取方式",
        ),
    ),
)
POSTED = When("邮寄时", lambda known: known["delivery"] == "EMS")


def _boxed(page: Page, row: str) -> Page:
    """A page of several matters as it fills one box of this form."""
    return replace(page, fields=tuple(replace(field, row=row) for field in page.fields))


FLOW = Flow(
    code="resident-card",
    version="1",
    title="居民身份证换领补领",
    summary="到期、损坏或丢失，换新的",
    pages=(
        KIND,
        WHO,
        _boxed(guardian.GUARDIAN, "监护人"),
        _boxed(CONTACT, "联系电话"),
        DELIVERY,
        _boxed(only_when(HOME, POSTED), "邮寄地址"),
        _boxed(only_when(ELSEWHERE, POSTED), "邮寄地址"),
        _boxed(photo("resident_card"), "相片"),
        _boxed(
            declaration("本人声明：以上内容属实；丢失补领的，原证确已丢失，找到后交回公安机关。未满16岁的，由监护人签名。"),
            "申领人签名",
        ),
    ),
    bring=("旧身份证，丢失的带户口簿",),
    needs=(
        "resident_card.issued",
        "resident_card.expiry",
        "resident_card.state",
        "resident_card.fingerprints",
        "household.station_code",
    ),
    child_needs=guardian.NEEDS,
    policy_version=f"resident card {newest([*_POLICY.renewal, *_POLICY.validity, *_POLICY.prices, *_POLICY.limit])}",
    told=("population",),
    for_child=True,
    route=route,
    fee=fee,
    term=term,
)
