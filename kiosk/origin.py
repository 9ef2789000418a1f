"""Where a value comes from, from when it is and who doubts it: the tags beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.application import Answer, Identity, Lookup, Source, SourceKind
from flows.flow import Field
from flows.fold import GUARDIANS_CARD
from kiosk.kept_picture import Offered
from kiosk.present import Look, day_in_china
from kiosk.view import Tag, Tone

CARD_NAMES = {"resident_card": "身份证", "social_security_card": "社会保障卡", "typed": "您填写的"}


@dataclass(frozen=True)
class Facts:
    """What stands beside the answers: who it is, who acts for them, and what the departments said; None when the
    hall was away. `differing` are the fields of which departments do not all say the same, `offered` are kept
    pictures by the field that they may answer."""

    identity: Identity
    lookup: Lookup | None
    guardian: Identity | None = None
    differing: frozenset[str] = frozenset()
    offered: Mapping[str, Offered] = field(default_factory=dict)


def tags(look: Look, asked: Field, answer: Answer, facts: Facts) -> tuple[Tag, ...]:
    """Neutral words: a citizen learns that somebody will look, never what another register says."""
    say = look.words
    differs = (Tag(say("另有部门登记不同，窗口会核对"), Tone.CARE),) if asked.name in facts.differing else ()
    match answer.source.kind:
        case SourceKind.CARD:
            compared = facts.lookup is not None and bool(facts.lookup.records(asked.item))
            mark = () if compared or answer.source == GUARDIANS_CARD else (Tag(say("未比对"), Tone.CARE),)
            return (Tag(say(_card_name(answer.source, facts))), *mark, *differs)
        case SourceKind.DEPARTMENT | SourceKind.LIBRARY:
            day = f" · {day_in_china(answer.as_of)}" if answer.as_of else ""
            doubt = (Tag(say("登记机关正在核实"), Tone.CARE),) if _doubted(asked, answer, facts) else ()
            title = Tag(department_title(look, answer.source.name, facts.lookup) + day)
            return (title, *_age(look, answer.source, facts.lookup), *doubt, *differs)
        case SourceKind.COUNTER:
            return ()
        case SourceKind.KEPT:
            return (Tag(say("本大厅留存 · {day}", day=day_in_china(answer.as_of)) if answer.as_of else say("本大厅留存")),)
        case SourceKind.RULE:
            return (Tag(say("按规定得出")),)
        case _:
            return (Tag(say("您填写的")),) if asked.item else ()


def department_title(look: Look, department: str, lookup: Lookup | None) -> str:
    titles = {d.code: d.title for d in look.place.departments}
    titles |= {source.department: source.title for source in lookup.sources} if lookup else {}
    return look.words(titles.get(department, department))


def _age(look: Look, source: Source, lookup: Lookup | None) -> tuple[Tag, ...]:
    """When a silent department's record was collected; what it has now is not known."""
    days = {s.department: day_in_china(s.collected_at) for s in lookup.sources if s.collected_at} if lookup else {}
    if source.kind is not SourceKind.LIBRARY or source.name not in days:
        return ()
    return (Tag(look.words("{day} 归集", day=days[source.name]), Tone.CARE),)


def _card_name(source: Source, facts: Facts) -> str:
    holder = facts.guardian if source == GUARDIANS_CARD and facts.guardian else facts.identity
    return CARD_NAMES.get(holder.document, "证件")


def _doubted(asked: Field, answer: Answer, facts: Facts) -> bool:
    records = facts.lookup.records(asked.item) if facts.lookup else ()
    return any(record.doubt for record in records if record.department == answer.source.name)
