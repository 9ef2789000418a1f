"""Kept documents at the counter: scanned, seen in the original, taken over with consent, taken back, a crash in between."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.application import Action, Source, SourceKind, Status
from flows.kept import DEPARTMENT_OUTCOME, Keeping, Origin
from flows.usage import Reader, ShowUsage, UseKind
from hall.document_desk import TAKEN_OVER, Scan
from hall.errors import AnotherRequest, DocumentUnreadable, NotAllowed, NotKnown, NotPossible, NotTaken
from tests.hall.document_stage import (
    FACE,
    LEASE,
    MOVE,
    PERMIT,
    PICTURED,
    STAY,
    TRAVEL,
    at_the_counter,
    by,
    case_documents,
    counter,
    documents,
    opened,
    story,
    submitted,
)
from tests.hall.fakes import AT_ONCE, ME, Hall, change, dump, filled_in, open_hall, visit_id
from tests.hall.test_scans import image, pdf
from tests.patience import SOON_S

SCAN = Scan("home_proof", (image(), image("PNG", (700, 900))), seen=True, agreed=True)
STRANGER = replace(ME, number="440602199202290016", name="别的人")
LOOK = "019ab000-0000-7000-8000-00000000aaaa"


async def next_case(hall: Hall, number: int, **more: object) -> str:
    """The last case is given back, the next person is called."""
    await hall.decide(Action.RETURN, f"return {number}")
    return await at_the_counter(hall, number, **more)  # type: ignore[arg-type]


@story
async def test_a_scan_is_kept_with_its_case_and_says_all_about_itself(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        await counter(hall).scan(visit, SCAN, by("scan"))
        (one,) = (await case_documents(hall, visit)).here
        kept = one.document
        assert (kept.kind, kept.keeping, kept.origin, kept.place) == ("home_proof", Keeping.REUSE, Origin.WINDOW, "3")
        assert (kept.pages, kept.seen_on, kept.destroy_on) == (2, date(2026, 11, 23), date(2027, 11, 28))
        assert (one.how, one.seen_window, one.seen_at) == ("given", "3", hall.clock())
        assert kept.agreed_at == hall.clock()


@story
async def test_without_consent_it_is_for_this_case_alone(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        await counter(hall).scan(visit, replace(SCAN, agreed=False, seen=False), by("scan"))
        (one,) = (await case_documents(hall, visit)).here
        assert (one.document.keeping, one.document.agreed_at, one.seen_at) == (Keeping.CASE, None, None)
        other = await next_case(hall, 2, flow=MOVE)
        assert (await case_documents(hall, other)).on_offer == ()


@story
async def test_a_consent_letter_stays_with_its_case_whatever_is_ticked(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, TRAVEL)
        await counter(hall).scan(visit, replace(SCAN, kind="consent_letter"), by("scan"))
        assert (await case_documents(hall, visit)).here[0].document.keeping is Keeping.CASE
        await hall.decide(Action.RETURN, "return")
        other = await at_the_counter(hall, 2, TRAVEL)
        assert (await case_documents(hall, other)).on_offer == ()


@story
async def test_the_same_paper_scanned_twice_is_one_document(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        ids = {await counter(hall).scan(visit, SCAN, by(key)) for key in ("first", "first", "second")}
        assert len(ids) == 1
        assert len((await case_documents(hall, visit)).here) == 1
        with pytest.raises(AnotherRequest):
            await counter(hall).scan(visit, replace(SCAN, kind="other"), by("first"))


@pytest.mark.parametrize("kind", ["photo.exit_entry", "certificate", "birth_certificate", "", "../../etc"])
@story
async def test_only_what_the_matter_asks_for_is_scanned(tmp_path: Path, kind: str) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        with pytest.raises(NotTaken):
            await counter(hall).scan(visit, replace(SCAN, kind=kind), by("scan"))
        assert (await case_documents(hall, visit)).here == ()


@story
async def test_another_window_sees_and_does_nothing(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        document = await counter(hall).scan(visit, SCAN, by("scan"))
        other = replace(by("other"), window="4")
        desk = counter(hall)
        for doing in (
            desk.of_case(visit, "4"),
            desk.page(visit, document, 1, other),
            desk.scan(visit, SCAN, other),
            desk.seen(visit, document, other),
            desk.take_over(visit, document, other, agreed=True),
            desk.withdraw(visit, document, other),
        ):
            with pytest.raises(NotAllowed):
                await doing


@story
async def test_after_the_decision_it_can_be_looked_at_and_not_changed(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        document = await counter(hall).scan(visit, replace(SCAN, seen=False), by("scan"))
        await hall.decide(Action.RETURN, "return")
        assert await counter(hall).page(visit, document, 1, by(""))
        for doing in (counter(hall).scan(visit, SCAN, by("again")), counter(hall).seen(visit, document, by("seen"))):
            with pytest.raises(NotPossible):
                await doing


@story
async def test_the_original_is_seen_once_and_the_audit_has_it(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        document = await counter(hall).scan(visit, replace(SCAN, seen=False), by("scan"))
        for key in ("seen", "seen", "seen again"):
            await counter(hall).seen(visit, document, by(key))
        lines = [line.event for line in await hall.store.audit_of(visit)]
        assert lines.count("document_original_seen") == 1
        with pytest.raises(NotKnown):
            await counter(hall).seen(visit, "nothing", by("nothing"))


@story
async def test_what_is_kept_answers_the_question_it_fits_with_its_source(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 8, STAY, agreed=(LEASE,))
        hall.clock.later(days=10)
        visit = await fresh_case(hall, 9)
        (offer,) = (await case_documents(hall, visit)).on_offer
        assert (offer.field, offer.until) == ("home_paper", date(2027, 5, 23))
        for _ in range(2):
            await counter(hall).take_over(visit, offer.document.id, by("take"), agreed=True)
        kept = await hall.store.case(visit)
        answer = kept.application.answers["home_paper"]
        assert (answer.value, answer.source) == (LEASE.digest, Source(SourceKind.KEPT, offer.document.id))
        assert kept.application.attached[LEASE.digest] == LEASE
        assert [(d.action, d.reason) for d in kept.decisions if d.action is Action.AMEND] == [(Action.AMEND, TAKEN_OVER)]
        (one,) = (await case_documents(hall, visit)).here
        assert (one.how, one.document.visit) == ("reused", visit_id(8))
        assert (await case_documents(hall, visit)).on_offer == ()


async def fresh_case(hall: Hall, number: int) -> str:
    """A case of a matter that wants a lease, whose question was left to the counter; whoever waited before is not there."""
    await submitted(hall, number, MOVE, given={})
    called = await hall.queue.call_next("3", "zhang", f"call before {number}")
    if called is not None and called != visit_id(number):
        await hall.queue.recall(called, "3", "zhang", f"recall {called}")
        hall.clock.later(seconds=180)
        await hall.queue.miss(called, "3", "zhang", f"miss {called}")
        called = await hall.queue.call_next("3", "zhang", f"call {number}")
    assert called == visit_id(number)
    return visit_id(number)


@story
async def test_nothing_is_taken_over_without_the_citizens_word(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 8, STAY, agreed=(LEASE,))
        visit = await fresh_case(hall, 9)
        (offer,) = (await case_documents(hall, visit)).on_offer
        with pytest.raises(NotTaken) as refused:
            await counter(hall).take_over(visit, offer.document.id, by("take"), agreed=False)
        assert "同意" in refused.value.problems[0].words
        assert "home_paper" not in (await hall.store.case(visit)).application.attached
        assert (await case_documents(hall, visit)).here == ()


@story
async def test_a_strangers_paper_is_neither_offered_nor_opened_nor_taken(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 8, STAY, STRANGER, agreed=(LEASE,))
        (theirs,) = await documents(hall).of(STRANGER.number)
        visit = await fresh_case(hall, 9)
        assert (await case_documents(hall, visit)).on_offer == ()
        desk = counter(hall)
        for doing in (
            desk.page(visit, theirs.document, 1, by("")),
            desk.take_over(visit, theirs.document, by("take"), agreed=True),
            desk.seen(visit, theirs.document, by("seen")),
        ):
            with pytest.raises(NotKnown):
                await doing
        with pytest.raises(NotAllowed):
            await desk.withdraw(visit, theirs.document, by("withdraw"))


@story
async def test_what_the_matter_does_not_ask_for_is_not_shown_to_its_clerk(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 8, PERMIT, agreed=(FACE,))
        (photo,) = await documents(hall).of(ME.number)
        visit = await fresh_case(hall, 9)
        assert (await case_documents(hall, visit)).on_offer == ()
        with pytest.raises(NotKnown):
            await counter(hall).page(visit, photo.document, 1, by(""))


@story
async def test_opening_what_is_on_offer_is_on_the_persons_list_and_the_cases_own_is_not(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 8, STAY, agreed=(LEASE,))
        visit = await fresh_case(hall, 9)
        (offer,) = (await case_documents(hall, visit)).on_offer
        assert await counter(hall).page(visit, offer.document.id, 1, by("")) == LEASE
        await counter(hall).take_over(visit, offer.document.id, by("take"), agreed=True)
        await counter(hall).page(visit, offer.document.id, 1, by(""))
        shown = await hall.usage.show(LOOK, "K07", ShowUsage(ME))
        about = [(use.kind, use.reader, use.name) for use in shown.uses if use.kind.startswith("document")]
        assert about == [(UseKind.REUSED, Reader.WINDOW, "3"), (UseKind.DOCUMENT, Reader.WINDOW, "3")]


@story
async def test_a_lost_key_is_said_and_leaves_the_case_as_it_was(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        await submitted(hall, 8, STAY, agreed=(LEASE,))
        visit = await fresh_case(hall, 9)
    change(tmp_path / "hall.db", "UPDATE document_content SET key_id = 'another key'")
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        (offer,) = (await case_documents(hall, visit)).on_offer
        with pytest.raises(DocumentUnreadable):
            await counter(hall).take_over(visit, offer.document.id, by("take"), agreed=True)
        assert not [d for d in (await hall.store.case(visit)).decisions if d.action is Action.AMEND]
        assert (await case_documents(hall, visit)).here == ()


@story
async def test_consent_taken_back_at_the_counter_leaves_a_scan_with_its_case_alone(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        document = await counter(hall).scan(visit, SCAN, by("scan"))
        assert await counter(hall).withdraw(visit, document, by("withdraw")) is Keeping.CASE
        (one,) = (await case_documents(hall, visit)).here
        assert (one.document.keeping, one.document.agreed_at) == (Keeping.CASE, None)
        assert (await opened(hall, 7, MOVE)).kept == ()
        with pytest.raises(NotAllowed):
            await counter(hall).withdraw(visit, document, by("again"))


@story
async def test_a_certificate_of_the_hall_is_kept_without_pages(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        said = await hall.open(visit_id(1), "K07", AT_ONCE.code, ME)
        await hall.visits.submit(visit_id(1), "K07", filled_in(visit_id(1), said.lookup, hall.clock(), flow=AT_ONCE))
        (paper,) = await documents(hall).of(ME.number)
        kept = await hall.store.document(paper.document)
        assert (kept.pages, kept.media, kept.origin) == (0, "application/pdf", Origin.HALL)
        with pytest.raises(NotKnown):
            await hall.store.document_page(paper.document, 1)


@story
async def test_what_a_department_gives_back_is_kept_by_law(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        first = await counter(hall).from_department(visit, "population", (pdf(2),), "delivery 1")
        assert await counter(hall).from_department(visit, "population", (pdf(2),), "delivery 1") == first
        (one,) = (await case_documents(hall, visit)).here
        kept = one.document
        assert (kept.kind, kept.keeping, kept.origin) == (DEPARTMENT_OUTCOME, Keeping.STATUTORY, Origin.DEPARTMENT)
        assert (kept.place, kept.pages) == ("population", 2)


CRASHING = """
import asyncio, os, signal, sys
from dataclasses import replace
from pathlib import Path
from hall.store import document_rows
from tests.hall.document_stage import *
from tests.hall.test_document_desk import SCAN
from tests.hall.fakes import open_hall, visit_id
from hall.store.transaction import Transaction

