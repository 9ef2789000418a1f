"""What is the same on every sample view: hall, clock, corner, steps."""

from __future__ import annotations

from typing import TypedDict, Unpack

from flows.words import Language
from kiosk.view import Button


class Steps(TypedDict, total=False):
    """How far the citizen has come."""

    step: int
    steps: int
    step_words: str


class Frame(Steps):
    """What goes into every view."""

    hall_name: str
    clock: str
    corner: tuple[Button, ...]
    language: Language


HALL = {"zh": "佛山市禅城区行政服务中心", "en": "Chancheng District Government Service Centre"}
CLOCK = {"zh": "11月23日 星期一 09:12", "en": "Mon 23 Nov 09:12"}
CORNER = {
    "zh": (Button("language", "English", value="en"), Button("large", "大字"), Button("help", "请人帮忙")),
    "en": (Button("language", "中文", value="zh"), Button("large", "Large text"), Button("help", "Call for help")),
}


def frame(language: Language, **progress: Unpack[Steps]) -> Frame:
    return {"hall_name": HALL[language], "clock": CLOCK[language], "corner": CORNER[language], "language": language, **progress}


def steps(language: Language, step: int, words: str) -> Steps:
    said = f"第 {step} 步，共 5 步 · {words}" if language == "zh" else f"Step {step} of 5 · {words}"
    return {"step": step, "steps": 5, "step_words": said}


NEXT = {"zh": Button("next", "下一步", main=True), "en": Button("next", "Continue", main=True)}
BACK = {"zh": Button("back", "上一步"), "en": Button("back", "Back")}
