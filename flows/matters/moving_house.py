"""搬家一件事: one new address for the residence permit, social security and the vehicle licence; all three have to agree."""

from __future__ import annotations

from collections.abc import Callable

from flows.addresses import Address
from flows.fields import YES_NO, Choice, Option
from flows.flow import Field, Flow, Known, Page, Route, When
from flows.names import spelling
from flows.pages import shared_field
from flows.residents import MOBILE, is_child, new_home, paper, person, signed

REGISTERS = {
    "population": ("residence.number", "residence.address"),
    "social_security": ("insurance.number", "social_security.address"),
    "traffic": ("vehicle.plate", "vehicle.address"),
}
"""By department: the record that shows whether it has the person, and the address it has."""

KNOWN_ADDRESSES = {
    "household": ("户口登记的地址", "household.address"),
    "population": ("居住证上的地址", "residence.address"),
    "social_security": ("社会保险登记的地址", "social_security.address"),
    "traffic": ("行驶证上的地址", "vehicle.address"),
}
NEW = "new"
HUKOU = {"no": "户口不动", "yes": "户口也要迁"}


def homes(known: Known) -> tuple[Option, ...]:
    """An address that one register has already is only chosen."""
    seen: dict[str, Option] = {}
    for key, (label, item) in KNOWN_ADDRESSES.items():
        if address := known.record(item):
            seen.setdefault(spelling(address), Option(key, label))
    return (*seen.values(), Option(NEW, "别的地址"))


def home(known: Known) -> str:
    """The address of the register that was chosen, or the new one; "" while the counter has to write it."""
    return known.record(KNOWN_ADDRESSES[known["home"]][1]) if known["home"] in KNOWN_ADDRESSES else known["new_home"]


def has_to_change(department: str) -> Callable[[Known], str]:
    """Whether a department has the person with another address; "" when it did not answer and the citizen has to say."""
    person_record, address_record = REGISTERS[department]

    def answer(known: Known) -> str:
        if not known.record(person_record):
            return "no" if department in known.answered else ""
        old = known.record(address_record)
        return "no" if old and spelling(old) == spelling(home(known)) else "yes"

    return answer


def route(known: Known) -> Route:
    """Whoever moves the household too, or has nothing to change, goes to a clerk."""
    registers = [known[f"register_{department}"] for department in REGISTERS]
    away = known["hukou"] == "yes" or all(answer == "no" for answer in registers) or is_child(known)
    return Route.COUNTER if away else Route.TERMINAL


def _register(department: str, label: str) -> Field:
    return Field(
        name=f"register_{department}",
        label=label,
        kind=YES_NO,
        locked=True,
        derive=has_to_change(department),
        row="变更登记",
    )


HOUSEHOLD = Page(
    name="hukou",
    title="户口要一起迁吗",
    fields=(
        Field(
            name="hukou",
            label="户口",
            kind=Choice(
                lambda known: (
                    Option("no", HUKOU["no"]),
                    Option("yes", HUKOU["yes"], "由公安户籍窗口办理"),
                ),
                lambda key: HUKOU.get(key, key),
            ),
            row="户口",
        ),
    ),
)
HOME = Page(
    name="home",
    title="搬到了哪里",
    lead="有一个部门已经登记了新地址的，选它就行",
    fields=(
        *(shared_field(f"at_{key}", item, row="原地址", required=False) for key, (label, item) in KNOWN_ADDRESSES.items()),
        Field(
            name="home",
            label="新住址",
            kind=Choice(homes, lambda key: KNOWN_ADDRESSES[key][0] if key in KNOWN_ADDRESSES else "别的地址"),
            row="新住址",
        ),
    ),
)
CHOSEN = Page(
    name="chosen",
    title="新住址",
    asked_when=When("已有部门登记了新地址", lambda known: known["home"] in KNOWN_ADDRESSES),
    fields=(Field(name="address", label="新住址", kind=Address(), locked=True, derive=home, row="新住址", may_be_left=True),),
)
DEPARTMENTS = Page(
    name="registers",
    title="由哪些部门变更",
    lead="没有登记的部门不会改动；三个部门同时办理",
    fields=(
        _register("population", "变更居住证地址"),
        _register("social_security", "变更社会保险地址"),
        _register("traffic", "变更行驶证地址"),
        shared_field("plate", "vehicle.plate", row="号牌号码", required=False),
    ),
)

FLOW = Flow(
    code="moving-house",
    version="1",
    title="搬家一件事",
    summary="居住证、社保、行驶证一次变更",
    pages=(
        person(MOBILE),
        HOUSEHOLD,
        HOME,
        CHOSEN,
        *new_home(When("别的地址", lambda known: known["home"] == NEW)),
        DEPARTMENTS,
        paper("new_home_paper", "租赁合同或房产证", document="home_proof"),
        signed("以上内容属实，请各部门按新住址变更登记"),
    ),
    bring=("居民身份证", "居住证、行驶证（有的带上）", "新住处的证明"),
    needs=("residence.number", "insurance.number"),
    told=tuple(REGISTERS),
    approvals=True,
    route=route,
)
