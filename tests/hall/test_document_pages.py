"""Kept documents over HTTP: who may see a picture, what an upload may be, what is said when it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from flows.application import Attached
from flows.usage import ShowUsage, UsageShown
from flows.wire import OpenVisit, Refusal, VisitOpened, Withdrawal, Withdrawn, from_json, to_json
from hall.console.security import HEADERS
from hall.store.documents import InCase
from tests.hall.console_fakes import filled_in, person
from tests.hall.console_stage import MATTER, Stage, running_hall
from tests.hall.fakes import change
from tests.hall.stage_matters import PORTRAIT
from tests.hall.test_app import at_the_window, called, decide, kept, logged_in
from tests.hall.test_scans import WRONG, image, pdf
from tests.hall.test_terminals import client, enrolled
from tests.patience import SOON_S

ME = person("lyu")
NUMBERS = iter(range(0xD000, 0xDFFF))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture
def zhang(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "张敏", "3") as clerk:
        yield clerk


def visit_number() -> str:
    return f"019ab000-0000-7000-8000-{next(NUMBERS):012x}"


def photo_kept(stage: Stage) -> None:
    """An earlier visit of the same person, who let the hall keep the photo."""

    async def visit() -> None:
        number = visit_number()
        opened = await stage.services.visits.open(number, "K07", OpenVisit(MATTER, "1", ME))
        application = filled_in(number, ME, opened.lookup, stage.clock())
        await stage.services.visits.submit(number, "K07", replace(application, agreed=(PORTRAIT.digest,)))

    stage.do(visit())


def without_photo(stage: Stage, clerk: httpx.Client) -> str:
    """A case at the window whose photo was left to the counter."""
    number = next(NUMBERS)
    visit = stage.submit("lyu", number, left=frozenset({"photo"})).visit
    while (held := at_the_window(clerk)) != visit:
        if held:
            decide(clerk, held, "return", reason="CARD_TO_RENEW")
        clerk.post("/queue/next", data={"key": str(uuid4())})
    return visit


def scan(clerk: httpx.Client, visit: str, *files: bytes, kind: str = "household_register", **said: str) -> httpx.Response:
    form = {"key": str(uuid4()), "kind": kind, **said}
    pages = [("page", (f"吕晓岚 {ME.number}.jpg", file)) for file in files]
    return clerk.post(f"/cases/{visit}/documents", data=form, files=pages)


def offered(page: str, title: str) -> str:
    """The id of what is on offer under this name."""
    found = re.search(rf'<li data-kept="{title}">.*?/documents/([0-9a-f-]+)', page, re.DOTALL)
    assert found
    return found.group(1)


def here(stage: Stage, visit: str) -> tuple[InCase, ...]:
    return stage.do(stage.services.store.documents_in(visit))


def test_a_paper_of_several_files_is_one_document_with_all_its_pages(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    answer = scan(zhang, visit, image(), pdf(2), original="yes", agreed="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{visit}#documents")
    (one,) = here(stage, visit)
    page = zhang.get(f"/cases/{visit}").text
    for words in ("户口簿", "3 页", "3 号窗口扫描", "申请人同意留存", "已核原件"):
        assert words in page
    pages = zhang.get(f"/cases/{visit}/documents/{one.document.id}").text
    assert len(re.findall(r"<img ", pages.partition("<main")[2])) == 3
    for position in (1, 2, 3):
        answer = zhang.get(f"/cases/{visit}/documents/{one.document.id}/{position}")
        assert answer.headers["content-type"] == "image/jpeg"
        assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
        assert answer.headers["cache-control"] == "no-store"
    for nowhere in ("0", "4", "-1", "x", "1/2"):
        assert zhang.get(f"/cases/{visit}/documents/{one.document.id}/{nowhere}").status_code == 404


def test_nobody_else_sees_it(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    scan(zhang, visit, image())
    place = f"/cases/{visit}/documents/{here(stage, visit)[0].document.id}"
    with logged_in(stage, "陈志远", "4") as other:
        for path in (place, f"{place}/1", f"{place}/paper"):
            assert other.get(path).status_code == 403
        assert scan(other, visit, image()).status_code == 403
        assert other.post(f"{place}/seen", data={"key": str(uuid4())}).status_code == 403
    with httpx.Client(base_url=stage.console, timeout=SOON_S) as nobody:
        assert nobody.get(f"{place}/1").headers["location"] == "/login"


@pytest.mark.parametrize(("upload", "words"), WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_kept_is_refused_in_words_and_the_case_is_as_before(
    stage: Stage, zhang: httpx.Client, upload: bytes, words: str
) -> None:
    visit = called(stage, zhang)
    answer = scan(zhang, visit, image(), upload)
    if not upload:
        assert answer.status_code == 422 or here(stage, visit)
        return
    assert answer.status_code == 422
    assert "材料没有保存" in answer.text
    assert words in answer.text
    assert here(stage, visit) == ()


def test_forms_that_are_none_of_the_pages_are_refused(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    place = f"/cases/{visit}/documents"
    assert zhang.post(place, data={"key": str(uuid4()), "kind": "other"}).status_code == 400
    assert zhang.post(place, data={"key": "x", "kind": "other"}, files={"page": ("a.jpg", image())}).status_code == 400
    assert zhang.post(place, data={"key": str(uuid4())}, files={"other": ("a.jpg", image())}).status_code == 400
    assert scan(zhang, visit, b"\0" * (25 * 1024 * 1024)).status_code == 413
    assert scan(zhang, visit, image(), kind="photo.exit_entry").status_code == 422
    assert zhang.post(f"{place}/nothing/burn", data={"key": str(uuid4())}).status_code == 400
    assert zhang.get(f"{place}/nothing").status_code == 404
    assert here(stage, visit) == ()


def test_the_same_click_twice_keeps_once(stage: Stage, zhang: httpx.Client) -> None:
    visit, key = called(stage, zhang), str(uuid4())
    assert [scan(zhang, visit, image(), key=key).status_code for _ in range(3)] == [303, 303, 303]
    assert len(here(stage, visit)) == 1
    assert scan(zhang, visit, image("PNG"), key=key).status_code == 409


def test_a_kept_photo_is_taken_over_with_the_citizens_word(stage: Stage, zhang: httpx.Client) -> None:
    photo_kept(stage)
    visit = without_photo(stage, zhang)
    page = zhang.get(f"/cases/{visit}").text
    assert "大厅留存、本事项可用" in page
    assert not re.search(r'name="agreed"[^>]*checked', page), "consent is never ticked beforehand"
    document = offered(page, "出入境证件照片")
    place = f"/cases/{visit}/documents/{document}"
    assert zhang.get(f"{place}/1").content == PORTRAIT.content
    refused = zhang.post(f"{place}/take", data={"key": str(uuid4())})
    assert refused.status_code == 422
    assert "请先问过申请人" in refused.text
    assert zhang.post(f"{place}/take", data={"key": str(uuid4()), "agreed": "yes"}).status_code == 303
    page = zhang.get(f"/cases/{visit}").text
    assert "留存材料 2026-11-23" in page
    assert "往来港澳通行证签注」时，自助终端 K07" in page
    assert kept(stage, visit).application.answers["photo"].value == PORTRAIT.digest
    audit = zhang.get(f"/audit/{visit}").text
    for words in ("打开留存的材料", "本件采用留存的材料", "出入境证件照片"):
        assert words in audit


def test_a_lost_key_is_a_worded_page_and_the_case_goes_on(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    scan(zhang, visit, image())
    place = f"/cases/{visit}/documents/{here(stage, visit)[0].document.id}"
    change(stage.file, "UPDATE document_content SET key_id = 'lost'")
    answer = zhang.get(f"{place}/1")
    assert answer.status_code == 409
    assert "这份材料读不出来" in answer.text
    assert zhang.get(f"/cases/{visit}").status_code == 200
    assert scan(zhang, visit, image()).status_code == 303, "scanned again, it can be read again"
    assert zhang.get(f"{place}/1").status_code == 200


def test_consent_is_taken_back_at_the_counter(stage: Stage, zhang: httpx.Client) -> None:
    photo_kept(stage)
    visit = without_photo(stage, zhang)
    page = zhang.get(f"/cases/{visit}").text
    document = offered(page, "出入境证件照片")
    answer = zhang.post(f"/cases/{visit}/documents/{document}/withdraw", data={"key": str(uuid4())})
    assert "已按申请人要求销毁" in answer.text
    assert f"/documents/{document}" not in zhang.get(f"/cases/{visit}").text


def test_over_the_terminals_channel_it_is_offered_looked_at_and_taken_back(stage: Stage, tmp_path: Path) -> None:
    photo_kept(stage)
    visit, look = visit_number(), visit_number()
    with client(stage, enrolled(stage, "K07", tmp_path)) as k07:
        opened = from_json(VisitOpened, k07.put(f"/api/visits/{visit}", content=to_json(OpenVisit(MATTER, "1", ME))).content)
        (offer,) = opened.kept
        answer = k07.get(f"/api/visits/{visit}/documents/{offer.document}")
        assert from_json(Attached, answer.content) == PORTRAIT
        nothing = k07.get(f"/api/visits/{visit}/documents/{uuid4()}")
        assert (nothing.status_code, from_json(Refusal, nothing.content).code) == (404, "not_known")
        shown = from_json(UsageShown, k07.put(f"/api/usage/{look}", content=to_json(ShowUsage(ME))).content)
        assert offer.document in [paper.document for paper in shown.kept.documents]
        wanted = to_json(Withdrawal(ME, offer.document))
        for _ in range(2):
            done = k07.put(f"/api/usage/{look}/withdrawn", content=wanted)
            assert from_json(Withdrawn, done.content).destroyed
        answer = k07.get(f"/api/visits/{visit}/documents/{offer.document}")
        assert answer.status_code == 404
