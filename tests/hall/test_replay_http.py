"""Every route of both listeners, enumerated from the applications themselves: a repeat of a request that
changes something changes nothing and gets the first answer, and a GET changes nothing but what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from flows.application import ACCEPTING, Action, Status
from flows.usage import ShowUsage
from flows.wire import Heard, OpenVisit, SealedVisit, VisitOpened, from_json, to_json
from hall.amendments import FULL
from hall.app import console_app, terminal_app
from hall.console.security import COOKIE
from hall.public.app import public_app
from hall.working_day import working_day
from tests.hall.console_fakes import PEOPLE, filled_in, person
from tests.hall.console_stage import MATTER, Stage, running_hall
from tests.hall.fakes import change, dump
from tests.hall.letters_stage import give_up
from tests.hall.stage_matters import picture
from tests.hall.test_app import decide, logged_in, marks_on
from tests.hall.test_sealing import sealed
from tests.hall.test_terminals import client, enrolled
from tests.patience import SOON_S

ME = person("lyu")
EMPLOYER = PEOPLE["lyu"]["social_security"]["employer"]
ANOTHER = picture("#334455")
READING = {"GET", "HEAD", "OPTIONS"}
VISITS = (f"019ab000-0000-7000-8000-{number:012x}" for number in range(0x9000, 0x9100))
LETTER = "/deliveries/letters/{visit}/{department}"
CHANGED = {
    "/cases/{visit}": {"audit", "usage"},
    "/corrections/{correction}": {"audit", "usage"},
    "/cases/{visit}/certificate": {"audit", "usage"},
    "/cases/{visit}/papers/{kind}": {"audit", "usage"},
    "/reviews/{visit}": {"audit", "usage"},
    "/promises/{visit}": {"audit", "usage"},
    "/api/visits/{visit}/certificate": {"audit", "usage"},
    LETTER + "/package/{kind}": {"audit", "usage"},
    "/counter/{visit}/certificate": {"audit", "usage"},
}
"""What a GET may change, by table. Opening a case, a certificate or a correction request is a read of a person's records, so
it is audited and found by that person; nothing else is written. A session's seen_at is written once a minute, see the
test of its own."""
OF_THE_LINE = {Action.HOLD, Action.RESUME, Action.PASS_ON, Action.TAKE, Action.PRIORITY, Action.CLOSE}
"""Moves of the line, repeated in tests/hall/test_queue_moves and test_replay; CLOSE is the hall's own."""
TOLD_ELSEWHERE = (
    *(
        "/audit",
        "/staff",
        "/overview",
        "/ratings",
        "/call-backs",
        "/login/",
        "/lock",
        "/password",
        "/unlock",
        "/resume",
        "/session",
        "/language",
    ),
    *("/screen", "/cases/{visit}/screen", "/cases/{visit}/signatures", "/cases/{visit}/hand-over", "/cases/{visit}/documents"),
    *("/appointments", "/api/visits/{visit}/documents", "/api/usage/{look}/withdrawn", "/api/terminal", "/.well-known"),
    *("/queue/{visit}/resume", "/queue/{visit}/take", "/queue/{visit}/pass_on", "/queue/{visit}/priority"),
)
"""What has walks of its own, with its own roles and tokens: test_staff_sessions, test_staff_log_in, test_staff_audit,
test_overview_page, test_ratings, test_second_screen, test_hand_over, test_document_pages, test_appointments,
test_queue_page, test_heartbeats, test_console_language."""
OF_OTHER_HALLS = {("POST", f"/api/libraries/{what}") for what in ("knock", "{library}/look-up", "{library}/changes")}
OF_DEPARTMENTS = {("POST", f"/api/deliveries/{what}") for what in ("knock", "progress")}
"""What only another hall or a department asks; log-in and these have tests of their own (tests/hall/libraries,
test_delivery_feeds_http)."""
STREAMS = {
    "/events",
    "/cases/{visit}/events",
    "/counter/{visit}/events",
    "/reviews/{visit}/events",
    "/libraries/events",
    "/board/events",
    "/deliveries/events",
    "/deliveries/reconciliation/events",
}
"""Live pages: they send a first picture and then wait."""

Send = Callable[[], httpx.Response]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path / "hall") as stage:
        stage.loop.call_soon_threadsafe(stage.target.answers.set)
        yield stage


