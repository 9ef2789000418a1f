"""One table of possible actions: every action in every status over HTTP, and the page offers just what the hall takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from flows.application import POSSIBLE, Action, Status
from tests.hall.console_stage import MATTER, Stage, running_hall
from tests.hall.fakes import change, dump
from tests.hall.test_app import decide, logged_in, marks_on

CHECKED = "checked-permit"
NUMBERS = iter(range(0x7000, 0x7FFF))
PEOPLE = ("lyu", "elder", "uyghur", "tibetan")
PROMISE = {"lacking.OLD_PERMIT": "yes", "until": "2026-11-27", "promised_by": "某人"}
FORMS: dict[Action, dict[str, str]] = {
    Action.AMEND: {"field": "mobile", "value": "13900139000", "reason": "TYPING_ERROR"},
    Action.RETURN: {"tick.CARD_TO_RENEW": "yes"},
    Action.REJECT: {"reason": "NOT_ELIGIBLE"},
    Action.ACCEPT_LACKING: PROMISE,
    Action.SEND_BACK: {"tick.REVIEW_PAPERS": "yes"},
    Action.BRING: {"brought.OLD_PERMIT": "yes"},
    Action.FOLLOW_UP: {"reason": "CITIZEN_NOTIFIED"},
    Action.PASS_ON: {"to": "5", "why": "CONFLICT"},
    Action.PRIORITY: {"ground": "CARE"},
}
OF_THE_QUEUE = (Action.RECALL, Action.MISS, Action.REQUEUE, Action.HOLD, Action.RESUME, Action.PASS_ON, Action.PRIORITY)
PLACES: dict[Action, str] = {
    **dict.fromkeys(OF_THE_QUEUE, "/queue/{visit}/{action}"),
    **dict.fromkeys((Action.APPROVE, Action.SEND_BACK, Action.TAKE_UP), "/reviews/{visit}/{action}"),
    **dict.fromkeys((Action.BRING, Action.FOLLOW_UP), "/promises/{visit}/{action}"),
}
"""Everything else is done at /cases/{visit}/{action}."""
NOT_WALKED = {Action.CALL, Action.TAKE, Action.CLOSE}
"""CALL has no ticket to name, TAKE wants the same person's case before it (test_queue_moves, test_queue_page), CLOSE is the
hall's own."""
FED = {Status.MAKING, Status.READY, Status.DELIVERED}
"""What only departments tell (test_delivery_feeds)."""
PROMISED = {Status.ACCEPTED, *FED}
ALONE = {Action.PROPOSE}
"""Not for a matter that one clerk accepts."""
NOT_ALONE = {Action.CONFIRM, Action.ACCEPT_LACKING}
"""Not for a matter that wants a second person."""
BESIDE = {"corrections", "pictures", "documents", "screen", "signatures", "hand-over"}
"""What the page asks for that decides nothing."""
REFUSED = {400, 403, 404, 409, 422}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture(scope="module")
def zhang(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "张敏", "3") as clerk:
        yield clerk


@pytest.fixture(scope="module")
def chen(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "陈志远", "4") as clerk:
        yield clerk


