"""What a department may do to the connection itself: hang, drip, break off, send without end, send the hall elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hall.departments import KINDS
from hall.departments.connection import DepartmentFailure
from hall.departments.rest import RestConnection
from hall.departments.setting import Setting
from tests.hall.canned import Canned, http
from tests.hall.demo_desk import PURPOSE
from tests.hall.test_departments import ENVELOPE, NUMBER, REST, SOAP, by_item, persons, reason_of, xml
from tests.patience import SOON_S

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LATE_S = 0.3
"""The deadline of these departments where nothing whole ever comes. What is refused for what it says has time to say it."""

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Misbehaving:
    """A server that does something else than answer. `came` is set when the hall has begun to speak, `left` when it has
    gone away."""

    behave: Behave
    scheme: str = "http"
    deadline_s: float = LATE_S
    came: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def connected(self, setting: Setting = REST) -> Any:
        server = await asyncio.start_server(self._visitor, "127.0.0.1", 0)
        address = f"{self.scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        connection = KINDS[setting.kind].connect(replace(setting, address=address, deadline_s=self.deadline_s))
        try:
            yield connection
        finally:
            await connection.close()
            server.close()
            await server.wait_closed()

    async def _visitor(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(1)
            self.came.set()
            await self.behave(reader, writer)
        except OSError:
            pass
        finally:
            self.left.set()
            writer.close()

    def failure(self) -> str:
        """How a look-up fails; and that the hall then lets go of the connection."""

        async def story() -> str:
            async with self.connected() as connection:
                with pytest.raises(DepartmentFailure) as caught:
                    await connection.look_up(NUMBER, ("person.name",), PURPOSE)
                await self.left.wait()
                return f"{caught.value.reason}: {caught.value.detail}"

        return asyncio.run(story())


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte at a time: each comes soon, the whole never."""
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(LATE_S / 20)


async def drip_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while not writer.is_closing():
        writer.write(b"X-More: 1\r\n")
        await writer.drain()
        await asyncio.sleep(LATE_S / 20)


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Chunks without a length and without an end."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        await writer.drain()


async def pour_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD)
    while not writer.is_closing():
        writer.write(b"X-More: " + b"x" * 8192 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("behave", "scheme", "failure"),
    [
        (say_nothing, "http", "late: no whole answer within 0.3 s"),
        (say_nothing, "https", "late: no whole answer within 0.3 s"),  # in the middle of the handshake
        (drip, "http", "late: no whole answer within 0.3 s"),
        (drip_headers, "http", "late: no whole answer within 0.3 s"),
        (pour, "http", "garbled: the answer is larger than 256 KiB"),
        (pour_headers, "http", "garbled: what it sends is no HTTP, or ends too early"),
    ],
)
def test_what_never_ends_is_ended_and_the_connection_let_go(behave: Behave, scheme: str, failure: str) -> None:
    deadline_s = LATE_S if failure.startswith("late") else SOON_S
    assert Misbehaving(behave, scheme, deadline_s).failure() == failure


def test_a_question_that_is_called_off_lets_go_of_its_connection_even_in_a_handshake() -> None:
    async def story() -> None:
        for scheme in ("http", "https"):
            department = Misbehaving(say_nothing, scheme)
            async with department.connected() as connection:
                asking = asyncio.ensure_future(connection.look_up(NUMBER, (), PURPOSE))
                await department.came.wait()
                asking.cancel()
                await department.left.wait()

    asyncio.run(story())


def chunked(*chunks: bytes) -> Canned:
    whole = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return Canned(HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + whole + b"0\r\n\r\n")


