"""Kept documents in a real browser: scanned, opened and taken over by mouse and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.wire import OpenVisit
from tests.hall.accessible import violations
from tests.hall.complaints import uncomplaining
from tests.hall.console_fakes import filled_in, person
from tests.hall.console_stage import MATTER, Stage, running_hall
from tests.hall.hands import width_of
from tests.hall.stage_matters import PORTRAIT
from tests.hall.test_console import NUMBERS, at_the_desk
from tests.hall.test_scans import image, pdf

ME = person("lyu")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context, uncomplaining(context):
        yield context.new_page()


def photo_kept(stage: Stage) -> None:
    """Half a year ago the same person let the hall keep the photo."""

    async def visit() -> None:
        number = f"019ab000-0000-7000-8000-{next(NUMBERS):012x}"
        opened = await stage.services.visits.open(number, "K07", OpenVisit(MATTER, "1", ME))
        application = filled_in(number, ME, opened.lookup, stage.clock())
        await stage.services.visits.submit(number, "K07", replace(application, agreed=(PORTRAIT.digest,)))

    stage.do(visit())
    stage.clock.later(days=100)


def lease(folder: Path) -> list[str]:
    files = {"first.jpg": image(), "second.pdf": pdf(2)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in files]


def scan(page: Page, files: list[str]) -> None:
    page.locator("#documents .scan summary").click()
    page.select_option("#document-kind", label="户口簿")
    page.set_input_files("#document-files", files)
    page.get_by_label("已与原件核对，一致").check()
    page.locator("#documents .scan button.main").click()


def test_a_paper_is_scanned_opened_and_belongs_to_the_case(stage: Stage, page: Page, tmp_path: Path) -> None:
    at_the_desk(stage, page)
    expect(page.locator("#documents .none")).to_be_visible()
    scan(page, lease(tmp_path))
    tile = page.locator("#documents .tile")
    expect(tile).to_contain_text("户口簿")
    expect(tile).to_contain_text("已核原件")
    expect(tile).to_contain_text("只用于本件")
    expect(tile.locator(".thumb b")).to_have_text("3 页")
    assert width_of(tile.locator("img")) > 100
    with page.context.expect_page() as opening:
        tile.locator(".thumb").click()
    paper = opening.value
    expect(paper.locator("figure")).to_have_count(3)
    assert width_of(paper.locator("img").last) > 100
    assert ME.number not in paper.url


def test_a_kept_photo_is_taken_over_by_keyboard_alone(stage: Stage, page: Page) -> None:
    photo_kept(stage)
    at_the_desk(stage, page, left=frozenset({"photo"}))
    expect(page.locator("#confirm")).to_be_disabled()
    summary = page.locator("[data-kept] summary", has_text="采用留存材料")
    summary.focus()
    page.keyboard.press("Enter")
    tick = page.locator("[data-kept] input[name=agreed]")
    expect(tick).to_be_focused()
    expect(tick).not_to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tick).to_be_focused()  # the browser wants the tick first
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#field-photo .tag")).to_have_text("留存材料 2026-11-23")
    expect(page.locator("#documents .tile.reused")).to_contain_text("2026-11-23 办「往来港澳通行证签注」时，自助终端 K07")
    expect(page.locator("#confirm")).to_be_enabled()


def test_a_refused_file_is_said_on_the_case_and_nothing_is_lost(stage: Stage, page: Page, tmp_path: Path) -> None:
    at_the_desk(stage, page)
    (tmp_path / "torn.jpg").write_bytes(image(size=(1500, 1500))[:5000])
    scan(page, [str(tmp_path / "torn.jpg")])
    expect(page.locator("#notice")).to_contain_text("文件不完整或已经损坏，请重新扫描")
    expect(page.locator("#documents .tile")).to_have_count(0)
    expect(page.locator("#field-mobile")).to_be_visible()


def test_a_broken_picture_says_so_in_its_place(stage: Stage, page: Page, tmp_path: Path) -> None:
    at_the_desk(stage, page)
    scan(page, lease(tmp_path))
    expect(page.locator("#documents .tile")).to_have_count(1)
    page.route("**/documents/*/1", lambda route: route.fulfill(status=409, body=""))
    page.reload()
    expect(page.locator("#documents .thumb img")).to_have_attribute("alt", "户口簿读不出来")


def test_nobody_is_shut_out(stage: Stage, page: Page, tmp_path: Path) -> None:
    photo_kept(stage)
    at_the_desk(stage, page, left=frozenset({"photo"}))
    scan(page, lease(tmp_path))
    expect(page.locator("#documents .tile")).to_have_count(1)
    # By CDP, past the page's policy: axe brings its own script.
    context = page.context.browser.new_context(bypass_csp=True) if page.context.browser else page.context
    free = context.new_page()
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    free.goto(page.url)
    assert violations(free, "#documents") == []
    context.close()
