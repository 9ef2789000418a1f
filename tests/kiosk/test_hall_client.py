"""The hall over HTTP: answers, refusals by code, and every way of being away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from flows.application import CITIZEN, Answer, Application, Assurance, Attached, Identity, Ticket
from flows.flow import Flow
from flows.pictures import MOST_BYTES
from flows.recheck import Problem
from flows.usage import Kept, ShowUsage, UsageShown
from flows.wire import OpenVisit, Refusal, Submitted, VisitOpened, from_json, to_json
from kiosk.hall_client import HallAway, HallClient, Refused
from tests.kiosk.people import LYU, NOW, lookup

VISIT = "01a205f5-bb00-793c-acf4-bd0956ec79e7"
IDENTITY = Identity(LYU.number, LYU.name, LYU.sex, NOW.date(), "resident_card", Assurance.SAM)
GUARDIAN = Identity("440604198506150037", "莫志恒", "1", NOW.date(), "resident_card", Assurance.SAM)
FLOW = Flow(code="of-tests", version="7", title="试验", pages=())
APPLICATION = Application(VISIT, "hk-macau-permit", "1", "", IDENTITY, {}, NOW)
TICKET = Ticket("A023", VISIT, "hk-macau-permit", NOW.date(), NOW, 3)

Answering = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


def asked(answering: Answering, ask: Callable[[HallClient], Awaitable[object]], *, deadline_s: float = 5) -> object:
    async def once() -> object:
        async def answer(request: httpx.Request) -> httpx.Response:
            given = answering(request)
            return given if isinstance(given, httpx.Response) else await given

        client = HallClient(
            httpx.AsyncClient(base_url="https://hall", transport=httpx.MockTransport(answer)), deadline_s=deadline_s
        )
        try:
            return await ask(client)
        finally:
            await client.close()

    return asyncio.run(once())


def answers(status: int, body: bytes) -> Answering:
    return lambda request: httpx.Response(status, content=body)


def submit(client: HallClient) -> Awaitable[object]:
    return client.submit(APPLICATION)


def test_a_visit_is_opened_under_its_own_number() -> None:
    def hall(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("PUT", f"/api/visits/{VISIT}")
        assert from_json(OpenVisit, request.content) == OpenVisit("of-tests", "7", IDENTITY, GUARDIAN)
        return httpx.Response(200, content=to_json(VisitOpened(lookup(), "2026-11-23", "440604")))

    opened = asked(hall, lambda client: client.open(VISIT, FLOW, IDENTITY, GUARDIAN))
    assert opened == VisitOpened(lookup(), "2026-11-23", "440604")


def test_an_application_gives_a_ticket() -> None:
    def hall(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("PUT", f"/api/visits/{VISIT}/application")
        assert from_json(Application, request.content) == APPLICATION
        return httpx.Response(200, content=to_json(Submitted(TICKET, "7Q4MZ8KD2XVW9RTA")))

    assert asked(hall, submit) == Submitted(TICKET, "7Q4MZ8KD2XVW9RTA")


def test_a_certificate_is_fetched_as_it_is() -> None:
    def hall(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("GET", f"/api/visits/{VISIT}/certificate")
        return httpx.Response(200, content=b"%PDF-1.7 paper")

    assert asked(hall, lambda client: client.certificate(VISIT)) == b"%PDF-1.7 paper"


def test_what_is_no_pdf_never_reaches_a_printer() -> None:
    with pytest.raises(HallAway):
        asked(answers(200, b"<html>"), lambda client: client.certificate(VISIT))


def test_pictures_travel_with_the_application() -> None:
    large = Attached("image/jpeg", bytes(range(256)) * (MOST_BYTES // 256))
    with_pictures = replace(
        APPLICATION, answers={"photo": Answer(large.digest, CITIZEN)}, attached={large.digest: large}, guardian=GUARDIAN
    )

    def hall(request: httpx.Request) -> httpx.Response:
        assert from_json(Application, request.content) == with_pictures
        return httpx.Response(200, content=to_json(Submitted(TICKET)))

    assert asked(hall, lambda client: client.submit(with_pictures)) == Submitted(TICKET)


def test_a_sealed_visit_goes_as_bytes() -> None:
    def hall(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path, request.content) == ("PUT", f"/api/sealed/{VISIT}", b"sealed")
        assert request.headers["content-type"] == "application/octet-stream"
        return httpx.Response(200, content=to_json(Submitted(TICKET)))

    assert asked(hall, lambda client: client.send_sealed(VISIT, b"sealed")) == Submitted(TICKET)


def test_leaving_is_told_to_the_hall() -> None:
    seen: list[tuple[str, str]] = []

    def hall(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path))
        return httpx.Response(204)

    asked(hall, lambda client: client.leave(VISIT))
    assert seen == [("DELETE", f"/api/visits/{VISIT}")]


def test_who_used_my_data_is_asked_under_a_number_and_names_nobody_in_the_address() -> None:
    page = UsageShown((), Kept(1), 17)

    def hall(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path, request.url.query) == ("PUT", f"/api/usage/{VISIT}", b"")
        assert from_json(ShowUsage, request.content) == ShowUsage(IDENTITY, 1017)
        return httpx.Response(200, content=to_json(page))

    assert asked(hall, lambda client: client.usage(VISIT, IDENTITY, 1017)) == page


def test_a_page_that_is_not_understood_is_a_hall_away() -> None:
    with pytest.raises(HallAway):
        asked(answers(200, b'{"uses":[{"kind":"eaten"}]}'), lambda client: client.usage(VISIT, IDENTITY, 0))


def test_a_refusal_carries_its_code_and_problems() -> None:
    problems = (Problem("address", "locked_value_changed", "这一项来自登记资料，不能在终端上修改"),)
    with pytest.raises(Refused) as caught:
        asked(answers(422, to_json(Refusal("not_taken", problems))), submit)
    assert (caught.value.code, caught.value.problems) == ("not_taken", problems)


def test_a_refusal_in_unknown_words_is_still_a_refusal() -> None:
    with pytest.raises(Refused):
        asked(answers(403, b"<html>forbidden</html>"), submit)


@pytest.mark.parametrize(
    "answer",
    [answers(503, to_json(Refusal("audit_unavailable"))), answers(500, b""), answers(200, b"nonsense"), answers(302, b"")],
    ids=["cannot audit", "broken", "nonsense", "somewhere else"],
)
def test_a_hall_that_cannot_work_is_away(answer: Answering) -> None:
    with pytest.raises(HallAway):
        asked(answer, submit)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout])
def test_a_broken_line_is_a_hall_away_and_says_nothing_of_what_was_sent(error: type[httpx.TransportError]) -> None:
    def hall(request: httpx.Request) -> httpx.Response:
        raise error(f"lost {request.content!r}")

    with pytest.raises(HallAway) as caught:
        asked(hall, submit)
    assert str(caught.value) == ""
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_hall_that_never_ends_its_answer_is_away_at_the_deadline() -> None:
    async def for_ever(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(HallAway):
        asked(for_ever, submit, deadline_s=0.01)
