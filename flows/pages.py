"""Pages that several matters ask in the same words: who it is, where they live, how to reach and pay them out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flows.fields import CONSENT, YES_NO, Choice, Option, Pattern, Phone, Text, fixed_choice
from flows.flow import ALWAYS, Field, Known, Page, When
from flows.items import ITEMS
from flows.pictures import Photo, Signature

AT_THE_COUNTER = "请到人工窗口办理"


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    last = date(next_year, next_month + 1, 1) - timedelta(days=1)
    return last if day.day > last.day else last.replace(day=day.day)


def day_of(text: str) -> date | None:
    """A canonical date, None when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_under(known: Known, years: int) -> bool:
    """Whether the applicant is younger today; the birthday itself counts as reached."""
    birth = day_of(known["birth"] or known.record("person.birth"))
    return birth is not None and known.today < months_later(birth, 12 * years)


def shared_field(
    name: str,
    item: str,
    *,
    row: str = "",
    locked: bool = True,
    required: bool = True,
    may_be_left: bool = False,
    hint: str = "",
) -> Field:
    """A field of shared data; locked: the card or a department answers it and the citizen only reads it."""
    return Field(
        name=name,
        label=ITEMS[item].title,
        kind=ITEMS[item].kind,
        item=item,
        row=row,
        locked=locked,
        required=required,
        may_be_left=may_be_left,
        hint=hint,
    )


def who(*more: Field, lead: str = "有不对的地方，请在窗口告诉工作人员") -> Page:
    """The person as card and household register have it."""
    return Page(
        name="who",
        title="请核对身份",
        lead=lead,
        fields=(
            shared_field("name", "person.name", row="4"),
            shared_field("number", "person.number", row="11"),
            shared_field("sex", "person.sex", row="7"),
            shared_field("ethnic_group", "person.ethnic_group", row="8"),
            shared_field("birth", "person.birth", row="9"),
            *more,
        ),
    )


BIRTH_PLACE = shared_field("birth_place", "person.birth_place", row="10", may_be_left=True)
FORMER = Page(
    name="former",
    title="曾用名",
    lead="户籍登记里有曾用名",
    asked_when=When("有曾用名时", lambda known: bool(known.record("person.former_name"))),
    fields=(shared_field("former_name", "person.former_name", row="5", required=False),),
)

HOUSEHOLD = Page(
    name="household",
    title="户口登记在哪里",
    lead="这里是户籍登记的地址，可能与身份证上印的不同",
    fields=(
        shared_field("address", "household.address", row="12", may_be_left=True),
        shared_field("police_station", "household.police_station", row="13", may_be_left=True),
        shared_field("station_code", "household.station_code", row="13", required=False, hint="不知道可以不填"),
    ),
)

HOME = Page(
    name="home",
    title="现在住在哪里",
    fields=(
        Field(
            name="lives_at",
            label="现住址",
            kind=fixed_choice(household="就住在户口登记的地址", elsewhere="住在别的地方"),
            row="14",
            shares="home.lives_at",
        ),
        Field(
            name="postcode",
            label="邮政编码",
            kind=Pattern(r"\d{6}", "邮政编码是 6 位数字"),
            required=False,
            hint="不知道可以不填",
            row="14",
            shares="home.postcode",
        ),
    ),
)
ELSEWHERE = Page(
    name="elsewhere",
    title="现住址",
    lead="居住证登记的地址会自动填上",
    asked_when=When("住在别的地方时", lambda known: known["lives_at"] == "elsewhere"),
    fields=(shared_field("live_address", "residence.address", row="14", locked=False, may_be_left=True),),
)

