"""What a clerk should look at before deciding, in order of weight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flows.application import Assurance, Identity, Outcome
from flows.codes import RELATIONS
from flows.compare import ON_THE_CARD, Difference, DifferenceKind
from flows.flow import Route
from flows.masking import masked_number
from hall.case import Case
from hall.console import words
from hall.console.clock import on_day
from hall.console.correction_view import disputed_rows
from hall.seen import NO_PROOF, TO_COUNTER, marks_of
from hall.working_day import working_day

Weight = Literal["grave", "care", "note"]


@dataclass(frozen=True)
class Caution:
    """One sentence for the clerk. `rows` are (field, label) of the rows it is about; `kind` is that
    of a difference, else empty. `new`: not so when the page was drawn before."""

    weight: Weight
    mark: str
    words: str
    rows: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    new: bool = False


WEIGHT: dict[DifferenceKind, Weight] = {
    DifferenceKind.CONFLICT: "grave",
    DifferenceKind.IN_DOUBT: "grave",
    DifferenceKind.OLD_VALUE: "care",
    DifferenceKind.CUT: "care",
    DifferenceKind.SPELLING: "care",
    DifferenceKind.MISSING: "note",
}
NO_BREAK = "\u00a0"
_ORDER: tuple[Weight, ...] = ("grave", "care", "note")


def cautions(case: Case, at: datetime, unseen: frozenset[str] = frozenset()) -> tuple[Caution, ...]:
    """What is new first, then by weight; among equals, what must be filled in before what must be compared. `unseen` are
    marks of what the page before did not show."""
    found = [_difference(case, difference, unseen) for difference in case.differences]
    if case.deciding:  # what is still to be done; a decided case keeps its differences only
        found = [*_disputes(case), *_to_do(case, at, unseen), *found, *_sources(case)]
    return tuple(sorted(found, key=lambda caution: (not caution.new, _ORDER.index(caution.weight))))


def _to_do(case: Case, at: datetime, unseen: frozenset[str]) -> list[Caution]:
    found = [*_route(case, unseen), *_blanks(case), *_identity(case.application.identity, working_day(at))]
    found += [*_guardian(case, working_day(at), unseen), *_warnings(case)]
    if case.application.to_counter:
        found.append(Caution("care", "续办", "终端上没有办完，申请内容填到哪里就到哪里，请当面补齐"))
    if case.then is None:
        found.append(Caution("care", "未比对", "申请人填报时终端与大厅断开，终端上没有核对过登记资料"))
    return found


def _disputes(case: Case) -> list[Caution]:
    return [
        Caution("grave", "有异议", f"{one.says}；请核实后说明，或送部门校核：", ((one.row, one.label),))
        for one in disputed_rows(case)
    ]


def _route(case: Case, unseen: frozenset[str]) -> list[Caution]:
    if case.flow.route(case.facts) is not Route.COUNTER:
        return []
    return [Caution("grave", "转人工", "按办理规则本件须由窗口审核；终端只作了中性提示", new=TO_COUNTER in unseen)]


def _blanks(case: Case) -> list[Caution]:
    if not case.blanks:
        return []
    rows = tuple((name, case.flow.fields[name].label) for name in case.blanks)
    return [Caution("grave", "待填写", f"有 {len(rows)} 项要在窗口填写：", rows)]


def _warnings(case: Case) -> list[Caution]:
    return [
        Caution("care", "请核对", f"{said}：", ((name, case.flow.fields[name].label),)) for name, said in case.warnings.items()
    ]


def _guardian(case: Case, today: date, unseen: frozenset[str]) -> list[Caution]:
    """Who acts for the child, and whether the register already proves that they may."""
    guardian, kin = case.application.guardian, case.kinship
    if guardian is None or kin is None:
        return []
    who = f"由 {guardian.name}（{masked_number(guardian.number)}）作为监护人代为申请"
    if kin.proven:
        relations = f"{RELATIONS.get(kin.guardian_is, kin.guardian_is)}、{RELATIONS.get(kin.child_is, kin.child_is)}"
        found = [Caution("note", "监护人", f"{who}；户籍登记为同一户（{relations}），可以证明监护关系")]
    elif kin.same_household:
        said = f"{who}；与申请人同户，但登记的关系不能证明监护，请查验出生证明或户口簿"
        found = [Caution("care", "监护人", said, new=NO_PROOF in unseen)]
    else:
        said = f"{who}；登记资料没有证明监护关系，请查验出生证明或户口簿"
        found = [Caution("grave", "监护人", said, new=NO_PROOF in unseen)]
    return [*found, *_identity(guardian, today, "监护人")]


def _identity(identity: Identity, today: date, whose: str = "申请人") -> list[Caution]:
    ofwhom = "" if whose == "申请人" else f"{whose}的"
    found = [Caution("care", "证件", ofwhom + words.CARD_WARNING.get(code, code)) for code in identity.warnings]
    if identity.card_expiry and identity.card_expiry < today:
        found.append(Caution("grave", "证件过期", f"{whose}出示的证件已于 {identity.card_expiry.isoformat()} 到期"))
    if identity.assurance is not Assurance.SAM:
        found.append(Caution("care", "未验证", ofwhom + words.ASSURANCE[identity.assurance]))
    return found


def _difference(case: Case, difference: Difference, unseen: frozenset[str]) -> Caution:
    row, kind = (difference.field, difference.label), difference.kind
    said = _beside(case, difference)
    return Caution(WEIGHT[kind], words.DIFFERENCE[kind], said, (row,), kind.value, new=bool(marks_of(difference) & unseen))


def _beside(case: Case, difference: Difference) -> str:
    """The two sides as one sentence."""
    lookup = case.now or case.then
    titles = {source.department: source.title for source in lookup.sources} if lookup else {}
    title = titles.get(difference.department, difference.department)
    if difference.department == ON_THE_CARD:
        return f"填报{_quoted(difference.answer)}，证件上为{_quoted(difference.record)}"
    if difference.answer == difference.record:
        return f"{title}登记的{_quoted(difference.record)}与填报相同，但部门标注存疑（{difference.doubt}）"
    said = "证件上为" if difference.field.startswith("card.") else "填报"
    said = f"{titles.get(difference.said_by, difference.said_by)}登记为" if difference.said_by else said
    given = said + _quoted(difference.answer) if difference.answer else "填报为空"
    aged = f"（{on_day(difference.collected_at)} 归集）" if difference.collected_at else ""
    return f"{given}，{title}" + (f"登记为{_quoted(difference.record)}{aged}" if difference.record else f"没有这一项登记{aged}")


def _quoted(value: str) -> str:
    """A number in groups stays on one line: half of it at the end of one is easily misread."""
    return f"「{value.replace(' ', NO_BREAK)}」"


def _sources(case: Case) -> list[Caution]:
    sources = case.now.sources if case.now else ()
    silent = [
        Caution("care", words.OUTCOME[source.outcome], f"{source.title}{_why(source.reason)}，相关各项没有比对")
        for source in sources
        if source.outcome is Outcome.NO_ANSWER
    ]
    aged = [
        Caution(
            "care", words.COLLECTED, f"{source.title}{_why(source.reason)}，比对用的是 {on_day(source.collected_at)} 归集的资料"
        )
        for source in sources
        if source.collected_at
    ]
    return [*silent, *aged]


def _why(reason: str) -> str:
    return f"没有答复（{words.reason(reason)}）" if reason else "没有答复"
