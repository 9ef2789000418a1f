"""容缺受理: what may be promised, what is told, and what becomes of a promise at any window."""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.application import Action, Status
from flows.lacking import LACKING
from flows.matters import MATTERS
from flows.policy import FOLDER
from hall.amendments import Said
from hall.by import By
from hall.errors import NotAllowed, NotKnown, NotPossible, NotTaken
from hall.store.outbox import Accepted
from hall.store.promises import PaperState
from hall.targets import package
from tests.hall.fakes import JOINT, Hall, dump, open_hall, visit_id
from tests.hall.stage_matters import PORTRAIT

ONE = visit_id(1)
GOOD = Said(lacking=("LEASE", "LICENCE"), until="2026-11-27", promised_by="吕晓岚")
WANG = By("wang", "5", "bring")


async def accept(hall: Hall, said: Said = GOOD, key: str = "lacking") -> Status:
    said = replace(said, seen=await hall.seen(ONE))
    return await hall.desk.decide(ONE, Action.ACCEPT_LACKING, window="3", clerk="zhang", key=key, said=said)


def test_what_is_promised_is_kept_listed_and_told_to_the_department(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            assert await accept(hall) is Status.ACCEPTED
            (line,) = await hall.promises.waiting()
            assert (line.until, line.overdue) == (date(2026, 11, 27), False)
            assert [paper.words for paper in line.papers] == ["租赁合同复印件", "营业执照复印件"]
            (entry, _) = await hall.store.due_deliveries(hall.clock())
            assert isinstance(entry.parcel, Accepted)
            told = package(entry.parcel.application, entry.parcel.decision)
            assert told["outstanding"] == {"papers": ["租赁合同复印件", "营业执照复印件"], "until": "2026-11-27"}
            case = await hall.desk.case(ONE, "3", "zhang")
            assert case.possible == frozenset(), "what is brought is brought at the promise's own page"
            assert [paper.state for paper in case.counter.promised] == [PaperState.OPEN] * 2

    asyncio.run(story())


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (replace(GOOD, until="2026-12-01"), "until", "2026-11-30 以前"),
        (replace(GOOD, until="2026-11-23"), "until", "今天以后"),
        (replace(GOOD, until="2026-11-28"), "until", "休息日"),
        (replace(GOOD, until="soon"), "until", "请填写承诺补齐的日期"),
        (replace(GOOD, lacking=()), "lacking", "请勾选缺少的材料"),
        (replace(GOOD, lacking=("LEASE", "PHOTO")), "lacking", "不在本事项可以容缺的清单里"),
        (replace(GOOD, promised_by=""), "promised_by", "请填写承诺人姓名"),
        (replace(GOOD, promised_by="某" * 41), "promised_by", "请填写承诺人姓名"),
    ],
)
def test_a_promise_that_policy_does_not_allow_is_refused_in_words_and_changes_nothing(
    tmp_path: Path, said: Said, field: str, words: str
) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            before = dump(hall.path)
            with pytest.raises(NotTaken) as refused:
                await accept(hall, said)
            assert [(problem.field, words in problem.words) for problem in refused.value.problems] == [(field, True)]
            assert dump(hall.path) == before

    asyncio.run(story())


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            with pytest.raises(NotTaken) as refused:
                await accept(hall, Said())
            assert [problem.field for problem in refused.value.problems] == ["lacking", "until", "promised_by"]

    asyncio.run(story())


def test_a_day_whose_holidays_are_not_published_cannot_be_promised(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path, datetime(2026, 12, 30, 4, tzinfo=UTC)) as hall:
            await hall.called(1)
            assert (await hall.desk.case(ONE, "3", "zhang")).counter.last_day is None
            with pytest.raises(NotTaken) as refused:
                await accept(hall, replace(GOOD, until="2026-12-31"))
            assert "尚未公布" in refused.value.problems[0].words

    asyncio.run(story())


