"""Every page that the hall shows, looked at by axe-core: WCAG 2.2 A and AA and its best practices.

The pages are those of the route tables; one that is added and not looked at here fails the last test. The walk in English
is part of `make long`. With YIMEN_ALBUM=1 every page is photographed on the way (scripts/console_album.py)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from litestar import Litestar
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hall.app import console_app
from hall.console.language import COOKIE as LANGUAGE_COOKIE
from hall.console.language import WORDS
from hall.console.security import COOKIE
from hall.public.app import public_app
from hall.roles import Role
from hall.second_factor import code_at
from scripts.console_steps import call_next, confirm, log_in, open_case, photograph, tick
from tests.hall.accessible import violations
from tests.hall.console_stage import PASSWORD, running_hall
from tests.hall.english import chinese_left, marked_wrongly
from tests.hall.furnished import Furnished, furnished
from tests.hall.hands import press_shortcut
from tests.hall.test_replay_http import NOT_DESCRIBED, STREAMS, routes
from tests.hall.test_second_screen_browser import second_screen, shows
from tests.hall.test_staff_page import with_second_factor

DESK, LARGE, PHONE = (1366, 768), (1920, 1080), (360, 740)
ALBUM = Path("build/pictures/console") if os.environ.get("YIMEN_ALBUM") else None
After = Callable[[Page], None]
Seats = Callable[..., BrowserContext]
LANGUAGES = ["zh", pytest.param("en", marks=pytest.mark.long)]


def as_met(page: Page) -> None:
    """Nothing is unfolded."""


@dataclass(frozen=True)
class Look:
    """One state of one page. `place` is its address with the names of `Furnished.things` in it."""

    name: str
    route: str
    who: str = "张敏"
    place: str = ""
    after: After = as_met
    status: int = 200


def panel(words: str) -> After:
    """With what is folded away under these words unfolded."""
    return lambda page: page.locator("summary", has_text=in_its_language(page, words)).first.click()


def in_its_language(page: Page, words: str) -> str:
    return WORDS[(page.locator("html").get_attribute("lang") or "zh")[:2]](words)


def pressed(selector: str, answer: str = "body") -> After:
    """And what the hall answered with, where it answers with a page."""

    def press(page: Page) -> None:
        page.locator(selector).first.click()
        expect(page.locator(answer).first).to_be_visible()

    return press


CASE, REVIEW, PROMISES = "/cases/{visit}", "/reviews/{visit}", "/promises/{visit}"
LETTER = "/deliveries/letters/{visit}/{department}"
LOOKS = (
    Look("queue", "/"),
    Look("queue-passing-on", "/", after=pressed("#pass")),
    Look("queue-putting-forward", "/", after=panel("优先")),
    Look("queue-free", "/", "李红"),
    Look("home-supervisor", "/", "周主管"),
    Look("home-auditor", "/", "秦审"),
    Look("home-operator", "/", "吴工"),
    Look("password", "/password"),
    Look("password-changed", "/password", place="/password?changed"),
    Look("locked-over-the-page", CASE, place="/cases/{open}", after=pressed("#lockForm button")),
    Look("locked", "/locked", "王锁"),
    Look("resume", "/resume", "赵回"),
    Look("case", CASE, place="/cases/{open}"),
    Look("case-amending", CASE, place="/cases/{open}", after=pressed("#field-mobile .amend summary")),
    Look("case-uploading", CASE, place="/cases/{open}", after=pressed("#field-photo .amend summary")),
    Look("case-challenging", CASE, place="/cases/{open}", after=panel("申请校核")),
    Look("case-returning", CASE, place="/cases/{open}", after=pressed("summary[aria-keyshortcuts='Alt+T']")),
    Look("case-rejecting", CASE, place="/cases/{open}", after=pressed("summary[aria-keyshortcuts='Alt+J']")),
    Look("case-lacking", CASE, place="/cases/{open}", after=pressed("summary[aria-keyshortcuts='Alt+C']")),
    Look("case-settling", CASE, place="/cases/{open}", after=panel("当场了结")),
    Look("case-evidence", CASE, place="/cases/{open}", after=panel("上传材料")),
    Look("case-scanning", CASE, place="/cases/{open}", after=panel("扫描或上传材料")),
    Look("case-asking", CASE, place="/cases/{open}", after=pressed("#ask-look")),
    Look("case-keys", CASE, place="/cases/{open}", after=pressed(".keys summary")),
    Look("case-accepted", CASE, "窗口7", "/cases/{accepted}"),
    Look("case-promised", CASE, "窗口8", "/cases/{promised}"),
    Look("case-returned", CASE, "窗口9", "/cases/{returned}"),
    Look("case-rejected", CASE, "窗口10", "/cases/{rejected}"),
    Look("case-to-approve", CASE, "窗口11", "/cases/{to_approve}"),
    Look("case-sent-back", CASE, "李红", "/cases/{sent_back}"),
    Look("case-not-delivered", CASE, "窗口12", "/cases/{dead}"),
    Look("case-of-another-window", CASE, place="/cases/{dead}", status=403),
    Look("document", CASE + "/documents/{document}", place="/cases/{open}/documents/{document}"),
    Look("overview", "/overview", "周主管"),
    Look("overview-of-a-day", "/overview/day", "周主管"),
    Look("audit-of-everything", "/audit", "秦审"),
    Look("audit", "/audit/{visit}", place="/audit/{open}"),
    Look("reviews", "/reviews", "陈志远"),
    Look("review", REVIEW, "陈志远", "/reviews/{to_approve}"),
    Look("review-sending-back", REVIEW, "陈志远", "/reviews/{to_approve}", pressed("summary[aria-keyshortcuts='Alt+T']")),
    Look("promises", "/promises"),
    Look("promise", PROMISES, place="/promises/{promised}"),
    Look("promise-overdue", PROMISES, "周主管", "/promises/{overdue}"),
    Look("promises-of-a-supervisor", "/promises", "周主管"),
    Look("appointments-of-a-supervisor", "/appointments", "周主管"),
    Look("corrections", "/corrections"),
    Look("correction", "/corrections/{correction}", place="/corrections/{correction}"),
    Look("appointments", "/appointments", "陈志远", "/appointments?day=2026-11-25"),
    Look("appointments-none", "/appointments", "陈志远"),
    Look("appointments-wrong", "/appointments", "陈志远", after=lambda page: book_wrong(page)),
    Look("counter-start", "/counter", "陈志远"),
    Look("counter-start-wrong", "/counter", "陈志远", after=pressed("#go", ".ask.wrong")),
    Look("counter-sheet", "/counter/{visit}", "李红", "/counter/{filling}"),
    Look("counter-sheet-wrong", "/counter/{visit}", "李红", "/counter/{filling}", pressed("#check", ".ask.wrong")),
    Look("counter-giving-up", "/counter/{visit}", "李红", "/counter/{filling}", pressed(".giveUp summary")),
    Look("counter-done", "/counter/{visit}/done", "李红", "/counter/{filed}/done"),
    Look("deliveries", "/deliveries", "周主管"),
    Look("letter", LETTER, "周主管", "/deliveries/letters/{dead}/exit_entry"),
    Look("letter-differs", LETTER, "周主管", "/deliveries/letters/{carried}/exit_entry"),
    Look("reconciliation", "/deliveries/reconciliation", "周主管"),
    Look("reconciliation-none", "/deliveries/reconciliation", "周主管", "/deliveries/reconciliation?day=2026-11-20"),
    Look("ratings", "/ratings", "周主管"),
    Look("libraries", "/libraries", "吴工"),
    Look("staff", "/staff", "何安"),
    Look("staff-managing", "/staff", "何安", after=panel("管理")),
    Look("staff-at-odds", "/staff", "何安", after=lambda page: at_odds(page)),
    Look("not-permitted", "/staff", status=403),
    Look("not-there", CASE, place="/cases/019ab000-0000-7000-8000-00000000ffff", status=404),
    Look("screen-connecting", "/screen/closed"),
    Look("screen-of-nobody", "/screen", "吴工"),
    Look("login", "/login", ""),
    Look("login-wrong", "/login", "", after=lambda page: wrong_password(page)),
)
OF_THE_PUBLIC = (
    Look("verify", "/verify"),
    Look("verify-unknown", "/verify/{code}", place="/verify/0000", status=404),
    Look("verified", "/verify/{code}", place="/verify/{certificate}"),
    Look("ticket", "/t/{code}", place="/t/{waiting_page}"),
    Look("ticket-called", "/t/{code}", place="/t/{open_page}"),
    Look("ticket-accepted", "/t/{code}", place="/t/{accepted_page}"),
    Look("ticket-unknown", "/t/{code}", place="/t/0000", status=404),
    Look("board", "/board"),
    Look("catalogue", "/catalogue"),
    Look("catalogue-found-nothing", "/catalogue", place="/catalogue?q=nothing"),
    Look("catalogue-item", "/catalogue/items/{item}", place="/catalogue/items/person.sex"),
    Look("catalogue-dataset", "/catalogue/datasets/{dataset}", place="/catalogue/datasets/traffic.vehicles"),
    Look("catalogue-codes", "/catalogue/codes/{table}", place="/catalogue/codes/sex"),
    Look("open-data", "/open-data"),
    Look("not-there-in-public", "/catalogue/items/{item}", place="/catalogue/items/nothing", status=404),
)
NO_PAGES = STREAMS | {
    "/static/{file_path}",
    "/session",
    "/metrics",
    "/login/telephone.svg",
    "/login/oidc/callback",
    "/counter/{visit}/events",
    "/counter/{visit}/page.svg",
    "/counter/{visit}/certificate",
    "/counter/{visit}/pictures/{name}",
    "/cases/{visit}/certificate",
    "/cases/{visit}/papers/{kind}",
    "/cases/{visit}/pictures/{name}",
    "/cases/{visit}/signatures/{id}",
    "/cases/{visit}/documents/{document}/paper",
    "/cases/{visit}/documents/{document}/{position}",
    "/reviews/{visit}/pictures/{name}",
    "/promises/{visit}/papers/{paper}",
    "/corrections/{correction}/evidence/{position}",
    "/deliveries/reconciliation.csv",
    LETTER + "/package/{kind}",
    "/screen/events",
    "/audit/events",
    "/overview/events",
    "/overview/plots/{name}",
    "/overview/tables/{name}",
    "/board/calls/{event}",
    "/.well-known/jwks.json",
    NOT_DESCRIBED,
    "/api",
}
"""What a browser shows as no page: streams, pictures, papers, tables, keys."""
ELSEWHERE = {"/login/step"}
"""Looked at in tests of their own, below."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("hall")) as hall:
        stage, things = hall.stage, hall.things
        issued = stage.do(stage.services.store.certificate(stage.submit("lyu", 0x4FFF, matter="letter-at-once").visit))
        assert issued
        pages = {f"{name}_page": stage.services.ticket_codes.code(things[name]) for name in ("waiting", "open", "accepted")}
        hall.things |= pages | {"certificate": issued.code}
        yield hall


