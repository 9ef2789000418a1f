"""样例事项: every kind of field once, a page asked only sometimes, a choice that is not on offer."""

from __future__ import annotations

from flows.codes import ETHNIC_GROUPS
from flows.fields import YES_NO, Choice, Code, Date, Option, Pattern, Phone, Text
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, Route
from flows.items import ITEMS

LABELS = {"apple": "苹果", "pear": "梨", "peach": "桃"}


def fruits(known: Known) -> tuple[Option, ...]:
    return (
        Option("apple", LABELS["apple"], "每份 5 元"),
        Option("pear", LABELS["pear"], "每份 8 元"),
        Option("peach", LABELS["peach"], why_not="这个季节没有"),
    )


def wants_post(known: Known) -> bool:
    return known["post"] == "yes"


def route(known: Known) -> Route:
    return Route.COUNTER if known["code"] == "C00000000" else Route.TERMINAL


def fee(known: Known) -> Fee:
    prices = {"apple": 5, "pear": 8}
    fruit = known["fruit"]
    return Fee((FeeLine(LABELS[fruit], prices[fruit]),), "收费标准 2026-01-01") if fruit in prices else Fee()


FLOW = Flow(
    code="specimen",
    version="1",
    title="样例事项",
    summary="用来试用终端的样例，不是真实事项",
    bring=("居民身份证",),
    route=route,
    fee=fee,
    pages=(
        Page(
            name="person",
            title="请核对您的身份",
            fields=(
                Field(name="name", label="姓名", kind=ITEMS["person.name"].kind, item="person.name", locked=True),
                Field(
                    name="birth_place",
                    label="出生地",
                    kind=ITEMS["person.birth_place"].kind,
                    item="person.birth_place",
                    locked=True,
                    may_be_left=True,
                ),
                Field(name="mobile", label="联系电话", kind=Phone(), item="contact.mobile"),
                Field(name="ethnic_group", label="民族", kind=Code(ETHNIC_GROUPS), item="person.ethnic_group"),
            ),
        ),
        Page(
            name="values",
            title="请填写",
            lead="每种填写方式一个",
            fields=(
                Field(name="note", label="备注", kind=Text(40), required=False, may_be_left=True),
                Field(name="code", label="编号", kind=Pattern(r"[A-Z]\d{8}", "编号是一个字母加 8 位数字"), hint="例如 C12345678"),
                Field(name="day", label="日期", kind=Date(), hint="例如 20261123"),
            ),
        ),
        Page(
            name="choices",
            title="请选择",
            fields=(
                Field(name="fruit", label="水果", kind=Choice(fruits, lambda key: LABELS.get(key, key))),
                Field(name="post", label="要邮寄吗", kind=YES_NO),
            ),
        ),
        Page(
            name="post",
            title="寄到哪里",
            asked_when=wants_post,
            fields=(Field(name="address", label="地址", kind=Text(100), may_be_left=True),),
        ),
    ),
)
