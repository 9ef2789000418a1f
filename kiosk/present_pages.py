"""The questions of a matter as views: values with their origin, one page a screen, and the review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.application import Answer, Attached, Lookup, Outcome, SourceKind
from flows.fields import Choice, Code, Option
from flows.flow import Field, Page
from flows.fold import Given, is_locked
from flows.pictures import Signature
from kiosk import ink
from kiosk.draft import Draft
from kiosk.giving import can_be_typed, line_kind, shown_value
from kiosk.origin import Facts, tags
from kiosk.present import Look, frame
from kiosk.present_dispute import disputes_group, with_dispute
from kiosk.view import Button, Group, Line, Pick, Tag, Tone, View


def page_view(look: Look, draft: Draft, page: Page, facts: Facts, entered: Given | None) -> View:
    """One page: records to look at when everything on it can come from records, else a form."""
    say = look.words
    back = (Button("back", say("上一步")),) if draft.can_go_back else ()
    records = all(field.item for field in page.fields)
    first = draft.asked[0].name == page.name
    given = [field for field in page.fields if can_be_given(field, draft)]
    asks = any(field.name not in draft.begin.answers for field in page.fields)
    return frame(
        look,
        "records" if records else "form",
        page.title,
        page.lead,
        lines=_together([with_dispute(look, draft, _line(look, draft, f, facts, entered), facts) for f in given]),
        notice=_silent(look, facts.lookup) if records and (asks or first) else "",
        buttons=(Button("quit", say("不办了")), *back, Button("next", say("下一步"), main=True)),
        step=draft.step,
        steps=draft.steps,
        step_words=_step_words(look, draft),
    )


def review_view(look: Look, draft: Draft, facts: Facts) -> View:
    say = look.words
    fee = draft.flow.fee(draft.known)
    facts = replace(facts, differing=frozenset())  # that registers differ was said on the page; now it is the clerk's
    every = [_group(look, draft, page, facts) for page in draft.asked]
    lines = tuple(Line(f"fee{n}", say(f.label), say("{yuan} 元", yuan=f.yuan)) for n, f in enumerate(fee.lines))
    costs = [Group(say("费用"), lines)] if lines else []
    # What the citizen decided comes first, single answers together; what was only read was looked at once already.
    decided = sorted((g for g in every if g.edit), key=lambda g: len(g.lines) > 1)
    groups = [*disputes_group(look, draft, facts), *decided, *costs, *(g for g in every if not g.edit)]
    buttons = (Button("quit", say("不办了")), Button("back", say("上一步")), Button("submit", say("提交"), main=True))
    return frame(
        look,
        "review",
        "请核对后提交",
        "资料齐全的，提交后当场打印；否则取号到窗口" if draft.flow.issues else "提交后请到窗口，由工作人员确认才算受理",
        groups=tuple(groups),
        total=say("共 {yuan} 元，在窗口缴纳", yuan=fee.yuan) if fee.yuan else say("不收费"),
        buttons=buttons,
        step=draft.steps,
        steps=draft.steps,
        step_words=_step_words(look, draft),
    )


def _together(lines: Sequence[Line]) -> tuple[Line, ...]:
    """What is asked and what is only shown, each kind together; first whichever the page begins with."""
    begins = lines[0].kind == "shown" if lines else True
    return tuple(sorted(lines, key=lambda line: (line.kind == "shown") is not begins))


def _step_words(look: Look, draft: Draft) -> str:
    return look.words("第 {step} 步，共 {steps} 步", step=draft.step, steps=draft.steps)


def _silent(look: Look, lookup: Lookup | None) -> str:
    """Names the departments that did not answer; their values have become questions, or are as old as they were
    collected."""
    say = look.words
    if lookup is None:
        return say("大厅系统暂时没有回应，只用卡上的资料；其余请填写，或留给窗口")
    between, then = ("、", "；") if say.language == "zh" else (", ", ". ")
    silent = [say(source.title) for source in lookup.sources if source.outcome is Outcome.NO_ANSWER]
    aged = [say(source.title) for source in lookup.sources if source.collected_at]
    told = [say("{departments}没有回应，相关内容请填写，或留给窗口", departments=between.join(silent))] if silent else []
    told += [say("{departments}没有回应，用的是以前归集的资料，请核对", departments=between.join(aged))] if aged else []
    return then.join(told)


def _group(look: Look, draft: Draft, page: Page, facts: Facts) -> Group:
    answers = [(field, draft.known.answers.get(field.name)) for field in page.fields]
    shown = [_shown(look, draft, f, a, facts) for f, a in answers if a and (a.value or _is_left(a))]
    # The sources were seen page by page; here only what wants care is repeated, so that the whole fits few screens.
    lines = tuple(replace(line, tags=tuple(tag for tag in line.tags if tag.tone is Tone.CARE)) for line in shown)
    fixed = all(is_locked(field, answer) for field, answer in answers)
    edit = None if fixed else Button("edit", look.words("修改"), value=page.name)
    return Group(look.words(page.title), lines, edit)


def _line(look: Look, draft: Draft, field: Field, facts: Facts, entered: Given | None) -> Line:
    answer = draft.known.answers.get(field.name)
    shown = _shown(look, draft, field, answer, facts)
    if is_locked(field, answer):
        return shown
    raw, say = _raw(field, answer, entered), look.words
    drawn = _picture(draft, field, raw, entered)
    return Line(
        field.name,
        shown.label,
        value=shown_value(look, field, raw) if raw else "",
        raw=raw,
        kind=line_kind(field.kind),
        picks=_picks(look, draft, field),
        tags=shown.tags if answer and raw == answer.value else _warned(look, draft, field, raw),
        hint=_hint(look, draft, field),
        mistake=say(draft.mistakes.get(field.name, "")),
        leave=say("留给窗口填写") if field.may_be_left else "",
        left=field.name in entered.left if entered else False,
        picture=drawn.content if drawn else b"",
    )


def _shown(look: Look, draft: Draft, field: Field, answer: Answer | None, facts: Facts) -> Line:
    label = look.words(field.label)
    if answer is None:
        return Line(field.name, label)
    picture = draft.known.attached.get(answer.value)
    return Line(
        field.name,
        label,
        value=look.words("由窗口填写") if _is_left(answer) else shown_value(look, field, answer.value),
        tags=(*tags(look, field, answer, facts), *_warned(look, draft, field, answer.value)),
        picture=picture.content if picture else b"",
    )


def _picture(draft: Draft, field: Field, raw: str, entered: Given | None) -> Attached | None:
    """A signature as it was written, also while the page was not left yet."""
    if not isinstance(field.kind, Signature) or not raw:
        return None
    before = entered.attached.get(raw) if entered else None
    return before or draft.known.attached.get(raw) or ink.drawn(raw)


def _warned(look: Look, draft: Draft, field: Field, raw: str) -> tuple[Tag, ...]:
    """What somebody should look at although it may be right; it stops nobody."""
    words = field.kind.warning(field.kind.normal(raw), draft.known) if raw else ""
    return (Tag(look.words(words), Tone.CARE),) if words else ()


def _raw(field: Field, answer: Answer | None, entered: Given | None) -> str:
    if entered is not None and field.name in entered.values:
        return entered.values[field.name]
    return answer.value if answer is not None and not _is_left(answer) else ""


def _picks(look: Look, draft: Draft, field: Field) -> tuple[Pick, ...]:
    say = look.words
    match field.kind:
        case Choice():
            options = _options(field, draft)
            note = _shared_note(options)
            offered = [Pick(o.key, say(o.label), "" if note else say(o.note)) for o in options if not o.why_not]
            return (*offered, *_not_offered(look, options))
        case Code():
            return tuple(Pick(code, say(meaning)) for code, meaning in field.kind.table.items())
        case _:
            return ()


def _not_offered(look: Look, options: Sequence[Option]) -> tuple[Pick, ...]:
    """What is not on offer, one pick a reason: five greyed rows that say the same only hide the others."""
    say = look.words
    between = "、" if say.language == "zh" else ", "
    reasons = dict.fromkeys(o.why_not for o in options if o.why_not)
    alike = {why: [o for o in options if o.why_not == why] for why in reasons}
    return tuple(Pick(same[0].key, between.join(say(o.label) for o in same), "", say(why)) for why, same in alike.items())


def _shared_note(options: Sequence[Option]) -> str:
    """The note of all options on offer that have one, when several have the same: it is then said once."""
    notes = [o.note for o in options if o.note and not o.why_not]
    return notes[0] if len(notes) > 1 and len(set(notes)) == 1 else ""


def _hint(look: Look, draft: Draft, field: Field) -> str:
    if isinstance(field.kind, Choice) and not field.hint:
        return look.words(_shared_note(_options(field, draft)))
    return look.words(field.hint)


def _options(field: Field, draft: Draft) -> tuple[Option, ...]:
    return field.kind.options(draft.known) if isinstance(field.kind, Choice) else ()


def can_be_given(field: Field, draft: Draft) -> bool:
    """Whether a touch screen can take an answer: Chinese text cannot be typed, only confirmed or left, and a
    choice of which nothing is on offer is the counter's."""
    answer = draft.known.answers.get(field.name)
    offered = not isinstance(field.kind, Choice) or any(not option.why_not for option in _options(field, draft))
    return (can_be_typed(field.kind) and offered) or field.may_be_left or bool(answer and answer.value)


def _is_left(answer: Answer) -> bool:
    return answer.source.kind is SourceKind.COUNTER
