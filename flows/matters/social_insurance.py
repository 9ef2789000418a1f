"""社会保险参保证明: what social security and, since 2018, the medical insurance authority certify at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

from flows.certificate import Certificate
from flows.fields import Choice, Option, PartialDate, fixed_choice
from flows.flow import Field, Flow, Known, Page, Route, When
from flows.insurance import TITLES, VERSION, Codes, InsuranceKind, kinds_on
from flows.items import ITEMS
from flows.pages import shared_field
from flows.residents import PURPOSE, is_child, person

CHINA = timezone(timedelta(hours=8))
PAPERS = {"PROOF": "参保证明", "PAYMENTS": "缴费明细", "RIGHTS": "权益记录单", "PENSION": "养老待遇证明"}
ALL = "ALL"
SOCIAL, MEDICAL = "social_security", "medical_insurance"
FACTS = {
    SOCIAL: ("insurance.number", "insurance.state", "insurance.kinds", "insurance.since", "insurance.months"),
    MEDICAL: ("medical.state", "medical.since", "medical.months"),
}
"""What each department must have told before its facts go on paper without a clerk."""


def papers(known: Known) -> tuple[Option, ...]:
    working = known.record("insurance.state") not in ("", "pension")
    return (
        Option("PROOF", PAPERS["PROOF"], "到今天为止的参保情况"),
        Option("PAYMENTS", PAPERS["PAYMENTS"], "最近连续缴费的月份"),
        Option("RIGHTS", PAPERS["RIGHTS"], "由窗口打印"),
        Option("PENSION", PAPERS["PENSION"], "由窗口打印", "还没有领取养老金" if working else "", counter=True),
    )


def insurances(known: Known) -> tuple[Option, ...]:
    """The kinds this person has. What a silent department may have stays on offer: the clerk looks it up."""
    single = (Option(kind.code, kind.title, why_not=_why_not(kind, known), counter=True) for kind in kinds_on(known.today))
    return (Option(ALL, "全部险种"), *single)


def chosen(known: Known) -> tuple[InsuranceKind, ...]:
    """The kinds the paper is about."""
    every = kinds_on(known.today)
    if known["insurance"] != ALL:
        return tuple(kind for kind in every if kind.code == known["insurance"])
    return tuple(kind for kind in every if not _why_not(kind, known))


def certificate(known: Known) -> Certificate | None:
    """The paper, when every department whose facts it states has told them and nothing is in question."""
    kinds = chosen(known)
    departments = tuple(dict.fromkeys(kind.department for kind in kinds))
    if not departments or is_child(known) or not all(_is_sure(known, FACTS[each]) for each in departments):
        return None
    match known["paper"]:
        case "PROOF":
            return _proof(known, departments)
        case "PAYMENTS" if departments == (SOCIAL,) and _is_sure(known, ("employment.months_paid",)):
            return _payments(known)
        case _:
            return None


def route(known: Known) -> Route:
    return Route.COUNTER if is_child(known) else Route.TERMINAL


@dataclass(frozen=True)
class Month(PartialDate):
    """A calendar month; `after` names the answer that it may not be earlier than."""

    after: str = ""

    def mistake(self, value: str, known: Known) -> str:
        if wrong := super().mistake(value, known):
            return wrong
        if len(value) != len("2026-11"):
            return "请写年份和月份，例如 202601"
        return "结束月份早于开始月份" if self.after and value < known[self.after] else ""


def _why_not(kind: InsuranceKind, known: Known) -> str:
    """Not insured, as far as the department said so. One that is silent has not said so."""
    if kind.department == MEDICAL:
        absent = not known.record("medical.state")
    else:
        absent = kind.code not in known.record("insurance.kinds").split(",")
    return "没有参加这个险种" if absent and kind.department in known.answered else ""


def _is_sure(known: Known, items: tuple[str, ...]) -> bool:
    """Whether these were told, by nobody doubted, and everybody has the person as the card has."""
    in_question = known.doubted | known.differing
    return all(known.record(item) for item in items) and not in_question & {"person.name", "person.number", *items}


def _proof(known: Known, departments: tuple[str, ...]) -> Certificate:
    rows = {
        SOCIAL: (
            _about_social(known),
            _state(known, "insurance"),
            known.record("insurance.since"),
            known.record("insurance.months"),
        ),
        MEDICAL: (TITLES["310"], _state(known, "medical"), known.record("medical.since"), known.record("medical.months")),
    }
    table = (("险种", "参保状态", "首次参保年月", "累计缴费月数"), *(rows[each] for each in departments))
    return _paper(known, "社会保险参保证明", departments, table)


def _payments(known: Known) -> Certificate | None:
    """Months without a gap until the register's own day are known one by one; of any other a clerk prints the list."""
    paid = known.answers["months_paid"]
    if paid.as_of is None or not paid.value.isdecimal():
        return None
    last = _index(f"{paid.as_of.astimezone(CHINA):%Y-%m}")
    first = last - int(paid.value) + 1
    begin, end = (last - 11, last) if known["period"] == "YEAR" else (_index(known["month_from"]), _index(known["month_to"]))
    if not first <= begin <= end <= last:
        return None
    months = tuple((f"{month // 12}-{month % 12 + 1:02}", "已缴费") for month in range(begin, end + 1))
    return _paper(known, "社会保险缴费明细", (SOCIAL,), (("缴费年月", "缴费情况"), *months))


