"""What stays Chinese in an English page is marked as Chinese (WCAG 2.2, 3.1.2), so that a voice says it right."""

from __future__ import annotations

import re

HAN = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
CHINESE = re.compile(rf"[（「《]?{HAN}+(?:[0-9·，、。；：（）「」《》—－／]*{HAN}+)*[）」》。]*")
"""A run with what stands between its characters: 莲花路36号802房 is one."""
TAG = re.compile(r"(<[^>]*>)")
"""Templates and their escaping leave no other angle bracket, in an attribute neither."""
ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9-]*)")
LANGUAGE = re.compile(r'\slang="([^"]*)"')
EMPTY = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "path", "wbr"})
TEXT_ONLY = frozenset({"script", "style", "textarea", "title"})
MARKED_ITSELF = frozenset({"option", "text", "tspan"})
"""They hold text, which no element may stand in."""
MARK = ' lang="zh-CN"'


def marked(html: str) -> str:
    """Every Chinese run that no element calls Chinese yet, in an element of its own."""
    parts = TAG.split(html)
    around = [("", False)]  # the elements that are open, and whether their text stays as it is
    for place in range(0, len(parts), 2):  # a text, and before it its tag
        if place:
            _step(around, parts[place - 1])
        element, stays = around[-1]
        if stays or not CHINESE.search(parts[place]):
            continue
        if element in MARKED_ITSELF:
            parts[place - 1] = parts[place - 1].replace(f"<{element}", f"<{element}{MARK}", 1)
        else:
            parts[place] = CHINESE.sub(rf"<span{MARK}>\g<0></span>", parts[place])
    return "".join(parts)


def _step(around: list[tuple[str, bool]], tag: str) -> None:
    """Into an element, or out of it."""
    found = ELEMENT.match(tag)
    if not found or found[2] in EMPTY:
        return
    if not found[1]:
        language = LANGUAGE.search(tag)
        stays = language[1].startswith("zh") if language else around[-1][1]
        around.append((found[2], stays or found[2] in TEXT_ONLY))
    elif any(element == found[2] for element, _ in around):
        while around.pop()[0] != found[2]:
            pass
