"""What a clerk should look at before deciding, in order of weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flows.application import Assurance, Identity, Outcome, SourceAnswer
from flows.codes import RELATIONS
from flows.compare import ON_THE_CARD, Difference, DifferenceKind
from flows.flow import Route
from flows.items import ITEMS
from flows.masking import masked_number
from hall.case import Case
from hall.console import words
from hall.console.clock import on_day
from hall.console.correction_view import disputed_rows
from hall.console.language import listed, quoted, say, sign
from hall.console.shown import in_words
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


@dataclass(frozen=True)
class _Whose:
    """Messages about the card of one of the two."""

    says: str
    expired: str


APPLICANT = _Whose("{warning}", "申请人出示的证件已于 {day} 到期")
GUARDIAN = _Whose("监护人的{warning}", "监护人出示的证件已于 {day} 到期")

WEIGHT: dict[DifferenceKind, Weight] = {
    DifferenceKind.CONFLICT: "grave",
    DifferenceKind.IN_DOUBT: "grave",
    DifferenceKind.OLD_VALUE: "care",
    DifferenceKind.CUT: "care",
    DifferenceKind.SPELLING: "care",
    DifferenceKind.MISSING: "note",
}
NO_BREAK = "\u00a0"
KIN_PROVEN = "由 {name}（{number}）作为监护人代为申请；户籍登记为同一户（{relations}），可以证明监护关系"
SAME_HOUSEHOLD = "由 {name}（{number}）作为监护人代为申请；与申请人同户，但登记的关系不能证明监护，请查验出生证明或户口簿"
KIN_UNPROVEN = "由 {name}（{number}）作为监护人代为申请；登记资料没有证明监护关系，请查验出生证明或户口簿"
_ORDER: tuple[Weight, ...] = ("grave", "care", "note")


def cautions(case: Case, at: datetime, unseen: frozenset[str] = frozenset()) -> tuple[Caution, ...]:
    """What is new first, then by weight; among equals, what must be filled in before what must be compared. `unseen` are
    marks of what the page before did not show."""
    found = [_difference(case, difference, unseen) for difference in case.differences]
    if case.deciding:  # what is still to be done; a decided case keeps its differences only
        found = [*_disputes(case), *_to_do(case, at, unseen), *found, *_sources(case)]
    return tuple(sorted(found, key=lambda caution: (not caution.new, _ORDER.index(caution.weight))))


def _to_do(case: Case, at: datetime, unseen: frozenset[str]) -> list[Caution]:
    found = [*_route(case, unseen), *_blanks(case), *_identity(case.application.identity, working_day(at), APPLICANT)]
    found += [*_guardian(case, working_day(at), unseen), *_warnings(case)]
    if case.application.to_counter:
        found.append(_caution("care", "续办", say("终端上没有办完，申请内容填到哪里就到哪里，请当面补齐")))
    if case.then is None:
        found.append(_caution("care", "未比对", say("申请人填报时终端与大厅断开，终端上没有核对过登记资料")))
    return found


def _caution(weight: Weight, mark: str, said: str, rows: tuple[tuple[str, str], ...] = (), *, new: bool = False) -> Caution:
    return Caution(weight, say(mark), said, tuple((name, say(label)) for name, label in rows), new=new)


def _disputes(case: Case) -> list[Caution]:
    return [
        _caution("grave", "有异议", say("{says}；请核实后说明，或送部门校核：", says=one.says), ((one.row, one.label),))
        for one in disputed_rows(case)
    ]


def _route(case: Case, unseen: frozenset[str]) -> list[Caution]:
    if case.flow.route(case.facts) is not Route.COUNTER:
        return []
    return [_caution("grave", "转人工", say("按办理规则本件须由窗口审核；终端只作了中性提示"), new=TO_COUNTER in unseen)]


def _blanks(case: Case) -> list[Caution]:
    if not case.blanks:
        return []
    rows = tuple((name, case.flow.fields[name].label) for name in case.blanks)
    return [_caution("grave", "待填写", say("有 {count} 项要在窗口填写：", count=len(rows)), rows)]


def _warnings(case: Case) -> list[Caution]:
    return [
        _caution("care", "请核对", say(said) + sign("："), ((name, case.flow.fields[name].label),))
        for name, said in case.warnings.items()
    ]


def _guardian(case: Case, today: date, unseen: frozenset[str]) -> list[Caution]:
    """Who acts for the child, and whether the register already proves that they may."""
    guardian, kin = case.application.guardian, case.kinship
    if guardian is None or kin is None:
        return []
    relations = listed(say(RELATIONS.get(code, code)) for code in (kin.guardian_is, kin.child_is))
    message = KIN_PROVEN if kin.proven else SAME_HOUSEHOLD if kin.same_household else KIN_UNPROVEN
    said = say(message, name=guardian.name, number=masked_number(guardian.number), relations=relations)
    weight: Weight = "note" if kin.proven else "care" if kin.same_household else "grave"
    found = [_caution(weight, "监护人", said, new=not kin.proven and NO_PROOF in unseen)]
    return [*found, *_identity(guardian, today, GUARDIAN)]


def _identity(identity: Identity, today: date, whose: _Whose) -> list[Caution]:
    def about(warning: str) -> str:
        return say(whose.says, warning=say(warning))

    found = [_caution("care", "证件", about(words.CARD_WARNING.get(code, code))) for code in identity.warnings]
    if identity.card_expiry and identity.card_expiry < today:
        found.append(_caution("grave", "证件过期", say(whose.expired, day=identity.card_expiry.isoformat())))
    if identity.assurance is not Assurance.SAM:
        found.append(_caution("care", "未验证", about(words.ASSURANCE[identity.assurance])))
    return found


def _difference(case: Case, difference: Difference, unseen: frozenset[str]) -> Caution:
    row, kind = (difference.field, say(difference.label)), difference.kind
    said, new = _beside(case, difference), bool(marks_of(difference) & unseen)
    return Caution(WEIGHT[kind], say(words.DIFFERENCE[kind]), said, (row,), kind.value, new)


def _beside(case: Case, difference: Difference) -> str:
    """The two sides as one sentence."""
    lookup = case.now or case.then
    titles = {source.department: say(source.title) for source in lookup.sources} if lookup else {}
    title = titles.get(difference.department, difference.department)
    answer, record = (_quoted(in_words(ITEMS[difference.item].kind, value)) for value in (difference.answer, difference.record))
    if difference.department == ON_THE_CARD:
        return say("填报{answer}，证件上为{record}", answer=answer, record=record)
    if difference.answer == difference.record:
        message = "{title}登记的{record}与填报相同，但登记存疑（{doubt}）"
        return say(message, title=title, record=record, doubt=words.doubt(difference.doubt))
    given = _given(difference, answer, titles)
    message = "{given}，{title}登记为{record}" if difference.record else "{given}，{title}没有这一项登记"
    said = say(message, given=given, title=title, record=record)
    aged = difference.collected_at
    return say("{said}（{day} 归集）", said=said, day=on_day(aged)) if aged else said


def _given(difference: Difference, answer: str, titles: Mapping[str, str]) -> str:
    """The side that the record stands beside."""
    if not difference.answer:
        return say("填报为空")
    if difference.said_by:
        return say("{title}登记为{answer}", title=titles.get(difference.said_by, difference.said_by), answer=answer)
    return say("证件上为{answer}" if difference.field.startswith("card.") else "填报{answer}", answer=answer)


def _quoted(value: str) -> str:
    """A number in groups stays on one line: half of it at the end of one is easily misread."""
    return quoted(value.replace(" ", NO_BREAK))


def _sources(case: Case) -> list[Caution]:
    sources = case.now.sources if case.now else ()
    silent = [source for source in sources if source.outcome is Outcome.NO_ANSWER]
    aged = [source for source in sources if source.collected_at]
    return [
        *(_caution("care", words.OUTCOME[source.outcome], _silent(source)) for source in silent),
        *(_caution("care", words.COLLECTED, _silent(source)) for source in aged),
    ]


def _silent(source: SourceAnswer) -> str:
    title, reason = say(source.title), words.reason(source.reason)
    if source.collected_at is None:
        message = "{title}没有答复（{reason}），相关各项没有比对" if reason else "{title}没有答复，相关各项没有比对"
        return say(message, title=title, reason=reason)
    day = on_day(source.collected_at)
    message = "{title}没有答复，比对用的是 {day} 归集的资料"
    message = "{title}没有答复（{reason}），比对用的是 {day} 归集的资料" if reason else message
    return say(message, title=title, reason=reason, day=day)
