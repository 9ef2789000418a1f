"""人力资源和社会保障: a SOAP 1.1 service with a WSDL, spoken to in the field names of its own standards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from litestar import Litestar, Router
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send
from lxml import etree

from hall.demo import corrections
from hall.demo.acceptances import Acceptances, routes
from hall.demo.behaviour import Mode, Place
from hall.demo.corrections import Corrections
from hall.demo.people import after, by_number
from hall.demo.person import Person
from hall.demo.web import body_of, reply, serve

PORT = 8102
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "urn:foshan:social-security:query"
WSDL = Path(__file__).parent / "social_security.wsdl"
XML = b"text/xml; charset=utf-8"
COLUMNS = {
    "person.name": "name",
    "contact.mobile": "mobile",
    "employment.employer": "employer",
    "employment.credit_code": "credit_code",
    "employment.occupation": "occupation",
    "social_security.address": "address",
}
STATES = {"insured": "1", "paused": "2", "pension": "3"}


async def run(place: Place, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves until cancelled."""
    acceptances, asked = Acceptances(place, "SB"), Corrections(place, "SB", COLUMNS)
    try:
        await serve(Service(place, acceptances, asked), place, PORT if port is None else port, ready)
    finally:
        acceptances.close()
        asked.close()


class Service:
    """GET /social?wsdl describes it, POST /social asks it; the newer intake of applications and correction requests is
    REST beside it."""

    def __init__(self, place: Place, acceptances: Acceptances, asked: Corrections) -> None:
        self._place, self._asked = place, asked
        intake = [*routes(acceptances), *corrections.routes(asked)]
        self._intake = Litestar([Router("/social", route_handlers=intake)], openapi_config=None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        if scope["path"].startswith("/social/"):
            await self._intake(scope, receive, send)
        elif scope["path"] != "/social":
            await reply(send, 404, b"text/plain", b"")
        elif scope["method"] == "GET":
            host = dict(scope["headers"]).get(b"host", b"127.0.0.1")
            await reply(send, 200, XML, WSDL.read_bytes().replace(b"HOST", host))
        else:
            number = _asked_for(await body_of(receive))
            status, answer = (200, self._answer(number)) if number else (500, _fault())
            await reply(send, status, XML, etree.tostring(answer, xml_declaration=True, encoding="UTF-8"))

    def _answer(self, number: str) -> etree._Element:
        envelope, body = _envelope()
        response = etree.SubElement(body, f"{{{NAMESPACE}}}queryInsuredResponse")
        person = after(number) if self._place.behaviour().mode is Mode.WRONG else by_number().get(number)
        if person and person.social_security:
            insured = etree.SubElement(response, f"{{{NAMESPACE}}}insured")
            entry = self._asked.as_corrected(person.number, person.social_security, COLUMNS)
            for name, text in fields(replace(person, social_security=entry)):
                etree.SubElement(insured, f"{{{NAMESPACE}}}{name}").text = text
        return envelope


def _asked_for(body: bytes) -> str:
    """The number in the question; "" for anything that is no proper question."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    asked = root.find(f"{{{ENVELOPE}}}Body/{{{NAMESPACE}}}queryInsured/{{{NAMESPACE}}}aac002")
    return (asked.text or "").strip() if asked is not None else ""


def fields(person: Person) -> list[tuple[str, str]]:
    """The elements of an answer, in the order of the WSDL."""
    entry = person.social_security
    assert entry is not None
    return [
        ("aac002", person.number),
        ("aac003", entry.name),
        ("aae005", entry.mobile),
        ("aab004", entry.employer),
        ("aab003", entry.credit_code),
        ("aca111", entry.occupation),
        ("aac001", entry.number or "10" + person.number[-11:]),
        ("aac008", STATES[entry.state]),
        ("aae140", entry.kinds),
        ("aac030", entry.since.replace("-", "")),
        ("aae201", entry.months_paid),
        ("aae202", entry.months),
        ("aae006", entry.address or (person.household.address if person.household else "")),
        ("aae036", entry.as_of.replace("-", "") + "090000"),
    ]


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE, "ss": NAMESPACE})
    return envelope, etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")


def _fault() -> etree._Element:
    envelope, body = _envelope()
    fault = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    etree.SubElement(fault, "faultcode").text = "soapenv:Client"
    etree.SubElement(fault, "faultstring").text = "the question is not understood"
    return envelope
