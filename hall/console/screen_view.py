"""What the citizen's screen draws: words already chosen, nothing of a record, a number masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, assert_never

from flows.masking import masked_number
from flows.pictures import Picture
from flows.words import numbers_out
from hall.console.screen_words import ENGLISH, SAID
from hall.ratings import Rule
from hall.second_screen import Away, Called, Idle, Look, Rate, Screen, Sign
from hall.store.screens import Reply

Kind = Literal["away", "idle", "called", "look", "sign", "rate"]
MASKED = frozenset({"person.number", "guardian.number"})


@dataclass(frozen=True)
class Line:
    """One answer as the citizen reads it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Grade:
    """One of the five; a `low` one may say what was wrong."""

    grade: int
    words: str
    low: bool


@dataclass(frozen=True)
class ScreenView:
    """One screen. `id` is of what is asked, `about` of whom; `leaves_s` says after how long it closes by itself."""

    kind: Kind
    window: str
    title: str
    lead: str = ""
    number: str = ""
    id: str = ""
    about: str = ""
    mark: str = ""
    matter: str = ""
    lines: tuple[Line, ...] = ()
    reply: Reply | None = None
    grades: tuple[Grade, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    leaves_s: int = 0
    language: str = "zh"
    large: bool = False

    @property
    def say(self) -> Mapping[str, str]:
        return SAID[self.language]

    @property
    def tools(self) -> bool:
        """Whether somebody sits there who may want to read otherwise."""
        return bool(self.about)


def screen_view(screen: Screen, rule: Rule, now: datetime) -> ScreenView:
    language = screen.language or "zh"
    say = SAID[language]
    draw = partial(ScreenView, window=screen.window, about=screen.about, language=language, large=screen.large)
    match screen.shown:
        case Away():
            return draw("away", title=say["away"], lead=say["away_more"])
        case Idle():
            return draw("idle", title=say["idle"], lead=say["idle_more"])
        case Called(number, reply):
            title, lead = _received(say, reply)
            return draw("called", title=title, lead=lead, number=number, reply=reply)
        case Look() as look:
            return draw(
                "look",
                title=say["look"],
                lead=say["look_more"],
                number=look.number,
                id=look.id,
                mark=look.mark,
                matter=in_language(look.flow.title, language),
                lines=tuple(_lines(look, language)),
            )
        case Sign(id, number, statement):
            return draw("sign", title=say["sign"], lead=in_language(statement, language), number=number, id=id)
        case Rate(_, number, until):
            return draw(
                "rate",
                title=say["rate"],
                lead=say["rate_more"],
                number=number,
                leaves_s=max(1, round((until - now).total_seconds())),
                grades=_grades(rule, language),
                tags=_tags(rule, language),
            )
        case _:
            assert_never(screen.shown)


def _received(say: Mapping[str, str], reply: Reply | None) -> tuple[str, str]:
    match reply:
        case Reply.RIGHT:
            return say["right"], say["reply_more"]
        case Reply.WRONG:
            return say["wrong"], say["wrong_more"]
        case Reply.SIGNED | Reply.TAKEN:
            return say["signed"], say["reply_more"]
        case _:
            return say["welcome"], say["welcome_more"]


def _grades(rule: Rule, language: str) -> tuple[Grade, ...]:
    return tuple(Grade(one.grade, one.en if language == "en" else one.words, one.grade <= rule.low) for one in rule.grades)


def _tags(rule: Rule, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((one.code, one.en if language == "en" else one.words) for one in rule.tags)


def _lines(look: Look, language: str) -> Iterator[Line]:
    """Every answer, in the order of the form."""
    say, flow, application = SAID[language], look.flow, look.application
    for name, field in flow.fields.items():
        answer = application.answers.get(name)
        if answer is None:
            continue
        if not answer.value:
            shown = say["nothing"]
        elif isinstance(field.kind, Picture):
            shown = say["attached"]
        elif field.item in MASKED:
            shown = masked_number(answer.value)
        else:
            shown = in_language(field.kind.shown(answer.value), language)
        yield Line(name, in_language(field.label, language), shown)


def in_language(message: str, language: str) -> str:
    """As the terminal says it; what has no translation, a name or an address, stays as it is."""
    if language != "en":
        return message
    found = ENGLISH.get(message)
    if found is None and (found := ENGLISH.get(numbers_out(message))) is not None:
        found = found.format(*re.findall(r"\d+", message))
    return found or message