folder, statement, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
plain, count = Transaction.all, 0

def dies(self, query, **values):
    global count
    rows = plain(self, query, **values)
    if query == statement:
        count += 1
        if count == times:
            os.kill(os.getpid(), signal.SIGKILL)
    return rows

async def main():
    async with open_hall(folder, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        print("ready", flush=True)
        Transaction.all = dies
        await counter(hall).scan(visit, SCAN, by("scan"))

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("statement", "times"),
    [("add_document", 1), ("add_document_content", 1), ("add_document_content", 2), ("add_document_page", 1), ("remember", 1)],
)
def test_a_kill_between_document_and_picture_leaves_both_or_neither(tmp_path: Path, statement: str, times: int) -> None:
    told = [sys.executable, "-c", CRASHING, str(tmp_path), statement, str(times)]
    died = subprocess.run(
        told, capture_output=True, text=True, timeout=SOON_S, env={**os.environ, "PYTHONPATH": "."}, check=False
    )
    assert (died.stdout, died.returncode) == ("ready\n", -signal.SIGKILL), died.stderr
    assert counts(tmp_path / "hall.db") == (0, 0, 0, 0)
    again(tmp_path)
    assert counts(tmp_path / "hall.db") == (1, 2, 2, 1)


@story
async def again(folder: Path) -> None:
    """The clerk's page sends the same click again once the hall is back."""
    async with open_hall(folder, matters=PICTURED) as hall:
        await counter(hall).scan(visit_id(1), SCAN, by("scan"))
        (one,) = (await case_documents(hall, visit_id(1))).here
        for position in (1, 2):
            assert await counter(hall).page(visit_id(1), one.document.id, position, by(""))


def counts(path: Path) -> tuple[int, ...]:
    """Documents, pages, pictures, uses; and no page without a picture, no picture without a page."""
    with closing(sqlite3.connect(path)) as connection:
        pages = set(connection.execute("SELECT content FROM document_page"))
        assert pages == set(connection.execute("SELECT content FROM document_content"))
        tables = ("document", "document_page", "document_content", "document_use")
        return tuple(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


@story
async def test_names_of_files_have_no_place_in_the_hall(tmp_path: Path) -> None:
    async with open_hall(tmp_path, matters=PICTURED) as hall:
        visit = await at_the_counter(hall, 1, STAY)
        await counter(hall).scan(visit, Scan("other", (image(comment=ME.number.encode()),)), by("scan"))
        assert ME.number not in "\n".join(dump(hall.path))
        assert (await hall.store.standing(visit)).status is Status.CALLED