def _index(month: str) -> int:
    """Months since the year nought; nought itself for what is no whole month."""
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1 if year.isdecimal() and number.isdecimal() else 0


def _paper(known: Known, title: str, departments: tuple[str, ...], table: tuple[tuple[str, ...], ...]) -> Certificate:
    social = (("个人编号", known.record("insurance.number")), ("参保单位", known.record("employment.employer")))
    rows = (
        ("姓名", known["name"]),
        ("公民身份号码", known["number"]),
        *(row for row in social if row[1] and SOCIAL in departments),
        ("用途", PURPOSE.kind.shown(known["purpose"])),
    )
    return Certificate(
        title=title,
        statement="根据社会保险登记资料，现证明下列情况属实。",
        issuer=departments[0],
        rows=rows,
        table=table,
        notes=tuple(f"{NOTES[each]}截至 {_as_of(known, each)}" for each in departments),
    )


NOTES = {SOCIAL: "人力资源和社会保障部门数据，", MEDICAL: "医疗保障部门数据，"}


def _as_of(known: Known, department: str) -> str:
    answer = known.answers["insurance_state" if department == SOCIAL else "medical_state"]
    return f"{answer.as_of.astimezone(CHINA):%Y-%m-%d}" if answer.as_of else known.today.isoformat()


def _state(known: Known, family: str) -> str:
    item = f"{family}.state"
    return ITEMS[item].kind.shown(known.record(item))


def _about_social(known: Known) -> str:
    """The register has one number of months for all of its kinds."""
    return "、".join(kind.title for kind in chosen(known) if kind.department == SOCIAL)


INSURED = Page(
    name="insured",
    title="社会保险登记",
    lead="来自人力资源和社会保障部门；有不对的地方，请在窗口告诉工作人员",
    asked_when=When("人社有参保记录时", lambda known: bool(known.record("insurance.number"))),
    fields=(
        shared_field("insurance_number", "insurance.number", row="个人编号"),
        shared_field("insurance_state", "insurance.state", row="参保状态", required=False),
        Field(
            name="insurance_kinds",
            label=ITEMS["insurance.kinds"].title,
            kind=Codes(),
            item="insurance.kinds",
            locked=True,
            required=False,
            row="险种",
        ),
        shared_field("insurance_since", "insurance.since", row="首次参保年月", required=False),
        shared_field("insurance_months", "insurance.months", row="累计缴费月数", required=False),
        shared_field("months_paid", "employment.months_paid", row="缴费年月", required=False),
        shared_field("employer", "employment.employer", row="参保单位", required=False),
    ),
)
INSURED_MEDICALLY = Page(
    name="insured_medically",
    title="医疗保险登记",
    lead="来自医疗保障部门；有不对的地方，请在窗口告诉工作人员",
    asked_when=When("医保有参保记录时", lambda known: bool(known.record("medical.state"))),
    fields=(
        shared_field("medical_state", "medical.state", row="参保状态"),
        shared_field("medical_since", "medical.since", row="首次参保年月", required=False),
        shared_field("medical_months", "medical.months", row="累计缴费月数", required=False),
    ),
)
PAPER = Page(
    name="paper",
    title="要哪一种证明",
    fields=(Field(name="paper", label="证明种类", kind=Choice(papers, lambda key: PAPERS.get(key, key)), row="标题"),),
)
INSURANCE = Page(
    name="insurance",
    title="证明哪些险种",
    lead="医疗保险由医疗保障部门管理，分别查询",
    fields=(
        Field(
            name="insurance",
            label="险种",
            kind=Choice(insurances, lambda key: "全部险种" if key == ALL else TITLES.get(key, key)),
            row="险种",
        ),
    ),
)
PERIOD = Page(
    name="period",
    title="哪一段时间",
    asked_when=When("缴费明细或权益记录单", lambda known: known["paper"] in ("PAYMENTS", "RIGHTS")),
    fields=(
        Field(
            name="period",
            label="起止时间",
            kind=fixed_choice(YEAR="最近 12 个月", MONTHS="自己填写起止年月"),
            row="缴费年月",
        ),
    ),
)
MONTHS = Page(
    name="months",
    title="从哪个月到哪个月",
    asked_when=When("自己填写起止年月", lambda known: PERIOD.asked_when(known) and known["period"] == "MONTHS"),
    fields=(
        Field(name="month_from", label="开始年月", kind=Month(), row="缴费年月", hint="例如 202601"),
        Field(name="month_to", label="结束年月", kind=Month(after="month_from"), row="缴费年月", hint="例如 202601"),
    ),
)
WHY = Page(name="purpose", title="用来做什么", lead="用途会印在证明上", fields=(PURPOSE,))

FLOW = Flow(
    code="social-insurance",
    version="1",
    title="社会保险参保证明",
    summary="参保证明、缴费明细，当场打印",
    pages=(person(), INSURED, INSURED_MEDICALLY, PAPER, INSURANCE, PERIOD, MONTHS, WHY),
    bring=("居民身份证",),
    policy_version=VERSION,
    route=route,
    certificate=certificate,
)
