"""What each paper of a case says, from what was decided: the same words whenever it is printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flows.application import ACCEPTING, Action, Application, Decision, Status
from flows.flow import Fee, Flow
from flows.policy import PolicyError
from flows.promise import Ground
from flows.reasons import REASONS, remedy_on
from hall.case import Due
from hall.papers.notice import Item, Notice, PaperKind
from hall.store.store import KeptCase
from hall.working_day import SHANGHAI

TITLES = {
    PaperKind.ACCEPTANCE: "受理通知书",
    PaperKind.MISSING: "一次性告知书",
    PaperKind.REFUSAL: "不予受理通知书",
    PaperKind.PROMISE: "容缺受理承诺书",
}
UNIT = {"working_days": "个工作日", "days": "日"}
LETTERS = {PaperKind.ACCEPTANCE: "受", PaperKind.MISSING: "补", PaperKind.REFUSAL: "不", PaperKind.PROMISE: "诺"}
MADE_BY = {PaperKind.MISSING: frozenset({Action.RETURN}), PaperKind.REFUSAL: frozenset({Action.REJECT})}


@dataclass(frozen=True)
class About:
    """What a paper is about: the case, its matter, and what the rules say of it."""

    kept: KeptCase
    flow: Flow
    fee: Fee
    due: Due | None

    @property
    def application(self) -> Application:
        return self.kept.application


def papers_of(kept: KeptCase) -> tuple[PaperKind, ...]:
    """What can be printed of a case as it stands. A notice of what is missing stays printable after the citizen's return."""
    return tuple(kind for kind in PaperKind if _decision(kept, kind) is not None)


def notice(about: About, kind: PaperKind, follow: str = "") -> Notice | None:
    """None when there is no such paper of this case."""
    decision = _decision(about.kept, kind)
    if decision is None:
        return None
    match kind:
        case PaperKind.ACCEPTANCE:
            return _acceptance(about, decision, follow)
        case PaperKind.MISSING:
            return _missing(about, decision, follow)
        case PaperKind.REFUSAL:
            return _refusal(about, decision)
        case PaperKind.PROMISE:
            return _promise(about, decision)


def _decision(kept: KeptCase, kind: PaperKind) -> Decision | None:
    """The newest decision that this paper tells of."""
    made = [one for one in kept.decisions if one.action in MADE_BY.get(kind, ACCEPTING)]
    if kind is PaperKind.PROMISE:
        made = [one for one in made if one.promise is not None]
    if kind is PaperKind.REFUSAL and kept.standing.status is not Status.NOT_ACCEPTED:
        return None
    return made[-1] if made else None


def _acceptance(about: About, decision: Decision, follow: str) -> Notice:
    day = _day(decision)
    promise = decision.promise
    owed = tuple(Item(words) for words in promise.words) if promise else ()
    numbers = [one.number for one in about.kept.deliveries if one.number]
    rows = [*_who(about), ("受理日期", _in_words(decision)), ("办理期限", _term(about)), ("费用", _fee(about.fee))]
    rows += [("领取方式", how)] if (how := _way(about)) else []
    rows += [("部门受理编号", "、".join(numbers))] if numbers else []
    rows += [("补齐期限", chinese(promise.until))] if promise else []
    closing = [f"请在{chinese(promise.until)}以前到本大厅任一窗口补齐以上材料。逾期未补齐的，由部门依法处理。"] if promise else []
    closing += ["请保管好本通知书，领取结果时出示。"]
    english = _spoken(
        about,
        f"Your application was accepted on {day}. Number: {_number(about, decision, PaperKind.ACCEPTANCE)}.",
        f"Term: {_term_in_english(about)}." if about.due else "",
        f"Still to be brought by {promise.until.isoformat()}; see the list above." if promise else "",
    )
    return replace(
        _begun(PaperKind.ACCEPTANCE, about, decision),
        lead=("你（单位）提出的下列申请，经审查符合受理条件，决定予以受理。",),
        rows=tuple(rows),
        items_title="容缺受理，尚需补齐的材料" if owed else "",
        items=owed,
        closing=tuple(closing),
        english=english,
        follow=follow,
    )


def _missing(about: About, decision: Decision, follow: str) -> Notice:
    return replace(
        _begun(PaperKind.MISSING, about, decision),
        lead=("你（单位）提出的下列申请，经审查需要补正。现将需要补正的全部内容一次告知如下：",),
        items_title="需要补正的全部内容",
        items=_items(decision),
        closing=(
            *([f"补充说明：{decision.note}"] if decision.note else []),
            "补齐后凭原号码到任一窗口办理，不用重新填写。没有一次告知的，不得以此为由再次要求补正。",
        ),
        english=_spoken(
            about,
            "Your application is not complete yet. Everything that is missing is listed above.",
            f"Come back to any window with number {about.kept.standing.ticket.number}; you need not fill in the form again.",
        ),
        follow=follow,
    )


