"""How often the pages that stand open look: at once in a usual hall, in turn in a very large one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from hall.console.live import Fragment, live
from hall.open_pages import LOOK_S, LOOKS_PER_S, OpenPages
from tests.hall.fakes import open_hall


def test_half_a_dozen_pages_look_as_often_as_one_and_more_take_turns() -> None:
    pages = OpenPages()
    with ExitStack() as open_:
        for _ in range(int(LOOK_S * LOOKS_PER_S)):
            open_.enter_context(pages.one_more())
        assert pages.look_s == LOOK_S
        for _ in range(200 - int(LOOK_S * LOOKS_PER_S)):
            open_.enter_context(pages.one_more())
        assert pages.look_s * LOOKS_PER_S == 200
    assert pages.look_s == LOOK_S


def test_a_page_is_counted_until_its_reader_goes(tmp_path: Path) -> None:
    async def fragments() -> Mapping[str, Fragment]:
        return {"lines": Fragment("A001", lambda: "<p>A001</p>")}

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            pages = OpenPages()
            many = [live(hall.store, fragments, asyncio.Event(), pages) for _ in range(60)]
            assert [await anext(page) for page in many] == [b"id: 0\nevent: lines\ndata: <p>A001</p>\n\n"] * 60
            assert pages.look_s == 60 / LOOKS_PER_S
            for page in many:
                await cast(AsyncGenerator[bytes, None], page).aclose()
            assert pages.look_s == LOOK_S

    asyncio.run(story())
