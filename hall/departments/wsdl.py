"""A department's WSDL, read by zeep: how one operation is asked, and what its answer is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from zeep import Client, Settings
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import ExternalReferenceForbidden
from zeep.wsdl import Document
from zeep.wsdl.bindings.soap import Soap11Binding

from hall.departments.connection import DepartmentFailure

STRICT = Settings(forbid_dtd=True, forbid_entities=True, forbid_external=True, xml_huge_tree=False)
LARGEST_PART = 4 * 1024 * 1024
IN_PARTS = "its WSDL is in several parts: put them into a folder and name the first file"


@dataclass(frozen=True)
class Operation:
    """One operation of a SOAP 1.1 binding. `takes` are the elements it is asked with, `answer` the one it answers with
    in Clark notation."""

    name: str
    action: str
    answer: str
    takes: tuple[str, ...]
    _client: Any
    _service: Any

    def envelope(self, elements: Mapping[str, object]) -> bytes:
        """The question, in the order and the namespaces of the schema. Raises DepartmentFailure."""
        try:
            made = self._client.create_message(self._service, self.name, **elements)
        except (ZeepError, TypeError, ValueError):
            # Its error may quote what was to be sent.
            raise DepartmentFailure("garbled", f"[request.body] does not fit {self.name}: {self.wants}") from None
        return etree.tostring(made, xml_declaration=True, encoding="UTF-8")

    @property
    def wants(self) -> str:
        return f"it takes {', '.join(self.takes) or 'nothing'}"


class _Parts:
    """What zeep loads further documents through: the files beside the WSDL, if it is a file, and nothing else."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def load(self, place: str) -> bytes:
        if self._folder is None:
            raise DepartmentFailure("garbled", IN_PARTS)
        part = Path(place).resolve()
        if not part.is_relative_to(self._folder) or not part.is_file():
            raise DepartmentFailure("garbled", f"a part of the WSDL, {part.name}, is not in its folder")
        return part.read_bytes()[:LARGEST_PART]


def operation(content: bytes, name: str, folder: Path | None) -> Operation:
    """Takes a while: to be called in a thread. Raises DepartmentFailure."""
    parts = _Parts(folder.resolve() if folder else None)
    base = str(folder.resolve() / "first.wsdl") if folder else ""
    try:
        document = Document(BytesIO(content), parts, base=base, settings=STRICT)
    except DepartmentFailure:
        raise
    except ExternalReferenceForbidden:
        raise DepartmentFailure("garbled", IN_PARTS) from None
    except Exception as error:  # zeep reads what it is given with few questions, and fails in any way
        raise DepartmentFailure("garbled", f"its WSDL cannot be read ({type(error).__name__})") from None
    for service, port, binding in _soap11(document):
        if name in binding._operations:
            client = Client(document, transport=parts, settings=STRICT)
            return _described(client, client.bind(service, port), binding.get(name))
    known = sorted({found for _, _, binding in _soap11(document) for found in binding._operations})
    raise DepartmentFailure("garbled", f"the service has no operation {name} over SOAP 1.1, only {', '.join(known) or 'none'}")


def _soap11(document: Any) -> Iterator[tuple[str, str, Any]]:
    for service in document.services.values():
        for port in service.ports.values():
            if isinstance(port.binding, Soap11Binding):
                yield service.name, port.name, port.binding


def _described(client: Any, service: Any, found: Any) -> Operation:
    body, answer = found.input.body, etree.QName(found.output.body.qname)
    # Of an operation in the style rpc, zeep names the answer as the question; on the wire it is ...Response.
    name = answer.localname if found.style == "document" else f"{found.name}Response"
    takes = tuple(element for element, _ in body.type.elements)
    return Operation(found.name, found.soapaction, f"{{{answer.namespace}}}{name}", takes, client, service)
