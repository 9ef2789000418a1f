"""Terminals over real mutual TLS: who is let in, who is not, and what they may ask."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from flows.application import Application
from flows.wire import OpenVisit, Refusal, SealedVisit, Submitted, VisitOpened, from_json, to_json
from hall.authority import Authority
from hall.errors import NotAllowed, NotKnown
from hall.peer import Peer
from hall.terminals import Terminals
from tests.hall.console_fakes import Clock, filled_in, person
from tests.hall.console_stage import MATTER, Stage, running_hall
from tests.hall.test_sealing import sealed
from tests.patience import SOON_S

VISITS = (f"019ab000-0000-7000-8000-{number:012x}" for number in range(0x500, 0x600))
ME = person("lyu")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture(scope="module")
def k07(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with client(stage, enrolled(stage, "K07", tmp_path_factory.mktemp("k07"))) as terminal:
        yield terminal


def enrolled(stage: Stage, terminal: str, folder: Path) -> Path:
    stage.services.terminals.enrol(terminal, folder)
    return folder


def client(stage: Stage, credentials: Path | None, authority: Path | None = None) -> httpx.Client:
    trusted = authority or stage.services.config.secrets / "ca.pem"
    tls = ssl.create_default_context(cafile=str(trusted))
    if credentials:
        tls.load_cert_chain(credentials / "terminal.pem", credentials / "terminal.key")
    return httpx.Client(base_url=stage.terminals, verify=tls, timeout=SOON_S)


def opened(terminal: httpx.Client, visit: str) -> VisitOpened:
    answer = terminal.put(f"/api/visits/{visit}", content=to_json(OpenVisit(MATTER, "1", ME)))
    assert answer.status_code == 200, answer.text
    return from_json(VisitOpened, answer.content)


def application(stage: Stage, visit: str, known: VisitOpened) -> Application:
    return filled_in(visit, ME, known.lookup, stage.clock())


def refusal(answer: httpx.Response, status: int) -> Refusal:
    assert answer.status_code == status, answer.text
    return from_json(Refusal, answer.content)


def test_a_whole_visit_over_mutual_tls_and_each_request_twice(stage: Stage, k07: httpx.Client) -> None:
    visit = next(VISITS)
    first = opened(k07, visit)
    assert opened(k07, visit) == first
    body = to_json(application(stage, visit, first))
    answers = [k07.put(f"/api/visits/{visit}/application", content=body) for _ in range(2)]
    tickets = [from_json(Submitted, answer.content).ticket for answer in answers]
    assert tickets[0] == tickets[1]
    assert tickets[0].visit == visit


def test_a_citizen_who_leaves_leaves_nothing_however_often_it_is_said(stage: Stage, k07: httpx.Client) -> None:
    visit = next(VISITS)
    opened(k07, visit)
    assert [k07.delete(f"/api/visits/{visit}").status_code for _ in range(2)] == [204, 204]
    assert stage.do(stage.services.store.visit(visit)) is None


def test_a_sealed_visit_is_opened_and_gets_its_ticket_once(stage: Stage, k07: httpx.Client) -> None:
    visit = next(VISITS)
    away = filled_in(visit, ME, None, stage.clock(), frozenset({"employer", "occupation"}))
    key = k07.get("/api/sealing-key").content
    assert key == stage.services.terminals.sealing_public
    blob = sealed(visit, to_json(SealedVisit(away)), stage.services.terminals.sealing_key)
    answers = [k07.put(f"/api/sealed/{visit}", content=blob) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert answers[0].content == answers[1].content


def test_a_broken_seal_and_a_body_that_is_no_json_are_not_understood_and_not_repeated(k07: httpx.Client) -> None:
    visit = next(VISITS)
    stranger = sealed(visit, b"{}", X25519PrivateKey.generate())
    assert refusal(k07.put(f"/api/sealed/{visit}", content=stranger), 400) == Refusal("not_understood")
    spoilt = to_json(OpenVisit(MATTER, "1", ME)).replace(b'"birth"', b'"borne"')
    answer = k07.put(f"/api/visits/{visit}", content=spoilt)
    assert refusal(answer, 400) == Refusal("not_understood")
    assert ME.number not in answer.text


def test_a_visit_that_is_no_uuid7_is_not_understood(k07: httpx.Client) -> None:
    body = to_json(OpenVisit(MATTER, "1", ME))
    for visit in ("1", "019ab000-0000-4000-8000-000000000001", "019AB000-0000-7000-8000-000000000001"):
        assert refusal(k07.put(f"/api/visits/{visit}", content=body), 400).code == "not_understood"


def test_an_application_filed_under_another_visit_is_not_understood(stage: Stage, k07: httpx.Client) -> None:
    visit, other = next(VISITS), next(VISITS)
    known = opened(k07, visit)
    body = to_json(application(stage, other, known))
    assert refusal(k07.put(f"/api/visits/{visit}/application", content=body), 400).code == "not_understood"


def test_a_matter_that_there_is_not_is_not_known(k07: httpx.Client) -> None:
    answer = k07.put(f"/api/visits/{next(VISITS)}", content=to_json(OpenVisit("fishing", "1", ME)))
    assert refusal(answer, 404).code == "not_known"


def test_a_version_that_this_hall_never_had_is_refused_by_a_code_of_its_own(stage: Stage, k07: httpx.Client) -> None:
    visit = next(VISITS)
    answer = k07.put(f"/api/visits/{visit}", content=to_json(OpenVisit(MATTER, "99", ME)))
    assert refusal(answer, 409) == Refusal("version_not_known")
    away = replace(filled_in(visit, ME, None, stage.clock()), flow_version="99")
    blob = sealed(visit, to_json(SealedVisit(away)), stage.services.terminals.sealing_key)
    assert refusal(k07.put(f"/api/sealed/{visit}", content=blob), 409) == Refusal("version_not_known")


def test_an_opened_visit_tells_the_day_and_the_halls_region(k07: httpx.Client) -> None:
    known = opened(k07, next(VISITS))
    assert (known.today, known.region) == ("2026-11-23", "440604")


def test_a_changed_locked_value_is_refused_with_its_field_and_not_its_value(stage: Stage, k07: httpx.Client) -> None:
    visit = next(VISITS)
    known = opened(k07, visit)
    body = to_json(application(stage, visit, known)).replace(b"C23456781", b"C99999999")
    answer = k07.put(f"/api/visits/{visit}/application", content=body)
    problems = refusal(answer, 422).problems
    assert [(problem.field, problem.code) for problem in problems] == [("permit_number", "locked_value_changed")]
    assert "C99999999" not in answer.text


def test_a_body_too_large_is_refused(k07: httpx.Client) -> None:
    answer = k07.put(f"/api/visits/{next(VISITS)}", content=b" " * 4_300_000)
    assert refusal(answer, 413).code == "not_understood"


def test_another_terminal_may_not_go_on_with_a_visit(stage: Stage, k07: httpx.Client, tmp_path: Path) -> None:
    visit = next(VISITS)
    known = opened(k07, visit)
    with client(stage, enrolled(stage, "K08", tmp_path)) as k08:
        answer = k08.put(f"/api/visits/{visit}/application", content=to_json(application(stage, visit, known)))
    assert refusal(answer, 403).code == "not_allowed"


def test_without_a_certificate_nobody_is_let_in(stage: Stage) -> None:
    with client(stage, None) as nobody, pytest.raises((httpx.ReadError, httpx.ConnectError, httpx.RemoteProtocolError)):
        nobody.get("/api/sealing-key")


def test_a_certificate_of_another_authority_is_not_let_in(stage: Stage, tmp_path: Path) -> None:
    other = Terminals(Authority(tmp_path / "other", "H1", Clock()), tmp_path / "terminals.json", "H1", Clock())
    other.enrol("K07", tmp_path / "k07")
    with (
        client(stage, tmp_path / "k07") as stranger,
        pytest.raises((httpx.ReadError, httpx.ConnectError, httpx.RemoteProtocolError)),
    ):
        stranger.get("/api/sealing-key")


def test_a_terminal_does_not_take_another_server_for_the_hall(stage: Stage, tmp_path: Path) -> None:
    Authority(tmp_path / "other", "H1", Clock())
    credentials = enrolled(stage, "K11", tmp_path / "k11")
    with client(stage, credentials, tmp_path / "other" / "ca.pem") as terminal, pytest.raises(httpx.ConnectError):
        terminal.get("/api/sealing-key")


def test_a_revoked_terminal_is_refused_from_its_next_request_on(stage: Stage, tmp_path: Path) -> None:
    with client(stage, enrolled(stage, "K09", tmp_path)) as k09:
        assert k09.get("/api/sealing-key").status_code == 200
        stage.services.terminals.revoke("K09")
        assert refusal(k09.get("/api/sealing-key"), 403).code == "not_allowed"


def test_a_terminal_enrolled_anew_after_revocation_works_with_its_new_certificate_only(stage: Stage, tmp_path: Path) -> None:
    old = enrolled(stage, "K10", tmp_path / "old")
    stage.services.terminals.revoke("K10")
    new = enrolled(stage, "K10", tmp_path / "new")
    with client(stage, old) as before, client(stage, new) as after:
        assert (before.get("/api/sealing-key").status_code, after.get("/api/sealing-key").status_code) == (403, 200)


def test_the_hall_says_nothing_to_terminals_but_what_is_agreed(k07: httpx.Client) -> None:
    for path in ("/", "/login", "/schema", "/openapi.json", "/static/console.css"):
        assert refusal(k07.get(path), 404).code == "not_understood"


def test_keys_are_readable_by_the_hall_alone(stage: Stage, tmp_path: Path) -> None:
    enrolled(stage, "K12", tmp_path)
    secrets = stage.services.config.secrets
    kept = [secrets / name for name in ("ca.key", "sealing.key", "server.pem", "terminals.json")] + [tmp_path / "terminal.key"]
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in kept} == {path.name: "0o600" for path in kept}
    assert oct(secrets.stat().st_mode & 0o777) == "0o700"


def test_a_certificate_of_this_authority_counts_only_with_the_name_it_was_given(stage: Stage, tmp_path: Path) -> None:
    enrolled(stage, "K13", tmp_path)
    terminals = stage.services.terminals
    entry = next(entry for entry in terminals.enrolments() if entry.name == "K13")
    serial = int(entry.serial, 16)
    assert terminals.recognise(Peer("urn:yimen:hall:H1:terminal:K13", serial)) == "K13"
    for peer in (None, Peer("urn:yimen:hall:H2:terminal:K13", serial), Peer("urn:yimen:hall:H1:terminal:K13", serial + 1)):
        with pytest.raises(NotAllowed):
            terminals.recognise(peer)


def test_a_list_from_before_other_halls_were_enrolled_is_still_good(tmp_path: Path) -> None:
    (tmp_path / "terminals.json").write_text(
        '[{"terminal": "K07", "serial": "1f", "enrolled_at": "2026-11-01", "revoked_at": ""}]'
    )
    terminals = Terminals(Authority(tmp_path, "H1", Clock()), tmp_path / "terminals.json", "H1", Clock())
    assert terminals.recognise(Peer("urn:yimen:hall:H1:terminal:K07", 0x1F)) == "K07"


def test_a_terminal_that_never_was_cannot_be_revoked_and_a_name_with_a_path_is_no_terminal(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(NotKnown):
        stage.services.terminals.revoke("K99")
    with pytest.raises(NotKnown):
        stage.services.terminals.enrol("../K14", tmp_path)
