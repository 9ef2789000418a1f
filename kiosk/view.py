"""What a screen shows and what a touch says: the whole contract between terminal and display.

Everything here is already worded in the citizen's language, masked and formatted. A display only
draws it; it decides nothing and knows no matter, no card and no hall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

ScreenKind = Literal["attract", "notice", "card", "busy", "records", "form", "photo", "review", "ticket", "message"]


Art = Literal["", "lay", "read", "take"]  # what happens with the card: lay it, it is read, take it away


class Tone(StrEnum):
    """How a message or a value should be felt."""

    PLAIN = "plain"
    GOOD = "good"
    CARE = "care"  # look here: not compared, in doubt, wants confirming
    WRONG = "wrong"


@dataclass(frozen=True)
class Tag:
    """A small mark beside a value: where it comes from (身份证, 公安户籍 …) or what is special."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Pick:
    """One thing to choose. `why_not` is empty when it is on offer; else it is drawn greyed with the reason."""

    key: str
    label: str
    note: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Mark:
    """A place in a picture to look at: a box in shares of its width and height, from the top left."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone = Tone.WRONG


LineKind = Literal["shown", "digits", "latin", "text", "choice", "signature"]


@dataclass(frozen=True)
class Line:
    """One value on a screen. `kind` says how it is given: shown is read-only; digits and latin open
    an on-screen pad; text can only be left for the counter; choice offers its `picks`; signature opens a
    sheet to write on with a finger.

    A signature's value in a Touch is its strokes: points as "x,y" in thousandths of the sheet's width from its
    top left, blanks between points, semicolons between strokes. `picture` (JPEG or PNG) is drawn as the value.

    `raw` is what goes back in a Touch when the citizen changes nothing; `value` is what is drawn. `dispute` are the
    words of a small button beside the value: it goes back as Touch.button "dispute", with the line's name as
    Touch.values["value"].
    """

    name: str
    label: str
    value: str = ""
    raw: str = ""
    kind: LineKind = "shown"
    picks: tuple[Pick, ...] = ()
    tags: tuple[Tag, ...] = ()
    hint: str = ""
    mistake: str = ""
    leave: str = ""  # the words of "let the counter fill this in"; empty: not possible
    left: bool = False
    picture: bytes = b""
    dispute: str = ""


@dataclass(frozen=True)
class SourceLine:
    """One department while records arrive: its name and how it stands."""

    title: str
    state: str
    tone: Tone = Tone.PLAIN
    done: bool = False


@dataclass(frozen=True)
class Button:
    """What can be touched. Exactly one button of a screen is `main`; `quiet` ones are outlined."""

    name: str
    label: str
    main: bool = False
    value: str = ""  # goes back as Touch.values["value"], e.g. the page to edit


@dataclass(frozen=True)
class Group:
    """A titled block of lines on the review screen, with its own edit button. `stacked`: the values are sentences and
    stand under their labels."""

    title: str
    lines: tuple[Line, ...]
    edit: Button | None = None
    stacked: bool = False


@dataclass(frozen=True)
class View:
    """One screen, whole. Unused parts stay empty; each kind draws the parts it has.

    attract: title, lead, picks (matters). notice: title, lead, points. card: title, lead, points,
    art. busy: title, lead, sources, art. records/form: title, lead, lines, sources. review: groups, total.
    ticket: number, code, points, lead. message: title, lead, tone. photo: title, lead, picture, marks, guide, points.
    """

    kind: ScreenKind
    title: str
    lead: str = ""
    tone: Tone = Tone.PLAIN
    points: tuple[str, ...] = ()
    art: Art = ""
    picks: tuple[Pick, ...] = ()
    lines: tuple[Line, ...] = ()
    groups: tuple[Group, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    buttons: tuple[Button, ...] = ()
    corner: tuple[Button, ...] = ()  # language, large text, help: the same place on every screen
    step: int = 0  # of `steps`; 0: no progress shown
    steps: int = 0
    step_words: str = ""
    number: str = ""
    code: str = ""  # what a QR code beside the number says; "" for none
    total: str = ""
    picture: bytes = b""  # JPEG or PNG; redrawn up to ten times a second while the camera looks
    marks: tuple[Mark, ...] = ()
    guide: Literal["", "portrait", "page"] = ""  # an outline over the picture: where the face or the paper belongs
    notice: str = ""  # one sentence above everything, e.g. a department that does not answer
    hall_name: str = ""
    clock: str = ""
    language: Literal["zh", "en"] = "zh"
    large: bool = False


@dataclass(frozen=True)
class Touch:
    """A button's name, and everything entered on the screen by line name. `left` names the lines
    that the citizen left for the counter."""

    button: str
    values: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[str] = frozenset()


class Display(Protocol):
    """A screen. One view at a time; showing another one replaces it and cancels the first wait."""

    @property
    def touches(self) -> int:
        """How many fingers have been on the glass so far, wherever they were: somebody is there."""
        ...

    async def show(self, view: View) -> Touch:
        """Draws the view and waits until one of its buttons or picks is touched."""
        ...

    def update(self, view: View) -> None:
        """Redraws without waiting and without losing what was entered: records arriving, a countdown."""
        ...

    def forget(self) -> None:
        """Drops every trace of the last citizen: widgets, textures, typed text, caches."""
        ...
