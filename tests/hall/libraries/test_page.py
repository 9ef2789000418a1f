"""The page of the base libraries in a real browser, of a hall that really collects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from flows.application import Record
from hall.bootstrap import Services, collecting_lock
from hall.config import HallConfig
from hall.departments.connection import Batch, Subject
from hall.libraries.collection import Collection
from hall.metrics import Metrics
from tests.hall.console_fakes import Clock, OutcomeTarget, SpecimenExchange
from tests.hall.console_stage import PASSWORD, Stage, running_hall, stage_services
from tests.hall.libraries.registers import CITY, HOUSEHOLD, ME, SHE, SOCIAL, WHEN, Register, settings, source
from tests.patience import SOON_S

REGISTERS = Register("household", HOUSEHOLD), Register("social_security", SOCIAL)


def make(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
    services, exchange, target = stage_services(config, clock)
    exchange.metrics = Metrics()
    chosen = settings(source("household", HOUSEHOLD, on_change="POLICE"), source("social_security", SOCIAL), peers=(CITY,))
    collection = Collection.open(chosen, REGISTERS, services.store, clock, collecting_lock(config))
    return replace(services, collection=collection), exchange, target


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    household, social = REGISTERS
    household.tell(ME, person_name="吕晓岚", household_address="佛山市禅城区祖庙街道")
    household.tell(SHE, person_name="何焕章")
    doubtful = Record("person.name", "何焕璋", "social_security", WHEN, "twice")
    social.answers = [Batch((Subject(SHE, (doubtful,)),), "1")]
    with running_hall(tmp_path_factory.mktemp("hall"), make) as running:
        yield running


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(stage.console)
        page.get_by_label("姓名").fill("张敏")
        page.get_by_label("密码").fill(PASSWORD)
        page.locator("input[name=window]").first.check()
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="基础库").click()
        yield page


def test_staff_see_how_old_and_how_whole_a_library_is_and_the_page_follows_it(stage: Stage, page: Page, tmp_path: Path) -> None:
    household = page.locator("tr", has=page.get_by_role("rowheader", name="公安户籍"))
    expect(household).to_contain_text("正常")
    expect(household).to_contain_text("刚刚")
    expect(household).to_contain_text("每 10 分钟，有变动即时")
    name, address = page.locator(".shares tbody tr").nth(0), page.locator(".shares tbody tr").nth(1)
    expect(name).to_contain_text("100%2")
    expect(name.locator(".count").last).to_have_text("1")
    expect(address).to_contain_text("50%1")
    expect(page.locator(".shares tbody tr").nth(2).locator(".count").first).to_have_text("1")
    expect(page.locator(".given")).to_contain_text("提供给 市大厅（资料汇集、letter）")
    REGISTERS[0].strike(SHE)
    assert stage.services.collection.collector.knock("POLICE") == 1
    expect(household.locator(".count")).to_have_text("1")
    expect(address).to_contain_text("100%1")
    REGISTERS[1].answers = [ValueError("it quotes a record")]
    stage.clock.later(minutes=10)
    page.locator("#unlockProof").fill(PASSWORD)  # nobody touched the page for ten minutes
    page.keyboard.press("Enter")
    expect(page.locator(".trouble")).to_have_text("系统出了问题，连续 1 次")
    for value in (ME, SHE, "吕晓岚", "何焕章"):
        assert value not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_monitoring_reads_age_entries_and_failures_and_nothing_of_a_person(stage: Stage) -> None:
    told = httpx.get(f"{stage.console}metrics", timeout=SOON_S).text
    place = '{department="household",library="population"}'
    figures = dict(line.rsplit(" ", 1) for line in told.splitlines() if line.startswith("yimen_library"))
    assert {f"yimen_library_{name}{place}" for name in ("lag_seconds", "entries", "failures")} <= set(figures)
    assert not [value for value in (ME, SHE, "吕晓岚") if value in told]


def test_without_a_log_in_nothing_is_shown(stage: Stage, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{stage.console}libraries")
        expect(page.get_by_role("button", name="登录")).to_be_visible()
