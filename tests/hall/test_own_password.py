"""Whoever is logged in takes another password, by the one they have; nobody else does, and none is ever kept or told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect

from hall.second_factor import code_at, new_secret
from hall.staff import Proof, Session, Staff
from hall.staff_errors import PasswordWeak, TooManyTries
from hall.store.request import Request
from hall.store.store import Store
from tests.hall.accessible import violations
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.fakes import Hall, dump, open_hall
from tests.hall.seats import seated
from tests.hall.test_app import logged_in

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
FIRST, OTHER = "correct horse", "another sentence of mine"


SECRET, RECOVERY = new_secret(), "aaaa1111bbbb"


async def enrolled(store: Store, name: str, at: datetime) -> None:
    """With a telephone and one recovery code."""
    await store.enrol(name, SECRET, 0, (RECOVERY,), Request("", "hall", at))


@asynccontextmanager
async def inside(folder: Path) -> AsyncIterator[tuple[Hall, Staff, Session]]:
    async with open_hall(folder) as hall:
        staff = Staff(hall.store, hall.clock, QUICK)
        await staff.add("zhang", FIRST)
        token = await staff.log_in("zhang", FIRST, "3")
        session = await staff.who(token or "")
        assert session
        yield hall, staff, session


def test_the_new_one_counts_from_now_on_and_neither_is_kept(tmp_path: Path) -> None:
    async def story() -> None:
        async with inside(tmp_path) as (hall, staff, session):
            assert await staff.choose_password(session, Proof(FIRST), OTHER)
            assert await staff.log_in("zhang", FIRST, "3") is None
            assert await staff.log_in("zhang", OTHER, "3")
            kept = "\n".join(dump(hall.path))
            assert not [word for word in (FIRST, OTHER) if word in kept]
            events = [line.event for line in await hall.store.audit_of("clerk:zhang")]
            assert events[2] == "staff_password_chosen"

    asyncio.run(story())


@pytest.mark.parametrize(("password", "why"), [("short", "short"), ("i am zhang today", "name"), (FIRST, "same")])
def test_a_weak_one_is_not_taken(tmp_path: Path, password: str, why: str) -> None:
    async def story() -> None:
        async with inside(tmp_path) as (_, staff, session):
            with pytest.raises(PasswordWeak) as refused:
                await staff.choose_password(session, Proof(FIRST), password)
            assert refused.value.fault == why
            assert await staff.log_in("zhang", FIRST, "3")

    asyncio.run(story())


def test_whoever_finds_a_window_open_cannot_guess_for_long(tmp_path: Path) -> None:
    async def story() -> None:
        async with inside(tmp_path) as (_, staff, session):
            assert [await staff.choose_password(session, Proof(f"guess {number}"), OTHER) for number in range(5)] == [False] * 5
            with pytest.raises(TooManyTries):
                await staff.choose_password(session, Proof(FIRST), OTHER)

    asyncio.run(story())


def test_of_two_changes_at_once_one_counts(tmp_path: Path) -> None:
    """Both were proved by the old password; the second would undo what the first one's holder has just been told."""

    async def story() -> None:
        async with inside(tmp_path) as (_, staff, session):
            new = (OTHER, "a third sentence")
            done = await asyncio.gather(*(staff.choose_password(session, Proof(FIRST), one) for one in new))
            assert sorted(done) == [False, True]
            assert [bool(await staff.log_in("zhang", one, "3")) for one in new] == done

    asyncio.run(story())


def test_where_a_telephone_is_asked_for_the_password_alone_changes_nothing(tmp_path: Path) -> None:
    """Whoever has seen it typed would otherwise take the account over at a window left open."""

    async def story() -> None:
        async with inside(tmp_path) as (hall, staff, session):
            strict = Staff(hall.store, hall.clock, QUICK, second_factor=True)
            await enrolled(hall.store, "zhang", hall.clock())
            assert not await staff.asks_code(session)
            assert await strict.asks_code(session)
            right = code_at(SECRET, hall.clock())
            for wrong in (Proof(FIRST), Proof(FIRST, "000000"), Proof("not mine", right)):
                assert not await strict.choose_password(session, wrong, OTHER)
            assert await strict.choose_password(session, Proof(FIRST, right), OTHER)
            assert not await strict.choose_password(session, Proof(OTHER, right), FIRST)
            assert await strict.choose_password(session, Proof(OTHER, RECOVERY), "a third sentence")

    asyncio.run(story())


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


def test_a_clerk_changes_it_at_the_window_and_stays_there(stage: Stage, page: Page) -> None:
    seated(stage, page, "张敏", "3")
    page.get_by_role("link", name="张敏").click()
    for present, again, said in (("not mine", OTHER, "现在的密码不对"), (PASSWORD, OTHER + "!", "两次输入的新密码不一样")):
        fill(page, present, OTHER, again)
        expect(page.get_by_role("alert")).to_contain_text(said)
        expect(page.locator("#present")).to_have_value("")
    fill(page, PASSWORD, OTHER, OTHER)
    expect(page.get_by_role("status").filter(has_text="密码改好了")).to_be_visible()
    expect(page.get_by_role("link", name="回到工作台")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今日排队")).to_be_visible()
    assert stage.do(stage.services.staff.log_in("张敏", PASSWORD, "4")) is None
    assert stage.do(stage.services.staff.log_in("张敏", OTHER, "4"))


def test_the_page_asks_for_the_telephone_too_where_it_is_asked_for(stage: Stage, page: Page) -> None:
    staff, at = stage.services.staff, stage.clock()
    usual = staff.entrance
    seated(stage, page, "陈志远", "4")
    stage.do(enrolled(stage.services.store, "陈志远", at))
    staff.entrance = Staff(stage.services.store, stage.clock, QUICK, second_factor=True).entrance
    try:
        page.goto(f"{stage.console}password")
        page.locator("#code").fill("12345")
        fill(page, PASSWORD, OTHER, OTHER)
        expect(page.get_by_role("alert")).to_contain_text("现在的密码或验证码不对")
        assert violations(page) == []
        page.locator("#code").fill(code_at(SECRET, at))
        fill(page, PASSWORD, OTHER, OTHER)
        expect(page.get_by_role("status").filter(has_text="密码改好了")).to_be_visible()
    finally:
        staff.entrance = usual


def fill(page: Page, present: str, password: str, again: str) -> None:
    for field, text in (("present", present), ("password", password), ("again", again)):
        page.locator(f"#{field}").fill(text)
    page.keyboard.press("Enter")


def test_a_locked_window_keeps_none_of_what_was_sent(stage: Stage) -> None:
    with logged_in(stage, "李红", "5") as li:
        li.post("/lock", data={"key": "019ab000-0000-7000-8000-000000000001"})
        sent = {"present": PASSWORD, "password": OTHER, "again": OTHER}
        assert li.post("/password", data=sent).headers["location"] == "/locked"
        assert li.post("/unlock", data={"proof": PASSWORD}).headers["location"] == "/"
