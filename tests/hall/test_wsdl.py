"""A SOAP department is asked as its WSDL says; a WSDL that is missing, broken or hostile is told in words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from flows.application import Record
from hall.departments import KINDS
from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from tests.hall.canned import http
from tests.hall.demo_desk import PURPOSE
from tests.hall.test_departments import ENVELOPE, NUMBER, SOAP, by_item

WSDL = (Path(__file__).parent / "ask.wsdl").read_text("utf-8")
ANSWER = (ENVELOPE % f"<p><id>{NUMBER}</id><name>吕晓岚</name></p>").encode()
RPC = (
    WSDL.replace('style="document"', 'style="rpc"')
    .replace('<part name="parameters" element="t:ask"/>', '<part name="id" type="xsd:string"/>')
    .replace('<part name="parameters" element="t:askResponse"/>', '<part name="p" type="xsd:string"/>')
    .replace('<soap:body use="literal"/>', '<soap:body use="literal" namespace="urn:t"/>')
)


@dataclass
class Service:
    """Answers GET with `wsdl` and POST with the same person to everybody; a `wsdl` of None is a service without one."""

    wsdl: bytes | None
    asked: list[bytes] = field(default_factory=list)

    @asynccontextmanager
    async def connected(self, setting: Setting = SOAP) -> Any:
        server = await asyncio.start_server(self._visitor, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ask"
        options = {**setting.options, "wsdl": f"{address}?wsdl"}
        connection = KINDS["soap"].connect(replace(setting, address=address, options=options))
        try:
            yield connection
        finally:
            await connection.close()
            server.close()
            await server.wait_closed()

    async def _visitor(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        self.asked.append(head + await reader.readexactly(length))
        if head.startswith(b"POST"):
            writer.write(http(ANSWER, "text/xml; charset=utf-8").answer)
        elif self.wsdl is not None:
            writer.write(http(self.wsdl, "application/wsdl+xml").answer)
        else:
            writer.write(http(b"", "text/plain", "404 Not Found").answer)
        writer.close()


async def name_of(connection: Any) -> str:
    found: Sequence[Record] = await connection.look_up(NUMBER, ("person.name",), PURPOSE)
    return by_item(found)["person.name"][0]


async def failure_of(connection: Any) -> str:
    with pytest.raises(DepartmentFailure) as caught:
        await name_of(connection)
    assert NUMBER not in caught.value.detail
    return f"{caught.value.reason}: {caught.value.detail}"


def from_file(path: Path, **request: Any) -> str:
    """What goes wrong when a look-up begins with this file."""
    setting = replace(SOAP, address="http://127.0.0.1:9", options={**SOAP.options, "wsdl": str(path)})
    if request:
        setting = replace(setting, request={"body": request})

    async def story() -> str:
        connection = KINDS["soap"].connect(setting)
        try:
            return await failure_of(connection)
        finally:
            await connection.close()

    return asyncio.run(story())


def test_the_wsdl_is_read_once_at_the_first_question_and_the_question_goes_to_the_departments_address() -> None:
    async def story() -> list[bytes]:
        service = Service(WSDL.encode())
        async with service.connected() as connection:
            assert service.asked == []
            assert [await name_of(connection), await name_of(connection)] == ["吕晓岚", "吕晓岚"]
        return service.asked

    wsdl, first, second = asyncio.run(story())
    assert wsdl.startswith(b"GET /ask?wsdl HTTP/1.1")
    for question in (first, second):
        head, _, body = question.partition(b"\r\n\r\n")
        assert b'SOAPAction: "urn:t/ask"' in head
        assert NUMBER.encode() in body
        assert NUMBER.encode() not in head


def test_a_service_that_is_not_there_when_the_hall_starts_works_when_it_is() -> None:
    async def story() -> tuple[str, str]:
        service = Service(None)
        async with service.connected() as connection:
            before = await failure_of(connection)
            service.wsdl = WSDL.encode()
            return before, await name_of(connection)

    before, after = asyncio.run(story())
    assert before.startswith("garbled: there is no WSDL at http://127.0.0.1")
    assert after == "吕晓岚"


def test_many_first_questions_at_once_read_one_wsdl_and_one_that_is_called_off_does_not_stop_it() -> None:
    async def story() -> int:
        service = Service(WSDL.encode())
        async with service.connected() as connection:
            asking = [asyncio.ensure_future(name_of(connection)) for _ in range(5)]
            await asyncio.sleep(0)
            asking[0].cancel()
            assert await asyncio.gather(*asking[1:]) == ["吕晓岚"] * 4
        return sum(question.startswith(b"GET") for question in service.asked)

    assert asyncio.run(story()) == 1


def test_an_operation_in_the_style_rpc_is_asked_and_answered_as_the_standard_wants() -> None:
    async def story() -> bytes:
        service = Service(RPC.encode())
        async with service.connected(replace(SOAP, request={"body": {"id": "{key}"}})) as connection:
            assert await name_of(connection) == "吕晓岚"
        return service.asked[1]

    assert b"ask" in asyncio.run(story())


IMPORT = WSDL.replace("<types>", '<types><xsd:schema><xsd:import namespace="urn:x" schemaLocation="%s"/></xsd:schema>')


@pytest.mark.parametrize(
    ("wsdl", "said"),
    [
        (b"<html><body>", "its WSDL cannot be read (XMLSyntaxError)"),
        (b"<a/>", "the service has no operation ask over SOAP 1.1, only none"),
        (b'<!DOCTYPE a [<!ENTITY b "boom">]>' + WSDL.partition("?>")[2].encode(), "its WSDL cannot be read (DTDForbidden)"),
        (
            WSDL.replace('<operation name="ask">', '<operation name="tell">').encode(),
            "the service has no operation ask over SOAP 1.1, only tell",
        ),
        ((IMPORT % "http://127.0.0.1:9/x.xsd").encode(), "its WSDL is in several parts"),
        ((IMPORT % "file:///etc/hostname").encode(), "its WSDL is in several parts"),
        ((IMPORT % "x.xsd").encode(), "its WSDL is in several parts"),
        (WSDL.encode() + b" " * 5_000_000, "the answer is larger than 4096 KiB"),
    ],
)
def test_a_wsdl_that_is_broken_or_hostile_is_told_in_words(wsdl: bytes, said: str) -> None:
    async def story() -> str:
        async with Service(wsdl).connected() as connection:
            return await failure_of(connection)

    assert asyncio.run(story()).startswith(f"garbled: {said}")


def test_a_wsdl_in_a_file_may_have_parts_beside_it_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "wsdl"
    folder.mkdir()
    schema = '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"/>'
    (folder / "x.xsd").write_text(schema, "utf-8")
    (tmp_path / "outside.xsd").write_text(schema, "utf-8")
    for place, said in (
        ("x.xsd", "down: nobody listens there"),  # the WSDL was read, and its service is not there
        ("../outside.xsd", "garbled: a part of the WSDL, outside.xsd, is not in its folder"),
        ("file:///etc/hostname", "garbled: its WSDL is in several parts: put them into a folder and name the first file"),
        ("none.xsd", "garbled: a part of the WSDL, none.xsd, is not in its folder"),
    ):
        (folder / "ask.wsdl").write_text(IMPORT % place, "utf-8")
        assert from_file(folder / "ask.wsdl") == said
    assert from_file(folder / "none.wsdl") == f"down: there is no WSDL {folder / 'none.wsdl'}"


def test_a_question_that_does_not_fit_the_wsdl_is_told_with_what_it_takes(tmp_path: Path) -> None:
    file = Path(__file__).parent / "ask.wsdl"
    takes = "garbled: [request.body] does not fit ask: it takes id, asker, case"
    assert from_file(file, number="{key}") == takes
    assert from_file(file, id="{key}", case={"name": "{visit}"}) == takes
    assert from_file(file, asker="{asked_by}") == takes
    assert from_file(file, id="{key}", case={"number": "{visit}"}) == "down: nobody listens there"