def _refusal(about: About, decision: Decision) -> Notice:
    try:
        remedy = remedy_on(decision.at.astimezone(SHANGHAI).date())
    except PolicyError:
        remedy = ""
    return replace(
        _begun(PaperKind.REFUSAL, about, decision),
        lead=("你（单位）提出的下列申请，经审查决定不予受理。",),
        items_title="不予受理的理由",
        items=_items(decision),
        closing=tuple(words for words in (f"补充说明：{decision.note}" if decision.note else "", remedy) if words),
        english=_spoken(
            about,
            "Your application was not accepted. The reasons are listed above.",
            "You may apply for administrative reconsideration within 60 days, or sue within six months." if remedy else "",
        ),
    )


def _promise(about: About, decision: Decision) -> Notice:
    promise = decision.promise
    assert promise is not None
    return replace(
        _begun(PaperKind.PROMISE, about, decision),
        lead=(f"本人申请办理「{about.flow.title}」，因下列材料暂时没有带齐，申请容缺受理，并承诺：",),
        items_title="承诺补齐的材料",
        items=tuple(Item(words) for words in promise.words),
        closing=(
            f"一、在{chinese(promise.until)}以前向本大厅任一窗口补齐以上材料；",
            "二、补齐的材料真实、有效，与申请内容一致；",
            "三、逾期不补齐或者材料不实的，由部门依法处理，后果由本人承担。",
        ),
        english=_spoken(about, f"I promise to bring the papers listed above by {promise.until.isoformat()}."),
        signed_by=f"承诺人（{promise.promised_by}）签名",
        sealed=False,
    )


def _begun(kind: PaperKind, about: About, decision: Decision) -> Notice:
    """What every paper of a case begins with."""
    number, to = _number(about, decision, kind), about.application.name
    return Notice(kind, TITLES[kind], number, decision.at, to, (), _who(about))


def _spoken(about: About, *lines: str) -> tuple[str, ...]:
    """Only for whoever used the terminal in English."""
    return tuple(line for line in lines if line) if about.application.language == "en" else ()


def _number(about: About, decision: Decision, kind: PaperKind) -> str:
    """The hall's own: day, ticket, paper; a second notice of what is missing has a number of its own."""
    ticket = about.kept.standing.ticket
    alike = [one for one in about.kept.decisions if one.action in MADE_BY.get(kind, ACCEPTING)]
    again = f"{alike.index(decision) + 1}" if kind is PaperKind.MISSING else ""
    return f"{ticket.working_day:%Y%m%d}-{ticket.number}-{LETTERS[kind]}{again}"


def _who(about: About) -> tuple[tuple[str, str], ...]:
    application = about.application
    guardian = application.guardian
    acting = [("监护人", guardian.name)] if guardian else []
    ticket = about.kept.standing.ticket
    return (
        ("申请事项", about.flow.title),
        ("申请人", application.name),
        ("公民身份号码", application.identity.number),
        *acting,
        ("排队号码", f"{ticket.working_day.isoformat()} {ticket.number}"),
    )


def _items(decision: Decision) -> tuple[Item, ...]:
    """Decisions from before all reasons were kept name one by its code."""
    old = REASONS.get(decision.reason)
    grounds = decision.grounds or ((Ground(old.code, old.words, old.remedy),) if old else ())
    return tuple(Item(ground.words, ground.lines, ground.remedy) for ground in grounds)


def _term(about: About) -> str:
    if about.due is None:
        return "按部门规定"
    term = f"{about.due.term.number}{UNIT[about.due.term.unit]}，自受理次日起计算"
    return f"{term}，{chinese(about.due.day)}前办结" if about.due.day else term


def _term_in_english(about: About) -> str:
    assert about.due is not None
    unit = "working days" if about.due.term.unit == "working_days" else "days"
    by = f", by {about.due.day.isoformat()}" if about.due.day else ""
    return f"{about.due.term.number} {unit} from the day after acceptance{by}"


def _fee(fee: Fee) -> str:
    if not fee.lines:
        return "按批准的次数核定" if fee.unpriced else "不收费"
    more = "，另有按批准的次数核定的项目" if fee.unpriced else ""
    return f"{fee.yuan}.00元{more}" + (f"（{fee.table}）" if fee.table else "")


def _way(about: About) -> str:
    field, answer = about.flow.fields.get("delivery"), about.application.answers.get("delivery")
    return field.kind.shown(answer.value) if field and answer and answer.value else ""


def _day(decision: Decision) -> str:
    return decision.at.astimezone(SHANGHAI).date().isoformat()


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _in_words(decision: Decision) -> str:
    day = decision.at.astimezone(SHANGHAI).date()
    return chinese(day)
