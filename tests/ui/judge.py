"""What is wrong with the screen that is drawn now: cut text, overlaps, missing characters, targets too small."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.display import KivyDisplay
from kiosk.ui.layout import Box
from kiosk.ui.pager import Pager
from kiosk.ui.pictures import Picture
from kiosk.ui.pilot import Pilot, settled
from kiosk.ui.widgets import FONTS, Press, Text, walk

PICTURES = Path(__file__).parents[2] / "build" / "pictures"
ALBUM = bool(os.environ.get("YIMEN_ALBUM"))
"""Whether `make pictures` wants a picture of every page, in both sizes of letters; else there is one of what is wrong."""
FINGER = 80  # 20 mm on the 21.5 inch panel
SLACK = 2


def complaints(display: KivyDisplay) -> list[str]:
    """Everything a designer would send back; widget by widget, by their words."""
    top = display.stage.glass.children[0]
    texts = [widget for widget in walk(top) if isinstance(widget, Text) and widget.words and widget.opacity]
    return [
        *(f"{text.words!r} {why}" for text in texts for why in _of_text(text)),
        *(f"{a.words!r} lies over {b.words!r}" for a, b in combinations(texts, 2) if _overlap(a, b)),
        *(f"{w.name} is too small for a finger" for w in walk(top) if isinstance(w, Press) and w.height and min(w.size) < FINGER),
        *(f"{text.words!r} lies over a picture" for text in texts for w in walk(top) if isinstance(w, Picture) and _on(text, w)),
        *(f"{unit} lies outside its page" for w in walk(top) if isinstance(w, Pager) for unit in _outside(w)),
    ]


def _of_text(text: Text) -> Iterator[str]:
    if text.texture_size[0] > text.width + SLACK or text.texture_size[1] > text.height + SLACK:
        yield "is cut"
    if not (text.x >= 0 and text.right <= theme.WIDTH and text.y >= 0 and text.top <= theme.HEIGHT):
        yield "lies outside the window"
    if missing := FONTS[0].missing(text.words):
        yield f"has no glyph for {missing}"
    for box in _boxes(text):
        if text.x < box.x - SLACK or text.right > box.right + SLACK or text.y < box.y - SLACK or text.top > box.top + SLACK:
            yield f"sticks out of its {type(box).__name__}"


def _boxes(widget: Widget) -> Iterator[Box]:
    while isinstance(widget.parent, Widget):
        widget = widget.parent
        if isinstance(widget, Box):
            yield widget


def _overlap(a: Widget, b: Widget) -> bool:
    across: float = min(a.right, b.right) - max(a.x, b.x)
    down: float = min(a.top, b.top) - max(a.y, b.y)
    return across > SLACK and down > SLACK


def _on(text: Text, picture: Picture) -> bool:
    """Within what is drawn, where the judge of widgets cannot see it."""
    x, y, width, height = picture.frame
    across: float = min(text.right, x + width) - max(text.x, x)
    down: float = min(text.top, y + height) - max(text.y, y)
    return across > SLACK and down > SLACK


def _outside(pager: Pager) -> list[str]:
    floor = pager.bar.top if pager.bar.parent else pager.y
    shown = [child for child in pager.children if child is not pager.bar and child.height]
    return [type(unit).__name__ for unit in shown if unit.y < floor - SLACK or unit.top > pager.top + SLACK]


async def judged(pilot: Pilot, display: KivyDisplay, folder: Path, name: str) -> list[str]:
    """The complaints of every page of the present screen, with its picture; ends on the page it began with."""
    found = []
    began = max((pager.page for pager in pilot.pagers()), default=0)
    pages = max(1, await pilot.pages())
    for page in range(pages):
        await pilot.turn_to(page)
        await settled()
        wrong = [f"{name}, page {page + 1}: {complaint}" for complaint in complaints(display)]
        if wrong or ALBUM:
            await pilot.picture(folder / (f"{name}-{page + 1}.png" if pages > 1 else f"{name}.png"))
        found += wrong
    await pilot.turn_to(began)
    return found
