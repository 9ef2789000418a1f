"""A record that the citizen finds wrong: the button beside it, the page that asks why, and what the review says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flows.application import Record
from flows.claims import can_be_claimed, record_behind
from flows.dispute import DISPUTE_REASONS, Dispute
from flows.fields import Code
from flows.flow import Field
from flows.fold import Given
from flows.items import ITEMS
from kiosk.draft import Draft
from kiosk.giving import line_kind, shown_value
from kiosk.origin import Facts, department_title
from kiosk.present import Look, frame
from kiosk.terminal import CHINA
from kiosk.view import Button, Group, Line, Pick, Tag, Tone, View


@dataclass(frozen=True)
class Disputing:
    """One record on the page that asks what is wrong with it; `standing` is what was said before."""

    asked: Field
    record: Record
    facts: Facts
    standing: Dispute | None = None
    mistakes: Mapping[str, str] = field(default_factory=dict)


def disputing(draft: Draft, name: str, facts: Facts) -> Disputing | None:
    """None for a value that no department said."""
    asked = draft.flow.fields.get(name)
    record = record_behind(asked, draft.begin.answers.get(name), facts.lookup) if asked else None
    return Disputing(asked, record, facts, draft.disputes.get(name)) if asked and record else None


def with_dispute(look: Look, draft: Draft, line: Line, facts: Facts) -> Line:
    """The line with its small button; what was marked already says so."""
    here = disputing(draft, line.name, facts)
    if here is None:
        return line
    if here.standing is None:
        return replace(line, dispute=look.words("不对？"))
    said = Tag(look.words("您认为不对，窗口会核实"), Tone.CARE)
    return replace(line, dispute=look.words("修改"), tags=(*line.tags, said))


def disputes_group(look: Look, draft: Draft, facts: Facts) -> tuple[Group, ...]:
    """What the citizen finds wrong, to look over before submitting."""
    say = look.words
    marked = [here for name in draft.disputes if (here := disputing(draft, name, facts))]
    lines = tuple(
        Line(
            one.asked.name,
            say(one.asked.label),
            value=shown_value(look, one.asked, one.record.value),
            tags=(Tag(say(DISPUTE_REASONS[one.standing.reason].words), Tone.CARE),) if one.standing else (),
            dispute=say("修改"),
        )
        for one in marked
    )
    return (Group(say("您认为不对的登记，由窗口核实"), lines),) if lines else ()


def dispute_view(look: Look, here: Disputing, entered: Given | None) -> View:
    """What the record says and whose it is, why it is wrong, and the right value where it can be given here."""
    say, record = look.words, here.record
    withdraw = (Button("withdraw", say("登记没有错")),) if here.standing else ()
    return frame(
        look,
        "form",
        "哪里不对？",
        "这里不会改动登记。窗口核实后，请登记的部门更正，结果会告诉您",
        lines=(
            Line(
                "record",
                say(here.asked.label),
                value=shown_value(look, here.asked, record.value),
                tags=(Tag(f"{department_title(look, record.department, here.facts.lookup)} · {_day(record)}"),),
            ),
            _reason(look, here, entered),
            *_claim(look, here, entered),
        ),
        buttons=(Button("back", say("上一步")), *withdraw, Button("save", say("标记为不对"), main=True)),
    )


def entered_before(here: Disputing) -> Given | None:
    """What was said of this record before, as it was entered."""
    standing = here.standing
    return Given({"reason": standing.reason, "claim": standing.claim}) if standing else None


def _reason(look: Look, here: Disputing, entered: Given | None) -> Line:
    say = look.words
    hint = "" if can_be_claimed(here.record.item) else say("正确的内容，请到窗口告诉工作人员")
    picks = tuple(Pick(reason.code, say(reason.words), say(reason.note)) for reason in DISPUTE_REASONS.values())
    raw = _entered(entered, "reason")
    mistake = say(here.mistakes.get("reason", ""))
    return Line("reason", say("为什么不对"), raw=raw, kind="choice", picks=picks, hint=hint, mistake=mistake)


def _claim(look: Look, here: Disputing, entered: Given | None) -> tuple[Line, ...]:
    say, kind = look.words, ITEMS[here.record.item].kind
    if not can_be_claimed(here.record.item):
        return ()
    raw = _entered(entered, "claim")
    picks = tuple(Pick(code, say(meaning)) for code, meaning in kind.table.items()) if isinstance(kind, Code) else ()
    line = Line(
        "claim",
        say("正确的是什么"),
        value=shown_value(look, here.asked, raw) if raw else "",
        raw=raw,
        kind=line_kind(kind),
        picks=picks,
        hint=say("不清楚可以不填，到窗口再说明"),
        mistake=say(here.mistakes.get("claim", "")),
    )
    return (line,)


def _entered(entered: Given | None, name: str) -> str:
    return entered.values.get(name, "") if entered else ""


def _day(record: Record) -> str:
    return f"{record.as_of.astimezone(CHINA):%Y-%m-%d}"
