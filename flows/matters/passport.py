"""普通护照: the first one, a new one for an old, lost or damaged one, and remarks on the one in hand."""

from __future__ import annotations

from dataclasses import replace

from flows import guardian
from flows.exit_entry import ADULT, NEW_ONE, Document, card_line, reasons, route, term
from flows.exit_entry import REASONS as ALL_REASONS
from flows.exit_entry_pages import eligibility, local_form, only_when, pinyin_pages
from flows.fees import FEES, fees_on
from flows.fields import Choice, Option, Pattern, fixed_choice
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, When
from flows.pages import (
    BIRTH_PLACE,
    CONTACT,
    ELSEWHERE,
    EMERGENCY,
    FORMER,
    HOME,
    HOUSEHOLD,
    STATUS,
    WORK,
    declaration,
    delivery,
    photo,
    who,
)
from flows.policy import newest

PASSPORT = Document(
    key="passport",
    title="普通护照",
    fee="passport.book",
    kinds=("FIRST", "REAPPLY", "RENEW", "REISSUE_LOST", "REISSUE_DAMAGED", "REMARK"),
    reasons=("PAGES", "EXPIRING", "SHORT", "CHANGED", "FACE", "OTHER"),
    number_hint="以字母 E 或 G 开头，共 9 位",
)
REASONS = {**ALL_REASONS, "SHORT": "前往国要求的有效期更长"}
REMARKS = {"NONE": "不用加注", "FORMER_NAME": "加注曾用名", "PINYIN": "加注以前证件的拼音", "BOTH": "曾用名和拼音都加注"}
REMARKED: dict[str, tuple[str, ...]] = {
    "FORMER_NAME": ("FORMER_NAME",),
    "PINYIN": ("PINYIN",),
    "BOTH": ("FORMER_NAME", "PINYIN"),
}

DESTINATIONS = {
    "JPN": "日本",
    "KOR": "韩国",
    "THA": "泰国",
    "SGP": "新加坡",
    "MYS": "马来西亚",
    "VNM": "越南",
    "IDN": "印度尼西亚",
    "PHL": "菲律宾",
    "ARE": "阿联酋",
    "RUS": "俄罗斯",
    "GBR": "英国",
    "FRA": "法国",
    "DEU": "德国",
    "ITA": "意大利",
    "ESP": "西班牙",
    "USA": "美国",
    "CAN": "加拿大",
    "AUS": "澳大利亚",
    "NZL": "新西兰",
    "OTHER": "其他国家",
}
"""Codes of GB/T 2659, the countries most asked for; the answer is for statistics and binds nobody."""

PURPOSES = {
    "TRAVEL": "旅游",
    "FAMILY": "探亲访友",
    "BUSINESS": "商务",
    "STUDY": "留学",
    "WORK": "就业",
    "OTHER": "其他事由",
}


def remarks(known: Known) -> tuple[Option, ...]:
    """What can be written on the remark page of the passport; none, where the remark is all that is asked for."""
    needed = "请选一种加注" if known["kind"] == "REMARK" else ""
    price = fees_on(known.today).of("passport.remark")
    registered = known.record("person.former_name") or not known.record("household.address")
    nameless = "" if registered else "户籍没有登记曾用名"
    return (
        Option("NONE", REMARKS["NONE"], why_not=needed),
        Option("FORMER_NAME", REMARKS["FORMER_NAME"], f"收费 {price} 元", nameless, counter=True),
        Option("PINYIN", REMARKS["PINYIN"], f"收费 {price} 元"),
        Option("BOTH", REMARKS["BOTH"], f"收费 {2 * price} 元", nameless, counter=True),
    )


def fee(known: Known) -> Fee:
    table = fees_on(known.today)
    remarked = (FeeLine(REMARKS[each], table.of("passport.remark")) for each in REMARKED.get(known["remark"], ()))
    lines = (*card_line(PASSPORT, known), *remarked)
    return Fee(lines, table.name if lines else "")


def _reasons(known: Known) -> tuple[Option, ...]:
    return tuple(replace(option, label=REASONS[option.key]) for option in reasons(PASSPORT, known))


def _in_words_of_the_passport(page: Page) -> Page:
    """What is too short is so for a country, not for an endorsement."""
    choice = Choice(_reasons, lambda key: REASONS.get(key, key))
    fields = tuple(replace(field, kind=choice) if field.name == "renewal_reason" else field for field in page.fields)
    return replace(page, fields=fields)


REMARK = Page(
    name="remark",
    title="要在护照上加注吗",
    lead="例如曾用名，或以前证件上的拼音写法",
    fields=(Field(name="remark", label="加注", kind=Choice(remarks, lambda key: REMARKS.get(key, key)), row="加注"),),
)
OLD_PINYIN = Page(
    name="old_pinyin",
    title="以前证件上的拼音",
    lead="请按以前的证件填写，窗口要看原件",
    asked_when=When("加注拼音时", lambda known: "PINYIN" in REMARKED.get(known["remark"], ())),
    fields=(
        Field(
            name="old_pinyin",
            label="以前的拼音姓名",
            kind=Pattern(r"[A-Z]{1,39}", "拼音只能用字母"),
            row="加注",
            may_be_left=True,
            hint="姓和名连着写，例如 LVXIAOLAN",
        ),
    ),
)
TRIP = Page(
    name="trip",
    title="要去哪里",
    lead="只用于统计，以后去别的国家也可以",
    asked_when=NEW_ONE,
    fields=(
        Field(name="destination", label="前往国家", kind=fixed_choice(**DESTINATIONS), row="前往国家"),
        Field(name="purpose", label="出境事由", kind=fixed_choice(**PURPOSES), row="出境事由"),
    ),
)

FLOW = Flow(
    code="passport",
    version="1",
    title="普通护照",
    summary="首次、换发、补发或加注",
    pages=(
        only_when(STATUS, ADULT),
        *(_in_words_of_the_passport(page) for page in eligibility(PASSPORT)),
        REMARK,
        OLD_PINYIN,
        TRIP,
        who(BIRTH_PLACE),
        FORMER,
        guardian.GUARDIAN,
        HOUSEHOLD,
        *pinyin_pages(NEW_ONE),
        only_when(HOME, NEW_ONE),
        only_when(ELSEWHERE, NEW_ONE),
        CONTACT,
        only_when(EMERGENCY, NEW_ONE),
        only_when(only_when(WORK, ADULT), NEW_ONE),
        *local_form(NEW_ONE),
        *delivery(),
        photo("exit_entry", NEW_ONE),
        declaration("本人声明：以上填写的内容和提交的材料真实。未满16岁的，由监护人签名。"),
    ),
    bring=("居民身份证", "护照（没有的不用）"),
    needs=("permit.route",),
    child_needs=guardian.NEEDS,
    policy_version=f"fees {newest(FEES)}",
    told=("exit_entry",),
    for_child=True,
    route=route,
    fee=fee,
    term=term,
)
