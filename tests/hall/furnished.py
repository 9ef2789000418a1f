"""A hall in the middle of its day: somebody at every stage of every way, for pages that are looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import httpx

from hall.bootstrap import Services
from hall.config import HallConfig
from hall.console.security import COOKIE
from hall.roles import Role
from hall.working_day import working_day
from tests.hall.console_fakes import PEOPLE, Clock, OutcomeTarget, SpecimenExchange
from tests.hall.console_stage import MATTER, PASSWORD, Stage, running_hall, stage_services
from tests.hall.fakes import change
from tests.hall.letters_stage import give_up
from tests.hall.stage_matters import picture
from tests.hall.test_app import decide, logged_in, marks_on
from tests.hall.test_replay_http import delivered
from tests.hall.test_scans import image

CHECKED, LETTER = "checked-permit", "letter-at-once"
NUMBERS = iter(range(0x5000, 0xFFFF))
WINDOWS = tuple(str(number) for number in range(1, 13))
AT = {"张敏": "3", "陈志远": "4", "李红": "5", "王锁": "6", "赵回": "2", "周主管": "", "何安": "", "秦审": "", "吴工": ""}
AT |= {f"窗口{number}": number for number in WINDOWS[6:]}
ROLES = {"周主管": Role.SUPERVISOR, "何安": Role.SECURITY, "秦审": Role.AUDITOR, "吴工": Role.OPERATOR}
PROMISE = {"lacking.OLD_PERMIT": "yes", "until": "2026-11-27", "promised_by": "吕晓岚"}
BOOKED = {"name": PEOPLE["lyu"]["name"], "matter": "moving", "day": "2026-11-25", "time": "10:00"}


@dataclass
class Furnished:
    """`people` are logged in; `things` has the ids that addresses are made of, by a name of ours."""

    stage: Stage
    people: dict[str, httpx.Client] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    def post(self, who: str, place: str, **said: str) -> httpx.Response:
        return self.people[who].post(place, data={"key": str(uuid4()), **said})

    def called(self, name: str, who: str, person: str, matter: str = MATTER, **how: object) -> str:
        """A case at this clerk's window, kept under a name."""
        visit = self.stage.submit(person, next(NUMBERS), matter=matter, **how).visit  # type: ignore[arg-type]
        assert self.post(who, "/queue/next").status_code == 303
        assert self.stage.do(self.stage.services.store.standing(visit)).window == AT[who], (name, person)
        self.things[name] = visit
        return visit

    def token(self, who: str) -> str:
        return self.people[who].cookies[COOKIE]


@contextmanager
def furnished(folder: Path) -> Iterator[Furnished]:
    with running_hall(folder, _with_windows) as stage, ExitStack() as logins:
        stage.loop.call_soon_threadsafe(stage.target.answers.set)
        for name in list(AT)[3:]:
            stage.do(stage.services.staff.add(name, PASSWORD, frozenset({ROLES.get(name, Role.CLERK)})))
        hall = Furnished(stage)
        _left_in_the_middle(hall, logins)
        for name, window in AT.items():
            if name not in hall.people:
                hall.people[name] = logins.enter_context(logged_in(stage, name, window))
        _decided(hall)
        _of_two_people(hall)
        _not_delivered(hall)
        _at_the_window(hall)
        _in_the_line(hall)
        _begun_at_the_counter(hall)
        hall.post("王锁", "/lock")
        yield hall


