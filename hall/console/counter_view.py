"""A sheet as the counter draws it: every page that is asked, each question with its control, one look for the clerk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from flows.application import Answer, Outcome, SourceKind
from flows.fields import CONSENT, Choice, Code, Date, PartialDate, Phone, ResidentId
from flows.flow import Fee, Field, Page
from flows.fold import is_locked
from flows.pictures import Picture, Signature
from hall.console import counter_words
from hall.console import words as console_words
from hall.console.language import listed, say
from hall.console.shown import shown
from hall.counter import NOT_PASSED, Filling

DIGITS, MOST_SHOWN = "123456789", 15
"""The keys of the first options; the last of more than nine has 0. So many are all shown; more are a list."""

Control = Literal["locked", "choice", "list", "code", "text", "digits", "picture", "stuck"]


@dataclass(frozen=True)
class OptionView:
    """`digit` is its key on the keyboard, "" where it has none or is not on offer."""

    key: str
    label: str
    note: str
    why_not: str
    digit: str


@dataclass(frozen=True)
class AskView:
    """One question, or one value to read. `was` is what stood there before anybody typed; `later`: it may stay empty
    until the case is open. `picture` marks what can be looked at, by its digest; `faulty` one the checks do not like."""

    name: str
    label: str
    control: Control
    value: str
    shown: str
    was: str = ""
    hint: str = ""
    origin: str = ""
    tone: str = ""
    mistake: str = ""
    required: bool = True
    later: bool = False
    options: tuple[OptionView, ...] = ()
    picture: str = ""
    faulty: str = ""
    signature: bool = False


@dataclass(frozen=True)
class SectionView:
    """One page. `shape` changes with all that its script cannot change by itself: then it is drawn anew."""

    name: str
    title: str
    statement: str
    asks: tuple[AskView, ...]
    unread: bool
    shape: str

    @property
    def read(self) -> tuple[AskView, ...]:
        return tuple(ask for ask in self.asks if ask.control == "locked")

    @property
    def open(self) -> tuple[AskView, ...]:
        return tuple(ask for ask in self.asks if ask.control != "locked")


@dataclass(frozen=True)
class Heard:
    """What came of asking one department as it was begun."""

    title: str
    outcome: Outcome
    word: str
    why: str


@dataclass(frozen=True)
class SheetView:
    """`missing` are the questions that still stand between this sheet and the case, by name and label; `later` those that
    the case will ask."""

    sections: tuple[SectionView, ...]
    heard: tuple[Heard, ...]
    fee: Fee | None
    missing: tuple[tuple[str, str], ...]
    later: tuple[str, ...]
    name: str

    @property
    def pages(self) -> str:
        return " ".join(section.name for section in self.sections)


def sheet_view(filling: Filling, titles: Mapping[str, str], *, judged: bool) -> SheetView:
    """`judged`: say of every question what is wrong; else only of those where something was typed."""
    sheet = filling.sheet
    sections = tuple(_section(filling, page, titles, judged) for page in sheet.pages)
    name = next((sheet.known[f.name] for f in filling.flow.fields.values() if f.item == "person.name"), "")
    fee = filling.flow.fee(sheet.known) if sheet.is_done and not sheet.stuck else None
    wrong = {**sheet.ahead, **filling.mistakes}
    later = [ask.label for part in sections for ask in part.open if ask.later and not ask.value and ask.name not in wrong]
    missing = tuple((ask.name, ask.label) for section in sections for ask in section.asks if ask.name in wrong)
    return SheetView(sections, _heard(filling), fee, missing, tuple(later), name)


def _heard(filling: Filling) -> tuple[Heard, ...]:
    return tuple(
        Heard(
            say(source.title),
            source.outcome,
            say(console_words.COLLECTED if source.collected_at else console_words.OUTCOME[source.outcome]),
            say(console_words.reason(source.reason)),
        )
        for source in filling.lookup.sources
    )


def _section(filling: Filling, page: Page, titles: Mapping[str, str], judged: bool) -> SectionView:
    asks = tuple(_ask(filling, page, field, titles, judged) for field in page.fields)
    # What citizens are told at the terminal is not for a clerk; what they declare is read out to them.
    declared = any(isinstance(field.kind, Signature) or field.kind == CONSENT for field in page.fields)
    shapes = [replace(ask, value="", shown="" if ask.control != "locked" else ask.shown, mistake="") for ask in asks]
    shape = hashlib.sha256(repr(shapes).encode()).hexdigest()[:12]
    unread = bool(filling.draft.given) and page.name in filling.sheet.unread  # at first all of them are
    return SectionView(page.name, say(page.title), say(page.lead) if declared else "", asks, unread, shape)


def _ask(filling: Filling, page: Page, field: Field, titles: Mapping[str, str], judged: bool) -> AskView:
    sheet, kind = filling.sheet, field.kind
    begun, answer = sheet.begun.get(field.name), sheet.known.answers.get(field.name)
    locked, given = is_locked(field, begun), filling.draft.given.get(page.name)
    typed = given.values.get(field.name) if given else None
    value = typed if typed is not None else (answer.value if answer else "")
    known = answer if typed is None or (answer and begun and answer.value == begun.value) else None
    mistake = _mistake(filling, field.name)
    faulty = filling.draft.faulty.get(field.name)
    digest = value if value in filling.draft.pictures else ""
    return AskView(
        field.name,
        say(field.label),
        _control(filling, field, begun),
        value=value,
        shown=shown(kind, value) if value else "",
        was="" if locked or begun is None else begun.value,
        hint=say(field.hint),
        origin=counter_words.origin(known, field.item, titles) if known else "",
        tone=_tone(known),
        mistake=mistake if judged or value or faulty or isinstance(kind, Picture) else "",
        required=field.required,
        later=field.may_be_left and not locked,
        options=() if locked else _options(filling, field),
        picture=(digest or (faulty.digest if faulty else ""))[:12],
        faulty=listed(map(say, faulty.words), "；") if faulty else "",
        signature=isinstance(kind, Signature),
    )


def _mistake(filling: Filling, name: str) -> str:
    """What is wrong, in words; of a photo all that its checks found."""
    mistake, faulty = filling.mistakes.get(name, ""), filling.draft.faulty.get(name)
    if mistake == NOT_PASSED and faulty:
        return say("照片检查没有通过：{faults}", faults=listed(map(say, faulty.words), "；"))
    return say(mistake)


def _tone(answer: Answer | None) -> str:
    return {SourceKind.DEPARTMENT: "department", SourceKind.LIBRARY: "library", SourceKind.CARD: "card"}.get(
        answer.source.kind if answer else SourceKind.CITIZEN, ""
    )


def _control(filling: Filling, field: Field, begun: Answer | None) -> Control:
    if is_locked(field, begun):
        return "locked"
    if field.name in filling.sheet.stuck:
        return "stuck"
    match field.kind:
        case Choice():
            return "choice" if len(_options(filling, field)) <= MOST_SHOWN else "list"
        case Code(table):
            return "choice" if len(table) <= len(DIGITS) else "code"
        case Picture():
            return "picture"
        case Phone() | Date() | PartialDate() | ResidentId():
            return "digits"
        case _:
            return "text"


def _options(filling: Filling, field: Field) -> tuple[OptionView, ...]:
    match field.kind:
        case Choice():
            given = [(o.key, say(o.label), say(o.note), say(o.why_not)) for o in field.kind.options(filling.sheet.known)]
        case Code(table):
            given = [(code, say(meaning), "", "") for code, meaning in table.items()]
        case _:
            return ()
    digits = iter(_digits(sum(not why_not for *_, why_not in given)))
    return tuple(OptionView(*one, "" if one[-1] else next(digits)) for one in given)


def _digits(offered: int) -> list[str]:
    keys = [*DIGITS, *[""] * (offered - len(DIGITS))][:offered]
    return [*keys[:-1], "0"] if offered > len(DIGITS) else keys
