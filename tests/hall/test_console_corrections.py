"""Disputed records in a clerk's browser: looked into, settled, sent, carried by hand, and the answer as it arrives."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from hall.correction_targets import CorrectionAnswer
from scripts.console_steps import confirm
from tests.hall.console_stage import Stage
from tests.hall.stage_matters import PORTRAIT
from tests.hall.test_console import at_the_desk, page, stage

__all__ = ["page", "stage"]

PICTURES = Path(__file__).parents[2] / "build" / "pictures" / "console"
BOTH = {"address": "", "permit_expiry": "2026-10-08"}


def disputing(stage: Stage, page: Page, disputes: dict[str, str] | None = None) -> None:
    at_the_desk(stage, page, disputes=disputes or {"address": ""})


def portrait(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def test_a_dispute_is_grave_and_stands_in_its_row(stage: Stage, page: Page) -> None:
    disputing(stage, page, BOTH)
    grave = page.locator(".cautions li.grave", has_text="有异议")
    expect(grave).to_have_count(2)
    expect(grave.first).to_contain_text("申请人认为公安户籍登记的「广东省佛山市禅城区祖庙街道莲花路36号802房」不对（已经变更）")
    expect(grave.last).to_contain_text("应为「2026-10-08」")
    expect(page.locator("#field-address + tr.dispute")).to_contain_text("送部门校核")
    expect(page.locator("#field-address .given .value")).to_have_text("广东省佛山市禅城区祖庙街道莲花路36号802房")
    portrait(page, "dispute")


def test_evidence_is_added_it_is_sent_and_the_answer_arrives_by_itself(stage: Stage, page: Page) -> None:
    disputing(stage, page)
    row = page.locator("tr.dispute")
    row.get_by_role("button", name="附上本件的证件照").click()
    expect(page.locator("tr.dispute .evidence img")).to_have_count(1)
    row.locator("summary", has_text="上传材料").click()
    row.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PORTRAIT.content})
    row.get_by_role("button", name="附上", exact=True).click()
    expect(page.locator("tr.dispute .evidence img")).to_have_count(2)
    portrait(page, "evidence")
    page.locator("tr.dispute").get_by_role("button", name="送部门校核").click()
    expect(page.locator("tr.dispute")).to_have_count(0)
    sent = page.locator(".correction")
    expect(sent).to_contain_text("等部门答复")
    expect(sent.locator(".receiptNumber")).to_have_text("JH202600031")
    portrait(page, "sent")
    assert [len(pictures) for _, pictures in stage.owner.asked] == [2]
    stage.owner_says(CorrectionAnswer("corrected"))
    expect(sent.locator(".verdict")).to_have_text("部门已更正")
    confirm(page)
    expect(page.locator(".correction .verdict")).to_have_text("部门已更正")
    portrait(page, "corrected")


def test_settled_at_the_counter_with_a_reason(stage: Stage, page: Page) -> None:
    disputing(stage, page)
    page.locator("tr.dispute summary", has_text="当场了结").click()
    page.get_by_label("申请人核对后认可登记").check()
    portrait(page, "settle")
    page.get_by_role("button", name="了结", exact=True).click()
    expect(page.locator("tr.dispute")).to_have_count(0)
    expect(page.locator(".correction")).to_contain_text("申请人核对后认可登记")
    confirm(page)
    assert stage.owner.asked == []


def test_what_the_clerk_leaves_is_sent_by_the_decision(stage: Stage, page: Page) -> None:
    disputing(stage, page)
    confirm(page)
    expect(page.locator(".correction")).to_contain_text("等部门答复")
    assert [correction.dispute.item for correction, _ in stage.owner.asked] == ["household.address"]


def test_a_clerk_opens_one_beside_the_record_and_carries_it_by_hand(stage: Stage, page: Page) -> None:
    at_the_desk(stage, page)
    cell = page.locator("#field-permit_expiry td.record").nth(2)
    cell.locator("summary", has_text="申请校核").click()
    cell.get_by_label("哪里不对").select_option(label="登记有误")
    cell.get_by_label("应为（可不填）").fill("2026-10-08")
    portrait(page, "challenge")
    cell.get_by_role("button", name="提出").click()
    expect(page.locator("#field-permit_expiry + tr.dispute")).to_contain_text("应为「2026-10-08」")
    page.locator("tr.dispute").get_by_role("button", name="送部门校核").click()
    expect(page.locator(".correction")).to_contain_text("由人工交给部门")
    page.get_by_role("link", name="校核", exact=True).click()
    expect(page.locator("[data-correction]")).to_contain_text("人工送达")
    portrait(page, "list")
    page.get_by_role("link", name="打印校核单、登记答复").click()
    expect(page.locator(".facts")).to_contain_text("2026-10-08")
    portrait(page, "sheet")
    page.get_by_role("button", name="部门已更正").click()
    expect(page.locator(".empty")).to_contain_text("没有等答复的校核")


def test_a_click_that_comes_too_late_is_told_how_it_stands(stage: Stage, page: Page) -> None:
    disputing(stage, page)
    action = page.locator("tr.dispute form").first.get_attribute("action")
    assert action
    origin = {"Origin": stage.console.rstrip("/")}
    sent = page.request.post(f"{stage.console.rstrip('/')}{action}", form={"key": str(uuid4())}, headers=origin, max_redirects=0)
    assert sent.status == 303
    page.locator("tr.dispute").get_by_role("button", name="送部门校核").click()
    expect(page.locator("#notice")).to_contain_text("这一处异议现在是「等部门核实」")


@pytest.mark.parametrize("wrong", ["gif", "too large"])
def test_what_is_no_picture_or_too_large_is_refused_in_words(stage: Stage, page: Page, wrong: str) -> None:
    disputing(stage, page)
    row = page.locator("tr.dispute")
    row.locator("summary", has_text="上传材料").click()
    content = b"GIF89a" if wrong == "gif" else b"\xff\xd8\xff" + bytes(9_000_000)
    row.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content})
    row.get_by_role("button", name="附上", exact=True).click()
    said = "这个文件不是可用的 JPEG 或 PNG 图像" if wrong == "gif" else "文件太大"
    expect(page.locator("main")).to_contain_text(said)
