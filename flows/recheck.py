"""The hall's second look at an application: the same rules, and its own records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flows.application import LEFT_TO_COUNTER, Answer, Application, Lookup, SourceKind
from flows.claims import can_be_claimed, claim_mistake, is_about, reason_mistake, record_behind
from flows.dispute import Dispute
from flows.flow import Flow, Known
from flows.fold import Given, fold, is_locked, start
from flows.items import ITEMS


@dataclass(frozen=True)
class Problem:
    """Why an application cannot be taken. `code` is one of locked_value_changed, invented_source,
    invented_dispute, not_asked, mistaken, unfinished, not_attached; `words` is a Chinese message id."""

    field: str
    code: str
    words: str


def recheck(
    flow: Flow,
    application: Application,
    lookup: Lookup | None,
    today: date,
    region: str = "",
    kept: Mapping[str, Answer] | None = None,
) -> tuple[Problem, ...]:
    """Everything wrong with a submitted application, judged from the hall's own records.

    `lookup` is what the exchange returned in this very visit; None when the hall was away then. `kept` are the
    answers by kept documents that were on offer in it.
    """
    begin = start(flow, application.identity, lookup, today, region=region, guardian=application.guardian)
    begin = replace(begin, kept=kept or {})
    problems = [*_forged(application), *_invented(flow, begin, application, lookup)]
    for name, answer in application.answers.items():
        if (problem := _problem(flow, begin, name, answer)) is not None:
            problems.append(problem)
    if problems:
        return tuple(problems)
    state = fold(flow, begin, _given(flow, application))
    if application.to_counter:
        # The terminal stopped on the way: what it says that a rule worked out must come out here too.
        return tuple(p for p in _unlike(application.answers, state.known.answers) if p.code == "invented_source")
    if state.mistakes:
        return tuple(Problem(name, "mistaken", words) for name, words in state.mistakes.items())
    return tuple(_unlike(application.answers, state.known.answers))


def _forged(application: Application) -> Iterator[Problem]:
    """Pictures that are not what their digest says, or that no answer names."""
    named = {answer.value for answer in application.answers.values()}
    for digest, attached in application.attached.items():
        if digest not in named or attached.digest != digest:
            yield Problem("", "not_attached", "随附的图像不完整")
    if set(application.agreed) - set(application.attached):
        yield Problem("", "not_attached", "随附的图像不完整")


def _invented(flow: Flow, begin: Known, application: Application, lookup: Lookup | None) -> Iterator[Problem]:
    """Disputes that are not about a record as this visit showed it, or that nobody could have given there."""
    for name, dispute in application.disputes.items():
        asked = flow.fields.get(name) if name in application.answers else None
        record = record_behind(asked, begin.answers.get(name), lookup) if asked else None
        if not is_about(dispute, record) or reason_mistake(dispute) or not _could_be_claimed(dispute, begin):
            yield Problem(name, "invented_dispute", "提出的异议与登记资料对不上")


def _could_be_claimed(dispute: Dispute, known: Known) -> bool:
    """Whether a terminal could have taken this claim for an item that exists."""
    if not dispute.claim:
        return True
    written = ITEMS[dispute.item].kind.normal(dispute.claim) == dispute.claim
    return written and can_be_claimed(dispute.item) and not claim_mistake(dispute, known)


def _unlike(submitted: Mapping[str, Answer], replayed: Mapping[str, Answer]) -> Iterator[Problem]:
    """Where the submitted answers are not those that the same steps lead to: too many, too few, another form."""
    for name in sorted({*submitted, *replayed}):
        if name not in replayed:
            yield Problem(name, "not_asked", "这一项不需要填写")
        elif name not in submitted:
            yield Problem(name, "unfinished", "还有问题没有回答")
        elif submitted[name].value != replayed[name].value:
            yield Problem(name, "mistaken", "这一项的写法不规范")
        elif submitted[name].source.kind is SourceKind.RULE and replayed[name].source != submitted[name].source:
            yield Problem(name, "invented_source", "这一项与登记资料不一致")


def _problem(flow: Flow, begin: Known, name: str, answer: Answer) -> Problem | None:
    field = flow.fields.get(name)
    if field is None:
        return Problem(name, "not_asked", "这一项不需要填写")
    known = begin.answers.get(name)
    same = known is not None and field.kind.normal(answer.value) == known.value
    if is_locked(field, known) and not same:
        return Problem(name, "locked_value_changed", "这一项来自登记资料，不能在终端上修改")
    claimed = answer.source.kind not in (SourceKind.CITIZEN, SourceKind.COUNTER, SourceKind.RULE)
    if claimed and begin.kept.get(answer.value) != answer and not (same and known is not None and known.source == answer.source):
        return Problem(name, "invented_source", "这一项与登记资料不一致")
    return None


def _given(flow: Flow, application: Application) -> dict[str, Given]:
    """The steps that would have led to these answers."""
    given = {}
    for page in flow.pages:
        here = {field.name: application.answers[field.name] for field in page.fields if field.name in application.answers}
        left = frozenset(name for name, answer in here.items() if answer.source == LEFT_TO_COUNTER)
        values = {name: answer.value for name, answer in here.items() if name not in left}
        pictures = {value: application.attached[value] for value in values.values() if value in application.attached}
        if here or not application.to_counter:
            given[page.name] = Given(values, left, pictures)
    return given