@pytest.fixture(scope="module")
def seats(hall: Furnished, browser: Browser) -> Iterator[Seats]:
    """The browser of each person, logged in, in a language; "" is nobody's."""
    contexts: dict[tuple[str, str], BrowserContext] = {}

    def seat(who: str, language: str = "zh") -> BrowserContext:
        if (who, language) not in contexts:
            context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
            context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": hall.stage.console}])
            if who:
                context.add_cookies([{"name": COOKIE, "value": hall.token(who), "url": hall.stage.console}])
            contexts[who, language] = context
        return contexts[who, language]

    yield seat
    for context in contexts.values():
        context.close()


CUT_OFF = """() => [...document.querySelectorAll('body *')].filter((one) =>
  getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth).map((one) => one.textContent)"""


def looked_at(page: Page, name: str, sizes: tuple[tuple[int, int], ...] = (DESK,)) -> None:
    """Photographed, where somebody wants the album, and then judged."""
    page.wait_for_load_state("load")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    keys = page.locator("[aria-keyshortcuts]:visible").evaluate_all("all => all.map(one => one.ariaKeyShortcuts)")
    found = [f"two things answer to {key}" for key, times in Counter(keys).items() if key and times > 1]
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        if ALBUM:
            shot(page, name)
        found += violations(page)
        across = page.evaluate("document.documentElement.scrollWidth")
        found += [f"wider than its window: {across} of {width}"] if across > width else []
        found += [f"cut off: {text}" for text in page.evaluate(CUT_OFF)]
    if ALBUM and DESK in sizes:
        page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
        shot(page, name)
    assert found == []


