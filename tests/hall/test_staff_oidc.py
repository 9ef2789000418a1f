"""Logging in by way of an identity provider, over HTTP; and everything that is not believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey

from hall.oidc import Provider
from hall.roles import Role
from hall.staff_settings import OidcSettings
from tests.hall.console_stage import PASSWORD, Stage, running_hall
from tests.hall.oidc_provider import CLIENT, NEXT, OTHER, SECRET, IdentityProvider, identity_provider
from tests.patience import SOON_S

ROLES = {"hall-clerks": Role.CLERK, "hall-security": Role.SECURITY, "hall-audit": Role.AUDITOR}


@dataclass
class Door:
    """A hall that leans on an identity provider; 张敏 may log in in an emergency, 李红 may not."""

    stage: Stage
    provider: IdentityProvider

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        origin = {"Origin": self.stage.console.rstrip("/")}
        with httpx.Client(base_url=self.stage.console, timeout=SOON_S, headers=origin) as client:
            yield client

    def sent(self, client: httpx.Client, window: str = "3") -> str:
        """The address at the provider to which the hall sends a browser."""
        page = client.post("/login/oidc", data={"window": window})
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)
        assert found, page.text
        return found.group(1).replace("&amp;", "&")

    def back(self, client: httpx.Client, at_provider: str) -> dict[str, str]:
        """What the browser brings back; the page it comes to sends this on by a form."""
        came = urlsplit(httpx.get(at_provider, timeout=SOON_S).headers["location"])
        page = client.get(f"{came.path}?{came.query}")
        assert 'action="/login/oidc/finish"' in page.text
        return {name: values[0] for name, values in parse_qs(came.query).items()}

    def log_in(self, client: httpx.Client, window: str = "3") -> httpx.Response:
        return client.post("/login/oidc/finish", data=self.back(client, self.sent(client, window)))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture
def door(stage: Stage) -> Iterator[Door]:
    """Another provider for each story, and nothing that an earlier one left."""
    stage.clock.later(minutes=16)
    with identity_provider(stage.clock) as provider:
        settings = OidcSettings(provider.issuer, CLIENT, SECRET, ROLES, emergency=frozenset({"张敏"}))
        stage.services.staff.lean_on(Provider(settings, stage.console.rstrip("/"), stage.clock), settings.emergency)
        yield Door(stage, provider)


def test_whoever_the_provider_knows_is_at_the_window_with_its_roles(door: Door) -> None:
    with door.browser() as client:
        answer = door.log_in(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        page = client.get("/").text
        assert "wang" in page
        assert "<b>3</b> 号窗口" in page
        door.provider.groups = "hall-audit"
        assert door.log_in(client, "").status_code == 303
        assert "审计员" in client.get("/").text
    accounts = door.stage.do(door.stage.services.staff.accounts.all())
    assert [(line.origin, line.roles) for line in accounts if line.name == "wang"] == [("oidc", frozenset({Role.AUDITOR}))]


def refused(door: Door, words: str, window: str = "3") -> None:
    with door.browser() as client:
        answer = door.log_in(client, window)
        assert words in answer.text
        assert answer.status_code >= 400
        assert "yimen_desk" not in answer.cookies
        assert client.get("/").headers["location"] == "/login"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"nonce": "of another log-in"}, "没有采信"),
        ({"nonce": None}, "没有采信"),
        ({"aud": "another-client"}, "没有采信"),
        ({"iss": "https://elsewhere.example.cn"}, "没有采信"),
        ({"exp": None}, "没有采信"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "没有采信"),
        ({"preferred_username": " "}, "没有说明您是谁"),
        ({"groups": ["canteen"]}, "没有本大厅的身份"),
        ({"groups": None}, "没有本大厅的身份"),
        ({"groups": ["hall-clerks", "hall-security"]}, "两种不能兼任的身份"),
        ({"preferred_username": "张敏"}, "同名的本地账号"),
        ({"groups": ["hall-audit"]}, "不办理窗口业务"),
    ],
)
def test_what_a_token_says_is_believed_only_when_all_of_it_is_right(door: Door, claims: dict[str, object], words: str) -> None:
    door.provider.claims = claims
    refused(door, words)


def test_a_token_is_good_for_a_minute_longer_than_it_says_and_no_more(door: Door) -> None:
    now = int(door.stage.clock().timestamp())
    door.provider.claims = {"iat": now - 600, "exp": now - 59}
    with door.browser() as client:
        assert door.log_in(client).status_code == 303
    door.provider.claims = {"iat": now - 600, "exp": now - 61}
    refused(door, "已经过期")


def test_an_altered_signature_is_not_believed(door: Door) -> None:
    door.provider.key = OTHER
    refused(door, "签名不对")


def test_a_token_keyed_by_the_clients_secret_is_not_believed(door: Door) -> None:
    door.provider.key, door.provider.algorithm = OctKey.import_key(SECRET, {"kid": "first"}), "HS256"
    refused(door, "没有采信")


def test_a_key_that_the_provider_changed_is_fetched_once(door: Door) -> None:
    with door.browser() as client:
        door.log_in(client)
        door.log_in(client)
        assert door.provider.asked.count("/keys") == 1
        assert door.provider.asked.count("/.well-known/openid-configuration") == 1
        door.provider.key = door.provider.published = NEXT
        assert door.log_in(client).status_code == 303
        assert door.provider.asked.count("/keys") == 2


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(door: Door) -> None:
    with door.browser() as client, door.browser() as thief:
        brought = door.back(client, door.sent(client))
        assert "已经用过" in thief.post("/login/oidc/finish", data=brought).text
        door.sent(thief)
        assert "已经用过" in thief.post("/login/oidc/finish", data=brought).text
        assert client.post("/login/oidc/finish", data=brought).status_code == 303
        assert "已经用过" in client.post("/login/oidc/finish", data=brought).text


def test_an_answer_that_took_longer_than_ten_minutes_is_too_late(door: Door) -> None:
    with door.browser() as client:
        brought = door.back(client, door.sent(client))
        door.stage.clock.later(minutes=11)
        assert "隔得太久" in client.post("/login/oidc/finish", data=brought).text


def test_while_the_provider_is_down_only_the_emergency_account_gets_in(door: Door) -> None:
    door.provider.down = True
    with door.browser() as client:
        answer = client.post("/login/oidc", data={"window": "3"})
        assert (answer.status_code, "连接不上" in answer.text) == (503, True)
        said = [client.post("/login", data={"name": name, "password": PASSWORD, "window": "3"}) for name in ("李红", "张敏")]
        assert [answer.status_code for answer in said] == [401, 303]


def test_it_goes_down_between_two_steps(door: Door) -> None:
    with door.browser() as client:
        brought = door.back(client, door.sent(client))
        door.provider.down = True
        answer = client.post("/login/oidc/finish", data=brought)
        assert (answer.status_code, "连接不上" in answer.text) == (503, True)


def test_without_an_emergency_account_there_is_no_password_to_type(door: Door) -> None:
    door.stage.services.staff.entrance.local = frozenset()
    with door.browser() as client:
        page = client.get("/login").text
        assert 'name="password"' not in page
        assert "用统一身份认证登录" in page
        assert client.post("/login", data={"name": "张敏", "password": PASSWORD, "window": "3"}).status_code == 401


def test_a_shut_account_stays_out_whatever_the_provider_says(door: Door) -> None:
    door.provider.who = "leaver"
    with door.browser() as client:
        door.log_in(client)
        door.stage.do(door.stage.services.staff.accounts.set_disabled("leaver", True))
        assert client.get("/").headers["location"] == "/login"
    refused(door, "已停用")


def test_every_refusal_is_audited_without_the_name_that_was_said(door: Door) -> None:
    door.provider.claims = {"groups": ["canteen"]}
    refused(door, "没有本大厅的身份")
    lines = door.stage.do(door.stage.services.store.audit_of("unknown"))
    assert (lines[-1].event, lines[-1].items, lines[-1].outcome) == ("staff_log_in_refused", ("oidc_role",), "3")


def test_discovery_is_looked_up_anew_after_an_hour(door: Door) -> None:
    with door.browser() as client:
        door.log_in(client)
        door.stage.clock.now += timedelta(hours=1)
        door.log_in(client)
    assert door.provider.asked.count("/.well-known/openid-configuration") == 2