@pytest.fixture
def k07(stage: Stage, tmp_path: Path) -> Iterator[httpx.Client]:
    with client(stage, enrolled(stage, "K07", tmp_path / "k07")) as terminal:
        yield terminal


@pytest.fixture
def zhang(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "张敏", "3") as clerk:
        yield clerk


@pytest.fixture
def chen(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "陈志远", "4") as clerk:
        yield clerk


@pytest.fixture
def li(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "李红", "5") as clerk:
        yield clerk


@pytest.fixture
def anybody(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.public, timeout=SOON_S) as browser:
        yield browser


def routes(app: Litestar) -> set[tuple[str, str]]:
    """Method and path of everything that an application answers to."""
    every = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return {(method, re.sub(r":\w+\}", "}", route.path_format)) for route in every for method in route.methods}


def tables(stage: Stage) -> list[str]:
    return dump(stage.file)


def touched(before: list[str], after: list[str]) -> set[str]:
    """The tables in which two dumps differ."""
    lines = set(before) ^ set(after)
    return {match.group(1) for line in lines if (match := re.match(r'INSERT INTO "(\w+)"', line))}


def seen(answer: httpx.Response) -> tuple[int, str, bytes]:
    return answer.status_code, answer.headers.get("location", ""), answer.content


def delivered(stage: Stage, visit: str) -> None:
    """Until the outcome lies with the department: the deliverer works beside the requests."""

    async def waiting() -> None:
        while True:
            changed = stage.services.store.changed
            deliveries = (await stage.services.store.case(visit)).deliveries
            if deliveries and all(delivery.done for delivery in deliveries):
                return
            await changed.wait()

    stage.do(waiting())


