"""What monitoring counts of the exchange, and that it learns of no person."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import httpx
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.parser import text_string_to_metric_families

from hall.bootstrap import Services
from hall.config import HallConfig
from hall.departments.connection import DepartmentFailure
from tests.hall.console_fakes import Clock, OutcomeTarget, SpecimenExchange
from tests.hall.console_stage import running_hall, stage_services
from tests.hall.fake_departments import ITEMS, ME, NUMBER, ORDER, VISIT, Hall, failing, for_ever, taking
from tests.hall.test_hedge import practised
from tests.patience import SOON_S

PERMIT = ("permit.number",)


def value(hall: Hall, name: str, **labels: str) -> float:
    families = text_string_to_metric_families(hall.exchange.metrics.page().decode())
    samples = (sample for family in families for sample in family.samples)
    found = [one.value for one in samples if one.name == name and labels.items() <= one.labels.items()]
    return sum(found)


def test_answers_are_counted_by_department_outcome_and_reason() -> None:
    hall = Hall()
    hall.household.values = {}
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    hall.lookup()
    name = "yimen_department_answers_total"
    assert value(hall, name, department="household", outcome="no_record", reason="") == 1
    assert value(hall, name, department="social_security", outcome="record", reason="") == 1
    assert value(hall, name, department="exit_entry", outcome="no_answer", reason="down") == 1
    assert value(hall, name) == 4


def test_times_are_counted_from_the_question_to_a_good_answer() -> None:
    hall = Hall()
    hall.exit_entry.before = taking(0.4)
    hall.lookup(PERMIT)
    assert value(hall, "yimen_department_seconds_bucket", department="exit_entry", le="0.3") == 0
    assert value(hall, "yimen_department_seconds_bucket", department="exit_entry", le="0.5") == 1


def test_second_questions_and_answers_from_memory_are_counted() -> None:
    hall = practised(taking(1.0), taking(0.1))
    hall.lookup(PERMIT, fresh=True)
    hall.lookup(PERMIT)
    assert value(hall, "yimen_department_asked_again_total", department="exit_entry", why="slow") == 1
    assert value(hall, "yimen_department_remembered_total", department="exit_entry") == 1


def test_the_breaker_and_the_places_are_seen_as_they_stand() -> None:
    hall = Hall()
    spared, taken = "yimen_department_spared", "yimen_department_places_taken"
    seen: list[float] = []

    async def look() -> None:
        seen.append(value(hall, taken, department="exit_entry"))
        raise DepartmentFailure("down")

    hall.exit_entry.before = look
    for _ in range(3):
        assert value(hall, spared, department="exit_entry") == 0
        hall.lookup(PERMIT)
    assert (seen, value(hall, taken), value(hall, spared, department="exit_entry")) == ([1, 1, 1], 0, 2)


def test_nothing_of_a_person_reaches_a_metric() -> None:
    hall = Hall(budget_s=1.0, at_once=1)
    hall.household.before = failing(DepartmentFailure(NUMBER))  # type: ignore[arg-type]
    hall.social_security.before = failing(ValueError(NUMBER))
    hall.exit_entry.before = for_ever
    hall.lookup(ITEMS)
    page = hall.exchange.metrics.page().decode()
    known = {*ORDER, *VISIT.__dict__.values()}
    labels = {text for family in text_string_to_metric_families(page) for s in family.samples for text in s.labels.values()}
    words = {text for text in labels if not re.fullmatch(r"[0-9.]+|\+Inf", text)}
    assert words - known <= {"", "no_answer", "not_asked", "record", "no_record", "other", "garbled", "late", "no_key"}
    for secret in (NUMBER, VISIT.visit, VISIT.asked_by, "吕"):
        assert secret not in page


def test_monitoring_reads_them_from_the_console_without_a_password(tmp_path: Path) -> None:
    asked = Hall()

    def make(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
        services, exchange, target = stage_services(config, clock)
        return replace(services, exchange=asked.exchange), exchange, target

    with running_hall(tmp_path, make) as stage:
        stage.do(asked.exchange.lookup(ME, ITEMS, VISIT))
        answer = httpx.get(f"{stage.console}metrics", trust_env=False, timeout=SOON_S)
    assert (answer.status_code, answer.headers["content-type"]) == (200, CONTENT_TYPE_LATEST)
    assert answer.content == asked.exchange.metrics.page()
    assert 'yimen_department_answers_total{department="household",outcome="record",reason=""} 1.0' in answer.text
