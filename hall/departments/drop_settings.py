"""What a TOML file may say of a department that drops files, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from hall.departments.drop_folder import STAMP, wrong_name
from hall.departments.drop_formats import ENCODINGS, FORMATS, POSITIONS, Layout
from hall.departments.setting import Setting

FILE_DATE = "文件日期"
"""The column that every row is given: when the department wrote the file, from its name."""
ENDINGS = {"csv": "csv", "xml": "xml", "fixed": "txt"}
TRAILER = "END"
OPTIONS = {
    "csv": frozenset({"format", "encoding", "name", "marker", "trailer", "check_key", "delimiter", "heading"}),
    "fixed": frozenset({"format", "encoding", "name", "marker", "trailer", "check_key"}),
    "xml": frozenset({"format", "encoding", "name", "marker", "check_key", "rows", "namespace"}),
}
COLLECT = frozenset({"drops", "deltas", "gone"})


def name_of(options: Mapping[str, str]) -> str:
    return options.get("name", f"*_{STAMP}.{ENDINGS.get(options.get('format', 'csv'), '')}")


def layout_of(setting: Setting) -> Layout:
    options, collect = setting.options, setting.collect
    kind = options.get("format", "csv")
    columns = [*setting.items.values(), setting.as_of, *setting.doubts.values(), collect.get("gone", "")]
    without_trailer = kind == "xml" or "marker" in options
    return Layout(
        format=kind,
        columns=tuple(dict.fromkeys(column for column in columns if column and column != FILE_DATE)),
        encoding=options.get("encoding", "gb18030"),
        trailer=options.get("trailer", "" if without_trailer else TRAILER),
        delimiter=options.get("delimiter", ","),
        heading=options.get("heading", "yes") == "yes",
        element=setting.rows,
        namespace=options.get("namespace", ""),
    )


def wrong_path(path: str, options: Mapping[str, str]) -> str:
    if path == FILE_DATE:
        return ""
    match options.get("format", "csv"):
        case "fixed":
            found = POSITIONS.fullmatch(path)
            return "" if found and int(found[1]) <= int(found[2]) else "is no span of bytes such as 1-18"
        case "xml":
            return _wrong_xpath(path, options)
        case _ if options.get("heading") == "no":
            return "" if re.fullmatch("[1-9][0-9]{0,3}", path) else "is no number of a column"
        case _:
            return "" if path == path.strip() and "\n" not in path else "is no name of a column"


def _wrong_xpath(path: str, options: Mapping[str, str]) -> str:
    try:
        etree.XPath(path, namespaces={"d": options["namespace"]} if options.get("namespace") else None)
    except etree.XPathError:
        return "is no XPath"
    return "" if "namespace" in options or "d:" not in path else "has the prefix d and there is no namespace"


def judge(setting: Setting) -> Iterator[str]:
    options = setting.options
    kind, encoding = options.get("format", "csv"), options.get("encoding", "gb18030")
    if kind not in FORMATS:
        yield f"format must be one of {', '.join(FORMATS)}"
        return
    given = {name for name, value in options.items() if value} | ({"rows"} if setting.rows else set())
    yield from (f"a file_drop in {kind} has no {name}" for name in sorted(given - OPTIONS[kind]))
    if encoding not in ENCODINGS:
        yield f"encoding must be one of {', '.join(ENCODINGS)}"
    if kind == "fixed" and encoding.startswith("utf-16"):
        yield "positions are bytes, which utf-16 is not written in"
    if kind == "xml" and not re.fullmatch(r"(d:)?[\w.-]+", setting.rows):
        yield "rows must name the element of a row, with the prefix d when it is in the namespace"
    if len(options.get("delimiter", ",")) != 1 or options.get("delimiter") in ('"', "\n", "\r"):
        yield "delimiter must be one character"
    if options.get("heading", "yes") not in ("yes", "no"):
        yield "heading must be yes or no, in quotes"
    if not re.fullmatch(r"(\.\w+)?", options.get("marker", "")):
        yield "marker must be an ending such as .ok"
    yield from _judge_names(setting)


def _judge_names(setting: Setting) -> Iterator[str]:
    collect, name = setting.collect, name_of(setting.options)
    yield from (f"name {wrong}" for wrong in [wrong_name(name)] if wrong)
    if not collect:
        return
    yield from (f"collect.{one} is nothing that can be set" for one in sorted(set(collect) - COLLECT))
    if collect.get("drops") != "whole":
        yield 'collect.drops must be "whole": what a drop does not name is gone'
    if collect.get("gone") and (wrong := wrong_path(collect["gone"], setting.options)):
        yield f"collect.gone {collect['gone']!r} {wrong}"
    if "deltas" in collect and (wrong_name(collect["deltas"]) or not (STAMP in collect["deltas"] and STAMP in name)):
        yield f"collect.deltas and name must be names of files with {STAMP} in them: a delta is younger than its whole"
