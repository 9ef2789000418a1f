"""Kept documents at the terminal: kept once with consent, offered again to the same person alone, taken back, destroyed."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.application import CITIZEN, Answer, Assurance, Identity, Source, SourceKind
from flows.kept import Keeping, Origin
from flows.usage import Reader, ShowUsage, UseKind
from flows.wire import OpenVisit, Withdrawal
from hall.errors import DocumentUnreadable, NotAllowed, NotKnown, NotTaken
from tests.hall.document_stage import (
    BADGE,
    CARD,
    FACE,
    LEASE,
    MOVE,
    PERMIT,
    PICTURED,
    STAY,
    TRAVEL,
    documents,
    handed_in,
    opened,
    picture,
    story,
    submitted,
)
from tests.hall.fakes import AT_ONCE, ME, NOON, Hall, change, dump, filled_in, open_hall, visit_id

LOOK = "019ab000-0000-7000-8000-00000000aaaa"
CHILD = replace(ME, number="440602201506010015", name="吕小满", birth=date(2015, 6, 1))
ONE_DIGIT_AWAY = replace(ME, number="440602199202299871", name="吕晓兰")
SAME_BIRTHDAY = replace(ME, number="440602199202290016", name="别的人")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def names(folder: Path) -> list[str]:
    return [str(file) for file in folder.rglob("*")]


async def lines(hall: Hall, number: int) -> list[str]:
    return [line.event for line in await hall.store.audit_of(visit_id(number)) if line.event.startswith("document")]


@story
async def test_a_photo_whose_citizen_agreed_is_offered_for_the_next_matter(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        hall.clock.later(days=40)
        (offer,) = (await opened(hall, 2, BADGE)).kept
        assert (offer.field, offer.kind, offer.digest) == ("photo", "photo.exit_entry", FACE.digest)
        assert (offer.seen_on, offer.until) == (date(2026, 11, 23), date(2027, 5, 23))
        assert (offer.matter, offer.origin) == (PERMIT.title, Origin.TERMINAL)
        assert await documents(hall).picture(visit_id(2), "K07", offer.document) == FACE


@story
async def test_without_consent_nothing_is_kept_beside_the_application(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT)
        assert (await opened(hall, 2, BADGE)).kept == ()
        assert rows(hall.path, "document") == rows(hall.path, "document_content") == 0


@story
async def test_what_is_taken_again_says_where_it_came_from_and_stands_in_the_case(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        hall.clock.later(days=40)
        await submitted(hall, 2, BADGE, take=True)
        answer = (await hall.store.case(visit_id(2))).application.answers["photo"]
        (one,) = await hall.store.documents_in(visit_id(2))
        assert (answer.source, answer.value) == (Source(SourceKind.KEPT, one.document.id), FACE.digest)
        assert answer.as_of is not None
        assert answer.as_of.date() == date(2026, 11, 23)
        assert (one.how, one.document.visit) == ("reused", visit_id(1))
        assert await lines(hall, 2) == ["document_reused"]


@story
async def test_a_photo_taken_again_does_not_grow_young(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        hall.clock.later(days=100)
        await submitted(hall, 2, BADGE, agreed=(FACE,), take=True)
        await submitted(hall, 3, PERMIT, agreed=(FACE,))
        hall.clock.later(days=81)
        assert len((await opened(hall, 4, BADGE)).kept) == 1, "the last day counts"
        hall.clock.later(days=1)
        assert (await opened(hall, 5, BADGE)).kept == (), "half a year after it was first taken"


@story
async def test_the_same_paper_twice_is_kept_once(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        for number in (1, 2, 3):
            await submitted(hall, number, PERMIT, agreed=(FACE,))
        assert (rows(hall.path, "document"), rows(hall.path, "document_content")) == (1, 1)
        await submitted(hall, 4, PERMIT, replace(ME, number=SAME_BIRTHDAY.number), agreed=(FACE,))
        assert (rows(hall.path, "document"), rows(hall.path, "document_content")) == (2, 1)


@pytest.mark.parametrize("somebody", [CHILD, ONE_DIGIT_AWAY, SAME_BIRTHDAY], ids=lambda one: one.name)
@story
async def test_another_persons_document_is_never_offered(tmp_path: Path, somebody: Identity) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        assert (await opened(hall, 2, BADGE, somebody)).kept == ()
        assert await documents(hall).of(somebody.number) == ()


@story
async def test_a_guardians_photo_is_not_the_childs_and_the_childs_not_the_guardians(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        visit = visit_id(2)
        said = await hall.visits.open(visit, "K07", OpenVisit(TRAVEL.code, "1", CHILD, guardian=ME))
        assert said.kept == ()
        typed = replace(CHILD, assurance=Assurance.NONE)
        assert (await opened(hall, 3, BADGE, typed)).kept == ()


@story
async def test_a_number_that_somebody_typed_is_offered_nothing(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        assert (await opened(hall, 2, BADGE, replace(ME, assurance=Assurance.NONE))).kept == ()


@story
async def test_a_photo_for_one_document_is_none_for_another(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        assert (await opened(hall, 2, CARD)).kept == ()
        assert (await opened(hall, 3, MOVE)).kept == ()


@story
async def test_a_consent_letter_is_never_kept_for_another_matter_although_somebody_agreed(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        letter = picture("#d0e8e0")
        await submitted(hall, 1, STAY, agreed=(LEASE, letter), given={"home_paper": LEASE, "letter": letter})
        assert [paper.title for paper in await documents(hall).of(ME.number)] == ["租赁合同或房产证"]
        assert [offer.kind for offer in (await opened(hall, 2, STAY)).kept] == ["home_proof"]


@story
async def test_a_terminal_sees_only_what_its_own_open_visit_is_offered(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        (offer,) = (await opened(hall, 2, BADGE)).kept
        kept = documents(hall)
        with pytest.raises(NotAllowed):
            await kept.picture(visit_id(2), "K08", offer.document)
        with pytest.raises(NotKnown):
            await kept.picture(visit_id(9), "K07", offer.document)
        await opened(hall, 3, CARD)
        with pytest.raises(NotKnown):
            await kept.picture(visit_id(3), "K07", offer.document)
        await submitted(hall, 2, BADGE, take=True)
        with pytest.raises(NotAllowed):
            await kept.picture(visit_id(2), "K07", offer.document)
        with pytest.raises(NotAllowed):
            await kept.picture(visit_id(1), "K07", offer.document)


@pytest.mark.parametrize("forgery", ["another document", "another picture", "not on offer"])
@story
async def test_an_answer_that_was_not_on_offer_is_refused(tmp_path: Path, forgery: str) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        if forgery != "not on offer":
            await submitted(hall, 1, PERMIT, agreed=(FACE,))
        said = await opened(hall, 2, BADGE)
        other = picture("#334455")
        honest = handed_in(hall, 2, BADGE, said)
        name = said.kept[0].document if said.kept and forgery == "another picture" else "nobody's"
        shown = other if forgery == "another picture" else FACE
        answer = Answer(shown.digest, Source(SourceKind.KEPT, name), NOON)
        forged = replace(honest, answers={"photo": answer}, attached={shown.digest: shown})
        with pytest.raises(NotTaken) as refused:
            await hall.visits.submit(visit_id(2), "K07", forged)
        assert [problem.code for problem in refused.value.problems] == ["invented_source"]


@story
async def test_an_agreement_to_what_is_not_there_is_refused(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        said = await opened(hall, 1, BADGE)
        forged = replace(handed_in(hall, 1, BADGE, said), agreed=("0" * 64,))
        with pytest.raises(NotTaken):
            await hall.visits.submit(visit_id(1), "K07", forged)


@story
async def test_a_certificate_that_the_hall_issued_is_kept_by_law(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        said = await hall.open(visit_id(1), "K07", AT_ONCE.code, ME)
        await hall.visits.submit(visit_id(1), "K07", filled_in(visit_id(1), said.lookup, hall.clock(), flow=AT_ONCE))
        (paper,) = await documents(hall).of(ME.number)
        assert (paper.title, paper.keeping, paper.deletable) == ("大厅出具的证明", Keeping.STATUTORY, False)
        with pytest.raises(NotAllowed):
            await documents(hall).withdraw(LOOK, "K07", Withdrawal(ME, paper.document))


@story
async def test_each_look_and_each_use_is_on_the_persons_own_list(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        (offer,) = (await opened(hall, 2, BADGE)).kept
        await documents(hall).picture(visit_id(2), "K07", offer.document)
        await submitted(hall, 2, BADGE, take=True)
        shown = await hall.usage.show(LOOK, "K07", ShowUsage(ME))
        about = [(use.kind, use.reader, use.items) for use in shown.uses if use.kind.startswith("document")]
        photo = ("出入境证件照片",)
        assert about == [(UseKind.REUSED, Reader.TERMINAL, photo), (UseKind.DOCUMENT, Reader.TERMINAL, photo)]
        (kept,) = shown.kept.documents
        assert (kept.title, kept.deletable, kept.until) == ("出入境证件照片", True, date(2027, 5, 23))


@story
async def test_consent_taken_back_destroys_a_photo_and_leaves_the_case_whole(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        (paper,) = await documents(hall).of(ME.number)
        wanted = Withdrawal(ME, paper.document)
        assert await documents(hall).withdraw(LOOK, "K07", wanted) is None
        assert await documents(hall).withdraw(LOOK, "K07", wanted) is None, "a lost answer is asked for again"
        assert (await opened(hall, 2, BADGE)).kept == ()
        assert [rows(hall.path, f"document{part}") for part in ("", "_page", "_content", "_use")] == [0, 0, 0, 0]
        assert (await hall.store.case(visit_id(1))).application.attached[FACE.digest] == FACE
        assert await lines(hall, 1) == ["document_kept", "document_withdrawn"]


@story
async def test_consent_taken_back_between_the_offer_and_the_submission_stops_nobody(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        said = await opened(hall, 2, BADGE)
        await documents(hall).withdraw(LOOK, "K07", Withdrawal(ME, said.kept[0].document))
        application = handed_in(hall, 2, BADGE, said, taken=said.kept)
        await hall.visits.submit(visit_id(2), "K07", application)
        assert (await hall.store.case(visit_id(2))).application.attached == {FACE.digest: FACE}
        assert await lines(hall, 2) == []


@pytest.mark.parametrize("somebody", [CHILD, replace(ME, assurance=Assurance.NONE)], ids=["another person", "a typed number"])
@story
async def test_nobody_else_takes_a_consent_back(tmp_path: Path, somebody: Identity) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        (paper,) = await documents(hall).of(ME.number)
        with pytest.raises(NotAllowed):
            await documents(hall).withdraw(LOOK, "K07", Withdrawal(somebody, paper.document))
        assert len((await opened(hall, 2, BADGE)).kept) == 1


@story
async def test_when_its_time_is_over_a_document_is_destroyed_and_the_audit_says_so(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        hall.clock.later(days=190)
        assert await documents(hall).destroy_due() == 0, "the last day counts"
        hall.clock.later(days=1)
        assert await documents(hall).destroy_due() == 1
        assert [rows(hall.path, f"document{part}") for part in ("", "_page", "_content", "_use")] == [0, 0, 0, 0]
        (line,) = [line for line in await hall.store.audit_of(visit_id(1)) if line.event == "document_destroyed"]
        assert (line.items, line.actor) == (("photo.exit_entry",), "hall")
        assert FACE.digest not in "\n".join(dump(hall.path))


@story
async def test_a_picture_that_two_people_share_stays_until_the_last_of_them_goes(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        await submitted(hall, 2, PERMIT, SAME_BIRTHDAY, agreed=(FACE,))
        (mine,) = await documents(hall).of(ME.number)
        await documents(hall).withdraw(LOOK, "K07", Withdrawal(ME, mine.document))
        (theirs,) = await documents(hall).of(SAME_BIRTHDAY.number)
        assert await hall.store.document_page(theirs.document, 1) == FACE


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE document_content SET key_id = 'another key'",
        "UPDATE document_content SET sealed = zeroblob(400)",
        "UPDATE document SET sealed = zeroblob(60)",
        "DELETE FROM document_content",
    ],
    ids=["another key", "damaged", "its digest is damaged", "gone"],
)
@story
async def test_what_cannot_be_read_is_left_out_and_the_rest_goes_on(
    tmp_path: Path, damage: str, logged: pytest.LogCaptureFixture
) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        (offer,) = (await opened(hall, 2, BADGE)).kept
    change(tmp_path / "hall.db", damage)
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        with pytest.raises(DocumentUnreadable) as refused:
            await documents(hall).picture(visit_id(2), "K07", offer.document)
        assert ME.number not in str(refused.value)
        said = await opened(hall, 3, BADGE)
        assert said.kept == ()
        assert said.lookup.sources, "the visit goes on"
        assert any(record.message == "document_unreadable" for record in logged.records)
        assert [paper.title for paper in await documents(hall).of(ME.number)] == ["出入境证件照片"]
        await submitted(hall, 3, BADGE, agreed=(FACE,))
        if "document_content" in damage:
            assert len((await opened(hall, 4, BADGE)).kept) == 1, "given again, it can be read again"


@story
async def test_pictures_lie_sealed_and_nothing_personal_beside_them(tmp_path: Path, logged: pytest.LogCaptureFixture) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, STAY, agreed=(LEASE,))
        text = "\n".join(dump(hall.path))
        said = "\n".join([text, logged.text, *names(tmp_path)])
        for secret in (LEASE.content[:32].hex().upper(), LEASE.digest, ME.number, ME.name, LEASE.digest.upper()):
            assert secret not in said


@story
async def test_what_a_citizen_said_is_still_said_by_the_citizen(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
        another = picture("#445566")
        await submitted(hall, 2, BADGE, given={"photo": another})
        assert (await hall.store.case(visit_id(2))).application.answers["photo"] == Answer(another.digest, CITIZEN)


@story
async def test_a_policy_without_a_rule_for_a_kind_offers_nothing_of_it(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 1, PERMIT, agreed=(FACE,))
    change(tmp_path / "hall.db", "UPDATE document SET kind = 'photo.unheard_of'")
    async with open_hall(tmp_path, NOON + timedelta(days=1), matters=PICTURED) as hall:
        assert (await opened(hall, 2, BADGE)).kept == ()
        (paper,) = await documents(hall).of(ME.number)
        assert (paper.title, paper.until) == ("photo.unheard_of", None)