def shot(page: Page, name: str) -> None:
    assert ALBUM
    assert page.viewport_size
    ALBUM.mkdir(parents=True, exist_ok=True)
    photograph(page, ALBUM / f"{name}-{page.viewport_size['width']}.png")


def walks() -> Iterator[ParameterSet]:
    """Every page as it is first met; what is unfolded on it, and all of it in English, in `make long`."""
    for look, language in product(LOOKS, ("zh", "en")):
        marks = [pytest.mark.long] if language == "en" or look.after is not as_met else []
        yield pytest.param(look, language, marks=marks, id=f"{look.name}-{language}")


@pytest.mark.parametrize(("look", "language"), list(walks()))
def test_a_page_of_the_console(hall: Furnished, seats: Seats, look: Look, language: str) -> None:
    page = seats(look.who, language).new_page()
    there = page.goto(hall.stage.console.rstrip("/") + (look.place or look.route).format(**hall.things))
    assert there
    assert (there.status, there.request.redirected_from) == (look.status, None)
    page.wait_for_load_state("load")
    look.after(page)
    if look.name.startswith("screen-"):
        looked_at(page, f"en-{look.name}" if language == "en" else look.name)
    else:
        in_words(page, look.name, language)
    if look.name.startswith("locked-over"):
        page.locator("#unlockProof").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_visible()
    page.close()