class Walk:
    """Sends each request once as it comes, then twice again; afterwards all of them once more."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._sent: list[tuple[str, Send, tuple[int, str, bytes]]] = []
        self.walked: set[tuple[str, str]] = set()

    def __call__(
        self, method: str, path: str, send: Send, status: int, then: Callable[[], None] = lambda: None
    ) -> httpx.Response:
        before = tables(self._stage)
        answer = send()
        assert answer.status_code == status, (path, answer.text)
        then()
        after = tables(self._stage)
        assert after != before, f"{path} was to change something"
        self.walked.add((method, path))
        self._sent.append((path, send, seen(answer)))
        for _ in range(2):
            assert seen(send()) == seen(answer), path
            assert tables(self._stage) == after, path
        return answer

    def once_more(self) -> None:
        """Everything again, in the same order, after all of it was done."""
        after = tables(self._stage)
        for path, send, first in self._sent:
            assert seen(send()) == first, path
            assert tables(self._stage) == after, path


def at_the_terminal(stage: Stage, k07: httpx.Client, walk: Walk) -> list[str]:
    """One citizen who submits, one who leaves, one whose submission comes out of the outbox."""
    first, left, away = next(VISITS), next(VISITS), next(VISITS)
    body = to_json(OpenVisit(MATTER, "1", ME))
    leaves = k07.put(f"/api/visits/{left}", content=body)
    assert leaves.status_code == 200
    opened = walk("PUT", "/api/visits/{visit}", lambda: k07.put(f"/api/visits/{first}", content=body), 200)
    lookup = from_json(VisitOpened, opened.content).lookup
    application = to_json(filled_in(first, ME, lookup, stage.clock()))
    place = f"/api/visits/{first}/application"
    walk("PUT", "/api/visits/{visit}/application", lambda: k07.put(place, content=application), 200)
    walk("DELETE", "/api/visits/{visit}", lambda: k07.delete(f"/api/visits/{left}"), 204)
    look, asks = next(VISITS), to_json(ShowUsage(ME))
    walk("PUT", "/api/usage/{look}", lambda: k07.put(f"/api/usage/{look}", content=asks), 200)
    alone = filled_in(away, person("holder"), None, stage.clock(), frozenset({"employer", "occupation"}))
    blob = sealed(away, to_json(SealedVisit(alone)), stage.services.terminals.sealing_key)
    walk("PUT", "/api/sealed/{visit}", lambda: k07.put(f"/api/sealed/{away}", content=blob), 200)
    return [first, away]


class Counter:
    """One clerk's clicks; each has a key of its own and keeps it when it is repeated."""

    def __init__(self, stage: Stage, clerk: httpx.Client, walk: Walk) -> None:
        self._stage, self._clerk, self._walk = stage, clerk, walk
        self.done: set[Action] = set()

    def click(self, path: str, action: Action, visit: str = "", **said: str) -> None:
        form = {"key": str(uuid4()), **said}
        place = re.sub(r"\{(name|action)\}", action.value, path).replace("{visit}", visit)
        if action in (*FULL, Action.APPROVE):
            form["seen"] = marks_on(self._clerk.get(place.rpartition("/")[0]).text)

        def then() -> None:
            if action in ACCEPTING:
                delivered(self._stage, visit)

        self._walk("POST", path, lambda: self._clerk.post(place, data=form), 303, then)
        self.done.add(action)

    def later(self) -> None:
        """Until somebody who was called may count as not there."""
        self._stage.clock.later(minutes=4)

    def replace_photo(self, visit: str) -> None:
        form, files = {"key": str(uuid4()), "reason": "CITIZEN_CORRECTED"}, {"picture": ("a.jpg", ANOTHER.content)}
        place = f"/cases/{visit}/pictures/photo"
        self._walk("POST", "/cases/{visit}/pictures/{name}", lambda: self._clerk.post(place, data=form, files=files), 303)

    def form(self, path: str, place: str, *, then: Callable[[], None] = lambda: None, **said: str) -> None:
        form = {"key": str(uuid4()), **said}
        self._walk("POST", path, lambda: self._clerk.post(place, data=form), 303, then)

    def dispute(self, visit: str) -> str:
        """A record that its owner is asked about by hand, from the first click to the answer written down."""
        record = {"item": "employment.employer", "department": "social_security", "value": EMPLOYER, "reason": "ENDED"}
        self.form("/cases/{visit}/corrections", f"/cases/{visit}/corrections", **record)
        (correction,) = self._stage.do(self._stage.services.store.corrections(visit))
        place = f"/cases/{visit}/corrections/{correction.id}"
        self.form("/cases/{visit}/corrections/{correction}/{action}", f"{place}/paper", field="photo")
        upload, files = {"key": str(uuid4())}, {"picture": ("a.jpg", ANOTHER.content)}
        path = "/cases/{visit}/corrections/{correction}/evidence"
        self._walk("POST", path, lambda: self._clerk.post(f"{place}/evidence", data=upload, files=files), 303)
        self.form("/cases/{visit}/corrections/{correction}/{action}", f"{place}/send", then=self._until_by_hand)
        self.form("/corrections/{correction}/{action}", f"/corrections/{correction.id}/corrected")
        return correction.id

    def _until_by_hand(self) -> None:
        store = self._stage.services.store

        async def waiting() -> None:
            while True:
                changed = store.changed
                if all(one.by_hand for one in await store.sent_corrections()):
                    return
                await changed.wait()

        self._stage.do(waiting())


def at_the_counter(counter: Counter, first: str, second: str) -> None:
    """Every action there is, in an order that makes each possible."""
    queue, case = "/queue/{visit}/{action}", "/cases/{visit}/{name}"
    counter.click("/queue/next", Action.CALL)
    counter.click(queue, Action.RECALL, first)
    counter.later()
    counter.click(queue, Action.MISS, first)
    counter.click("/queue/next", Action.CALL)
    counter.click(case, Action.REJECT, second, reason="NOT_ELIGIBLE")
    counter.click(queue, Action.REQUEUE, first)
    counter.click("/queue/next", Action.CALL)
    counter.click(case, Action.RETURN, first, reason="CARD_TO_RENEW")
    counter.click(queue, Action.REQUEUE, first)
    counter.click("/queue/next", Action.CALL)
    counter.click(case, Action.AMEND, first, field="mobile", value="13900139000", reason="TYPING_ERROR")
    counter.replace_photo(first)
    counter.dispute(first)
    counter.click(case, Action.CONFIRM, first)


PROMISED = {"lacking.OLD_PERMIT": "yes", "until": "2026-11-27", "promised_by": "吕晓岚"}


