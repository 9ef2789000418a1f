"""One line of a form as units of a pager: how its choices stand, and what may stand on another page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kivy.metrics import dp
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.entry import Entry
from kiosk.ui.hanfont import longest_word
from kiosk.ui.questions import Field, Leave, Picks, Question
from kiosk.ui.signing import SignField
from kiosk.ui.widgets import measure_for
from kiosk.view import Line, Pick

MANY = 6
"""More picks than this stand two by two even if a label then takes two lines."""
BETWEEN = {"zh": "、", "en": "; "}


def question(line: Line, entry: Entry, width: float, language: str) -> list[Widget]:
    """The units of one line that asks something."""
    more = {"entry_line": line, "language": language, "entry": entry}  # the entry last: it begins the following
    units: list[Widget] = [Question(entry_line=line)]
    if line.kind == "signature":
        units.append(SignField(name=f"open:{line.name}", **more))
    if line.kind in ("digits", "latin") or (line.kind == "text" and line.value):
        units.append(Field(name=f"open:{line.name}", **more))
    for picks in in_rows(line.picks, width, language):
        units.append(Picks(picks=list(picks), **more))
    if line.leave:
        units.append(Leave(**more))
    for unit in (units[-1], *(units[2:-1] if len(line.picks) > MOST_ON_ONE_PAGE else ())):
        unit.keep = False
    return units


MOST_ON_ONE_PAGE = 4


def in_rows(picks: Sequence[Pick], width: float, language: str) -> list[Sequence[Pick]]:
    """What is on offer, two in a row if all find room there; then what is not, once per reason."""
    offered = [pick for pick in picks if not pick.why_not]
    room = (width - dp(theme.GAP)) / 2 - dp(64 + 24) - dp(50) * theme.LARGE
    fits = all(_fits(pick, room, lines=2 if len(offered) > MANY else 1) for pick in offered)
    step = 2 if fits and len(offered) > 1 else 1
    return [*(offered[at : at + step] for at in range(0, len(offered), step)), *([pick] for pick in absent(picks, language))]


def _fits(pick: Pick, room: float, lines: int) -> bool:
    """Lines of words leave a part of each line free, no word is broken, and the note takes one line."""
    measure = measure_for("strong")
    share = 1 if lines == 1 else 0.8
    whole = measure(pick.label) <= room * lines * share and longest_word(pick.label, measure) <= room
    return whole and measure_for("note")(pick.note) <= room


def absent(picks: Sequence[Pick], language: str) -> Iterator[Pick]:
    """What is not on offer for the same reason, as one."""
    reasons: dict[str, list[Pick]] = {}
    for pick in picks:
        if pick.why_not:
            reasons.setdefault(pick.why_not, []).append(pick)
    for why_not, same in reasons.items():
        if len(same) == 1:
            yield same[0]
        else:
            labels = BETWEEN[language].join(pick.label for pick in same)
            yield Pick("+".join(pick.key for pick in same), labels, why_not=why_not)