def test_an_answer_in_chunks_without_a_length_is_an_answer_like_any_other() -> None:
    text = json.dumps({"persons": [{"id": NUMBER, "at": "2026-09-01", "name": "吕晓岚"}]}, ensure_ascii=False).encode()
    found = chunked(text[:40], text[40:41], text[41:]).look_up(REST, ("person.name",))
    assert by_item(found)["person.name"] == ("吕晓岚", "")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (b"", "down"),
        (b"HTTP/1.1 200 OK\r\nContent-", "down"),
        (HEAD + b"Content-Length: 500\r\n\r\n{", "garbled"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}", "garbled"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n", "garbled"),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}", "garbled"),
        (HEAD + b"Content-Length: -1\r\n\r\n{}", "garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Type text\r\n\r\n{}", "garbled"),
        (b"HTTP/1.1 OK\r\n\r\n", "garbled"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "garbled"),
        (b"\x16\x03\x01\x02\x00\x01", "garbled"),
    ],
)
def test_half_and_broken_answers(answer: bytes, failure: str) -> None:
    assert reason_of(Canned(answer)) == failure


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_nobody_else_is_asked_however_the_hall_is_sent_there(status: str) -> None:
    async def story() -> tuple[str, list[bytes]]:
        elsewhere = persons()
        async with elsewhere.connected(REST) as other:
            assert isinstance(other, RestConnection)
            place = str(other._setting.address)
            canned = http(b"", status=status, more=f"Location: {place}/q\r\n")
            async with canned.connected(REST) as connection:
                with pytest.raises(DepartmentFailure) as caught:
                    await connection.look_up(NUMBER, ("person.name",), PURPOSE)
        return caught.value.detail, elsewhere.asked

    detail, asked = asyncio.run(story())
    assert detail == f"it answers with a redirect ({status[:3]}), which is never followed: is the address right?"
    assert asked == []


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_json_in_another_encoding_is_garbled_whatever_its_head_says(encoding: str) -> None:
    body = json.dumps({"persons": [{"id": NUMBER, "at": "2026-09-01", "name": "吕晓岚"}]}, ensure_ascii=False).encode(encoding)
    for kind in ("application/json", f"application/json; charset={encoding}"):
        assert reason_of(http(body, kind)) == "garbled"


def test_xml_is_read_in_the_encoding_that_it_says_and_is_garbled_when_that_is_not_true() -> None:
    said = '<?xml version="1.0" encoding="GBK"?>' + ENVELOPE % f"<p><id>{NUMBER}</id><name>吕晓岚</name></p>"
    found = http(said.encode("gbk"), "text/xml").look_up(SOAP, ("person.name",))
    assert by_item(found)["person.name"] == ("吕晓岚", "")
    assert reason_of(http(said.replace("GBK", "UTF-8").encode("gbk"), "text/xml"), SOAP) == "garbled"


DEEP = ENVELOPE % ("<a>" * 5000 + "</a>" * 5000)
LAUGHS = "<!DOCTYPE a [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"


@pytest.mark.parametrize(
    "answer",
    [DEEP, LAUGHS + ENVELOPE % "&l9;", LAUGHS.replace("ENTITY l", "ENTITY % l") + ENVELOPE % "", ENVELOPE % "" + "<b/>"],
    ids=["deep", "a thousand million laughs", "laughs in parameters", "two roots"],
)
def test_xml_that_would_grow_or_does_not_end_is_garbled(answer: str) -> None:
    assert reason_of(http(answer.encode(), "text/xml"), SOAP) == "garbled"


def test_contradictory_rows_are_in_doubt_over_soap_too() -> None:
    row = f"<p><id>{NUMBER}</id><name>%s</name></p>"
    found = by_item(xml(row % "吕晓岚" + row % "吕小岚" + row % "吕晓岚").look_up(SOAP, ("person.name",)))
    assert found == {"person.number": (NUMBER, ""), "person.name": ("吕晓岚", "twice")}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("吕晓岚\\u0000", ("吕晓岚\ufffd", "lost_character")),
        ("吕\\ud842岚", ("吕\ufffd岚", "lost_character")),
        ("吕晓岚\\r\\nX-Admin: yes", ("吕晓岚 X-Admin: yes", "")),
        ("../../etc/passwd", ("../../etc/passwd", "")),
        ("\\ud842\\udfb7", ("𠮷", "")),
    ],
)
def test_a_value_can_neither_end_a_line_nor_a_text(sent: str, kept: tuple[str, str]) -> None:
    body = f'{{"persons": [{{"id": "{NUMBER}", "at": "2026-09-01", "name": "{sent}"}}]}}'
    assert by_item(http(body.encode()).look_up(REST, ("person.name",)))["person.name"] == kept


@pytest.mark.parametrize("value", ["1e400", "NaN", "1.5", "9" * 5000, "[]", "{}"])
def test_a_number_or_shape_that_is_no_value_is_garbled(value: str) -> None:
    body = f'{{"persons": [{{"id": "{NUMBER}", "at": "2026-09-01", "name": {value}}}]}}'
    assert reason_of(http(body.encode())) == "garbled"
