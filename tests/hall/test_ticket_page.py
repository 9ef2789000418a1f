"""The page of a ticket on a phone: where it stands, nothing of anybody, and nothing for those who guess."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from flows.application import Action, Status
from flows.waiting import WaitSpan
from hall.amendments import Said
from hall.certificates import SIGNS
from hall.public.ticket_view import SAID, ticket_view
from hall.ticket_codes import LENGTH, TicketCodes
from tests.hall.accessible import violations
from tests.hall.console_stage import Stage, running_hall
from tests.patience import SOON_S

NUMBERS = iter(range(0x8000, 0x9000))
PERSONAL = ("吕晓岚", "晓岚", "440602", "019ab000", "13802845678", "K07")
PHONE: ViewportSize = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


def page_of(stage: Stage, person: str = "lyu") -> tuple[str, str]:
    """A new ticket: its visit, and the address of its page on this hall."""
    visit = stage.submit(person, next(NUMBERS)).visit
    start = f"{stage.services.config.public_address}/t/"
    address = stage.services.page_of(visit)
    assert address.startswith(start)
    return visit, f"{stage.public}/t/{address.removeprefix(start)}"


def test_the_page_follows_the_ticket_by_itself(stage: Stage, browser: Browser) -> None:
    visit, address = page_of(stage)
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(address)
        expect(page.locator("h1")).to_contain_text("正在等候")
        expect(page.locator(".big")).to_have_text("0")
        assert violations(page) == []
        assert stage.do(stage.services.queue.call_next("3", "张敏", "call")) == visit
        page.clock.fast_forward(11_000)
        expect(page.locator("h1")).to_contain_text("请到 3 号窗口")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        said = Said("NOT_ELIGIBLE", seen=frozenset())
        stage.do(stage.services.desk.decide(visit, Action.REJECT, window="3", clerk="张敏", key="no", said=said))
        page.clock.fast_forward(11_000)
        expect(page.locator("h1")).to_contain_text("不予受理")


def test_those_in_front_are_counted(stage: Stage) -> None:
    addresses = [page_of(stage, person)[1] for person in ("elder", "lyu")]
    texts = [httpx.get(address, timeout=SOON_S).text for address in addresses]
    assert '<b class="big">0</b>' in texts[0]
    assert '<b class="big">1</b>' in texts[1]


def test_how_long_it_may_take_is_told_as_a_span_and_only_when_it_is_known(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def known(visit: str) -> WaitSpan | None:
        return WaitSpan(10, 20)

    first, second = (page_of(stage, person)[1] for person in ("elder", "lyu"))
    assert "预计等候" not in httpx.get(second, timeout=SOON_S).text
    monkeypatch.setattr(stage.services.queue, "expected", known)
    assert "预计等候" not in httpx.get(first, timeout=SOON_S).text, "nobody is before it"
    told = httpx.get(second, timeout=SOON_S).text
    assert "约 10–20 分钟" in told
    assert "about 10 to 20 minutes" in told


def test_a_ticket_of_a_day_to_come_tells_its_day_and_no_place(stage: Stage) -> None:
    standing = stage.do(stage.services.store.standing(page_of(stage)[0]))
    flow, today = stage.services.matters[standing.ticket.matter], standing.ticket.working_day
    assert ticket_view(standing, flow, 0, None, today).day is None
    assert ticket_view(standing, flow, 0, None, today - timedelta(days=1)).day == today


def test_nothing_of_the_person_is_on_the_page_or_in_its_address(stage: Stage) -> None:
    visit, address = page_of(stage)
    text = httpx.get(address, timeout=SOON_S).text
    assert [word for word in PERSONAL if word in text + address] == []
    assert visit.replace("-", "") not in address.lower()


def test_an_unchanged_page_is_not_sent_again(stage: Stage) -> None:
    _, address = page_of(stage)
    first = httpx.get(address, timeout=SOON_S)
    again = httpx.get(address, headers={"If-None-Match": first.headers["etag"]}, timeout=SOON_S)
    assert (again.status_code, again.content) == (304, b"")


def test_two_phones_may_look_at_one_ticket(stage: Stage) -> None:
    _, address = page_of(stage)
    assert httpx.get(address, timeout=SOON_S).text == httpx.get(address, timeout=SOON_S).text


@pytest.mark.parametrize(
    "code", ["0" * LENGTH, "Z" * LENGTH, "A001", "7" + "0" * 25, "x", "019ab000-0000-7000-8000-000000000001"]
)
def test_a_code_that_was_made_up_finds_nothing(stage: Stage, code: str) -> None:
    answer = httpx.get(f"{stage.public}/t/{code}", timeout=SOON_S)
    assert answer.status_code == 404
    assert "没有找到这张排队单" in answer.text


def test_a_code_with_one_sign_altered_finds_nothing(stage: Stage) -> None:
    _, address = page_of(stage)
    code = address[-LENGTH:]
    for place in range(0, LENGTH, 5):
        other = SIGNS[(SIGNS.index(code[place]) + 1) % 8]
        assert httpx.get(f"{stage.public}/t/{code[:place]}{other}{code[place + 1 :]}", timeout=SOON_S).status_code == 404


def test_the_page_of_a_ticket_long_past_is_gone(stage: Stage, tmp_path: Path) -> None:
    with running_hall(tmp_path) as another:
        _, address = page_of(another)
        another.clock.later(minutes=200 * 24 * 60)
        assert httpx.get(address, timeout=SOON_S).status_code == 404


def test_whoever_asks_without_end_is_told_to_wait(tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage:
        _, address = page_of(stage)
        with httpx.Client(timeout=SOON_S) as phone:
            answers = (phone.get(address).status_code for _ in range(1000))
            assert 429 in answers


def test_every_status_has_words_for_the_citizen() -> None:
    assert set(SAID) == set(Status)


def test_codes_of_one_key_are_read_back_and_those_of_another_are_not() -> None:
    ours, theirs = TicketCodes(b"1" * 32), TicketCodes(b"2" * 32)
    visit = "019ab000-0000-7000-8000-000000000001"
    assert ours.visit(ours.code(visit)) == visit
    assert theirs.visit(ours.code(visit)) != visit
    assert len(ours.code(visit)) == LENGTH
