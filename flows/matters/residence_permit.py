"""居住证申领、签注: a residence permit for those whose household is registered in another city, and its yearly endorsement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.fields import Choice, Date, Option, PartialDate, fixed_choice
from flows.flow import Field, Flow, Known, Page, Route, Term, When
from flows.pages import day_of, months_later, shared_field
from flows.policy import Dated, declare, newest, on, read
from flows.residents import (
    MOBILE,
    first_day,
    has_no_permit_here,
    has_permit_here,
    household_is_here,
    is_child,
    new_home,
    paper,
    person,
    signed,
)

KINDS = {"APPLY": "首次申领", "ENDORSE": "每年签注", "MOVE": "变更居住地址", "ASK": "到窗口咨询"}
BASES = {"work": "合法稳定就业", "home": "合法稳定住所", "study": "连续就读", "ask": "到窗口咨询"}


@dataclass(frozen=True, kw_only=True)
class Endorsement(Dated):
    months_before: int
    months: int


@dataclass(frozen=True, kw_only=True)
class Stay(Dated):
    months: int


@dataclass(frozen=True, kw_only=True)
class Limit(Dated):
    days: int


@dataclass(frozen=True, kw_only=True)
class Residence:
    endorsement: tuple[Endorsement, ...]
    stay: tuple[Stay, ...]
    limit: tuple[Limit, ...]


_POLICY = read(Residence, "residence")
declare("residence endorsement", _POLICY.endorsement)
declare("residence stay", _POLICY.stay)
declare("residence limit", _POLICY.limit)


def kinds(known: Known) -> tuple[Option, ...]:
    """Whoever is registered in this city is told that no residence permit is needed, and may still ask a clerk."""
    local = "户口在本市，不需要居住证" if household_is_here(known) else ""
    absent = local or ("没有查到本市的居住证" if has_no_permit_here(known) else "")
    options = (
        Option("APPLY", KINDS["APPLY"], "在本市住满半年", local or ("已有本市居住证" if has_permit_here(known) else "")),
        Option("ENDORSE", KINDS["ENDORSE"], _late_note(known), absent or _too_early(known), counter=True),
        Option("MOVE", KINDS["MOVE"], "搬家后先变更地址", absent, counter=True),
    )
    return options if any(not o.why_not for o in options) else (*options, Option("ASK", KINDS["ASK"]))


def counting(known: Known) -> str:
    """How the years go on after an endorsement made today; "" while nobody knows when the permit ends."""
    ends = day_of(known["permit_expiry"])
    if ends is None:
        return ""
    if known.today > ends:
        return "late"
    return "early" if known.today < _window_opens(ends, known.today) else "on_time"


def endorsed_until(known: Known) -> str:
    """Late, the years count again from the day of the endorsement; in time, they follow the old ones."""
    ends = day_of(known["permit_expiry"])
    if ends is None:
        return ""
    months = on(known.today, _POLICY.endorsement, "residence endorsement").months
    return months_later(known.today if known.today > ends else ends, months).isoformat()


def bases(known: Known) -> tuple[Option, ...]:
    short = _stayed_too_short(known)
    options = (
        Option("work", BASES["work"], "有工作单位，或自己经营", short, counter=True),
        Option("home", BASES["home"], "自有或租住的房屋", short, counter=True),
        Option("study", BASES["study"], "在本市的学校就读", short, counter=True),
    )
    return (*options, Option("ask", BASES["ask"])) if short else options


def work_proof(known: Known) -> str:
    """Half a year of paid insurance is the proof of a job; nobody then brings a paper."""
    months, item = known.record("employment.months_paid"), "employment.months_paid"
    enough = months.isdecimal() and int(months) >= on(known.today, _POLICY.stay, "residence stay").months
    return "REGISTER" if enough and item not in known.doubted else "PAPER"


def route(known: Known) -> Route:
    asks = known["kind"] == "ASK" or known["basis"] == "ask"
    return Route.COUNTER if asks or is_child(known) else Route.TERMINAL


def term(known: Known) -> Term | None:
    """Only the first permit takes its days; an endorsement is made at once."""
    return Term(on(known.today, _POLICY.limit, "residence limit").days, "days") if known["kind"] == "APPLY" else None


def _window_opens(ends: date, today: date) -> date:
    return months_later(ends, -on(today, _POLICY.endorsement, "residence endorsement").months_before)


def _too_early(known: Known) -> str:
    ends = day_of(known.record("residence.expiry"))
    opens = _window_opens(ends, known.today) if ends else known.today
    return f"{opens.isoformat()} 起可以签注" if known.today < opens else ""


def _late_note(known: Known) -> str:
    ends = day_of(known.record("residence.expiry"))
    late = ends is not None and known.today > ends
    return "已过期，功能中止；补办签注后，年限从当天重新计算" if late else "每满一年前的一个月内办理"


def _stayed_too_short(known: Known) -> str:
    arrived = first_day(known["arrived"])
    if known["kind"] != "APPLY" or arrived is None:
        return ""
    enough = months_later(arrived, on(known.today, _POLICY.stay, "residence stay").months)
    return f"住满半年后，{enough.isoformat()} 起可以申领" if known.today < enough else ""


def _kind(*kinds: str) -> When:
    return When("、".join(KINDS[kind] for kind in kinds), lambda known: known["kind"] in kinds)


def _basis(key: str) -> When:
    return When(BASES[key], lambda known: known["kind"] != "MOVE" and known["basis"] == key)


NEW_ADDRESS = When("首次申领，或搬家后", lambda known: known["kind"] in ("APPLY", "MOVE") or known["still_there"] == "no")
UNPROVED = When("就业没有缴费记录证明", lambda known: known["basis"] == "work" and known["work_proof"] == "PAPER")

KIND = Page(
    name="kind",
    title="要办哪一种",
    lead="居住证的申领和签注都不收费",
    fields=(Field(name="kind", label="办理种类", kind=Choice(kinds, lambda key: KINDS.get(key, key)), row="办理种类"),),
)
PERMIT = Page(
    name="permit",
    title="现在的居住证",
    lead="请看居住证正面",
    asked_when=_kind("ENDORSE", "MOVE"),
    fields=(
        shared_field("permit_number", "residence.number", row="居住证号码", may_be_left=True),
        shared_field("permit_address", "residence.address", row="原居住地址", may_be_left=True),
        shared_field("permit_expiry", "residence.expiry", row="有效期", may_be_left=True, hint="例如 20261210"),
    ),
)
ENDORSING = Page(
    name="endorsing",
    title="签注以后",
    lead="日期以窗口签注的当天为准",
    asked_when=When("每年签注，知道有效期时", lambda known: known["kind"] == "ENDORSE" and bool(known["permit_expiry"])),
    fields=(
        Field(
            name="counting",
            label="年限怎样计算",
            kind=fixed_choice(
                on_time="按时签注，年限连续计算", late="已逾期，年限从签注之日重新计算", early="还没到签注时间，由窗口核实"
            ),
            locked=True,
            derive=counting,
            row="签注",
        ),
        Field(name="endorsed_until", label="签注后有效期至", kind=Date(), locked=True, derive=endorsed_until, row="签注"),
    ),
)
STILL_THERE = Page(
    name="still_there",
    title="还住在登记的地址吗",
    lead="已经搬家的，先变更地址，同时签注",
    asked_when=_kind("ENDORSE"),
    fields=(
        Field(
            name="still_there",
            label="居住地址",
            kind=fixed_choice(yes="还住在这里", no="已经搬家"),
            row="居住地址",
        ),
    ),
)
ARRIVED = Page(
    name="arrived",
    title="什么时候住到本市",
    asked_when=_kind("APPLY"),
    fields=(Field(name="arrived", label="来本市日期", kind=PartialDate(), row="来本市日期", hint="例如 202603"),),
)
BASIS = Page(
    name="basis",
    title="在本市居住的理由",
    asked_when=_kind("APPLY", "ENDORSE"),
    fields=(
        Field(
            name="basis",
            label="居住事由",
            kind=Choice(bases, lambda key: BASES.get(key, key)),
            item="residence.basis",
            row="居住事由",
        ),
    ),
)
WORK = Page(
    name="work",
    title="在哪里工作",
    lead="社会保险连续缴费满半年，就不用就业证明",
    asked_when=_basis("work"),
    fields=(
        shared_field("employer", "employment.employer", row="工作单位", locked=False, may_be_left=True),
        shared_field("months_paid", "employment.months_paid", row="连续缴费月数", required=False),
        Field(
            name="work_proof",
            label="就业证明",
            kind=fixed_choice(REGISTER="社会保险缴费记录", PAPER="需要就业证明材料"),
            locked=True,
            derive=work_proof,
            row="证明材料",
        ),
    ),
)

FLOW = Flow(
    code="residence-permit",
    version="1",
    title="居住证申领签注",
    summary="首次申领、每年签注、变更地址",
    pages=(
        KIND,
        ARRIVED,
        BASIS,
        person(MOBILE, shared_field("address", "household.address", row="户籍地址", may_be_left=True)),
        PERMIT,
        ENDORSING,
        STILL_THERE,
        *new_home(NEW_ADDRESS),
        WORK,
        paper("work_paper", "劳动合同或营业执照", UNPROVED, "work_proof"),
        paper("home_paper", "租赁合同或房产证", _basis("home"), "home_proof"),
        paper("study_paper", "学籍证明或学生证", _basis("study"), "study_proof"),
        signed("以上内容属实，居住地址变更会及时申报"),
    ),
    bring=("居民身份证", "居住证（已有的）"),
    needs=("residence.city",),
    policy_version=f"residence {newest([*_POLICY.endorsement, *_POLICY.stay, *_POLICY.limit])}",
    told=("population",),
    route=route,
    term=term,
)
