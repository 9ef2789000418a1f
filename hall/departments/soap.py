"""A department that answers XML over SOAP 1.1: one operation, its answer read by XPath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from flows.application import Record
from hall.departments.connection import DepartmentFailure, Finding, Purpose
from hall.departments.records import records_of
from hall.departments.rest import Http
from hall.departments.setting import Described, Kind, Setting

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
CONTENT_TYPE = "text/xml; charset=utf-8"


class SoapConnection(Described):
    """Calls {namespace}operation with one element that holds the key.

    Paths may use the prefixes `soap` (the envelope) and `d` (the department's namespace).
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._http = Http(setting)
        self._namespace = setting.options["namespace"]
        paths = {*setting.items.values(), setting.rows, setting.as_of, setting.doubt} - {""}
        self._paths = {path: _compiled(path, setting.options) for path in paths}

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        operation = self._setting.options["operation"]
        headers = {"SOAPAction": f'"{self._namespace}/{operation}"'}
        body = await self._http.ask("POST", self._setting.address, CONTENT_TYPE, self._question(operation, key, purpose), headers)
        answer = None if body is None else parse(body).find(f"{{{ENVELOPE}}}Body/{{{self._namespace}}}{operation}Response")
        if answer is None:
            raise DepartmentFailure("garbled")
        found = self._paths[self._setting.rows](answer)
        rows = [row for row in found if isinstance(row, etree._Element)] if isinstance(found, list) else []
        return records_of(self._setting, rows, items, self._read)

    async def check(self) -> Sequence[Finding]:
        try:
            body = await self._http.ask("GET", self._setting.options["wsdl"], CONTENT_TYPE, b"", {})
            operations = parse(body or b"").findall(f".//{{{WSDL}}}portType/{{{WSDL}}}operation")
        except DepartmentFailure as failure:
            return [Finding("look-up", self._setting.words(failure), good=False)]
        wanted = self._setting.options["operation"]
        if wanted not in {o.get("name") for o in operations}:
            return [Finding("look-up", f"the service has no operation {wanted}", good=False)]
        return [Finding("look-up", "answers as it should", good=True)]

    async def close(self) -> None:
        await self._http.close()

    def _question(self, operation: str, key: str, purpose: Purpose) -> bytes:
        envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE, "d": self._namespace})
        body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
        call = etree.SubElement(body, f"{{{self._namespace}}}{operation}")
        for name, text in ((self._setting.options["key_name"], key), ("purpose", purpose.matter), ("askedBy", purpose.asked_by)):
            etree.SubElement(call, f"{{{self._namespace}}}{name}").text = text
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

    def _read(self, row: etree._Element, path: str) -> object:
        found = self._paths[path](row)
        if isinstance(found, list):
            return next((one.text if isinstance(one, etree._Element) else one for one in found), None)
        return found


def parse(body: bytes) -> etree._Element:
    """XML without a document type: with one come entities, files and bombs. Raises DepartmentFailure."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DepartmentFailure("garbled") from None
    document: etree._ElementTree = root.getroottree()
    if document.docinfo.internalDTD is not None:
        raise DepartmentFailure("garbled")
    return root


def _compiled(path: str, options: Mapping[str, str]) -> etree.XPath:
    return etree.XPath(path, namespaces={"soap": ENVELOPE, "d": options["namespace"]})


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    try:
        _compiled(path, {"namespace": "urn:any", **options})
    except etree.XPathError:
        return "is no XPath"
    return ""


KIND = Kind(
    connect=SoapConnection,
    needs=frozenset({"rows", "namespace", "operation", "key_name", "wsdl"}),
    may=frozenset({"user", "password_file", "applications_path", "corrections_path"}),
    wrong_path=_wrong_path,
)