@pytest.mark.parametrize("look", OF_THE_PUBLIC, ids=lambda look: look.name)
def test_a_page_for_everybody(hall: Furnished, seats: Seats, look: Look) -> None:
    page = seats("").new_page()
    there = page.goto(hall.stage.public + (look.place or look.route).format(**hall.things))
    assert there
    assert there.status == look.status
    looked_at(page, look.name, (DESK, PHONE) if look.name != "board" else (DESK,))
    page.close()


def book_wrong(page: Page) -> None:
    for field, text in (("number", "440602199202299860"), ("name", "吕晓岚"), ("day", "2026-11-25"), ("time", "10:00")):
        page.locator(f".booking #{field}").fill(text)
    page.get_by_role("button", name=in_its_language(page, "登记预约")).click()
    expect(page.locator("#problem")).to_be_visible()


def at_odds(page: Page) -> None:
    page.locator(".adding #name").fill("周晓")
    for role in ("clerk", "security"):
        page.locator(f".adding [name=role_{role}]").check()
    page.get_by_role("button", name=in_its_language(page, "新增并发密码")).click()
    expect(page.locator("#notice")).to_be_visible()


def wrong_password(page: Page) -> None:
    page.locator("#name").fill("张敏")
    page.locator("#password").fill("guessed it")
    tick(page.locator("input[name=window][value='3']"))
    page.get_by_role("button", name=in_its_language(page, "登录")).click()
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_a_first_log_in(browser: Browser, tmp_path: Path, language: str) -> None:
    with running_hall(tmp_path) as stage, browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        with_second_factor(stage)
        stage.do(stage.services.staff.accounts.add("wang", "handed over 1234", frozenset({Role.CLERK})))
        context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": stage.console}])
        page = context.new_page()
        page.goto(stage.console)
        for field, text in (("name", "wang"), ("password", "handed over 1234")):
            page.locator(f"#{field}").fill(text)
        tick(page.locator("input[name=window][value='3']"))
        page.get_by_role("button", name=in_its_language(page, "登录")).click()
        for field in ("password", "again"):
            page.locator(f"#{field}").fill("a sentence of my own")
        in_words(page, "login-own-password", language)
        page.get_by_role("button", name=in_its_language(page, "保存并继续")).click()
        expect(page.locator("#code")).to_be_focused()
        in_words(page, "login-telephone", language)
        secret = "".join(page.locator(".secret span").all_inner_texts())
        page.locator("#code").fill(code_at(secret, stage.clock()))
        page.keyboard.press("Enter")
        expect(page.locator(".codes li")).to_have_count(10)
        in_words(page, "login-codes", language)
        stage.clock.later(minutes=20)
        page.goto(stage.console)
        for field, text in (("name", "wang"), ("password", "a sentence of my own")):
            page.locator(f"#{field}").fill(text)
        tick(page.locator("input[name=window][value='3']"))
        page.get_by_role("button", name=in_its_language(page, "登录")).click()
        expect(page.locator("#code")).to_be_focused()
        in_words(page, "login-code", language)


