"""What is written in a dropped file: CSV, XML or lines of fixed width, in the character sets that departments use."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, TypeVar

from lxml import etree

from hall.departments.drop_folder import DropWrong

ENCODINGS = ("gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16")
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
POSITIONS = re.compile(r"([1-9]\d{0,4})-([1-9]\d{0,4})")
TORN = ("incomplete multibyte sequence", "unexpected end of data", "truncated data")
PIECE = 1024 * 1024
MOST_NAMES = 30

Values = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Layout:
    """How a department writes. `columns` are what is wanted, in the language of the format: a heading or the number of a
    column, an XPath within `element`, or the positions of bytes ("1-18"). `trailer`: the word that begins the last line,
    followed by the number of rows; "" when something else says that a file is complete."""

    format: str
    columns: tuple[str, ...]
    encoding: str
    trailer: str = ""
    delimiter: str = ","
    heading: bool = True
    element: str = ""
    namespace: str = ""


def rows(file: BinaryIO, layout: Layout) -> Iterator[Values]:
    """The wanted columns of each row, in their order; raises DropWrong, which quotes no row."""
    try:
        _judge_encoding(file, layout.encoding)
        yield from FORMATS[layout.format](file, layout)
    except UnicodeError as error:
        if isinstance(error, UnicodeDecodeError) and error.reason in TORN:
            raise DropWrong("complete", "it ends in the middle of a character") from None
        raise DropWrong("encoding", f"it is not written in {layout.encoding}") from None
    except csv.Error:
        raise DropWrong("complete", "a quotation mark is not closed, or stands within a value") from None
    except etree.XMLSyntaxError:
        raise DropWrong("complete", "it is no well-formed XML") from None


def _judge_encoding(file: BinaryIO, encoding: str) -> None:
    """What begins with another set's mark, or is Chinese in UTF-8 though it should be in GB 18030, is not read at all:
    as GBK it would be read as other characters, without any error."""
    head = file.read(3)
    for mark, meant in MARKS.items():
        if head.startswith(mark) and encoding != meant:
            raise DropWrong("encoding", f"it begins with the mark of {meant}, and is not written in {encoding}")
    file.seek(0)
    if encoding.startswith("gb") and _is_chinese_utf8(file):
        raise DropWrong("encoding", f"it is written in utf-8, not in {encoding}")
    file.seek(0)


def _is_chinese_utf8(file: BinaryIO) -> bool:
    decoder, chinese = codecs.getincrementaldecoder("utf-8")(), False
    try:
        while piece := file.read(PIECE):
            chinese = any(sign >= "\u2e80" for sign in decoder.decode(piece)) or chinese
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return chinese


def _csv(file: BinaryIO, layout: Layout) -> Iterator[Values]:
    text = io.TextIOWrapper(file, layout.encoding, newline="")
    try:
        yield from _of_table(csv.reader(text, delimiter=layout.delimiter, strict=True), layout)
    finally:
        text.detach()  # or the file would be closed with it


def _of_table(table: Iterator[list[str]], layout: Layout) -> Iterator[Values]:
    first = next(table, [])
    places = _places(first, layout)
    lines = table if layout.heading or not first else chain([first], table)
    for number, row in _before_trailer(lines, layout, lambda row: (row[0] if row else "", "".join(row[1:]))):
        if len(row) != len(first):
            raise DropWrong("complete", f"row {number} has {len(row)} columns, and not {len(first)}")
        yield tuple(row[place] for place in places)


def _places(first: Sequence[str], layout: Layout) -> list[int]:
    if not layout.heading:
        numbers = [int(column) for column in layout.columns]
        if first and first[0] != layout.trailer and max(numbers) > len(first):
            raise DropWrong("columns", f"there is no column {max(numbers)}, only {len(first)}")
        return [number - 1 for number in numbers]
    missing = [column for column in layout.columns if first.count(column) != 1]
    if missing:
        there = ", ".join(first[:MOST_NAMES]) or "nothing"
        raise DropWrong("columns", f"{', '.join(missing)} must be there once, and the heading has {there}")
    return [first.index(column) for column in layout.columns]


def _fixed(file: BinaryIO, layout: Layout) -> Iterator[Values]:
    spans = [slice(int(found[1]) - 1, int(found[2])) for found in map(POSITIONS.fullmatch, layout.columns) if found]
    begins = len(layout.trailer)

    def parted(line: bytes) -> tuple[str, str]:
        told = line.decode(layout.encoding)
        return told[:begins], told[begins:]

    width = 0
    for number, line in _before_trailer((line.rstrip(b"\r\n") for line in file), layout, parted):
        width = width or len(line)
        if len(line) != width:
            raise DropWrong("complete", f"line {number} has {len(line)} bytes, and not {width}")
        if max(span.stop for span in spans) > width:
            raise DropWrong("columns", f"its lines have only {width} bytes")
        yield tuple(line[span].decode(layout.encoding) for span in spans)


def _xml(file: BinaryIO, layout: Layout) -> Iterator[Values]:
    """Element by element, each forgotten when it was read. With a document type come entities, files and bombs: there is
    none, and nothing is resolved."""
    prefixes = {"d": layout.namespace} if layout.namespace else None
    paths = [etree.XPath(column, namespaces=prefixes) for column in layout.columns]
    encoding = None if layout.encoding in ("utf-16", "utf-8-sig") else layout.encoding  # these say it themselves
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    tag = layout.element.replace("d:", f"{{{layout.namespace}}}", 1) if layout.namespace else layout.element
    reading = etree.iterparse(file, tag=tag, encoding=encoding, **safe)
    found = False
    for _, element in reading:
        found = True
        _judge_document(element)
        yield tuple(_text(path(element)) for path in paths)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    _judge_document(reading.root)
    if not found:
        raise DropWrong("columns", f"there is no element {layout.element}, only <{etree.QName(reading.root).localname}>")


def _judge_document(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise DropWrong("complete", "it has a document type, which is not read")


def _text(found: object) -> str:
    first = found[0] if isinstance(found, list) and found else found
    if isinstance(first, etree._Element):
        return first.text or ""
    return "" if isinstance(first, list) else str(first)


def _before_trailer(lines: Iterator[T], layout: Layout, parted: Callable[[T], tuple[str, str]]) -> Iterator[tuple[int, T]]:
    """Each row with its number; where there is a trailer, it is judged and no row."""
    number, held = 0, None
    for number, line in enumerate(lines):
        if held is not None:
            yield number, held
        held = line
    if not layout.trailer:
        if held is not None:
            yield number + 1, held
        return
    word, told = ("", "") if held is None else parted(held)
    if word != layout.trailer or not told.strip().isdecimal():
        raise DropWrong("complete", f"its last line is not {layout.trailer} and the number of rows")
    if int(told) != number:
        raise DropWrong("complete", f"it has {number} rows, and its last line says {int(told)}")


FORMATS: Mapping[str, Callable[[BinaryIO, Layout], Iterator[Values]]] = {"csv": _csv, "xml": _xml, "fixed": _fixed}
