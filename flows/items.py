"""The vocabulary of shared data: what may be asked of departments, by item key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.codes import ETHNIC_GROUPS, SEXES
from flows.fields import Code, Date, Pattern, Phone, ResidentId, Text
from flows.flow import Kind


class Sensitivity(StrEnum):
    """How far a value may be shown and kept (docs/privacy.md)."""

    ORDINARY = "ordinary"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Item:
    """One item of shared data. `kind` normalises and words its value wherever it comes from."""

    key: str
    title: str
    kind: Kind
    sensitivity: Sensitivity = Sensitivity.PERSONAL


ITEMS: Mapping[str, Item] = {
    item.key: item
    for item in (
        Item("person.number", "公民身份号码", ResidentId(), Sensitivity.SENSITIVE),
        Item("person.name", "姓名", Text(50)),
        Item("person.sex", "性别", Code(SEXES)),
        Item("person.ethnic_group", "民族", Code(ETHNIC_GROUPS)),
        Item("person.birth", "出生日期", Date()),
        Item("person.birth_place", "出生地", Text(20)),
        Item("household.address", "户口所在地址", Text(100)),
        Item("household.police_station", "户口所在地派出所", Text(40)),
        Item("contact.mobile", "联系电话", Phone()),
        Item("employment.employer", "工作单位", Text(60)),
        Item(
            "employment.credit_code",
            "单位统一社会信用代码",
            Pattern(r"[0-9A-HJ-NPQRTUWXY]{18}", "统一社会信用代码不正确"),
            Sensitivity.ORDINARY,
        ),
        Item("employment.occupation", "职业", Text(20)),
        Item("company.name", "单位登记名称", Text(60), Sensitivity.ORDINARY),
        Item("company.status", "单位登记状态", Text(10), Sensitivity.ORDINARY),
        Item("permit.number", "往来港澳通行证号码", Pattern(r"C(\d{8}|[A-HJ-NP-Z]\d{7})", "通行证号码不正确")),
        Item("permit.issued", "通行证签发日期", Date()),
        Item("permit.expiry", "通行证有效期至", Date()),
        Item("permit.surname", "拼音姓", Pattern(r"[A-Z]{1,30}", "拼音姓只能用大写字母")),
        Item("permit.given_names", "拼音名", Pattern(r"[A-Z]{1,30}", "拼音名只能用大写字母")),
        Item("permit.route", "办理去向", Code({"terminal": "自助办理", "counter": "人工窗口"})),
    )
}
