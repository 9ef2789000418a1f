"""A department that answers XML over SOAP 1.1: asked as its WSDL and [request] say, its answer read by XPath."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from lxml import etree

from flows.application import Record
from hall.departments import applications, credentials
from hall.departments.connection import DepartmentFailure, Finding, Purpose
from hall.departments.http import XML, Allowance, Http, wrong_address
from hall.departments.question import filled, gaps, headers, wrong_headers, wrong_tree
from hall.departments.records import records_of
from hall.departments.setting import Described, Kind, Setting
from hall.departments.web_check import check
from hall.departments.wsdl import Operation, operation

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"
REQUEST = frozenset({"headers", "body"})
DESCRIPTION = Allowance(15.0, 4 * 1024 * 1024)


class SoapConnection(Described):
    """Calls one operation. The WSDL is read at the first question and kept; what goes wrong is tried again.

    Paths may use the prefixes `soap` (the envelope) and `d` (the department's namespace).
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._http = Http(setting, XML)
        self._described: asyncio.Task[Operation] | None = None
        paths = {*setting.items.values(), setting.rows, setting.as_of, *setting.doubts.values()} - {""}
        self._paths = {path: _compiled(path, setting.options) for path in paths}
        self._answer = ""

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        rows = self.rows(await self.answer(key, items, purpose))
        return records_of(self._setting, rows, items, self.read)

    async def answer(self, key: str, items: Sequence[str], purpose: Purpose, allowance: Allowance | None = None) -> bytes:
        """What it sends back. Raises DepartmentFailure."""
        setting, called = self._setting, await self._operation()
        said = gaps(setting, key, purpose)
        question = called.envelope(cast("dict[str, object]", filled(setting.request["body"], said, ())))
        sent = headers(cast("Mapping[str, str]", setting.request.get("headers", {})), said)
        sent["SOAPAction"] = f'"{called.action}"'
        body = await self._http.ask("POST", setting.address, CONTENT_TYPE, question, sent, allowance)
        if body is None:
            raise DepartmentFailure("garbled", "it answers with status 404: is the address right?")
        return body

    def rows(self, body: bytes) -> list[etree._Element]:
        """The persons in the answer. Raises DepartmentFailure."""
        answer = parse(body).find(f"{{{ENVELOPE}}}Body/{self._answer}")
        if answer is None:
            raise DepartmentFailure("garbled", f"the answer has no {etree.QName(self._answer).localname} in its body")
        found = self._paths[self._setting.rows](answer)
        return [row for row in found if isinstance(row, etree._Element)] if isinstance(found, list) else []

    def read(self, row: etree._Element, path: str) -> object:
        found = self._paths[path](row)
        if isinstance(found, list):
            return next((one.text if isinstance(one, etree._Element) else one for one in found), None)
        return found

    async def check(self) -> Sequence[Finding]:
        return await check(self._setting, self, self._describe)

    async def close(self) -> None:
        if self._described is not None:
            self._described.cancel()
        await self._http.close()

    async def _describe(self) -> str:
        called = await self._operation()
        return f"{called.name}: {called.wants}"

    async def _operation(self) -> Operation:
        # A question that is called off does not call off the reading: the next one would begin again.
        if self._described is None or _failed(self._described):
            self._described = asyncio.create_task(self._read_description())
        called = await asyncio.shield(self._described)
        self._answer = called.answer
        return called

    async def _read_description(self) -> Operation:
        place, name = self._setting.options["wsdl"], self._setting.options["operation"]
        if not place.startswith(("http:", "https:")):
            return await asyncio.to_thread(_from_file, Path(place), name)
        content = await self._http.ask("GET", place, CONTENT_TYPE, b"", {}, DESCRIPTION)
        if content is None:
            raise DepartmentFailure("garbled", f"there is no WSDL at {place}")
        return await asyncio.to_thread(operation, content, name, None)


def parse(body: bytes) -> etree._Element:
    """XML without a document type: with one come entities, files and bombs. Raises DepartmentFailure."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DepartmentFailure("garbled", "the answer is no XML") from None
    document: etree._ElementTree = root.getroottree()
    if document.docinfo.internalDTD is not None:
        raise DepartmentFailure("garbled", "the answer has a document type, which is never read")
    return root


def _failed(task: asyncio.Task[Operation]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _from_file(path: Path, name: str) -> Operation:
    if not path.is_file():
        raise DepartmentFailure("down", f"there is no WSDL {path}")
    return operation(path.read_bytes(), name, path.parent)


def _compiled(path: str, options: Mapping[str, str]) -> etree.XPath:
    return etree.XPath(path, namespaces={"soap": ENVELOPE, "d": options["namespace"]})


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    try:
        _compiled(path, {"namespace": "urn:any", **options})
    except etree.XPathError:
        return "is no XPath"
    return ""


def _judge(setting: Setting) -> Iterator[str]:
    yield from wrong_address(setting)
    request, wsdl = setting.request, setting.options.get("wsdl", "")
    yield from (f"request.{name} is nothing that can be set" for name in sorted(set(request) - REQUEST))
    yield from wrong_headers(request.get("headers", {}))
    if isinstance(request.get("body"), dict):
        yield from wrong_tree("body", request["body"])
    else:
        yield "request.body must be a table"
    # The WSDL is asked for with the hall's credentials.
    if wsdl.startswith(("http:", "https:")) and urlsplit(wsdl)[:2] != urlsplit(setting.address)[:2]:
        yield "wsdl must be a file, or be at the same host as the address"
    yield from applications.wrong_applications(setting)


KIND = Kind(
    connect=SoapConnection,
    needs=frozenset({"rows", "namespace", "operation", "wsdl"}),
    may=credentials.OPTIONS | applications.OPTIONS | {"check_key"},
    wrong_path=_wrong_path,
    judge=lambda setting: tuple(_judge(setting)),
    requests=True,
)
