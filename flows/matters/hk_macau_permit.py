"""往来港澳通行证签注: a holder of a valid permit asks for endorsements for Hong Kong and Macau."""

from __future__ import annotations

from datetime import date, timedelta

from flows import policy
from flows.fields import YES_NO, Choice, Option
from flows.flow import Fee, FeeLine, Field, Flow, Known, Page, Route
from flows.items import ITEMS
from flows.policy import EndorsementKind, Offer, Place
from flows.regions import city

NONE = "none"
AT_THE_COUNTER = "请到人工窗口办理"
PLACES: dict[Place, str] = {"HK": "香港", "MO": "澳门"}
ASKED: dict[Place, str] = {"HK": "hong_kong", "MO": "macau"}
NOT_GOING: dict[Place, str] = {"HK": "不去香港", "MO": "不去澳门"}
TIMES = {"1": "一次", "2": "两次", "M": "多次"}
PERIODS = {3: "三个月", 12: "一年"}


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    last = date(next_year, next_month + 1, 1) - timedelta(days=1)
    return last if day.day > last.day else last.replace(day=day.day)


def endorsements(place: Place, known: Known) -> tuple[Option, ...]:
    """Everything that can be had for a place, and why some of it is not on offer here, in neutral words."""
    found = []
    for kind in policy.kinds_on(known.today):
        if not kind.terminal:
            found.append(Option(f"{place}-{kind.letter}", kind.title, why_not=AT_THE_COUNTER, counter=True))
            continue
        for offer in policy.offers_on(known.today):
            if (offer.place, offer.kind) == (place, kind.letter) and _meant_for(offer, known):
                note = f"每次最多停留 {offer.stay_days} 天"
                why_not = _why_not(kind, offer, known)
                found.append(Option(offer.key, _label(kind, offer), note, why_not, counter=why_not == AT_THE_COUNTER))
    return (*found, Option(NONE, NOT_GOING[place], why_not=_why_go(place, known)))


def chosen(known: Known) -> tuple[Offer, ...]:
    """The endorsements asked for, Hong Kong first."""
    offers = (policy.offer(known[name]) for name in ASKED.values())
    return tuple(offer for offer in offers if offer is not None)


def route(known: Known) -> Route:
    """The counter for everything a terminal may not decide; which of these it was stays unsaid."""
    away = (
        known.record("permit.route") not in ("", "terminal")
        or _is_child(known)
        or _ends_before(known, months_later(known.today, policy.limits_on(known.today).months_left))
        or "yes" in (known["public_servant"], known["soldier"])
    )
    return Route.COUNTER if away else Route.TERMINAL


def fee(known: Known) -> Fee:
    table = policy.fees_on(known.today)
    lines = tuple(FeeLine(f"{PLACES[o.place]} {_LABELS[o.key]}", table.yuan(o.entries, o.months)) for o in chosen(known))
    # Kinds that only a clerk chooses have a length and a number of entries of their own, which no table of ours names.
    keys = ((PLACES[place], known[name]) for place, name in ASKED.items())
    unpriced = tuple(f"{place} {_LABELS[key]}" for place, key in keys if key in _LABELS and policy.offer(key) is None)
    return Fee(lines, table.name if lines else "", unpriced)


def _label(kind: EndorsementKind, offer: Offer) -> str:
    return f"{kind.title} {PERIODS.get(offer.months, f'{offer.months} 个月')}{TIMES[offer.entries]}"


_LABELS = {
    offer.key: _label(kind, offer) for offer in policy.ALL_OFFERS for kind in policy.ALL_KINDS if kind.letter == offer.kind
}
_LABELS |= {f"{place}-{kind.letter}": kind.title for place in PLACES for kind in policy.ALL_KINDS}


def _meant_for(offer: Offer, known: Known) -> bool:
    return not offer.cities or city(known["address"]) in offer.cities


def _why_not(kind: EndorsementKind, offer: Offer, known: Known) -> str:
    home = city(known["address"])
    # An address that nobody gave yet keeps the offer open: the clerk checks it, the citizen is not stopped.
    if kind.listed_cities and home and home not in policy.cities_on(known.today):
        return AT_THE_COUNTER
    last_day = months_later(known.today, offer.months) - timedelta(days=1)
    return "超过通行证有效期" if _ends_before(known, last_day) else ""


def _why_go(place: Place, known: Known) -> str:
    return "香港和澳门请至少选一个" if place == "MO" and known["hong_kong"] == NONE else ""


def _ends_before(known: Known, day: date) -> bool:
    ends = _date(known["permit_expiry"])
    return ends is not None and ends < day


