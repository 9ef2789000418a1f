"""The calling board on its screen: numbers and windows, the last calls, a voice that never overlaps, the truth of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from flows.application import Action
from hall.amendments import Said
from scripts.browser import chromium
from tests.hall.accessible import violations
from tests.hall.complaints import uncomplaining
from tests.hall.console_stage import Stage, running_hall
from tests.patience import SOON_S

NUMBERS = iter(range(0x7000, 0x8000))
PERSONAL = ("吕晓岚", "晓岚", "4406", "019ab000")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--autoplay-policy=no-user-gesture-required") as browser:
        yield browser


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path) as stage:
        yield stage


@pytest.fixture
def board(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1920, "height": 1080}) as context, uncomplaining(context):
        page = context.new_page()
        page.goto(f"{stage.public}/board")
        yield page


def call(stage: Stage, window: str, person: str = "lyu") -> str:
    """Somebody submits and is called to this window; the visit."""
    stage.submit(person, next(NUMBERS))
    return called(stage, window)


def called(stage: Stage, window: str) -> str:
    visit = stage.do(stage.services.queue.call_next(window, f"clerk {window}", f"key {next(NUMBERS)}"))
    assert visit
    return visit


def decide(stage: Stage, visit: str, window: str) -> None:
    said = Said("NOT_ELIGIBLE", seen=frozenset())
    stage.do(
        stage.services.desk.decide(visit, Action.REJECT, window=window, clerk=f"clerk {window}", key=f"end {visit}", said=said)
    )


def test_a_call_stands_large_and_the_ones_before_it_stay(stage: Stage, board: Page) -> None:
    expect(board.locator(".now .say")).to_have_text("请稍候")
    first = call(stage, "1")
    expect(board.locator(".now .number")).to_have_text("A001")
    expect(board.locator(".now .window")).to_have_text("1")
    stage.clock.later(minutes=1)
    call(stage, "2", "elder")
    expect(board.locator(".now .number")).to_have_text("A002")
    expect(board.locator(".before li .number")).to_have_text(["A001"])
    decide(stage, first, "1")
    expect(board.locator(".before li .number")).to_have_text(["A001"])
    assert [word for word in PERSONAL if word in board.content()] == []
    assert violations(board) == []


def test_the_number_of_those_who_wait_follows_by_itself(stage: Stage, board: Page) -> None:
    expect(board.locator(".waiting b")).to_have_text("0")
    stage.submit("lyu", next(NUMBERS))
    expect(board.locator(".waiting b")).to_have_text("1")


def test_two_calls_at_once_are_both_spoken_one_after_the_other(stage: Stage, board: Page) -> None:
    sounds: list[str] = []
    board.on("response", lambda answer: sounds.extend(_sound(answer)))
    for person in ("lyu", "elder"):
        stage.submit(person, next(NUMBERS))
    expect(board.locator(".waiting b")).to_have_text("2")
    for window in ("3", "4"):
        called(stage, window)
    expect(board.locator(".before li .number")).to_have_count(1)
    board.wait_for_function("() => document.body.dataset.spoken", timeout=SOON_S * 1000)
    first = board.evaluate("document.body.dataset.spoken")
    board.wait_for_function("(first) => document.body.dataset.spoken !== first", arg=first, timeout=SOON_S * 1000)
    assert len(sounds) == len(set(sounds)) == 2
    assert sounds == sorted(sounds)


def _sound(answer: Response) -> list[str]:
    if "/board/calls/" not in answer.url:
        return []
    assert answer.status in (200, 206)
    return [answer.url]


def test_a_recall_is_spoken_again_and_says_so(stage: Stage, board: Page) -> None:
    visit = call(stage, "5")
    number = stage.do(stage.services.store.last_event())
    stage.do(stage.services.queue.recall(visit, "5", "clerk 5", "again"))
    again = stage.do(stage.services.store.call_of_event(number + 1))
    assert again is not None
    assert (again.number, again.window, again.again) == ("A001", "5", True)
    expect(board.locator(".now .en")).to_contain_text("called again")


def test_a_board_that_is_started_late_shows_the_present_and_speaks_nothing_old(stage: Stage, browser: Browser) -> None:
    call(stage, "6")
    stage.clock.later(minutes=5)
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{stage.public}/board")
        expect(page.locator(".now .number")).to_have_text("A001")
        stage.submit("elder", next(NUMBERS))
        expect(page.locator(".waiting b")).to_have_text("1")
        assert [url for url in asked if "/board/calls/" in url] == []


def test_calls_of_a_minute_without_the_hall_are_told_on_return_but_old_ones_are_not(stage: Stage) -> None:
    board = stage.services.board
    before = stage.do(stage.services.store.last_event())
    call(stage, "1")
    newest, calls = stage.do(board.calls_after(before))
    assert len(calls) == 1
    assert stage.do(board.calls_after(newest)) == (newest, [])
    stage.clock.later(minutes=3)
    assert stage.do(board.calls_after(before)) == (newest, [])


def test_a_board_that_hears_nothing_dims_itself_and_says_so(stage: Stage, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.install()
        page.route("**/board/events", lambda route: route.abort())
        page.goto(f"{stage.public}/board")
        expect(page.locator(".waiting b")).to_have_text("0")
        expect(page.locator("#cut")).to_be_hidden()
        page.clock.fast_forward(40_000)
        expect(page.locator("#cut")).to_be_visible()
        expect(page.locator("body")).to_have_class("stale")


def test_only_calls_have_a_sound(stage: Stage, board: Page) -> None:
    stage.submit("lyu", next(NUMBERS))
    issued = stage.do(stage.services.store.last_event())
    assert board.request.get(f"{stage.public}/board/calls/{issued}").status == 404
    assert board.request.get(f"{stage.public}/board/calls/999999").status == 404


def test_the_day_turns_in_shanghai_and_the_board_begins_anew(stage: Stage, board: Page) -> None:
    call(stage, "2")
    expect(board.locator(".now .number")).to_have_text("A001")
    stage.clock.later(minutes=24 * 60)
    stage.submit("elder", next(NUMBERS))
    expect(board.locator(".now .say")).to_have_text("请稍候")
    expect(board.locator(".before .none")).to_be_visible()
