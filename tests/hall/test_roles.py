"""Separated duties: every route names what it asks for, and every role gets exactly that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from uuid import uuid4

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from hall.app import console_app
from hall.roles import EXCLUDES, MAY, PERSONAL, Permission, Role, at_odds, may
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.patience import SOON_S

NAMES = {role: f"only {role}" for role in Role}
UNIT = "019ab000-0000-7000-8000-00000000ffff"
REFUSED = "这不在您的职责之内"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        for role, name in NAMES.items():
            stage.do(stage.services.staff.add(name, PASSWORD, frozenset({role})))
        yield stage


def routes(stage: Stage) -> Iterator[tuple[str, str, frozenset[Permission], str]]:
    """Every route of the console: method, path, what it asks for, its media type."""
    for route in console_app(stage.services).routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                asks = frozenset(handler.opt.get("permissions", ()))
                for method in sorted(handler.http_methods - {"HEAD", "OPTIONS"}):
                    yield method, route.path, asks, str(handler.media_type)


def filled(path: str) -> str:
    numbers = re.sub(r"\{\w+:int\}", "0", path)
    return re.sub(r"\{\w+:path\}", "console.css", re.sub(r"\{\w+:str\}", UNIT, numbers))


def test_every_route_says_what_it_asks_for(stage: Stage) -> None:
    found = list(routes(stage))
    assert len(found) > 30
    assert [(method, path) for method, path, asks, _ in found if not asks] == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_through_exactly_where_the_table_lets_it(stage: Stage, role: Role) -> None:
    """A refusal by role is one page; everything else, e.g. that there is no such case, came from behind the gate."""
    origin = {"Origin": stage.console.rstrip("/")}
    stage.clock.later(minutes=16)  # the walk itself tries to log in without a password
    with httpx.Client(base_url=stage.console, timeout=SOON_S, headers=origin) as client:
        wrong = []
        for method, path, asks, kind in routes(stage):
            let_in = any(may({role}, permission) for permission in asks)
            if let_in and kind == "text/event-stream":
                continue  # it would never end
            log_in(client, role)
            answer = client.request(method, filled(path), data={"key": str(uuid4())} if method == "POST" else None)
            if (answer.status_code == 403 and REFUSED in answer.text) is let_in:
                wrong.append((method, path, answer.status_code))
    assert wrong == []


def log_in(client: httpx.Client, role: Role) -> None:
    """Anew before each request, as one of them logs out and another locks."""
    client.cookies.clear()
    answer = client.post("/login", data={"name": NAMES[role], "password": PASSWORD, "window": ""})
    assert answer.status_code == 303


def test_a_refusal_by_role_is_a_line_of_the_audit(stage: Stage) -> None:
    with httpx.Client(base_url=stage.console, headers={"Origin": stage.console.rstrip("/")}, timeout=SOON_S) as client:
        log_in(client, Role.AUDITOR)
        client.post("/queue/next", data={"key": str(uuid4())})
    line = stage.do(stage.services.store.audit_of(f"clerk:{NAMES[Role.AUDITOR]}"))[-1]
    assert (line.event, line.outcome) == ("staff_not_permitted", "window")


def test_the_pages_of_a_window_say_so_to_a_clerk_without_one(stage: Stage) -> None:
    with httpx.Client(base_url=stage.console, headers={"Origin": stage.console.rstrip("/")}, timeout=SOON_S) as client:
        log_in(client, Role.CLERK)
        assert "您没有登录窗口" in client.get("/").text
        refused = client.post("/queue/next", data={"key": str(uuid4())})
        assert refused.status_code == 403
        assert "叫号、办件要在窗口登录以后进行" in refused.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SECURITY, Role.AUDITOR])
def test_who_keeps_the_system_sees_no_persons_data(role: Role) -> None:
    assert not MAY[role] & PERSONAL


def test_an_auditor_and_security_share_nothing_with_whoever_decides() -> None:
    for keeper in (Role.SECURITY, Role.AUDITOR):
        for decider in (Role.CLERK, Role.SUPERVISOR):
            assert frozenset({keeper, decider}) in EXCLUDES
            assert at_odds({decider, keeper}) is not None
    assert at_odds({Role.CLERK, Role.SUPERVISOR}) is None
    assert at_odds(set()) is None


def test_the_three_administrators_are_three_persons() -> None:
    for pair in combinations((Role.OPERATOR, Role.SECURITY, Role.AUDITOR), 2):
        assert at_odds(pair) is not None