def with_a_second_person(stage: Stage, zhang: Counter, chen: Counter) -> None:
    """What is promised and what a second person does, from one window to the other and back."""
    case, review = "/cases/{visit}/{name}", "/reviews/{visit}/{name}"
    promised, checked = (stage.submit(who, 0x9600 + n, matter=m).visit for n, (who, m) in enumerate(IN_TURN))
    zhang.click("/queue/next", Action.CALL)
    zhang.click(case, Action.ACCEPT_LACKING, promised, **PROMISED)
    zhang.click("/queue/next", Action.CALL)
    zhang.click(case, Action.PROPOSE, checked, **PROMISED)
    chen.click(review, Action.SEND_BACK, checked, **{"tick.REVIEW_PAPERS": "yes"})
    zhang.click(review, Action.TAKE_UP, checked)
    zhang.click(case, Action.PROPOSE, checked, **PROMISED)
    chen.click(review, Action.APPROVE, checked)
    chen.click("/promises/{visit}/bring", Action.BRING, promised, **{"brought.OLD_PERMIT": "yes"})
    change(stage.file, "UPDATE promised SET until = '2026-11-20'")  # the day has passed, no session has
    chen.click("/promises/{visit}/follow_up", Action.FOLLOW_UP, checked, reason="CITIZEN_NOTIFIED")


IN_TURN = (("elder", MATTER), ("lyu", "checked-permit"))


def called_at(stage: Stage, clerk: httpx.Client, at: int) -> str:
    person, matter = IN_TURN[at]
    visit = stage.submit(person, 0x9700 + at, matter=matter).visit
    clerk.post("/queue/next", data={"key": str(uuid4())})
    return visit


def citizen_reads_the_answer(stage: Stage, k07: httpx.Client, walk: Walk) -> None:
    visit = next(VISITS)
    opened = k07.put(f"/api/visits/{visit}", content=to_json(OpenVisit(MATTER, "1", ME)))
    news = from_json(VisitOpened, opened.content).corrections
    read = to_json(Heard(tuple(one.id for one in news)))
    walk("PUT", "/api/visits/{visit}/heard", lambda: k07.put(f"/api/visits/{visit}/heard", content=read), 204)


def over_deliveries(stage: Stage, counter: Counter, visit: str) -> None:
    """Everything that a supervisor does about a delivery, from what a department lost to the report of the night."""

    def sent() -> None:
        delivered(stage, visit)

    def reported() -> None:
        async def waiting() -> None:
            store = stage.services.store
            while True:
                changed = store.changed
                reports = await store.reports(working_day(stage.clock()))
                if len([one for one in reports if one.state != "running"]) == len(stage.services.reconciliation.departments):
                    return
                await changed.wait()

        stage.do(waiting())

    pick = {f"pick:{visit}:exit_entry": "on"}
    counter.form("/deliveries/reconciliation/resend", "/deliveries/reconciliation/resend", then=sent, **pick)
    give_up(stage, visit)
    counter.form("/deliveries/resend", "/deliveries/resend", then=sent, **pick)
    give_up(stage, visit)
    counter.form("/deliveries/resend/{department}", "/deliveries/resend/exit_entry", then=sent)
    give_up(stage, visit)
    number = stage.target.given[f"{visit}:exit_entry"]
    place = f"/deliveries/letters/{visit}/exit_entry/carried"
    counter.form(LETTER + "/carried", place, number=number)
    counter.form("/deliveries/reconciliation/run", "/deliveries/reconciliation/run", then=reported)


def sheet(version: int, **more: str) -> dict[str, str]:
    """A counter's sheet of the letter as its page posts it."""
    said = {"f.ethnic_group": "01", "f.mobile": "13900139000"}
    return {"key": str(uuid4()), "version": str(version), "pages": "who work contact photo", **said, **more}


def begun(clerk: httpx.Client, visit: str, walk: Walk) -> Send:
    form = {"visit": visit, "matter": "letter-at-once", "number": person("rare").number}
    walk("POST", "/counter", lambda: clerk.post("/counter", data=form), 303)
    return lambda: clerk.post("/counter", data=form)


