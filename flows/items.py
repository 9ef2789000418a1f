"""The vocabulary of shared data: what may be asked of departments, by item key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.codes import EDUCATIONS, ETHNIC_GROUPS, MARRIAGES, RELATIONS, SEXES
from flows.document_numbers import DocumentNumber
from flows.fields import Code, Date, PartialDate, Pattern, Phone, ResidentId, SharedKind, Text


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
    kind: SharedKind
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
        Item("person.former_name", "曾用名", Text(50)),
        Item("person.marriage", "婚姻状况", Code(MARRIAGES), Sensitivity.SENSITIVE),
        Item("person.education", "文化程度", Code(EDUCATIONS)),
        Item("household.number", "户号", Text(20)),
        Item("household.relation", "与户主关系", Code(RELATIONS)),
        Item("household.address", "户口所在地址", Text(100)),
        Item("household.police_station", "户口所在地派出所", Text(40)),
        Item("household.station_code", "派出所机构代码", Pattern(r"\d{12}", "机构代码是 12 位数字"), Sensitivity.ORDINARY),
        Item("household.moved_in", "迁入日期", PartialDate()),
        Item("household.moved_from", "何地迁来", Text(60)),
        Item("guardian.number", "监护人公民身份号码", ResidentId(), Sensitivity.SENSITIVE),
        Item("guardian.name", "监护人姓名", Text(50)),
        Item("guardian.household_number", "监护人户号", Text(20)),
        Item("guardian.household_relation", "监护人与户主关系", Code(RELATIONS)),
        Item("contact.mobile", "联系电话", Phone()),
        Item("employment.employer", "工作单位", Text(60)),
        Item(
            "employment.credit_code",
            "单位统一社会信用代码",
            DocumentNumber(("credit_code",), "统一社会信用代码不正确"),
            Sensitivity.ORDINARY,
        ),
        Item("employment.occupation", "职业", Text(20)),
        Item("employment.months_paid", "连续缴费月数", Text(4)),
        Item("company.name", "单位登记名称", Text(60), Sensitivity.ORDINARY),
        Item("company.status", "单位登记状态", Text(10), Sensitivity.ORDINARY),
        Item("permit.number", "往来港澳通行证号码", DocumentNumber(("eep_card",), "通行证号码不正确")),
        Item("permit.issued", "通行证签发日期", Date()),
        Item("permit.expiry", "通行证有效期至", Date()),
        Item("permit.surname", "拼音姓", Pattern(r"[A-Z]{1,30}", "拼音姓只能用大写字母")),
        Item("permit.given_names", "拼音名", Pattern(r"[A-Z]{1,30}", "拼音名只能用大写字母")),
        Item("permit.route", "办理去向", Code({"terminal": "自助办理", "counter": "人工窗口"})),
        Item("permit.kinds", "可以申请的签注", Pattern(r"[A-Z]*", "签注种类不正确")),
        Item("permit.fingerprints", "指纹留存", Code({"yes": "已留存", "no": "未留存"})),
        Item("permit.hong_kong_until", "香港签注有效期至", Date()),
        Item("permit.macau_until", "澳门签注有效期至", Date()),
        Item("permit.macau_last", "上次澳门签注日期", Date()),
        Item("passport.number", "护照号码", DocumentNumber(("passport", "passport_old"), "护照号码不正确")),
        Item("passport.issued", "护照签发日期", Date()),
        Item("passport.expiry", "护照有效期至", Date()),
        Item("taiwan.number", "往来台湾通行证号码", DocumentNumber(("twp_card", "twp_booklet"), "通行证号码不正确")),
        Item("taiwan.issued", "通行证签发日期", Date()),
        Item("taiwan.expiry", "通行证有效期至", Date()),
        Item("residence.number", "居住证号码", Text(20)),
        Item("residence.address", "居住地址", Text(100)),
        Item("residence.city", "居住证签发城市", Text(20)),
        Item("residence.issued", "居住证签发日期", Date()),
        Item("residence.expiry", "居住证签注有效期至", Date()),
        Item("residence.basis", "居住事由", Code({"work": "合法稳定就业", "home": "合法稳定住所", "study": "连续就读"})),
        Item("resident_card.issued", "身份证签发日期", Date()),
        Item("resident_card.expiry", "身份证有效期至", Date()),
        Item("resident_card.state", "身份证状态", Code({"valid": "正常", "lost": "已挂失"})),
        Item("resident_card.fingerprints", "身份证指纹留存", Code({"yes": "已留存", "no": "未留存"})),
        Item("insurance.number", "社会保险个人编号", Text(20)),
        Item("insurance.state", "参保状态", Code({"insured": "参保缴费", "paused": "暂停参保", "pension": "领取养老金"})),
        Item("insurance.kinds", "参加的险种", Pattern(r"\d{3}(,\d{3})*", "险种代码不正确")),
        Item("insurance.since", "首次参保年月", PartialDate()),
        Item("insurance.months", "累计缴费月数", Text(4)),
        Item("social_security.address", "参保登记地址", Text(100)),
        Item("medical.state", "医疗保险状态", Code({"insured": "参保缴费", "paused": "暂停参保"})),
        Item("medical.since", "医疗保险首次参保年月", PartialDate()),
        Item("medical.months", "医疗保险累计缴费月数", Text(4)),
        Item("vehicle.plate", "号牌号码", Text(10)),
        Item("vehicle.address", "行驶证住址", Text(100)),
    )
}
