"""Photo, signature and kept papers: sealed with the application, seen by the holder alone, replaced by a clerk."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from flows.application import CITIZEN, CLERK, Action, Answer, Attached, Decision
from flows.pictures import MOST_BYTES
from flows.wire import OpenVisit, Refusal, VisitOpened, from_json, to_json
from hall.facts import picture_problems
from hall.pictures import LONGEST_UPLOAD
from hall.targets import package
from tests.hall.console_fakes import filled_in, person
from tests.hall.console_stage import MATTER, Stage, running_hall
from tests.hall.fakes import NOON, dump
from tests.hall.stage_matters import PORTRAIT, SIGNED, picture
from tests.hall.test_app import at_the_window, called, decide, kept, logged_in
from tests.hall.test_terminals import client, enrolled
from tests.patience import SOON_S

ME = person("lyu")
ANOTHER = picture("#334455")
VISIT = "019ab000-0000-7000-8000-00000000c001"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_hall(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture
def zhang(stage: Stage) -> Iterator[httpx.Client]:
    with logged_in(stage, "张敏", "3") as clerk:
        yield clerk


def upload(clerk: httpx.Client, visit: str, content: bytes, name: str = "photo", **said: str) -> httpx.Response:
    form = {"key": str(uuid4()), "reason": "CITIZEN_CORRECTED", **said}
    return clerk.post(f"/cases/{visit}/pictures/{name}", data=form, files={"picture": ("IMG_440602.jpg", content)})


def test_the_holder_sees_photo_and_signature_as_they_were_given(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    page = zhang.get(f"/cases/{visit}").text
    for name, given in (("photo", PORTRAIT), ("signature", SIGNED)):
        assert f'src="/cases/{visit}/pictures/{name}"' in page
        answer = zhang.get(f"/cases/{visit}/pictures/{name}")
        assert (answer.content, answer.headers["content-type"]) == (given.content, given.media_type)
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert PORTRAIT.digest not in page.replace(f'value="{PORTRAIT.digest}"', "")


def test_nobody_else_sees_them(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    with logged_in(stage, "陈志远", "4") as other:
        assert other.get(f"/cases/{visit}/pictures/photo").status_code == 403
        assert upload(other, visit, ANOTHER.content).status_code == 403
    with httpx.Client(base_url=stage.console, timeout=SOON_S) as nobody:
        assert nobody.get(f"/cases/{visit}/pictures/photo").headers["location"] == "/login"
    for name in ("mobile", "nothing", PORTRAIT.digest, "..%2F..%2Fhall.toml"):
        assert zhang.get(f"/cases/{visit}/pictures/{name}").status_code == 404


def test_a_picture_lies_sealed_in_the_halls_file(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    assert kept(stage, visit).application.attached[PORTRAIT.digest] == PORTRAIT
    text = "\n".join(dump(stage.file))
    assert PORTRAIT.content[:64].hex().upper() not in text
    assert base64.b64encode(PORTRAIT.content[:60]).decode() not in text
    assert PORTRAIT.digest not in text


def test_a_clerk_replaces_a_photo_and_the_old_one_is_gone(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    assert upload(zhang, visit, ANOTHER.content).status_code == 303
    case = kept(stage, visit)
    assert case.application.answers["photo"].value == ANOTHER.digest
    assert case.application.answers["photo"].source == CLERK
    assert set(case.application.attached) == {ANOTHER.digest, SIGNED.digest}
    assert [change.field for change in case.decisions[-1].changes] == ["photo"]
    assert zhang.get(f"/cases/{visit}/pictures/photo").content == ANOTHER.content


def test_what_the_photo_checks_find_is_said_in_words_and_stops_it_unless_it_is_forced(stage: Stage, zhang: httpx.Client) -> None:
    visit, bad = called(stage, zhang), picture("#000000", size=(20, 20))
    assert len(bad.content) < 1000
    answer = upload(zhang, visit, bad.content)
    assert answer.status_code == 422
    assert "没有找到面部" in answer.text
    assert kept(stage, visit).application.answers["photo"].value == PORTRAIT.digest
    assert upload(zhang, visit, bad.content, forced="yes").status_code == 303
    assert kept(stage, visit).application.answers["photo"].value != PORTRAIT.digest


def test_a_signature_that_was_left_to_the_counter_is_scanned_in(stage: Stage, zhang: httpx.Client) -> None:
    visit = called_without_signature(stage, zhang)
    assert decide(zhang, visit, "confirm").status_code == 422
    assert upload(zhang, visit, SIGNED.content, "signature", reason="LEFT_BLANK").status_code == 303
    assert decide(zhang, visit, "confirm").status_code == 303


def called_without_signature(stage: Stage, clerk: httpx.Client) -> str:
    if held := at_the_window(clerk):
        decide(clerk, held, "return", reason="CARD_TO_RENEW")
    visit = stage.submit("lyu", 0xC900, left=frozenset({"signature"})).visit
    clerk.post("/queue/next", data={"key": str(uuid4())})
    return visit


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", PORTRAIT.content[:300], b"\xff\xd8\xff" + b"\0" * 500],
    ids=["nothing", "a PDF", "an SVG", "cut off", "only the beginning of a JPEG"],
)
def test_what_is_no_picture_is_not_kept(stage: Stage, zhang: httpx.Client, content: bytes) -> None:
    visit = called(stage, zhang)
    answer = upload(zhang, visit, content)
    assert answer.status_code == 422
    assert "这个文件不是可用的 JPEG 或 PNG 图像" in answer.text
    assert not kept(stage, visit).decisions[1:]


def test_nothing_that_hides_behind_a_picture_is_kept(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    drawn, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (3000, 2000), "#446688").save(drawn, "JPEG", exif=exif)
    assert upload(zhang, visit, drawn.getvalue() + b"<script>", "signature").status_code == 303
    content = zhang.get(f"/cases/{visit}/pictures/signature").content
    with Image.open(io.BytesIO(content)) as opened:
        assert max(opened.size) == 1600
        assert not opened.getexif()
    assert len(content) <= MOST_BYTES
    assert b"<script>" not in content
    assert b"taken at home" not in content


def test_a_file_too_large_or_no_file_or_two_is_refused(stage: Stage, zhang: httpx.Client) -> None:
    visit = called(stage, zhang)
    assert upload(zhang, visit, b"\0" * (LONGEST_UPLOAD + 1)).status_code == 413
    form = {"key": str(uuid4()), "reason": "CITIZEN_CORRECTED"}
    place = f"/cases/{visit}/pictures/photo"
    assert zhang.post(place, data=form).status_code == 400
    two = [("picture", ("a.jpg", b"a")), ("picture", ("b.jpg", b"b"))]
    assert zhang.post(place, data=form, files=two).status_code == 400
    assert not kept(stage, visit).decisions[1:]


def test_the_same_click_twice_replaces_once(stage: Stage, zhang: httpx.Client) -> None:
    visit, key = called(stage, zhang), str(uuid4())
    answers = [upload(zhang, visit, ANOTHER.content, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [decision.action for decision in kept(stage, visit).decisions].count(Action.AMEND) == 1
    assert upload(zhang, visit, SIGNED.content, key=key).status_code == 409


@pytest.mark.parametrize(
    "attached",
    [
        Attached("image/jpeg", b"\xff\xd8\xff" + b"\0" * MOST_BYTES),
        Attached("image/svg+xml", b"<svg/>"),
        Attached("image/png", ANOTHER.content),
        Attached("text/html", b"<script>"),
    ],
    ids=["too large", "another kind", "not what it is said to be", "no picture"],
)
def test_a_terminal_may_not_send_what_nobody_should_have_to_open(stage: Stage, tmp_path: Path, attached: Attached) -> None:
    with client(stage, enrolled(stage, "K07", tmp_path)) as k07:
        visit = str(VISIT)
        opened = k07.put(f"/api/visits/{visit}", content=to_json(OpenVisit(MATTER, "1", ME)))
        good = filled_in(visit, ME, from_json(VisitOpened, opened.content).lookup, stage.clock())
        answers = {**good.answers, "signature": Answer(attached.digest, CITIZEN)}
        forged = replace(good, answers=answers, attached={**good.attached, attached.digest: attached})
        answer = k07.put(f"/api/visits/{visit}/application", content=to_json(forged))
    assert answer.status_code == 422
    problems = from_json(Refusal, answer.content).problems
    assert [(problem.field, problem.code) for problem in problems] == [("signature", "not_attached")]
    assert [problem.code for problem in picture_problems(forged)] == ["not_attached"]


def test_the_department_gets_each_picture_with_its_digest() -> None:
    named = {"photo": Answer(PORTRAIT.digest, CITIZEN), "signature": Answer(SIGNED.digest, CITIZEN)}
    pictures = {one.digest: one for one in (PORTRAIT, SIGNED)}
    application = replace(filled_in(VISIT, ME, None, NOON), answers=named, attached=pictures)
    told = package(application, Decision(VISIT, Action.CONFIRM, "zhang", "3", NOON))
    parts = {part["field"]: part for part in told["pictures"]}  # type: ignore[attr-defined]
    assert set(parts) == {"photo", "signature"}
    assert base64.b64decode(parts["photo"]["content"]) == PORTRAIT.content
    assert (parts["photo"]["digest"], parts["signature"]["mediaType"]) == (PORTRAIT.digest, "image/png")
