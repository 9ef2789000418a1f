"""The papers of a case: what stands on each, and that printing again gives the same paper."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.application import Action, Status
from hall.amendments import Said
from hall.errors import NotAllowed, NotKnown
from hall.paper import Hall as PaperHall
from hall.papers.notice import Item, Notice, PaperKind
from hall.papers.sheet import drawn
from tests.hall.fakes import JOINT, ME, NOON, Hall, filled_in, open_hall, visit_id
from tests.hall.test_paper import text_of

ONE = visit_id(1)
HALL = PaperHall("禅城区行政服务中心", "https://hall.example.cn")
FOLLOW = "https://hall.example.cn/t/8FK2M9PQ"
MISSING = Said(note="周三前", ticked={"MATERIAL_MISSING": ("同意函原件", "结婚证"), "CARD_TO_RENEW": ()})


async def print_of(hall: Hall, kind: PaperKind) -> Notice:
    return await hall.desk.paper(ONE, kind, "3", "zhang", FOLLOW)


async def lacking(hall: Hall) -> None:
    await hall.called(1)
    await hall.decide(Action.ACCEPT_LACKING, "accept")


async def returned(hall: Hall) -> None:
    await hall.called(1)
    await hall.desk.decide(ONE, Action.RETURN, window="3", clerk="zhang", key="return", said=MISSING)


async def rejected(hall: Hall) -> None:
    await hall.in_status(Status.NOT_ACCEPTED)


Bring = Callable[[Hall], Awaitable[None]]
SAYS: dict[PaperKind, tuple[Bring, tuple[str, ...]]] = {
    PaperKind.ACCEPTANCE: (
        lacking,
        ("受理通知书", "20261123-A001-受", "决定予以受理", "2026年11月23日", "15.00元", "尚需补齐的材料", "租赁合同复印件"),
    ),
    PaperKind.PROMISE: (lacking, ("容缺受理承诺书", "租赁合同复印件", "2026年11月27日", "承诺人（吕晓岚）签名")),
    PaperKind.MISSING: (
        returned,
        (
            "一次性告知书",
            "20261123-A001-补1",
            "缺少材料",
            "同意函原件",
            "结婚证",
            "通行证剩余有效期不够",
            "周三前",
            "不用重新填写",
        ),
    ),
    PaperKind.REFUSAL: (
        rejected,
        ("不予受理通知书", "不符合该类签注的申请条件", "六十日内依法申请行政复议", "六个月内依法向人民法院提起行政诉讼"),
    ),
}


@pytest.mark.parametrize("kind", list(PaperKind))
def test_each_paper_says_everything_and_is_the_same_when_it_is_printed_again(tmp_path: Path, kind: PaperKind) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            bring, words = SAYS[kind]
            await bring(hall)
            notice = await print_of(hall, kind)
            pdf = drawn(notice, HALL)
            hall.clock.later(days=3)
            assert drawn(await print_of(hall, kind), HALL) == pdf
            said = text_of(pdf, tmp_path).replace("\n", "").replace(" ", "")
            for word in (*words, ME.name, ME.number, "A001"):
                assert word in said, word
            if kind is PaperKind.PROMISE:
                assert "加盖公章处" not in said
            else:
                assert ("加盖公章处" in said, HALL.name in said) == (True, True)
            lines = [line for line in await hall.store.audit_of(ONE) if line.event == "certificate_shown"]
            assert [(line.outcome, line.actor) for line in lines] == [(kind.value, "clerk:zhang")] * 2

    asyncio.run(story())


def test_a_department_number_that_came_later_stands_on_the_next_print(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await lacking(hall)
            assert "部门受理编号" not in dict((await print_of(hall, PaperKind.ACCEPTANCE)).rows)
            await hall.store.step_done(ONE, "exit_entry", "accept", "E-20261123-7", NOON)
            assert dict((await print_of(hall, PaperKind.ACCEPTANCE)).rows)["部门受理编号"] == "E-20261123-7"

    asyncio.run(story())


def test_a_second_list_of_what_is_missing_has_a_number_of_its_own(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await returned(hall)
            await hall.queue.requeue(ONE, "zhang", "back")
            await hall.queue.call_next("3", "zhang", "again")
            assert (await print_of(hall, PaperKind.MISSING)).number.endswith("补1"), "still to be had at the window"
            said = Said(ticked={"GUARDIAN_NEEDED": ()})
            await hall.desk.decide(ONE, Action.RETURN, window="3", clerk="zhang", key="second", said=said)
            second = await print_of(hall, PaperKind.MISSING)
            assert (second.number, second.items) == (
                "20261123-A001-补2",
                (Item("未满16周岁，需要监护人陪同", (), "请监护人带身份证和监护关系证明一同前来"),),
            )

    asyncio.run(story())


def test_only_the_window_that_has_the_case_prints_and_only_what_there_is(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=JOINT)
            for kind in PaperKind:
                with pytest.raises(NotKnown):
                    await print_of(hall, kind)
            await hall.decide(Action.CONFIRM)
            assert (await hall.desk.case(ONE, "3", "zhang")).counter.papers == (PaperKind.ACCEPTANCE,)
            with pytest.raises(NotAllowed):
                await hall.desk.paper(ONE, PaperKind.ACCEPTANCE, "4", "wang")

    asyncio.run(story())


def notice(**changed: object) -> Notice:
    plain = Notice(
        PaperKind.MISSING, "一次性告知书", "20261123-A001-补1", NOON, "吕晓岚", ("须补正如下：",), (("申请人", "吕晓岚"),)
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def test_english_is_printed_for_whoever_used_the_terminal_in_english(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", "letter", ME)
            application = replace(filled_in(ONE, opened.lookup, NOON), language="en")
            await hall.visits.submit(ONE, "K07", application)
            await hall.queue.call_next("3", "zhang", "call")
            await hall.decide(Action.ACCEPT_LACKING, "accept")
            for kind, words in ((PaperKind.ACCEPTANCE, "was accepted on 2026-11-23"), (PaperKind.PROMISE, "I promise to bring")):
                assert words in text_of(drawn(await print_of(hall, kind), HALL), tmp_path)

    asyncio.run(story())


def test_a_long_list_goes_on_to_another_page_and_every_page_is_numbered(tmp_path: Path) -> None:
    long = notice(items_title="全部内容", items=tuple(Item(f"第{n}项材料", ("原件", "复印件")) for n in range(1, 14)))
    said = text_of(drawn(long, HALL), tmp_path)
    assert said.count("\f") == 2
    assert [f"第 {page} 页，共 2 页" in said.split("\f")[page - 1] for page in (1, 2)] == [True, True]
    assert "第13项材料" in said
    assert "加盖公章处" in said.split("\f")[1]


def test_a_rare_character_in_a_name_is_printed(tmp_path: Path) -> None:
    assert "吕𠀁" in text_of(drawn(notice(to="吕𠀁"), HALL), tmp_path)


def test_no_line_begins_with_closing_punctuation_and_no_number_is_broken(tmp_path: Path) -> None:
    words = "请在规定时间内带齐，" * 3 + "编号440602199202299863，" + "到窗口办理。" * 6
    said = text_of(drawn(notice(closing=(words,)), HALL), tmp_path)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    assert not [line for line in lines if line[0] in "，。；：、"]
    assert "440602199202299863" in said
    assert words in said.replace("\n", "").replace(" ", "")
