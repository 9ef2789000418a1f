"""死信: what was given up is resent, taken out or carried by hand, each once, each in the audit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from flows.application import Action
from flows.delivery import Delivery
from flows.usage import ShowUsage, UseKind
from hall import delivery_paper
from hall.amendments import Said
from hall.by import By
from hall.dead_letters import DeadLetters
from hall.delivery import FOR_A_PERSON, Deliverer
from hall.errors import AcceptedAlready, AnotherRequest, DeliveryMoved, FormNotUnderstood, NotKnown, NumberTaken
from hall.store.dead_letters import Addressed, Counts
from hall.targets import package
from tests.hall.fakes import JOINT, ME, Hall, dump, open_hall, visit_id
from tests.hall.test_approvals import AGREED, Department

ONE, TWO = visit_id(1), visit_id(2)
AT = Addressed(ONE, "exit_entry")
Story = Callable[[Hall, DeadLetters, Department], Awaitable[None]]


def by(key: str = "", clerk: str = "wang") -> By:
    return By(clerk, "3", key)


async def given_up(hall: Hall, subject: str = ONE, department: str = "exit_entry", step: str = "accept") -> None:
    await hall.store.step_failed(subject, department, step, "down", FOR_A_PERSON)


async def delivery(hall: Hall, department: str = "exit_entry") -> Delivery:
    return next(one for one in (await hall.store.case(ONE)).deliveries if one.department == department)


def told(story: Story, folder: Path) -> None:
    """An accepted case; both of its departments could not be reached."""

    async def run() -> None:
        async with open_hall(folder) as hall:
            await hall.called(1)
            await hall.decide(Action.CONFIRM)
            for code in ("exit_entry", "household"):
                await given_up(hall, department=code)
            department = Department("exit_entry")
            letters = DeadLetters(hall.store, [department], hall.clock, hall="禅城", matters=hall.matters)
            await story(hall, letters, department)

    asyncio.run(run())


def test_what_was_given_up_is_shown_with_its_reason_and_is_sent_by_nobody(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        overview = await letters.overview()
        assert overview.counts == {"exit_entry": Counts(1, 0, 1, 0), "household": Counts(1, 0, 1, 0)}
        (one,) = (await letters.overview("exit_entry")).troubled
        assert (one.at, one.step, one.problem, one.tries, one.dead_at) == (AT, "accept", "down", 1, hall.clock())
        hall.clock.later(days=30)
        assert await Deliverer(hall.store, [department], hall.clock, asyncio.Event()).run_once() == 0
        assert department.given == {}

    told(story, tmp_path)


def test_one_is_resent_with_a_fresh_budget_and_the_same_click_again_changes_nothing(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        assert await letters.resend([AT], by("click")) == 1
        after = dump(hall.path)
        assert await letters.resend([AT], by("click")) == 1
        assert dump(hall.path) == after
        assert await letters.resend([AT], by("another click")) == 0
        with pytest.raises(AnotherRequest):
            await letters.resend([Addressed(ONE, "household")], by("click"))
        found = await delivery(hall)
        assert (found.dead_at, found.steps[0].tries, found.steps[0].problem) == (None, 0, "down")
        assert await Deliverer(hall.store, [department], hall.clock, asyncio.Event()).run_once() == 1
        (line,) = [line for line in await hall.store.audit_of(ONE) if line.event == "delivery_resent"]
        assert (line.actor, line.outcome) == ("clerk:wang", "exit_entry")

    told(story, tmp_path)


def test_all_of_a_department_are_resent_and_no_others(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        for _ in range(3):
            assert await letters.resend_all("household", by("all")) == 1
        assert [one.at.department for one in (await letters.overview()).troubled if one.dead_at] == ["exit_entry"]

    told(story, tmp_path)


def test_a_person_carries_it_and_it_is_never_sent_again(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        await letters.carried(AT, " 粤A-7 ", by("click"))
        after = dump(hall.path)
        await letters.carried(AT, "粤A-7", by("click"))
        assert dump(hall.path) == after
        found = await delivery(hall)
        assert (found.number, found.done, found.by_hand, found.dead_at) == ("粤A-7", True, "wang", None)
        hall.clock.later(days=1)
        await Deliverer(hall.store, [department], hall.clock, asyncio.Event()).run_once()
        assert department.given == {}
        events = [line.event for line in await hall.store.audit_of(ONE)]
        assert (events.count("delivery_by_hand"), events.count("delivery_done")) == (1, 1)
        with pytest.raises(DeliveryMoved):
            await letters.carried(AT, "粤A-8", by("another"))

    told(story, tmp_path)


def test_a_department_that_has_it_under_another_number_keeps_that_one(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        department.given[f"{ONE}:exit_entry"] = "E-7"
        with pytest.raises(AcceptedAlready) as refused:
            await letters.carried(AT, "E-9", by("click"))
        assert refused.value.number == "E-7"
        assert (await delivery(hall)).dead_at is not None
        await letters.carried(AT, "E-7", by("right"))
        assert (await delivery(hall)).number == "E-7"

    told(story, tmp_path)


def test_a_department_that_cannot_be_asked_does_not_stop_a_person(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        department.down.add("found")
        await letters.carried(AT, "E-9", by("click"))
        assert (await delivery(hall)).done

    told(story, tmp_path)


def test_a_number_of_another_case_and_one_that_is_none_are_refused(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        await letters.carried(Addressed(ONE, "household"), "H-1", by("first"))
        await hall.called(2, window="4")
        said = Said(seen=await hall.seen(TWO))
        await hall.desk.decide(TWO, Action.CONFIRM, window="4", clerk="zhang", key="2", said=said)
        await given_up(hall, TWO, "household")
        with pytest.raises(NumberTaken):
            await letters.carried(Addressed(TWO, "household"), "H-1", by("taken"))
        for wrong in ("", "  ", "x" * 65, "a\nb"):
            with pytest.raises(FormNotUnderstood):
                await letters.carried(AT, wrong, by(f"wrong {wrong}"))
        with pytest.raises(NotKnown):
            await letters.package(Addressed(visit_id(9), "exit_entry"), by())
        assert (await delivery(hall)).dead_at is not None

    told(story, tmp_path)


def test_what_was_carried_by_hand_is_still_decided_upon_under_that_number(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=JOINT)
            await hall.decide(Action.CONFIRM)
            await given_up(hall, department="traffic")
            traffic = Department("traffic", says=AGREED, given={f"{ONE}:traffic": "JG-1"})
            letters = DeadLetters(hall.store, [traffic], hall.clock, matters=hall.matters)
            await letters.carried(Addressed(ONE, "traffic"), "JG-1", by("one"))
            await Deliverer(hall.store, [traffic], hall.clock, asyncio.Event()).run_once()
            found = await delivery(hall, "traffic")
            assert [step.name for step in found.steps if step.done_at] == ["accept", "read_back", "approval"]

    asyncio.run(story())


def test_taking_it_out_is_a_read_that_the_citizen_is_shown(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        taken = await letters.package(AT, by())
        (line,) = [line for line in await hall.store.audit_of(ONE) if line.event == UseKind.EXPORTED]
        assert (line.actor, line.outcome) == ("clerk:wang", f"exit_entry {taken.seal}")
        uses = (await hall.usage.show(visit_id(8), "K07", ShowUsage(ME))).uses
        assert next((use.kind, use.name, use.department_title) for use in uses) == (UseKind.EXPORTED, "3", "exit_entry")
        written = json.loads(taken.json)
        kept = await hall.store.letter(AT)
        assert written["contents"] == json.loads(json.dumps(package(kept.application, kept.decision)))
        assert (written["key"], written["seal"]) == (f"{ONE}:exit_entry", {"sm3": taken.seal})
        assert (await delivery(hall)).dead_at is not None  # taking it out sends nothing and ends nothing

    told(story, tmp_path)


def test_the_pages_to_be_carried_say_everything_and_their_seal(tmp_path: Path) -> None:
    async def story(hall: Hall, letters: DeadLetters, department: Department) -> None:
        taken = await letters.package(AT, by())
        (tmp_path / "letter.pdf").write_bytes(delivery_paper.drawn(taken, "出入境管理"))
        program = await asyncio.create_subprocess_exec(
            "pdftotext", "-layout", str(tmp_path / "letter.pdf"), "-", stdout=asyncio.subprocess.PIPE
        )
        said = (await program.communicate())[0].decode()
        for words in ("送件单", "出入境管理", ME.name, ME.number, taken.seal, "佛山市某某有限公司", "受理编号"):
            assert words in said, words

    told(story, tmp_path)