class Counter:
    """Brings cases to a status through the pages alone: zhang at window 3, chen as second person at window 4."""

    def __init__(self, stage: Stage, zhang: httpx.Client, chen: httpx.Client) -> None:
        self.stage, self.zhang, self.chen = stage, zhang, chen
        self.matter = MATTER
        self._last: dict[Status, str] = {}

    def post(self, clerk: httpx.Client, action: Action, visit: str, **form: str) -> httpx.Response:
        place = PLACES.get(action, "/cases/{visit}/{action}").format(visit=visit, action=action.value)
        seen = {}
        if action in (Action.CONFIRM, Action.ACCEPT_LACKING, Action.PROPOSE, Action.APPROVE):
            seen = {"seen": marks_on(clerk.get(place.rpartition("/")[0]).text)}
        return clerk.post(place, data={"key": str(uuid4()), **seen, **FORMS.get(action, {}), **form})

    def does(self, clerk: httpx.Client, action: Action, visit: str) -> None:
        answer = self.post(clerk, action, visit)
        assert answer.status_code == 303, (action, answer.text)

    def submitted(self, matter: str) -> str:
        number = next(NUMBERS)
        return self.stage.submit(PEOPLE[number % 2], number, matter=matter).visit

    def called(self, matter: str) -> str:
        """At window 3, whatever was waiting or held there before."""
        visit = self.submitted(matter)
        while (now := self.status_of(visit)) is not Status.CALLED:
            assert now is Status.SUBMITTED
            self.free(self.zhang)
            self.zhang.post("/queue/next", data={"key": str(uuid4())})
        assert self.zhang.get(f"/cases/{visit}").status_code == 200  # the clerk opens it: that moment is kept
        return visit

    def free(self, clerk: httpx.Client) -> None:
        held = re.search(r'id="open" href="/cases/([0-9a-f-]{36})"', clerk.get("/").text)
        if held:
            decide(clerk, held.group(1), "reject", reason="NOT_ELIGIBLE")

    def waits(self) -> None:
        """Until somebody called twice may be missed; neither window is left alone meanwhile."""
        self.stage.clock.later(seconds=180)
        for clerk in (self.zhang, self.chen):
            assert clerk.get("/").status_code == 200

    def status_of(self, visit: str) -> Status:
        return self.stage.do(self.stage.services.store.standing(visit)).status

    def still_at(self, status: Status) -> str:
        """The case last brought there if it still is: what the hall refuses changes nothing."""
        visit = self._last.get(status)
        if visit is None or self.status_of(visit) is not status:
            visit = self._last[status] = self.at(status)
        return visit

    def at(self, status: Status) -> str:
        matter = self.matter
        match status:
            case Status.SUBMITTED:
                return self.submitted(matter)
            case Status.ISSUED:
                return self.submitted("letter-at-once")
            case Status.REPLACED:
                first = self.stage.submit("lyu", next(NUMBERS), matter=matter).visit
                self.stage.submit("lyu", next(NUMBERS), matter=matter)
                return first
            case Status.APPROVED | Status.REFUSED:
                visit = self.called("moving")
                self.does(self.zhang, Action.CONFIRM, visit)
                for code in ("population", "social_security", "traffic"):
                    verdict = "agreed" if status is Status.APPROVED else "refused"
                    self.stage.do(self.stage.services.store.decided(visit, code, verdict, self.stage.clock()))
                return visit
        visit = self.called(CHECKED if status in (Status.TO_APPROVE, Status.SENT_BACK) else matter)
        for action in WAYS.get(status, ()):
            if action is Action.MISS:
                self.waits()
            self.does(self.chen if action is Action.SEND_BACK else self.zhang, action, visit)
        if status in FED:
            change(self.stage.file, f"UPDATE ticket SET status = '{status}' WHERE visit = '{visit}'")
        return visit


WAYS: dict[Status, tuple[Action, ...]] = {
    Status.NO_SHOW: (Action.RECALL, Action.MISS),
    Status.HELD: (Action.HOLD,),
    Status.RETURNED: (Action.RETURN,),
    Status.NOT_ACCEPTED: (Action.REJECT,),
    **dict.fromkeys(PROMISED, (Action.ACCEPT_LACKING,)),
    Status.TO_APPROVE: (Action.PROPOSE,),
    Status.SENT_BACK: (Action.PROPOSE, Action.SEND_BACK),
}


@pytest.fixture(scope="module")
def counter(stage: Stage, zhang: httpx.Client, chen: httpx.Client) -> Counter:
    return Counter(stage, zhang, chen)


def owed(stage: Stage, visit: str) -> None:
    """The promised day has passed."""
    change(stage.file, f"UPDATE promised SET until = '2026-11-20' WHERE visit = '{visit}'")


def rows_of(stage: Stage, visit: str) -> list[str]:
    """What is kept about one case, but not who read it and what the deliverer does beside."""
    tables = ("ticket", "decision", "application", "promised")
    lines = [line for line in dump(stage.file) if visit in line]
    return [line for line in lines if line.startswith(tuple(f'INSERT INTO "{table}"' for table in tables))]


@pytest.mark.parametrize("action", sorted(set(Action) - NOT_WALKED))
@pytest.mark.parametrize("status", list(Status))
def test_every_action_in_every_status_is_done_or_refused_as_the_table_says(
    stage: Stage, counter: Counter, status: Status, action: Action
) -> None:
    expected = action in POSSIBLE[status] - ALONE
    if action in (Action.BRING, Action.FOLLOW_UP):
        expected = expected and status in PROMISED
    visit = counter.at(status) if expected else counter.still_at(status)
    of_second = action in (Action.APPROVE, Action.SEND_BACK)
    clerk = counter.chen if of_second else counter.zhang
    if action in (Action.TAKE_UP, Action.RESUME):
        counter.free(counter.zhang) if status is not Status.CALLED else None
    if action is Action.FOLLOW_UP:
        owed(stage, visit)
    if action is Action.MISS and status is Status.CALLED:
        counter.does(counter.zhang, Action.RECALL, visit)
        counter.waits()
    before = rows_of(stage, visit)
    answer = counter.post(clerk, action, visit)
    if expected:
        assert answer.status_code == 303, answer.text
        assert rows_of(stage, visit) != before
    else:
        assert answer.status_code in REFUSED
        assert rows_of(stage, visit) == before


