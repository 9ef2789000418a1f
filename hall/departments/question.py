"""How a department is asked, out of [request]: texts with gaps that are filled from a closed set and never from an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote
from uuid import uuid4

from hall.departments.connection import Purpose
from hall.departments.setting import Setting

GAPS = ("key", "matter", "visit", "asked_by", "purpose", "request_id")
"""What a text may hold in braces. `purpose` is the department's own word for the matter, out of [codes.purpose]."""

PATHS = "{paths}"
"""Alone in a text it becomes the list of what is asked for: the paths of the key and of the items."""

GAP = re.compile(r"\{([^{}]*)\}")
PLACE = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?", re.ASCII)
HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
OUR_HEADERS = frozenset(
    {"accept-encoding", "authorization", "connection", "content-length", "content-type", "expect", "host", "transfer-encoding"}
)

Tree = object
"""Texts, numbers, truths, lists and tables, as TOML writes them."""


def gaps(setting: Setting, key: str, purpose: Purpose) -> dict[str, str]:
    """What goes into the texts of one question."""
    return {
        "key": key,
        "matter": purpose.matter,
        "visit": purpose.visit,
        "asked_by": purpose.asked_by,
        "purpose": setting.codes.get("purpose", {}).get(purpose.matter, purpose.matter),
        "request_id": str(uuid4()),
    }


def paths_of(setting: Setting, items: Sequence[str]) -> list[str]:
    """What `{paths}` stands for: the key comes first, for an answer must say whom it is about. [request.paths] says what
    an item is asked by where that is not simply its path in the answer."""
    other = cast("Mapping[str, list[str]]", setting.request.get("paths", {}))
    return list(dict.fromkeys(path for item in (setting.key, *items) for path in other.get(item, [setting.items[item]])))


def filled(tree: Tree, said: Mapping[str, str], paths: Sequence[str]) -> Tree:
    """The same tree without gaps."""
    match tree:
        case str() if tree == PATHS:
            return list(paths)
        case str():
            return GAP.sub(lambda gap: said[gap[1]], tree)
        case list():
            return [filled(branch, said, paths) for branch in tree]
        case dict():
            return {name: filled(branch, said, paths) for name, branch in tree.items()}
        case _:
            return tree


def headers(texts: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What fills a gap is percent-encoded UTF-8: a clerk's name is Chinese, a header is ASCII and ends at a line's end."""
    return {name: GAP.sub(lambda gap: quote(said[gap[1]], safe=":"), text) for name, text in texts.items()}


def wrong_place(path: object) -> Iterator[str]:
    """What is wrong with the path of an address."""
    if not isinstance(path, str) or not path:
        yield "path is missing"
    elif "{" in path:
        yield f"path {path!r} must be a fixed text: what stands in an address is kept in logs all along the way"
    elif not PLACE.fullmatch(path) or ".." in path.partition("?")[0].split("/"):
        yield f"path {path!r} must begin with / and hold only what an address may hold, percent-encoded"


def wrong_headers(table: object) -> Iterator[str]:
    """What is wrong with [request.headers], one sentence each."""
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        yield "request.headers must be a table of texts"
        return
    for name, text in table.items():
        if not HEADER.fullmatch(name) or name.lower() in OUR_HEADERS:
            yield f"request.headers: {name!r} is no header that can be set here"
        if not text.isascii() or not text.isprintable():
            yield f"request.headers: the text of {name} must be printable ASCII"
        if PATHS in text:
            yield f"request.headers: {name} cannot hold {PATHS}, a header is no list"
        else:
            yield from _unknown_gaps(f"headers: {name}", text)


def wrong_paths(setting: Setting) -> Iterator[str]:
    """What is wrong with [request.paths], one sentence each."""
    table = setting.request.get("paths", {})
    if not isinstance(table, dict):
        yield "request.paths must be a table"
        return
    for item, paths in table.items():
        if item not in setting.items:
            yield f"request.paths: {item} has no path in [items]"
        if not isinstance(paths, list) or not paths or not all(isinstance(path, str) and path for path in paths):
            yield f"request.paths: {item} must have a list of texts"


def wrong_tree(where: str, tree: Tree) -> Iterator[str]:
    """What is wrong with [request.body], one sentence each."""
    match tree:
        case str() if PATHS in tree and tree != PATHS:
            yield f"request.{where}: {PATHS} stands for a list and must be the whole text"
        case str() if tree != PATHS:
            yield from _unknown_gaps(where, tree)
        case list():
            for branch in tree:
                yield from wrong_tree(where, branch)
        case dict():
            for name, branch in tree.items():
                yield from wrong_tree(f"{where}.{name}", branch)
        case str() | bool() | int() | float():
            return
        case _:
            yield f"request.{where}: {type(tree).__name__} is nothing that can be sent; write it as a text"


def _unknown_gaps(where: str, text: str) -> Iterator[str]:
    known = ", ".join(f"{{{name}}}" for name in GAPS)
    for name in GAP.findall(text):
        if name not in GAPS:
            yield f"request.{where}: there is no {{{name}}}, only {known} and {PATHS}"
    if "{" in GAP.sub("", text) or "}" in GAP.sub("", text):
        yield f"request.{where}: a brace stands alone"
