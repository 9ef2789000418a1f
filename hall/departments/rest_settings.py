"""What a REST department's settings may say, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hall.departments import applications, credentials, xroad
from hall.departments.http import JSON, wrong_address
from hall.departments.question import wrong_headers, wrong_paths, wrong_place, wrong_tree
from hall.departments.setting import Setting

NEEDS = frozenset({"rows"})
OPTIONS = credentials.OPTIONS | xroad.OPTIONS | applications.OPTIONS | {"check_key"}
REQUEST = frozenset({"method", "path", "paths", "content_type", "headers", "body"})
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
COLLECT_PATHS = ("mark", "rows", "more", "gone", "whole", "known_at")
COLLECT = frozenset({"path", "mark_name", "items_name", *COLLECT_PATHS})
COLLECT_NEEDS = ("path", "mark", "mark_name")


def wrong_settings(setting: Setting) -> Iterator[str]:
    """One sentence each."""
    yield from wrong_address(setting)
    request = setting.request
    yield from (f"request.{name} is nothing that can be set" for name in sorted(set(request) - REQUEST))
    if request.get("method", "POST") not in METHODS:
        yield f"request.method must be one of {', '.join(METHODS)}"
    if request.get("content_type", JSON) not in (JSON, FORM):
        yield f"request.content_type must be {JSON} or {FORM}"
    yield from (f"request.{problem}" for problem in wrong_place(request.get("path")))
    yield from wrong_headers(request.get("headers", {}))
    yield from _wrong_body(request)
    yield from wrong_paths(setting)
    yield from applications.wrong_applications(setting)
    if setting.collect:
        yield from _wrong_collect(setting.collect)


def _wrong_body(request: Mapping[str, object]) -> Iterator[str]:
    body = request.get("body")
    if request.get("method", "POST") == "GET":
        if body is not None:
            yield "request.body: a GET has none"
        return
    if not isinstance(body, dict):
        yield "request.body must be a table"
        return
    if request.get("content_type") == FORM and any(isinstance(branch, dict | list) for branch in body.values()):
        yield "request.body: a form holds only texts and numbers"
    yield from wrong_tree("body", body)


def _wrong_collect(collect: Mapping[str, str]) -> Iterator[str]:
    yield from (f"collect.{name} is nothing that can be set" for name in sorted(set(collect) - COLLECT))
    yield from (f"collect.{name} is missing" for name in COLLECT_NEEDS if not collect.get(name))
    if collect.get("path"):
        yield from (f"collect.{problem}" for problem in wrong_place(collect["path"]))
