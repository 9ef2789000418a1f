"""退回补正 and 不予受理: everything that is missing in one list, in the words of that day."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from flows.application import Action, Status
from flows.reasons import REASONS
from hall.amendments import Said
from hall.console.case_forms import typed
from hall.errors import AnotherRequest, NotTaken
from hall.grounds import LONGEST_LINE, MOST_LINES
from tests.hall.fakes import Hall, dump, open_hall, visit_id

ONE = visit_id(1)


async def give_back(hall: Hall, said: Said, key: str = "return") -> Status:
    return await hall.desk.decide(ONE, Action.RETURN, window="3", clerk="zhang", key=key, said=said)


def test_several_reasons_are_one_list_in_the_order_of_the_policy(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            said = Said(
                note="下午也可以来",
                ticked={"CARD_TO_RENEW": (), "MATERIAL_MISSING": ("结婚证", "同意函", "结婚证"), "GUARDIAN_NEEDED": ()},
            )
            assert await give_back(hall, said) is Status.RETURNED
            decision = (await hall.desk.case(ONE, "3", "zhang")).decisions[-1]
            assert [ground.code for ground in decision.grounds] == ["MATERIAL_MISSING", "GUARDIAN_NEEDED", "CARD_TO_RENEW"]
            assert decision.grounds[0].lines == ("结婚证", "同意函")
            assert decision.grounds[0].words == REASONS["MATERIAL_MISSING"].words, "as it was said, whatever the file says later"
            line = next(line for line in await hall.store.audit_of(ONE) if line.event == "case_returned")
            assert line.outcome == "MATERIAL_MISSING GUARDIAN_NEEDED CARD_TO_RENEW"
            assert "结婚证" not in "\n".join(dump(hall.path))

    asyncio.run(story())


@pytest.mark.parametrize(
    ("ticked", "words"),
    [
        ({}, "请选择理由"),
        ({"NOT_ELIGIBLE": ()}, "请选择理由"),
        ({"FORGED": ()}, "请选择理由"),
        ({"CARD_TO_RENEW": (), "FORGED": ()}, "请选择理由"),
        ({"MATERIAL_MISSING": ()}, "要写明是哪些"),
        ({"CARD_TO_RENEW": ("长" * (LONGEST_LINE + 1),)}, "最多"),
        ({"CARD_TO_RENEW": tuple(f"第{n}项" for n in range(MOST_LINES + 1))}, "最多"),
    ],
)
def test_a_list_that_says_nothing_or_is_forged_changes_nothing(
    tmp_path: Path, ticked: dict[str, tuple[str, ...]], words: str
) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            before = dump(hall.path)
            with pytest.raises(NotTaken) as refused:
                await give_back(hall, Said(ticked=ticked))
            assert words in "".join(problem.words for problem in refused.value.problems)
            assert dump(hall.path) == before

    asyncio.run(story())


def test_the_key_of_one_list_cannot_be_used_for_another(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await give_back(hall, Said(ticked={"GUARDIAN_NEEDED": ()}))
            assert await give_back(hall, Said(ticked={"GUARDIAN_NEEDED": ()})) is Status.RETURNED
            with pytest.raises(AnotherRequest):
                await give_back(hall, Said(ticked={"GUARDIAN_NEEDED": ("父母",)}))

    asyncio.run(story())


def test_what_is_ticked_in_the_list_of_what_to_bring_is_material_that_is_missing() -> None:
    form = {"tick.CARD_TO_RENEW": "yes", "bring.0": "居民身份证", "lines.MATERIAL_MISSING": "没有勾选的不算", "note": " 请早来 "}
    said = typed("return", form).said()
    assert said.ticked == {"CARD_TO_RENEW": (), "MATERIAL_MISSING": ("居民身份证",)}
    assert said.note == "请早来"
    both = typed("return", {**form, "tick.MATERIAL_MISSING": "yes", "lines.MATERIAL_MISSING": " 同意函 \n\n结婚证"}).said()
    assert both.ticked["MATERIAL_MISSING"] == ("居民身份证", "同意函", "结婚证")
