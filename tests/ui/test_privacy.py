"""Nothing of the last citizen stays in the process after forget()."""

import asyncio
import gc
import sys
from collections.abc import Iterator

from kivy.cache import Cache
from kivy.graphics import Mesh
from kivy.graphics.texture import Texture

from kiosk.ui.display import KivyDisplay
from kiosk.ui.ink import Ink
from kiosk.ui.pictures import Picture
from kiosk.ui.pilot import Pilot, settled
from kiosk.view import Button, Line, View
from tests.ui.conftest import OnScreen
from tests.ui.sample_pictures import face

CONTAINERS = (dict, list, tuple, set, frozenset)
NAME, ADDRESS = 0x9F98, 0x9750
"""Characters found nowhere else in this process, as numbers: a text here would itself be found as kept."""


def name() -> str:
    return chr(NAME) * 4


def address() -> str:
    return "佛山市" + chr(ADDRESS) * 40


def digits() -> str:
    return "".join(map(str, range(9, -1, -1)))


def asked() -> View:
    lines = (Line("name", "姓名", name()), Line("address", "户籍地址", address()), Line("mobile", "手机号码", kind="digits"))
    return View("form", "请核对", lines=lines, buttons=(Button("next", "下一步", main=True),))


def of_the_citizen(text: str) -> bool:
    """Also a part of it, as a broken line or half a number is."""
    return text.count(chr(NAME)) > 1 or text.count(chr(ADDRESS)) > 1 or (len(text) > 4 and text in digits())


def kept() -> list[str]:
    """Who still holds something of the citizen: everything the collector knows, looked through."""
    gc.collect()
    here = sys._getframe()
    return [
        type(holder).__name__
        for holder in gc.get_objects()
        if holder is not here
        for said in texts_of(holder)
        if of_the_citizen(said)
    ]


def texts_of(holder: object) -> Iterator[str]:
    """Its own texts, and those of plain containers in it that the collector does not list itself."""
    for part in gc.get_referents(holder):
        if type(part) is str:  # isinstance would ask a dead weak proxy
            yield part
        elif issubclass(type(part), CONTAINERS) and not gc.is_tracked(part):
            yield from (inner for inner in gc.get_referents(part) if type(inner) is str)


async def shown_and_typed(display: KivyDisplay) -> None:
    pilot, showing = Pilot(display), asyncio.create_task(display.show(asked()))
    await pilot.shown()
    await pilot.enter("mobile", digits())
    assert kept()  # what is shown can be found: the search itself works
    await pilot.tap("next")
    await showing


def test_nothing_of_the_citizen_stays_in_memory(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> list[str]:
        await shown_and_typed(display)
        display.forget()
        await settled()
        return kept()

    assert on_screen(story) == []


def test_without_forget_it_would_still_be_there(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> list[str]:
        await shown_and_typed(display)
        await settled()
        return kept()

    assert on_screen(story)


def test_no_cache_of_kivy_holds_what_was_shown(on_screen: OnScreen) -> None:
    on_screen(shown_and_typed)
    assert not [key for category in Cache._objects.values() for key in category if of_the_citizen(str(key))]


def test_the_pictures_of_the_last_citizen_leave_the_graphics_card(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[int, int]:
        counts = []
        for _ in range(3):
            showing = asyncio.create_task(display.show(asked()))
            await Pilot(display).shown()
            showing.cancel()
            display.forget()
            await settled()
            gc.collect()
            counts.append(sum(type(held) is Texture for held in gc.get_objects()))
        return counts[0], counts[-1]

    first, last = on_screen(story)
    assert last == first


def photograph() -> bytes:
    """A JPEG with bytes after its end that are found nowhere else."""
    return face(320, 240) + bytes(range(255, 127, -1))


def photographs_kept() -> int:
    gc.collect()
    ending = bytes(range(255, 127, -1))
    parts = (part for holder in gc.get_objects() for part in gc.get_referents(holder))
    return sum(len(part) > len(ending) and part.endswith(ending) for part in parts if type(part) is bytes)


def drawn_kept() -> list[str]:
    """Widgets of pictures and ink, and what they were drawn with."""
    gc.collect()
    kinds = (Picture, Ink, Mesh)
    return [type(held).__name__ for held in gc.get_objects() if issubclass(type(held), kinds)]


async def photographed_and_signed(display: KivyDisplay) -> None:
    line = Line("signature", "签名", kind="signature")
    photo = Line("photo", "证件照", picture=photograph())
    for view in (View("photo", "拍照", picture=photograph()), View("form", "声明", lines=(photo, line))):
        showing, pilot = asyncio.create_task(display.show(view)), Pilot(display)
        await pilot.shown()
        if view.kind == "form":
            await pilot.sign("signature", [[(100, 100), (600, 400)]])
            assert photographs_kept()
            assert drawn_kept()  # what is shown can be found: the search itself works
        showing.cancel()
    await settled()


def test_no_photograph_and_no_ink_stays_in_memory(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[int, list[str]]:
        await photographed_and_signed(display)
        display.forget()
        await settled()
        return photographs_kept(), drawn_kept()

    assert on_screen(story) == (0, [])


def test_the_textures_of_pictures_do_not_pile_up(on_screen: OnScreen) -> None:
    async def story(display: KivyDisplay) -> tuple[int, int]:
        counts = []
        for _ in range(3):
            await photographed_and_signed(display)
            display.forget()
            await settled()
            gc.collect()
            counts.append(sum(type(held) is Texture for held in gc.get_objects()))
        return counts[0], counts[-1]

    first, last = on_screen(story)
    assert last == first