def test_a_promise_goes_with_no_other_action_and_no_matter_without_a_list(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            said = replace(GOOD, seen=await hall.seen(ONE))
            with pytest.raises(NotAllowed):
                await hall.desk.decide(ONE, Action.CONFIRM, window="3", clerk="zhang", key="x", said=said)
            visit = await hall.called(2, "4", flow=JOINT)
            case = await hall.desk.case(visit, "4", "zhang")
            assert Action.ACCEPT_LACKING not in case.possible
            with pytest.raises(NotPossible):
                await hall.desk.decide(visit, Action.ACCEPT_LACKING, window="4", clerk="zhang", key="y", said=GOOD)

    asyncio.run(story())


def test_a_paper_is_brought_once_at_any_window_and_the_history_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await accept(hall)
            assert await hall.promises.bring(ONE, {"LEASE": PORTRAIT.content}, "原件已看", WANG) is Status.ACCEPTED
            after = dump(hall.path)
            assert await hall.promises.bring(ONE, {"LEASE": PORTRAIT.content}, "原件已看", WANG) is Status.ACCEPTED
            assert dump(hall.path) == after
            with pytest.raises(NotPossible):
                await hall.promises.bring(ONE, {"LEASE": b""}, "", By("li", "6", "again"))
            sheet = await hall.promises.sheet(ONE, By("li", "6"))
            assert {(p.paper, p.state, p.window, p.pictured) for p in sheet.papers} == {
                ("LEASE", PaperState.BROUGHT, "5", True),
                ("LICENCE", PaperState.OPEN, "", False),
            }
            assert (await hall.promises.picture(ONE, "LEASE")).media_type == "image/jpeg"
            assert (sheet.decisions[-1].action, sheet.decisions[-1].papers) == (Action.BRING, ("LEASE",))
            await hall.promises.bring(ONE, {"LICENCE": b""}, "", By("li", "6", "other"))
            assert await hall.promises.waiting() == ()
            with pytest.raises(NotKnown):
                await hall.promises.picture(ONE, "LICENCE")
            last = (await hall.store.audit_of(ONE))[-1]
            assert (last.event, last.items, last.actor) == ("paper_brought", ("LICENCE",), "clerk:li")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("papers", "error"),
    [({}, NotTaken), ({"PHOTO": b""}, NotKnown), ({"LEASE": b"no picture"}, NotTaken)],
    ids=["nothing ticked", "not promised", "no picture"],
)
def test_what_was_not_promised_or_is_no_picture_is_not_taken(
    tmp_path: Path, papers: dict[str, bytes], error: type[Exception]
) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await accept(hall)
            before = dump(hall.path)
            with pytest.raises(error):
                await hall.promises.bring(ONE, papers, "", WANG)
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_case_without_a_promise_has_no_page_of_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.ACCEPTED)
            for doing in (hall.promises.sheet(ONE, WANG), hall.promises.bring(ONE, {"LEASE": b""}, "", WANG)):
                with pytest.raises(NotKnown):
                    await doing

    asyncio.run(story())


def test_overdue_is_marked_first_and_ends_no_case(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await accept(hall, replace(GOOD, until="2026-11-24"))
            chief = By("chief", "", "follow")
            hall.clock.now = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in the hall
            assert not (await hall.promises.waiting())[0].overdue
            with pytest.raises(NotPossible):
                await hall.promises.follow_up(ONE, "CITIZEN_NOTIFIED", "", chief)
            hall.clock.later(seconds=1)
            assert (await hall.promises.waiting())[0].overdue
            with pytest.raises(NotTaken):
                await hall.promises.follow_up(ONE, "REFUSE", "", chief)
            assert await hall.promises.follow_up(ONE, "CITIZEN_NOTIFIED", "已电话通知", chief) is Status.ACCEPTED
            assert len(await hall.promises.waiting()) == 1, "nobody stops waiting because somebody was told"
            done = await hall.promises.follow_up(ONE, "NOT_NEEDED", "", replace(chief, key="close"))
            assert (done, await hall.promises.waiting()) == (Status.ACCEPTED, ())
            with pytest.raises(NotPossible):
                await hall.promises.bring(ONE, {"LEASE": b""}, "", WANG)

    asyncio.run(story())


def test_promises_are_listed_by_their_day(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            for number, until in ((1, "2026-11-30"), (2, "2026-11-25"), (3, "2026-11-27")):
                visit = await hall.called(number)
                said = replace(GOOD, until=until, seen=await hall.seen(visit))
                await hall.desk.decide(visit, Action.ACCEPT_LACKING, window="3", clerk="zhang", key=f"accept {number}", said=said)
            assert [line.until.day for line in await hall.promises.waiting()] == [25, 27, 30]

    asyncio.run(story())


def test_opening_a_promise_is_a_read_and_no_promise_lies_open_on_the_disk(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await accept(hall, replace(GOOD, promised_by="欧阳承诺"))
            await hall.promises.bring(ONE, {"LEASE": PORTRAIT.content}, "欧阳备注", WANG)
            sheet = await hall.promises.sheet(ONE, By("li", "6"))
            assert sheet.number == "4****************3"
            last = (await hall.store.audit_of(ONE))[-1]
            assert (last.event, last.actor, last.outcome) == ("case_opened", "clerk:li", "promise")
            on_disk = "\n".join(dump(hall.path))
            assert "欧阳" not in on_disk

    asyncio.run(story())


def test_what_proves_who_somebody_is_is_never_secondary() -> None:
    """Identity, photo, guardianship and consent: no such kind can be written, and no such word is."""
    for paper in LACKING.paper:
        assert paper.matter in MATTERS
        for word in ("身份证", "户口", "照片", "相片", "监护", "出生", "同意函", "委托"):
            assert word not in paper.words
    written = tomllib.loads((FOLDER / "lacking.toml").read_text(encoding="utf-8"))["paper"]
    assert {paper["kind"] for paper in written} <= {"old_document", "copy", "supporting"}
    assert LACKING.working_days(date(2026, 11, 23)) == 5
    assert (date(2026, 11, 23) + timedelta(days=7)).isoformat() == "2026-11-30"