def in_words(page: Page, name: str, language: str) -> None:
    """Looked at; where the language is another, with no Chinese of ours, and what else is Chinese is called so."""
    looked_at(page, f"{language}-{name}" if language == "en" else name)
    assert language == "zh" or [*chinese_left(page), *marked_wrongly(page)] == []


def pages_of(app: Litestar) -> set[str]:
    return {path for method, path in routes(app) if method == "GET" and not path.startswith("/api/")}


def test_no_page_is_left_out(hall: Furnished) -> None:
    services = hall.stage.services
    for app, looks in ((console_app, LOOKS), (public_app, OF_THE_PUBLIC)):
        of_this = pages_of(app(services))
        assert of_this - NO_PAGES - ELSEWHERE == {look.route for look in looks} - {"/"} | of_this & {"/"}


def test_the_citizens_screen_in_every_state(browser: Browser, tmp_path: Path) -> None:
    with running_hall(tmp_path) as stage, browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        clerk = context.new_page()
        log_in(clerk, "张敏", PASSWORD, "3", stage.console)
        screen = second_screen(clerk)
        seen(screen, "idle")
        stage.submit("lyu", 0x4FFE)
        call_next(clerk)
        seen(screen, "called")
        open_case(clerk)
        for ask, kind in (("#ask-look", "look"), ("#ask-sign-signature", "sign")):
            clerk.locator(ask).click()
            seen(screen, kind)
        screen.locator("#size").click()
        expect(screen.locator(".screen.large")).to_be_visible()
        looked_at(screen, "screen-sign-large")
        press_shortcut(clerk, "Alt+l")
        seen(screen, "away")
        clerk.locator("#unlockProof").fill(PASSWORD)
        clerk.keyboard.press("Enter")
        shows(screen, "sign")
        screen.clock.install()
        screen.reload()
        shows(screen, "sign")
        context.set_offline(True)
        screen.clock.fast_forward(11_000)
        shows(screen, "cut")
        looked_at(screen, "screen-cut")
        context.set_offline(False)
        screen.clock.fast_forward(5_000)
        shows(screen, "sign")
        confirm(clerk)
        seen(screen, "rate")
        screen.locator("[data-low]").first.click()
        looked_at(screen, "screen-rate-low")
        screen.locator("#why .yes").click()
        seen(screen, "thanks")


def seen(screen: Page, kind: str) -> None:
    shows(screen, kind)
    looked_at(screen, f"screen-{kind}")