def without_a_terminal(stage: Stage, clerk: httpx.Client) -> set[tuple[str, str]]:
    """One that is filled in and handed in, one that is given up. What is over cannot be begun or saved any more."""
    walk, first, other = Walk(stage), next(VISITS), next(VISITS)
    begin = begun(clerk, first, walk)
    typed, whole = sheet(1), sheet(2, then="line")
    walk("POST", "/counter/{visit}/keep", lambda: clerk.post(f"/counter/{first}/keep", data=typed), 200)
    walk("POST", "/counter/{visit}/submit", lambda: clerk.post(f"/counter/{first}/submit", data=whole), 303)
    after = tables(stage)
    assert (begin().status_code, clerk.post(f"/counter/{first}/keep", data=typed).status_code) == (409, 409)
    assert tables(stage) == after
    begun(clerk, other, walk)
    leaving = {"key": str(uuid4())}
    walk("POST", "/counter/{visit}/leave", lambda: clerk.post(f"/counter/{other}/leave", data=leaving), 303)
    return walk.walked


def test_every_request_that_changes_something_is_done_once_however_often_it_is_sent(
    stage: Stage, k07: httpx.Client, zhang: httpx.Client
) -> None:
    walk = Walk(stage)
    first, second = at_the_terminal(stage, k07, walk)
    counter = Counter(stage, zhang, walk)
    at_the_counter(counter, first, second)
    with logged_in(stage, "李红", "5") as li:
        others = Counter(stage, li, walk)
        with_a_second_person(stage, counter, others)
        assert counter.done | others.done == set(Action) - OF_THE_LINE
        citizen_reads_the_answer(stage, k07, walk)
        over_deliveries(stage, counter, first)
        walk.once_more()
    with logged_in(stage, "陈志远", "4") as other:
        cookie = {"Cookie": f"{COOKIE}={other.cookies[COOKIE]}"}
        walk("POST", "/logout", lambda: other.post("/logout", headers=cookie), 303)
    walk.walked |= without_a_terminal(stage, zhang)
    changing = {
        (m, p) for app in (console_app, terminal_app, public_app) for m, p in routes(app(stage.services)) if m not in READING
    }
    changing = {(method, path) for method, path in changing if not path.startswith(TOLD_ELSEWHERE)}
    assert changing - walk.walked == {("POST", "/login"), *OF_OTHER_HALLS, *OF_DEPARTMENTS}, "a route that the walk forgot"
    assert stage.do(stage.services.store.case(first)).standing.status is Status.ACCEPTED


def test_logging_in_again_is_a_new_session_instead_of_the_old_one_and_never_a_second(stage: Stage) -> None:
    """No key could bring the first answer back: the hall keeps only a hash of the token it gave."""
    with logged_in(stage, "张敏", "3") as first, logged_in(stage, "张敏", "3") as second:
        assert len([line for line in tables(stage) if line.startswith('INSERT INTO "session"')]) == 2  # one says why it ended
        assert (first.get("/").status_code, second.get("/").status_code) == (303, 200)


def called_with_a_certificate(stage: Stage, clerk: httpx.Client) -> str:
    """A case at the clerk's window that has everything a case can have: pictures, and a certificate to print again."""
    visit = stage.submit("lyu", 0x9500, matter="letter-at-once").visit
    clerk.post(f"/queue/{visit}/requeue", data={"key": str(uuid4())})
    assert clerk.post("/queue/next", data={"key": str(uuid4())}).status_code == 303
    return visit


def call_event(stage: Stage) -> str:
    """The number of the event that told of the first call."""
    events = stage.do(stage.services.store.events_after(0))
    return str(next(event.number for event in events if event.name == "ticket_called"))


def with_a_dead_letter(stage: Stage, clerk: httpx.Client) -> str:
    """A case of another window whose department could not be reached."""
    visit = stage.submit("holder", 0x9502).visit
    assert clerk.post("/queue/next", data={"key": str(uuid4())}).status_code == 303
    form = {"key": str(uuid4()), "seen": marks_on(clerk.get(f"/cases/{visit}").text)}
    assert clerk.post(f"/cases/{visit}/confirm", data=form).status_code == 303
    delivered(stage, visit)
    give_up(stage, visit)
    return visit


NOT_DESCRIBED = "/api/{path}"
"""What stands beside the description of the public interface: an answer that there is no such page."""
REVIEWED = ("/reviews/{visit}", "/reviews/{visit}/pictures/{name}", "/reviews/{visit}/events")
PROMISES = ("/promises/{visit}", "/promises/{visit}/papers/{paper}", "/cases/{visit}/papers/{kind}")
THINGS = {
    "{department}": "exit_entry",
    "{paper}": "OLD_PERMIT",
    "{kind}": "acceptance",
    "{name}": "photo",
    "{dataset}": "traffic.vehicles",
    "{item}": "person.sex",
    "{table}": "sex",
}
MOVED = {"/counter"}
"""A GET that leads on to what is open."""