CONTACT = Page(
    name="contact",
    title="怎么联系您",
    lead="办好以后会打这个电话或发短信",
    fields=(
        replace(
            shared_field("mobile", "contact.mobile", row="15", locked=False, hint="手机号码，或带区号的固定电话"),
            derive=lambda known: known["guardian_phone"],
        ),
    ),
)
EMERGENCY = Page(
    name="emergency",
    title="紧急联系人",
    lead="联系不上您时，打电话给谁",
    fields=(
        Field(
            name="emergency_name",
            label="紧急联系人姓名",
            kind=Text(15),
            row="16",
            may_be_left=True,
            shares="contact.emergency_name",
        ),
        Field(
            name="emergency_phone",
            label="紧急联系人电话",
            kind=Phone(abroad=True),
            row="16",
            may_be_left=True,
            shares="contact.emergency_phone",
        ),
    ),
)
WORK = Page(
    name="work",
    title="在哪里工作",
    lead="退休或没有工作，可以留给窗口填写",
    fields=(
        shared_field("employer", "employment.employer", row="21", locked=False, may_be_left=True),
        shared_field("credit_code", "employment.credit_code", row="21", required=False, hint="不知道可以不填"),
        shared_field("company_name", "company.name", row="21", required=False),
        shared_field("company_status", "company.status", row="21", required=False),
        shared_field("occupation", "employment.occupation", row="20", locked=False, may_be_left=True),
    ),
)
STATUS = Page(
    name="status",
    title="请先回答两个问题",
    lead="回答“是”的，由人工窗口办理",
    fields=(
        Field(
            name="public_servant",
            label="是国家工作人员吗",
            kind=YES_NO,
            hint="在机关、事业单位、国企任职且已登记备案",
            row="22",
            shares="person.public_servant",
        ),
        Field(
            name="soldier",
            label="是现役军人吗",
            kind=YES_NO,
            hint="解放军或武警部队的现役人员",
            row="22",
            shares="person.soldier",
        ),
    ),
)


def delivery(asked_when: When = ALWAYS) -> tuple[Page, Page]:
    """How the finished thing comes to its owner, and where it is posted to."""
    how = Page(
        name="delivery",
        title="办好以后怎样领取",
        asked_when=asked_when,
        fields=(
            Field(name="delivery", label="领取方式", kind=Choice(_deliveries, lambda key: _DELIVERIES.get(key, key)), row="35"),
        ),
    )
    posted = When("邮寄时", lambda known: asked_when(known) and known["delivery"] == "EMS")
    where = Page(
        name="post",
        title="寄给谁",
        lead="送到现住址；收件人要出示身份证",
        asked_when=posted,
        fields=(Field(name="recipient_phone", label="收件人电话", kind=Phone(), row="35", derive=lambda known: known["mobile"]),),
    )
    return how, where


_DELIVERIES = {"PICKUP": "到大厅窗口领取", "EMS": "邮政快递送到家"}


def _deliveries(known: Known) -> tuple[Option, ...]:
    anywhere = known["address"] or known["live_address"]
    return (
        Option("PICKUP", _DELIVERIES["PICKUP"], "凭回执和身份证领取"),
        Option("EMS", _DELIVERIES["EMS"], "邮费由收件人支付", "" if anywhere else AT_THE_COUNTER, counter=True),
    )


def photo(sheet: str, asked_when: When = ALWAYS) -> Page:
    """The portrait. Whoever has no luck with the camera leaves it to the counter."""
    return Page(
        name="photo",
        title="拍一张证件照",
        lead="请摘下帽子和眼镜，坐正，看镜头",
        asked_when=asked_when,
        fields=(Field(name="photo", label="证件照", kind=Photo(sheet), row="38", may_be_left=True, shares=f"photo.{sheet}"),),
    )


def declaration(statement: str, asked_when: When = ALWAYS, row: str = "39") -> Page:
    """What the applicant declares, signed with a finger. Who cannot write leaves it to the counter."""
    return Page(
        name="declaration",
        title="声明与签名",
        lead=statement,
        asked_when=asked_when,
        fields=(Field(name="signature", label="申请人签名", kind=Signature(statement), row=row, may_be_left=True),),
    )


def optional_consent(name: str, title: str, label: str, statement: str, row: str, asked_when: When = ALWAYS) -> tuple[Page, Page]:
    """A separate consent for an optional extra, blank beforehand, and its own signature when it is given."""
    asked = Page(
        name=name,
        title=title,
        lead=statement,
        asked_when=asked_when,
        fields=(Field(name=name, label=label, kind=CONSENT, required=False, row=row, hint="可以不选，不影响办理"),),
    )
    signed = Page(
        name=f"{name}_signature",
        title="请签名",
        lead=statement,
        asked_when=When("同意时", lambda known: asked_when(known) and known[name] == "yes"),
        fields=(Field(name=f"{name}_signature", label="同意人签名", kind=Signature(statement), row=row, may_be_left=True),),
    )
    return asked, signed
