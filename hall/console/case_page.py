"""The page of one case, for the window that has it and for its second person; and why a click did nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from litestar import Response

from flows.application import Action
from flows.flow import Flow
from flows.policy import PolicyError
from flows.reasons import REASONS, Reason, remedy_on
from hall.case import Case
from hall.console import words
from hall.console.asked import Asked, Clerk, services_of
from hall.console.case_forms import Notice, Typed
from hall.console.case_view import case_view
from hall.console.cautions import cautions
from hall.console.clock import at_time
from hall.console.correction_view import correction_lines
from hall.console.document_view import DocumentsView
from hall.console.pages import page
from hall.console.panel_routes import Panel
from hall.errors import NotPossible, NotSeen, NotTaken
from hall.facts import applicant_name
from hall.papers.wording import TITLES
from hall.seen import answers_mark, written
from hall.store.promises import PaperState
from hall.working_day import working_day


@dataclass(frozen=True)
class Beside:
    """What only the window that has the case is shown: the citizen's screen, and kept documents."""

    panel: Panel
    documents: DocumentsView


@dataclass(frozen=True)
class Shown:
    """How a case is shown. `place` is the address that its forms go to: /cases/VISIT, or /reviews/VISIT for the second
    person; the rest is what became of the last click."""

    place: str
    notice: Notice | None = None
    refused: NotPossible | NotSeen | None = None
    typed: Typed = field(default_factory=Typed)
    status: int = 200
    beside: Beside | None = None


def case_page_of(request: Asked, clerk: Clerk, case: Case, shown: Shown) -> Response[str]:
    services, now, refused = services_of(request), services_of(request).clock(), shown.refused
    unseen = case.marks - shown.typed.seen if isinstance(refused, NotSeen) else frozenset()
    flow = case.flow
    return page(
        "case.html",
        status=shown.status,
        hall=services.config,
        session=clerk,
        place=shown.place,
        beside=shown.beside,
        case=case,
        name=applicant_name(flow, case.application),
        view=case_view(case, now, unseen),
        cautions=cautions(case, now, unseen),
        notice=_why_not(refused, case, Action(shown.typed.action), unseen) if refused else shown.notice,
        unseen=unseen,
        seen=written(case.marks),
        typed=shown.typed,
        titles=services.titles,
        deliveries=case.deliveries,
        corrections=correction_lines(case.corrections, services.titles),
        status_now=case.status,
        today=working_day(now),
        PaperState=PaperState,
        paper_titles=TITLES,
        **history_words(flow),
        appeal=_appeal(case),
    )


def history_words(flow: Flow) -> dict[str, object]:
    """What the history of a case is drawn with."""
    return {
        "flow": flow,
        "shown": lambda name, value: _shown(flow, name, value),
        "told": lambda code: REASONS.get(code) or Reason(code, Action.AMEND, words.followed_up(code), ""),
    }


def not_saved(action: Action, error: NotTaken) -> Notice:
    wrong = "；".join(dict.fromkeys(problem.words for problem in error.problems))
    return Notice(f"「{words.ACTION[action]}」没有保存", wrong)


def _why_not(refused: NotPossible | NotSeen, case: Case, action: Action, unseen: frozenset[str]) -> Notice:
    """Why the last click did nothing: the case has moved on, or shows what the page did not."""
    if isinstance(refused, NotPossible) or action not in case.possible:
        return _stale(action, case)
    changed = len(unseen - {answers_mark(case.application)})
    found = [f"有 {changed} 处刚刚变化"] if changed else []
    found += ["填报内容刚刚更正过"] if answers_mark(case.application) in unseen else []
    said = "受理前又核对了一次，这些您还没有看过。" if found else "登记刚才变动过，现在又与您看过的一样。"
    return Notice("：".join(["还没有受理", *(["，".join(found)] if found else [])]), f"{said}请看过以后再次确认。")


def _stale(action: Action, case: Case) -> Notice:
    """What became of the case meanwhile, and by whose hand."""
    title = f"刚才的「{words.ACTION[action]}」没有执行"
    if action in (Action.CONFIRM, Action.ACCEPT_LACKING) and Action.PROPOSE in case.possible:
        return Notice(title, f"本件要由第二个人复核后才能受理：{case.counter.why_second}。请提交复核。")
    last = case.decisions[-1]
    where = f"在 {last.window} 号窗口" if last.window else ""
    done = f"{last.by}{where}于 {at_time(last.at)}「{words.ACTION[last.action]}」"
    return Notice(title, f"本件现在是「{words.STATUS[case.status]}」：{done}。")


def _appeal(case: Case) -> str:
    """What can be done against a refusal, in the words in force on its day."""
    at = next((decision.at for decision in reversed(case.decisions)), case.application.submitted_at)
    try:
        return remedy_on(working_day(at))
    except PolicyError:
        return ""


def _shown(flow: Flow, name: str, value: str) -> str:
    return flow.fields[name].kind.shown(value) if value and name in flow.fields else value
