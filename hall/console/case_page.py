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
from hall.console.buttons import press
from hall.console.case_forms import Notice, Typed, wrong
from hall.console.case_view import case_view
from hall.console.cautions import cautions
from hall.console.clock import at_time
from hall.console.correction_view import correction_lines
from hall.console.document_view import DocumentsView
from hall.console.language import say
from hall.console.pages import page
from hall.console.panel_routes import Panel
from hall.console.shown import shown
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
        "shown": lambda name, value: _value(flow, name, value),
        "told": lambda code: REASONS.get(code) or Reason(code, Action.AMEND, words.followed_up(code), ""),
    }


def not_saved(action: Action, error: NotTaken) -> Notice:
    return Notice(say("「{button}」没有保存", button=press(action)), wrong(error.problems))


def _why_not(refused: NotPossible | NotSeen, case: Case, action: Action, unseen: frozenset[str]) -> Notice:
    """Why the last click did nothing: the case has moved on, or shows what the page did not."""
    if isinstance(refused, NotPossible) or action not in case.possible:
        return _stale(action, case)
    changed = len(unseen - {answers_mark(case.application)})
    amended = answers_mark(case.application) in unseen
    return Notice(_what_changed(changed, amended=amended), _look_again(changed or amended))


def _what_changed(changed: int, *, amended: bool) -> str:
    match changed, amended:
        case 0, False:
            return say("还没有受理")
        case 0, True:
            return say("还没有受理：填报内容刚刚更正过")
        case _, False:
            return say("还没有受理：有 {changed} 处刚刚变化", changed=changed)
        case _:
            return say("还没有受理：有 {changed} 处刚刚变化，填报内容刚刚更正过", changed=changed)


def _look_again(different: object) -> str:
    if different:
        return say("受理前又核对了一次，这些您还没有看过。请看过以后再次确认。")
    return say("登记刚才变动过，现在又与您看过的一样。请看过以后再次确认。")


def _stale(action: Action, case: Case) -> Notice:
    """What became of the case meanwhile, and by whose hand."""
    title = say("刚才的「{button}」没有执行", button=press(action))
    if action in (Action.CONFIRM, Action.ACCEPT_LACKING) and Action.PROPOSE in case.possible:
        why = say(case.counter.why_second)
        return Notice(title, say("本件要由第二个人复核后才能受理：{why}。请提交复核。", why=why))
    last = case.decisions[-1]
    message = "本件现在是「{status}」：{by}在 {window} 号窗口于 {at}「{done}」。"
    message = message if last.window else "本件现在是「{status}」：{by}于 {at}「{done}」。"
    status, done = say(words.STATUS[case.status]), say(words.ACTION[last.action])
    return Notice(title, say(message, status=status, by=last.by, window=last.window, at=at_time(last.at), done=done))


def _appeal(case: Case) -> str:
    """What can be done against a refusal, in the words in force on its day."""
    at = next((decision.at for decision in reversed(case.decisions)), case.application.submitted_at)
    try:
        return say(remedy_on(working_day(at)))
    except PolicyError:
        return ""


def _value(flow: Flow, name: str, value: str) -> str:
    return shown(flow.fields[name].kind, value) if value and name in flow.fields else value