def _is_child(known: Known) -> bool:
    birth = _date(known["birth"])
    return birth is not None and known.today < months_later(birth, 12 * policy.limits_on(known.today).adult_from)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _endorsement(place: Place) -> Choice:
    return Choice(
        lambda known: endorsements(place, known), lambda key: NOT_GOING[place] if key == NONE else _LABELS.get(key, key)
    )


_DELIVERIES = {"PICKUP": "到大厅窗口领取", "EMS": "邮政快递送到户口所在地址"}


def _deliveries(known: Known) -> tuple[Option, ...]:
    return (
        Option("PICKUP", _DELIVERIES["PICKUP"], "凭回执和身份证领取"),
        Option("EMS", _DELIVERIES["EMS"], "邮费由收件人支付", "" if known["address"] else AT_THE_COUNTER, counter=True),
    )


def _field(
    name: str, item: str, *, locked: bool = True, required: bool = True, may_be_left: bool = False, hint: str = ""
) -> Field:
    """A field of shared data; locked: the card or a department answers it and the citizen only reads it."""
    title, kind = ITEMS[item].title, ITEMS[item].kind
    return Field(
        name=name, label=title, kind=kind, item=item, locked=locked, required=required, may_be_left=may_be_left, hint=hint
    )


WHO = Page(
    name="who",
    title="请核对您的身份",
    lead="有不对的地方，请在窗口告诉工作人员",
    fields=(
        _field("name", "person.name"),
        _field("number", "person.number"),
        _field("sex", "person.sex"),
        _field("ethnic_group", "person.ethnic_group"),
        _field("birth", "person.birth"),
        _field("birth_place", "person.birth_place", may_be_left=True),
        _field("surname", "permit.surname", hint="与通行证上的拼音一致", may_be_left=True),
        _field("given_names", "permit.given_names", hint="与通行证上的拼音一致", may_be_left=True),
    ),
)
HOUSEHOLD = Page(
    name="household",
    title="您的户口登记在哪里",
    lead="这里是户籍登记的地址，可能与身份证上印的不同",
    fields=(
        _field("address", "household.address", may_be_left=True),
        _field("police_station", "household.police_station", may_be_left=True),
    ),
)
PERMIT = Page(
    name="permit",
    title="您现在的通行证",
    lead="请看通行证正面",
    fields=(
        _field("permit_number", "permit.number", hint="以字母 C 开头，共 9 位", may_be_left=True),
        _field("permit_issued", "permit.issued", hint="例如 20210315", may_be_left=True),
        _field("permit_expiry", "permit.expiry", hint="例如 20310314", may_be_left=True),
    ),
)
WORK = Page(
    name="work",
    title="您在哪里工作",
    lead="退休或没有工作，可以留给窗口填写",
    fields=(
        _field("employer", "employment.employer", locked=False, may_be_left=True),
        _field("credit_code", "employment.credit_code", required=False, hint="不知道可以不填"),
        _field("company_name", "company.name", required=False),
        _field("company_status", "company.status", required=False),
        _field("occupation", "employment.occupation", locked=False, may_be_left=True),
    ),
)
CONTACT = Page(
    name="contact",
    title="怎么联系您",
    lead="办好以后会打这个电话或发短信",
    fields=(_field("mobile", "contact.mobile", locked=False, hint="手机号码，或带区号的固定电话"),),
)
HONG_KONG = Page(
    name="hong_kong",
    title="您要去香港吗",
    lead="请选一种签注，从批准那天起算",
    fields=(Field(name="hong_kong", label="香港签注", kind=_endorsement("HK")),),
)
MACAU = Page(
    name="macau",
    title="您要去澳门吗",
    lead="请选一种签注，从批准那天起算",
    fields=(Field(name="macau", label="澳门签注", kind=_endorsement("MO")),),
)
STATUS = Page(
    name="status",
    title="请回答两个问题",
    fields=(
        Field(
            name="public_servant",
            label="您是国家工作人员吗",
            kind=YES_NO,
            hint="在机关、事业单位、国企任职且已登记备案",
        ),
        Field(name="soldier", label="您是现役军人吗", kind=YES_NO, hint="解放军或武警部队的现役人员"),
    ),
)
DELIVERY = Page(
    name="delivery",
    title="办好以后怎样领取",
    fields=(Field(name="delivery", label="领取方式", kind=Choice(_deliveries, lambda key: _DELIVERIES.get(key, key))),),
)

FLOW = Flow(
    code="hk-macau-permit",
    version="1",
    title="往来港澳通行证签注",
    summary="已有往来港澳通行证，再次申请去香港、澳门的签注",
    pages=(WHO, HOUSEHOLD, PERMIT, WORK, CONTACT, HONG_KONG, MACAU, STATUS, DELIVERY),
    bring=("居民身份证", "往来港澳通行证"),
    needs=("permit.route",),
    policy_version=policy.VERSION,
    route=route,
    fee=fee,
)