def at_the_counter_now(stage: Stage, clerk: httpx.Client) -> dict[str, str]:
    """By address, the visit that has something to show there: a sheet with a picture, and a certificate handed out."""
    done, filling, walk = next(VISITS), next(VISITS), Walk(stage)
    begun(clerk, done, walk)
    assert clerk.post(f"/counter/{done}/submit", data=sheet(1, then="issue")).status_code == 303
    begun(clerk, filling, walk)
    files = {"file.photo": ("a.jpg", ANOTHER.content)}
    assert clerk.post(f"/counter/{filling}/keep", data=sheet(1), files=files).status_code == 200
    ended = ("done", "page.svg", "certificate")
    open_still = ("/counter/{visit}", "/counter/{visit}/pictures/{name}", "/counter/{visit}/events")
    return {**dict.fromkeys(open_still, filling), **{f"/counter/{{visit}}/{what}": done for what in ended}}


def test_no_get_changes_anything_but_what_is_meant(
    stage: Stage, k07: httpx.Client, zhang: httpx.Client, chen: httpx.Client, li: httpx.Client, anybody: httpx.Client
) -> None:
    visit = called_with_a_certificate(stage, zhang)
    issued = stage.submit("lyu", 0x9501, matter="letter-at-once").visit
    certificate = stage.do(stage.services.store.certificate(issued))
    assert certificate
    of_path = {"/t/{code}": stage.services.ticket_codes.code(visit), "/verify/{code}": certificate.code}
    correction = Counter(stage, zhang, Walk(stage)).dispute(visit)
    given_up = with_a_dead_letter(stage, chen)
    promised, checked = (called_at(stage, clerk, at) for clerk, at in ((chen, 0), (li, 1)))
    decide(chen, promised, "accept_lacking", **PROMISED)
    decide(li, checked, "propose")
    upload = {"picture.OLD_PERMIT": ("a.jpg", ANOTHER.content)}
    chen.post(f"/promises/{promised}/bring", data={"key": str(uuid4()), "brought.OLD_PERMIT": "yes"}, files=upload)
    of_others = {path: (zhang, checked) for path in REVIEWED} | {path: (chen, promised) for path in PROMISES}
    visit_of = at_the_counter_now(stage, zhang)
    asked: set[tuple[str, str]] = set()
    for app, who in ((console_app, zhang), (terminal_app, k07), (public_app, anybody)):
        for method, path in sorted(routes(app(stage.services))):
            if method not in {"GET", "HEAD"} or path == NOT_DESCRIBED or path.startswith(TOLD_ELSEWHERE):
                continue
            zhang.get(f"/cases/{visit}")  # so that the look-up is fresh and only the opening itself is left
            style = "public.css" if who is anybody else "console.css"
            own = given_up if "/letters/" in path else issued if who is k07 else visit_of.get(path, visit)
            asks, about = of_others.get(path, (who, own))
            place = path.replace("/package/{kind}", "/package/pdf").replace("{visit}", about).replace("{file_path}", style)
            for name, thing in {
                **THINGS,
                "{code}": of_path.get(path, ""),
                "{correction}": correction,
                "{position}": "1",
                "{event}": call_event(stage),
            }.items():
                place = place.replace(name, thing)
            before = tables(stage)
            if path in STREAMS:
                with asks.stream("GET", place) as page:
                    assert next(page.iter_lines()).startswith("id: ")
            else:
                answer = asks.request(method, place)
                assert answer.status_code == (303 if path in MOVED else 200), (path, answer.headers.get("location"))
            assert touched(before, tables(stage)) == CHANGED.get(path, set()), path
            asked.add((method, path))
    assert {path for _, path in asked} > STREAMS | {
        "/",
        "/login",
        "/api/sealing-key",
        "/verify/{code}",
        *CHANGED,
    }


def test_a_minute_later_a_get_writes_when_the_session_was_seen_and_nothing_else(stage: Stage, zhang: httpx.Client) -> None:
    zhang.get("/")
    before = tables(stage)
    stage.clock.later(minutes=2)
    zhang.get("/")
    assert touched(before, tables(stage)) == {"session"}