def _with_windows(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
    return stage_services(replace(config, windows=WINDOWS), clock)


def _left_in_the_middle(hall: Furnished, logins: ExitStack) -> None:
    """Whose session ended while a form was on its way."""
    stage = hall.stage
    clerk = hall.people["赵回"] = logins.enter_context(logged_in(stage, "赵回", "2"))
    visit = hall.called("resumed", "赵回", "holder")
    stage.clock.later(minutes=16)
    hall.post("赵回", f"/cases/{visit}/reject", reason="NOT_ELIGIBLE", note="已当面说明：材料属于另一个人")
    clerk.post("/login", data={"name": "赵回", "password": PASSWORD, "window": "2"})


def _decided(hall: Furnished) -> None:
    """One at each window: a decided case is its window's to look at until the next one is called."""
    missing = {"bring.1": "往来港澳通行证", "tick.GUARDIAN_NEEDED": "yes", "lines.GUARDIAN_NEEDED": "父亲或母亲，带户口簿"}
    no = {"reason": "NOT_ELIGIBLE", "note": "已当面说明"}
    for at, name, person, action, said in (
        ("7", "accepted", "lyu", "confirm", {}),
        ("8", "promised", "elder", "accept_lacking", PROMISE),
        ("9", "returned", "rare", "return", missing),
        ("10", "rejected", "uyghur", "reject", no),
    ):
        decide(hall.people[f"窗口{at}"], hall.called(name, f"窗口{at}", person), action, **said)
    overdue = hall.called("overdue", "李红", "uyghur", CHECKED)
    decide(hall.people["李红"], overdue, "propose", **PROMISE)
    marks = marks_on(hall.people["陈志远"].get(f"/reviews/{overdue}").text)
    hall.post("陈志远", f"/reviews/{overdue}/approve", seen=marks)
    change(hall.stage.file, f"UPDATE promised SET until = '2026-11-20' WHERE visit = '{overdue}'")


def _of_two_people(hall: Furnished) -> None:
    decide(hall.people["窗口11"], hall.called("to_approve", "窗口11", "lyu", CHECKED), "propose", **PROMISE)
    back = hall.called("sent_back", "李红", "elder", CHECKED)
    decide(hall.people["李红"], back, "propose", **PROMISE)
    said = {"tick.REVIEW_IDENTITY": "yes", "lines.REVIEW_IDENTITY": "父亲的身份证没有看到", "note": "请再核一次"}
    hall.post("陈志远", f"/reviews/{back}/send_back", **said)


def _not_delivered(hall: Furnished) -> None:
    for name, who, person in (("dead", "窗口12", "holder"), ("carried", "陈志远", "expiring")):
        visit = hall.called(name, who, person)
        decide(hall.people[who], visit, "confirm")
        delivered(hall.stage, visit)
        give_up(hall.stage, visit, problem="down" if name == "dead" else "differs")
    hall.post("周主管", "/deliveries/reconciliation/run")
    hall.stage.do(_reported(hall.stage))


async def _reported(stage: Stage) -> None:
    while True:
        changed = stage.services.store.changed
        reports = await stage.services.store.reports(working_day(stage.clock()))
        if len([one for one in reports if one.state != "running"]) == len(stage.services.reconciliation.departments):
            return
        await changed.wait()


def _begun_at_the_counter(hall: Furnished) -> None:
    for name, number in (("filed", PEOPLE["doubted"]["number"]), ("filling", PEOPLE["filed"]["number"])):
        visit = str(uuid4())
        matter = LETTER if name == "filed" else MATTER
        began = hall.people["李红"].post("/counter", data={"visit": visit, "matter": matter, "number": number})
        assert began.status_code == 303, began.text[1500:]
        hall.things[name] = visit
        if name == "filed":
            page = hall.people["李红"].get(f"/counter/{visit}").text
            said = {"version": "1", "pages": _value(page, "pages"), "f.ethnic_group": "汉族", "f.mobile": "13900139000"}
            hall.post("李红", f"/counter/{visit}/submit", then="line", **said)


def _value(page: str, name: str) -> str:
    return page.partition(f'id="{name}" value="')[2].partition('"')[0]


def _in_the_line(hall: Furnished) -> None:
    held = hall.called("held", "陈志远", "elder", "moving")
    hall.post("陈志远", f"/queue/{held}/hold")
    passed = hall.called("passed", "陈志远", "spelling")
    hall.post("陈志远", f"/queue/{passed}/pass_on", to="3", why="CONFLICT")
    hall.called("mine", "陈志远", "rare", "moving")
    for person, matter in (("elder", LETTER), ("rare", LETTER), ("uyghur", "moving")):
        hall.things["waiting"] = hall.stage.submit(person, next(NUMBERS), matter=matter).visit
    hall.post("陈志远", f"/queue/{hall.things['waiting']}/priority", ground="CARE")
    hall.post("陈志远", "/appointments", number=PEOPLE["lyu"]["number"], **BOOKED)


def _at_the_window(hall: Furnished) -> None:
    """What 张敏 has before her: everything that a case can have at once."""
    both = {"address": "", "permit_expiry": "2026-10-08"}
    visit = hall.called("open", "张敏", "lyu", disputes=both, left=frozenset({"signature"}))
    scan = {"key": str(uuid4()), "kind": "household_register", "original": "yes"}
    zhang = hall.people["张敏"]
    zhang.post(f"/cases/{visit}/documents", data=scan, files={"page": ("a.jpg", image())})
    (kept,) = hall.stage.do(hall.stage.services.store.documents_in(visit))
    hall.things["document"] = kept.document.id
    first, second = hall.stage.do(hall.stage.services.store.corrections(visit))
    upload = {"picture": ("a.jpg", picture("#334455").content)}
    zhang.post(f"/cases/{visit}/corrections/{second.id}/evidence", data={"key": str(uuid4())}, files=upload)
    hall.post("张敏", f"/cases/{visit}/corrections/{second.id}/send")
    hall.things |= {"dispute": first.id, "correction": second.id}
