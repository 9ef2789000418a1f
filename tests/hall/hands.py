"""Two hands for the same story: one with a mouse, one with nothing but the keys of a keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from scripts.console_steps import tick

FAR = 400
"""How often a hand presses Tab before it gives up: more stops than any page has."""
AHEAD = """target => {
  const at = document.activeElement;
  return !at || at === document.body || Boolean(at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
SAME_GROUP = """target => {
  const at = document.activeElement;
  return target.type === "radio" && at?.type === "radio" && at.name === target.name && at.form === target.form;
}"""
SHOWN = """target => {
  const box = target.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return Boolean(top) && (target.contains(top) || top.contains(target) || top.closest("label")?.contains(target));
}"""


class Unreachable(AssertionError):
    """No key leads there, or what has the focus lies where nobody sees it."""


class Hand(Protocol):
    """What a story does with a page. A target is the control itself, whatever lies over it."""

    page: Page

    def __init__(self, page: Page) -> None: ...
    def press(self, target: Locator) -> None: ...

    def write(self, target: Locator, text: str) -> None:
        """Instead of what stood there."""
        ...

    def choose(self, target: Locator, value: str) -> None:
        """In a list; `value` as its form sends it."""
        ...

    def tick(self, target: Locator) -> None:
        """A box or one of a group, until it is ticked."""
        ...

    def attach(self, target: Locator, file: Path) -> None: ...


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        settled(self.page, target)
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.click()
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        target.select_option(value)

    def tick(self, target: Locator) -> None:
        tick(target)

    def attach(self, target: Locator, file: Path) -> None:
        with self.page.expect_file_chooser() as opened:
            target.click()
        opened.value.set_files(file)


class Keyboard:
    """Never a click, and never a focus that a script gave: the shortcut that a control names, or Tab until it is there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        settled(self.page, target)
        if shortcut := target.get_attribute("aria-keyshortcuts"):
            press_shortcut(self.page, _spelt(shortcut))
            return
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        kind = target.get_attribute("type")
        if kind not in ("date", "time"):
            self.page.keyboard.press("Control+a")
        self.page.keyboard.type(_typed(text, kind))
        expect(target).to_have_value(text)

    def choose(self, target: Locator, value: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Home")
        for _ in range(target.locator("option").count()):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        expect(target).to_have_value(value)

    def tick(self, target: Locator) -> None:
        self._reach(target, group=True)
        for _ in range(FAR):
            if target.is_checked():
                return
            here = target.evaluate("target => target === document.activeElement")
            self.page.keyboard.press("Space" if here else "ArrowDown")
        raise Unreachable(_named(target))

    def attach(self, target: Locator, file: Path) -> None:
        with self.page.expect_file_chooser() as opened:
            self._reach(target)  # its questions reach the page behind the word that its dialog is ours; a key may overtake it
            self.page.keyboard.press("Enter")
        opened.value.set_files(file)

    def _reach(self, target: Locator, *, group: bool = False) -> None:
        """`group`: any of the same group of radio buttons will do, of which Tab stops at one."""
        settled(self.page, target)
        for _ in range(FAR):
            if target.evaluate("target => target === document.activeElement") or (group and target.evaluate(SAME_GROUP)):
                break
            self.page.keyboard.press("Tab" if target.evaluate(AHEAD) else "Shift+Tab")
        else:
            raise Unreachable(f"no Tab leads to {_named(target)}")
        # WCAG 2.2, 2.4.11: what has the focus is not hidden under a bar that stays where it is.
        if not group and not target.evaluate(SHOWN):
            raise Unreachable(f"something lies over {_named(target)} while it has the focus")


def settled(page: Page, target: Locator) -> None:
    """A hand is slower than a browser that still reads the page's script."""
    expect(target).to_be_attached()
    expect(target).to_be_enabled()
    page.wait_for_load_state("load")


def press_shortcut(page: Page, keys: str) -> None:
    """Once the script that hears it is there."""
    page.wait_for_load_state("load")
    page.keyboard.press(keys)


def width_of(image: Locator) -> int:
    """Of the picture itself, once it is there."""
    return int(image.evaluate("image => image.decode().then(() => image.naturalWidth)"))


def _spelt(shortcut: str) -> str:
    """Alt+S is Alt and the key, not a capital letter."""
    before, plus, key = shortcut.rpartition("+")
    return f"{before}{plus}{key.lower()}"


def _typed(text: str, kind: str | None) -> str:
    """The figures in the order in which the browser's own language asks for them."""
    if kind == "date":
        year, month, day = text.split("-")
        return f"{month}{day}{year}"
    if kind == "time":
        hour, _, minute = text.partition(":")
        return f"{int(hour) % 12 or 12:02}{minute}{'PM' if int(hour) >= 12 else 'AM'}"
    return text


def _named(target: Locator) -> str:
    return str(target.evaluate("target => target.outerHTML.split('>')[0] + '>'"))