def test_a_matter_that_wants_a_second_person_is_proposed_and_never_accepted_alone(stage: Stage, counter: Counter) -> None:
    visit = counter.called(CHECKED)
    before = rows_of(stage, visit)
    for action in NOT_ALONE:
        answer = counter.post(counter.zhang, action, visit)
        assert answer.status_code == 409
        assert "复核" in answer.text
    assert rows_of(stage, visit) == before
    counter.does(counter.zhang, Action.PROPOSE, visit)
    own = counter.post(counter.zhang, Action.APPROVE, visit)
    assert (own.status_code, "另一个人" in own.text) == (403, True)
    counter.does(counter.chen, Action.APPROVE, visit)


@pytest.mark.parametrize("matter", [MATTER, CHECKED])
def test_the_page_has_a_form_for_each_possible_action_and_for_no_other(stage: Stage, counter: Counter, matter: str) -> None:
    visit = counter.called(matter)
    pages = counter.zhang.get(f"/cases/{visit}").text + counter.zhang.get("/").text
    case = stage.do(stage.services.desk.case(visit, "3", "张敏"))
    offered = set(re.findall(rf'action="/(?:cases|queue|reviews|promises)/{visit}/([\w-]+)', pages)) - BESIDE
    too_early = {Action.MISS.value}  # drawn, and not to be pressed before its time
    assert offered == {action.value for action in case.possible} | too_early


Forged = Callable[[dict[str, str]], dict[str, str]]


@pytest.mark.parametrize(
    ("action", "form", "status"),
    [
        ("accept_lacking", {**PROMISE, "lacking.PHOTO": "yes"}, 422),
        ("accept_lacking", {**PROMISE, "until": "2030-01-01"}, 422),
        ("accept_lacking", {**PROMISE, "until": "2026-11-23' OR 1=1"}, 422),
        ("accept_lacking", {"until": "2026-11-27", "promised_by": "某人"}, 422),
        ("accept_lacking", {**PROMISE, "lacking.OLD_PERMIT\x00": "yes"}, 422),
        ("confirm", {**PROMISE}, 403),
        ("return", {"tick.": "yes"}, 422),
        ("return", {"tick.NOT_ELIGIBLE": "yes"}, 422),
        ("return", {"tick.MATERIAL_MISSING": "yes", "lines.MATERIAL_MISSING": "  \n "}, 422),
        ("return", {"tick.MATERIAL_MISSING": "yes", "lines.MATERIAL_MISSING": "长" * 401}, 400),
        ("take_up", {}, 400),
        ("approve", {}, 400),
        ("bring", {"brought.OLD_PERMIT": "yes"}, 400),
    ],
)
def test_forged_fields_are_refused_and_change_nothing(
    stage: Stage, counter: Counter, action: str, form: dict[str, str], status: int
) -> None:
    visit = counter.called(MATTER)
    seen = marks_on(counter.zhang.get(f"/cases/{visit}").text)
    before = rows_of(stage, visit)
    answer = counter.zhang.post(f"/cases/{visit}/{action}", data={"key": str(uuid4()), "seen": seen, **form})
    assert answer.status_code == status, answer.text
    assert rows_of(stage, visit) == before


def test_papers_are_printed_for_the_window_that_has_the_case_and_for_no_other(counter: Counter) -> None:
    visit = counter.at(Status.ACCEPTED)
    for kind in ("acceptance", "promise"):
        place = f"/cases/{visit}/papers/{kind}"
        paper = counter.zhang.get(place)
        assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
        assert paper.headers["content-disposition"] == f'inline; filename="{kind}.pdf"'
        assert counter.zhang.get(place).content == paper.content
        assert counter.chen.get(place).status_code == 403
    assert counter.zhang.get(f"/cases/{visit}/papers/refusal").status_code == 404
    assert counter.zhang.get(f"/cases/{visit}/papers/nothing").status_code == 404


def test_lists_for_everybody_name_nobody(stage: Stage, counter: Counter, tmp_path: Path) -> None:
    counter.at(Status.ACCEPTED)
    counter.at(Status.TO_APPROVE)
    for path in ("/promises", "/reviews"):
        page = counter.chen.get(path).text
        assert re.search(r"A\d{3}", page)
        for name in ("吕晓岚", "霍锦棠", "某人"):
            assert name not in page
    only = counter.chen.get("/promises", params={"number": "Z9"}).text
    assert "没有这个号码的承诺" in only
