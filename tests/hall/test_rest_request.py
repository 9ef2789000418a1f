"""How a REST department is asked: [request] fills texts from a closed set, and a number never stands in an address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from hall import departments
from hall.departments.setting import Setting, SettingsWrong
from tests.hall.canned import Canned, http
from tests.hall.demo_desk import LYU, PURPOSE
from tests.hall.test_departments import NUMBER, REST

NOBODY = http(b'{"persons": []}')
TOML = """
kind = "rest"
code = "a"
title = "A"
address = "https://a.example.cn/api"
key = "person.number"
rows = "persons"
[items]
"person.number" = "id"
%s
"""


def asked(
    request: Mapping[str, object], key: str = NUMBER, asked_by: str = PURPOSE.asked_by, setting: Setting = REST
) -> tuple[str, str]:
    """Head and body of the question as the department got it."""
    canned = Canned(NOBODY.answer)
    canned.look_up(replace(setting, request=request), ("person.name",), key=key, asked_by=asked_by)
    head, _, body = canned.asked[0].partition(b"\r\n\r\n")
    return head.decode("ascii"), body.decode()


def problems(request: str, tmp_path: Path) -> str:
    (tmp_path / "a.toml").write_text(TOML % request, "utf-8")
    try:
        departments.read_settings(tmp_path, tmp_path)
    except SettingsWrong as wrong:
        return "\n".join(wrong.problems)
    return ""


def test_a_body_is_any_tree_and_every_gap_is_filled_where_it_stands() -> None:
    body = {
        "type": "ByNumber",
        "ids": ["{key}"],
        "fields": "{paths}",
        "why": {"case": "{visit}/{matter}"},
        "page": 1,
        "all": True,
    }
    _, sent = asked({"path": "/q", "body": body})
    assert json.loads(sent) == {
        "type": "ByNumber",
        "ids": [NUMBER],
        "fields": ["id", "name"],
        "why": {"case": f"{PURPOSE.visit}/{PURPOSE.matter}"},
        "page": 1,
        "all": True,
    }


def test_a_form_is_sent_as_a_form() -> None:
    request = {"path": "/q", "content_type": "application/x-www-form-urlencoded", "body": {"sfzh": "{key}", "cxr": "{asked_by}"}}
    head, sent = asked(request, key="1&sfzh=2", asked_by="clerk:张敏")
    assert "Content-Type: application/x-www-form-urlencoded" in head
    assert parse_qs(sent) == {"sfzh": ["1&sfzh=2"], "cxr": ["clerk:张敏"]}


def test_a_get_may_carry_the_number_in_a_header() -> None:
    head, sent = asked({"method": "GET", "path": "/q?version=2", "headers": {"X-Person": "{key}"}})
    assert head.startswith("GET /q?version=2 HTTP/1.1")
    assert f"X-Person: {NUMBER}" in head
    assert sent == ""


def test_the_departments_own_word_for_a_matter_is_told_and_each_question_has_a_number_of_its_own() -> None:
    request = {"path": "/q", "headers": {"X-Why": "{purpose}", "X-Id": "{request_id}"}, "body": {}}
    other = replace(REST, codes={"purpose": {PURPOSE.matter: "EE-07"}})
    told = [asked(request, setting=other)[0] for _ in range(2)]
    assert all("X-Why: EE-07\r\n" in head for head in told)
    assert len({head.partition("X-Id: ")[2].partition("\r\n")[0] for head in told}) == 2
    assert f"X-Why: {PURPOSE.matter}\r\n" in asked(request)[0]


@pytest.mark.parametrize(
    "name", ["clerk:a\r\nX-Admin: yes", "clerk:../../admin", "clerk:a\x00b", "clerk:张\u2028敏", "clerk:{key}"]
)
def test_a_name_can_neither_end_a_header_nor_change_the_path(name: str) -> None:
    head, _ = asked({"path": "/q", "headers": {"X-Asked-By": "{asked_by}"}, "body": {}}, asked_by=name)
    assert head.startswith("POST /q HTTP/1.1\r\n")
    assert "x-admin" not in {line.partition(":")[0].lower() for line in head.split("\r\n")[1:]}
    assert NUMBER not in head


@pytest.mark.parametrize("key", ["a\r\nX-Admin: yes", '"}, "all": {"', "../x?y#z", LYU.number + "\u202e"])
def test_a_key_is_only_text_in_body_and_header(key: str) -> None:
    head, sent = asked({"path": "/q", "headers": {"X-Person": "{key}"}, "body": {"id": "{key}"}}, key=key)
    assert json.loads(sent) == {"id": key}
    assert "x-admin" not in {line.partition(":")[0].lower() for line in head.split("\r\n")[1:]}


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (
            '[request]\npath = "/persons/{key}"',
            "path '/persons/{key}' must be a fixed text: what stands in an address is kept in logs",
        ),
        ('[request]\npath = "/q?id={key}"', "must be a fixed text"),
        ('[request]\npath = "/../admin"', "must begin with / and hold only what an address may hold"),
        ('[request]\npath = "/q\\r\\nX: y"', "must begin with / and hold only"),
        ('[request]\npath = "http://elsewhere/q"', "must begin with / and hold only"),
        ("[request]\nbody = {}", "request.path is missing"),
        ('[request]\npath = "/q"', "request.body must be a table"),
        ('[request]\npath = "/q"\nmethod = "DELETE"\nbody = {}', "request.method must be one of GET, POST"),
        ('[request]\npath = "/q"\nmethod = "GET"\nbody = {}', "request.body: a GET has none"),
        ('[request]\npath = "/q"\ncontent_type = "text/csv"\nbody = {}', "request.content_type must be"),
        ('[request]\npath = "/q"\nbody = {}\nretries = 3', "request.retries is nothing that can be set"),
        ('[request]\npath = "/q"\nbody = {id = "{number}"}', "request.body.id: there is no {number}, only {key}, {matter}"),
        ('[request]\npath = "/q"\nbody = {id = "{key"}', "request.body.id: a brace stands alone"),
        ('[request]\npath = "/q"\nbody = {f = "all {paths}"}', "{paths} stands for a list and must be the whole text"),
        ('[request]\npath = "/q"\nbody = {since = 2020-01-01}', "request.body.since: date is nothing that can be sent"),
        ('[request]\npath = "/q"\nheaders = {"X Y" = "a"}\nbody = {}', "'X Y' is no header that can be set here"),
        ('[request]\npath = "/q"\nheaders = {Host = "a"}\nbody = {}', "'Host' is no header that can be set here"),
        ('[request]\npath = "/q"\nheaders = {X = "a\\nY: b"}\nbody = {}', "the text of X must be printable ASCII"),
        ('[request]\npath = "/q"\nheaders = {X = "{paths}"}\nbody = {}', "X cannot hold {paths}"),
        ('[request]\npath = "/q"\nheaders = {X = 1}\nbody = {}', "request.headers must be a table of texts"),
        (
            '[request]\npath = "/q"\ncontent_type = "application/x-www-form-urlencoded"\nbody = {a = {b = "c"}}',
            "a form holds only texts and numbers",
        ),
        ('[collect]\nmark = "next["\nmark_name = "since"\npath = "/{key}"', "collect.mark 'next[' is no jmespath"),
        ('[collect]\nmark = "next"', "collect.mark_name is missing"),
        ('[collect]\nmark = "next"\nmark_name = "since"\npath = "/{key}"', "collect.path '/{key}' must be a fixed text"),
        ('[options]\nuser = "hall"', "user and password_file go together"),
        ('[options]\ntoken_header = "X-Key"', "token_header says where the token of a token_file goes"),
        ('[options]\ncertificate_file = "a.pem"', "certificate_file and key_file go together"),
        ('[options]\nuser = "hall"\npassword_file = "a"\ntoken_file = "b"', "a user with a password or a token_file, not both"),
        ('[options]\ntoken_file = "b"\ntoken_header = "X\\r\\nY"', "is no name of a header"),
    ],
)
def test_what_is_wrong_with_a_request_is_named_at_the_start(request_: str, problem: str, tmp_path: Path) -> None:
    assert problem in problems(request_, tmp_path)


def test_an_address_holds_no_secret_and_files_for_tls_need_tls(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("", "ascii")
    for address, problem in (
        ("http://hall:secret@a.example.cn", "address may hold a host, a port and a path"),
        ("ftp://a.example.cn", "address must begin with http:// or https://"),
        ("http://a.example.cn", "ca_file is for an address with https"),
    ):
        text = TOML % '[request]\npath = "/q"\nbody = {}\n[options]\nca_file = "ca.pem"'
        (tmp_path / "a.toml").write_text(text.replace("https://a.example.cn/api", address), "utf-8")
        with pytest.raises(SettingsWrong, match=problem):
            departments.read_settings(tmp_path, tmp_path)
