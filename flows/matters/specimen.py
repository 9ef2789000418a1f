"""样例事项: every kind of field once, and every way of asking: sometimes, again and again, worked out, for a child."""

from __future__ import annotations

from dataclasses import replace

from flows.addresses import DISTRICT, Address
from flows.codes import ETHNIC_GROUPS
from flows.document_numbers import DocumentNumber
from flows.fields import YES_NO, Choice, Code, Date, Option, PartialDate, Pattern, Phone, Text, fixed_choice
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, Route, Term, When, repeated
from flows.guardian import GUARDIAN, NEEDS
from flows.items import ITEMS
from flows.pages import declaration, is_under, optional_consent, photo
from flows.pictures import Paper
from flows.pinyin import propose

LABELS = {"apple": "苹果", "pear": "梨", "peach": "桃"}
GROUPS = {"child": "未满16岁", "adult": "已满16岁"}


def fruits(known: Known) -> tuple[Option, ...]:
    return (
        Option("apple", LABELS["apple"], "每份 5 元"),
        Option("pear", LABELS["pear"], "每份 8 元"),
        Option("peach", LABELS["peach"], why_not="这个季节没有"),
    )


def age_group(known: Known) -> str:
    return "child" if is_under(known, 16) else "adult"


def latin_surname(known: Known) -> str:
    return propose(known["name"])[0]


def latin_given_names(known: Known) -> str:
    return propose(known["name"])[1]


def route(known: Known) -> Route:
    alone = is_under(known, 16) and known.guardian is None
    return Route.COUNTER if alone or known["code"] == "C00000000" else Route.TERMINAL


def fee(known: Known) -> Fee:
    prices = {"apple": 5, "pear": 8}
    fruit = known["fruit"]
    return Fee((FeeLine(LABELS[fruit], prices[fruit]),), "收费标准 2026-01-01") if fruit in prices else Fee()


NAME = Field(name="name", label="姓名", kind=ITEMS["person.name"].kind, item="person.name", locked=True, row="姓名")
BIRTH_PLACE = Field(
    name="birth_place",
    label="出生地",
    kind=ITEMS["person.birth_place"].kind,
    item="person.birth_place",
    locked=True,
    may_be_left=True,
    row="出生地",
)
MOBILE = Field(name="mobile", label="联系电话", kind=Phone(), item="contact.mobile", row="电话")
ETHNIC_GROUP = Field(name="ethnic_group", label="民族", kind=Code(ETHNIC_GROUPS), item="person.ethnic_group", row="民族")
BIRTH = Field(name="birth", label="出生日期", kind=Date(), item="person.birth", locked=True, row="出生日期")
PERSON = Page(name="person", title="请核对您的身份", fields=(NAME, BIRTH_PLACE, MOBILE, ETHNIC_GROUP, BIRTH))

LATIN = Page(
    name="latin",
    title="姓名的拉丁字母",
    lead="字母是按姓名读音推荐的，与您以前的证件不同时请改正",
    fields=(
        Field(name="surname", label="拼音姓", kind=Text(30, "latin"), derive=latin_surname, required=False, row="拼音"),
        Field(name="given_names", label="拼音名", kind=Text(30, "latin"), derive=latin_given_names, required=False, row="拼音"),
        Field(name="age_group", label="年龄", kind=fixed_choice(**GROUPS), derive=age_group, locked=True, row="年龄"),
    ),
)
VALUES = Page(
    name="values",
    title="请填写",
    lead="每种填写方式一个",
    fields=(
        Field(name="note", label="备注", kind=Text(40), required=False, may_be_left=True, row="备注"),
        Field(
            name="code", label="编号", kind=Pattern(r"[A-Z]\d{8}", "编号是一个字母加 8 位数字"), hint="例如 C12345678", row="编号"
        ),
        Field(name="day", label="日期", kind=Date(), hint="例如 20261123", row="日期"),
    ),
)
NUMBERS = Page(
    name="numbers",
    title="证件和号码",
    lead="没有的可以不填",
    fields=(
        Field(
            name="passport",
            label="护照号码",
            kind=DocumentNumber(("passport", "passport_old"), "护照号码不正确"),
            required=False,
            row="证件",
        ),
        Field(
            name="company",
            label="单位统一社会信用代码",
            kind=DocumentNumber(("credit_code",), "统一社会信用代码不正确"),
            required=False,
            row="证件",
        ),
        Field(name="since", label="从什么时候开始", kind=PartialDate(), required=False, hint="只记得年份也可以", row="日期"),
        Field(name="alias", label="别名", kind=Text(20, "han"), required=False, may_be_left=True, row="姓名"),
    ),
)
CHOICES = Page(
    name="choices",
    title="请选择",
    fields=(
        Field(name="fruit", label="水果", kind=Choice(fruits, lambda key: LABELS.get(key, key)), row="水果"),
        Field(name="post", label="要邮寄吗", kind=YES_NO, row="邮寄"),
    ),
)
POSTED = When("要邮寄时", lambda known: known["post"] == "yes")
POST = Page(
    name="post",
    title="寄到哪里",
    asked_when=POSTED,
    fields=(
        Field(name="district", label="所在区", kind=DISTRICT, required=False, row="地址"),
        Field(name="address", label="地址", kind=Address(), may_be_left=True, row="地址"),
    ),
)
CONTACTS = repeated(
    Page(
        name="contact",
        title="联系人",
        lead="最多三位",
        fields=(
            Field(name="contact_name", label="联系人姓名", kind=Text(15, "han"), may_be_left=True, row="联系人"),
            Field(name="contact_phone", label="联系人电话", kind=Phone(abroad=True), row="联系人"),
        ),
    ),
    Field(name="another", label="还有一位联系人吗", kind=YES_NO),
    most=3,
)
PAPER = Page(
    name="paper",
    title="拍下证明",
    lead="请把纸放平，四个角都在画面里",
    fields=(Field(name="paper", label="证明", kind=Paper(what="样例证明"), may_be_left=True, row="附件"),),
)

_FIRST = Flow(
    code="specimen",
    version="1",
    title="样例事项",
    summary="用来试用终端的样例，不是真实事项",
    bring=("居民身份证",),
    route=lambda known: Route.COUNTER if known["code"] == "C00000000" else Route.TERMINAL,
    fee=fee,
    pages=(
        replace(PERSON, fields=(NAME, BIRTH_PLACE, MOBILE, ETHNIC_GROUP)),
        VALUES,
        CHOICES,
        Page(
            name="post",
            title="寄到哪里",
            asked_when=POSTED,
            fields=(Field(name="address", label="地址", kind=Text(100), may_be_left=True, row="地址"),),
        ),
    ),
)
EARLIER = (_FIRST,)

FLOW = Flow(
    code="specimen",
    version="2",
    title="样例事项",
    summary="用来试用终端的样例，不是真实事项",
    bring=("居民身份证",),
    needs=NEEDS,
    for_child=True,
    route=route,
    fee=fee,
    term=lambda known: Term(3, "working_days"),
    pages=(
        PERSON,
        GUARDIAN,
        LATIN,
        VALUES,
        NUMBERS,
        CHOICES,
        POST,
        *CONTACTS,
        photo("exit_entry"),
        PAPER,
        *optional_consent("reminder", "愿意收到提醒吗", "到期提醒", "同意后，到期前三个月发短信提醒；随时可以取消", "提醒"),
        declaration("我保证以上填写的内容真实"),
    ),
)
