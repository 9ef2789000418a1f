"""无犯罪记录证明: the request only. What the police find is handed over at a window, whatever it is; no item asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from flows.fields import Choice, Date, Option, Text, fixed_choice
from flows.flow import Field, Flow, Known, Page, Route, Term, When
from flows.pages import shared_field
from flows.policy import Dated, declare, newest, on, read
from flows.residents import (
    MOBILE,
    has_no_permit_here,
    has_permit_here,
    household_is_elsewhere,
    household_is_here,
    is_child,
    person,
    signed,
)

GROUNDS = {"HOUSEHOLD": "户口在本市", "RESIDENCE": "有本市居住证", "ASK": "都不是，到窗口咨询"}


@dataclass(frozen=True, kw_only=True)
class Limit(Dated):
    working_days: int


@dataclass(frozen=True, kw_only=True)
class NoCriminalRecord:
    limit: tuple[Limit, ...]


_POLICY = read(NoCriminalRecord, "no_criminal_record")
declare("no criminal record limit", _POLICY.limit)


def grounds(known: Known) -> tuple[Option, ...]:
    """The police of the household or of the residence take the request."""
    away = "户口不在本市" if household_is_elsewhere(known) else ""
    return (
        Option("HOUSEHOLD", GROUNDS["HOUSEHOLD"], "", away, counter=True),
        Option("RESIDENCE", GROUNDS["RESIDENCE"], "", "没有查到本市的居住证" if has_no_permit_here(known) else "", counter=True),
        Option("ASK", GROUNDS["ASK"]),
    )


def ground(known: Known) -> str:
    """What the registers show already, the household first."""
    if household_is_here(known):
        return "HOUSEHOLD"
    return "RESIDENCE" if has_permit_here(known) else ""


def route(known: Known) -> Route:
    return Route.COUNTER if known["grounds"] == "ASK" or is_child(known) else Route.TERMINAL


def term(known: Known) -> Term:
    return Term(on(known.today, _POLICY.limit, "no criminal record limit").working_days, "working_days")


@dataclass(frozen=True)
class PastDay(Date):
    """A day up to today; `after` names the answer that it may not be earlier than."""

    after: str = ""

    def mistake(self, value: str, known: Known) -> str:
        if wrong := super().mistake(value, known):
            return wrong
        if value > known.today.isoformat():
            return "日期在今天以后，请检查"
        return "结束日期早于开始日期" if self.after and value < known[self.after] else ""


ABROAD = When("在境外使用", lambda known: known["used_in"] == "ABROAD")

GROUND = Page(
    name="grounds",
    title="受理和领取",
    lead="结果只当面交给本人。替别人申请，或者一年内超过三次的，请到人工窗口",
    fields=(
        Field(
            name="grounds",
            label="受理依据",
            kind=Choice(grounds, lambda key: GROUNDS.get(key, key)),
            locked=True,
            derive=ground,
            row="受理依据",
        ),
        Field(
            name="result",
            label="领取方式",
            kind=fixed_choice(WINDOW="请到窗口领取结果"),
            locked=True,
            derive=lambda known: "WINDOW",
            row="领取方式",
        ),
    ),
)
PURPOSE = Page(
    name="purpose",
    title="用来做什么",
    fields=(
        Field(
            name="purpose",
            label="用途",
            kind=fixed_choice(JOB="求职或入职", LICENCE="执业资格", STUDY="留学", VISA="签证或移民", ADOPT="收养", OTHER="其他"),
            row="用途",
        ),
        Field(name="used_in", label="使用地", kind=fixed_choice(HOME="在国内使用", ABROAD="在境外使用"), row="使用地"),
    ),
)
COUNTRY = Page(
    name="country",
    title="在哪个国家或地区使用",
    asked_when=ABROAD,
    fields=(
        Field(
            name="country",
            label="国家或地区",
            kind=Text(40, "latin"),
            may_be_left=True,
            row="使用地",
            hint="用拉丁字母写，例如 Singapore",
        ),
        Field(
            name="language",
            label="证明的文字",
            kind=fixed_choice(zh="只要中文", both="中文和外文（另需公证）"),
            row="文字",
        ),
    ),
)
PERIOD = Page(
    name="period",
    title="证明哪一段时间",
    fields=(
        Field(name="period", label="起止时间", kind=fixed_choice(ALL="到今天为止", DAYS="自己填写起止日期"), row="起止时间"),
    ),
)
DAYS = Page(
    name="days",
    title="从哪一天到哪一天",
    asked_when=When("自己填写起止日期", lambda known: known["period"] == "DAYS"),
    fields=(
        Field(name="day_from", label="开始日期", kind=PastDay(), row="起止时间", hint="例如 20200101"),
        Field(name="day_to", label="结束日期", kind=PastDay(after="day_from"), row="起止时间", hint="例如 20261123"),
    ),
)

FLOW = Flow(
    code="no-criminal-record",
    version="1",
    title="无犯罪记录证明",
    summary="在这里申请，到窗口领取",
    pages=(
        person(MOBILE, shared_field("address", "household.address", row="户籍地址", may_be_left=True)),
        GROUND,
        PURPOSE,
        COUNTRY,
        PERIOD,
        DAYS,
        signed("以上内容属实，证明只用于所写的用途"),
    ),
    bring=("居民身份证", "居住证（户口不在本市的）"),
    needs=("residence.number", "residence.city"),
    policy_version=f"no criminal record {newest(_POLICY.limit)}",
    told=("population",),
    route=route,
    term=term,
)
