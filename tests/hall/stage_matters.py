"""The matters of a hall on the stage: a permit with pictures, a letter issued at once, one thing for three departments."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from PIL import Image

from flows.application import Attached
from flows.certificate import Certificate
from flows.fields import YES_NO, Choice, Option
from flows.flow import Fee, FeeLine, Field, Flow, Known, Matters, Page, Route, Term
from flows.lacking import LACKING
from flows.pages import AT_THE_COUNTER, BIRTH_PLACE, CONTACT, HOUSEHOLD, STATUS, WORK, declaration, photo, shared_field, who
from flows.second_person import Rule, SecondPerson
from hall.possible import CounterRules

FEES = {"HK-G-12-1": ("香港 个人旅游 一年一次", 15), "HK-G-12-2": ("香港 个人旅游 一年两次", 30)}
FEES |= {"MO-G-12-1": ("澳门 个人旅游 一年一次", 15)}
KIN = {"HK-T": "探亲", "MO-T": "探亲"}
LABELS = {key: label.partition(" ")[2] for key, (label, _) in FEES.items()} | KIN | {"none": "不去"}


def picture(colour: str, kind: str = "JPEG", size: tuple[int, int] = (354, 472)) -> Attached:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, kind)
    return Attached(f"image/{kind.lower()}", drawn.getvalue())


PORTRAIT, SIGNED = picture("#7d93a8"), picture("#ffffff", "PNG", (600, 200))


def _places(place: str) -> Choice:
    def options(known: Known) -> tuple[Option, ...]:
        offered = [Option(key, LABELS[key]) for key in FEES if key.startswith(place)]
        kin = Option(f"{place}-T", KIN[f"{place}-T"], why_not=AT_THE_COUNTER, counter=True)
        return (*offered, kin, Option("none", LABELS["none"]))

    return Choice(options, lambda key: LABELS.get(key, key))


def _fee(known: Known) -> Fee:
    asked = [known["hong_kong"], known["macau"]]
    lines = tuple(FeeLine(*FEES[key]) for key in asked if key in FEES)
    names = {"HK-T": "香港 探亲", "MO-T": "澳门 探亲"}
    return Fee(lines, "收费标准 2019-07-01" if lines else "", tuple(names[key] for key in asked if key in names))


PERMIT = Flow(
    code="hk-macau-permit",
    version="1",
    title="往来港澳通行证签注",
    bring=("居民身份证", "往来港澳通行证"),
    needs=("permit.route",),
    told=("exit_entry",),
    route=lambda known: Route.COUNTER if known.record("permit.route") not in ("", "terminal") else Route.TERMINAL,
    fee=_fee,
    term=lambda known: Term(7, "working_days"),
    pages=(
        who(
            BIRTH_PLACE,
            shared_field("surname", "permit.surname", may_be_left=True),
            shared_field("given_names", "permit.given_names", may_be_left=True),
        ),
        HOUSEHOLD,
        Page(
            name="permit",
            title="现有通行证",
            fields=tuple(
                shared_field(f"permit_{name}", f"permit.{name}", may_be_left=True) for name in ("number", "issued", "expiry")
            ),
        ),
        WORK,
        CONTACT,
        Page(name="hong_kong", title="去香港", fields=(Field(name="hong_kong", label="香港签注", kind=_places("HK")),)),
        Page(name="macau", title="去澳门", fields=(Field(name="macau", label="澳门签注", kind=_places("MO")),)),
        STATUS,
        photo("exit_entry"),
        declaration("以上内容真实"),
    ),
)
EARLIER = replace(PERMIT, version="0", title="往来港澳通行证签注（旧）", term=lambda known: Term(20, "days"))


def _insured(known: Known) -> Certificate | None:
    if not known["employer"]:
        return None
    rows = (("姓名", known["name"]), ("公民身份号码", known["number"]), ("工作单位", known["employer"]))
    return Certificate("参保证明", f"兹证明{known['name']}在本市参加社会保险。", "佛山市禅城区人力资源和社会保障局", rows)


LETTER = Flow(
    code="letter-at-once",
    version="1",
    title="开具参保证明",
    certificate=_insured,
    pages=(
        who(),
        Page(name="work", title="工作单位", fields=(shared_field("employer", "employment.employer", may_be_left=True),)),
        CONTACT,
        photo("exit_entry"),
    ),
)
MOVING = Flow(
    code="moving",
    version="1",
    title="搬家一件事",
    told=("population", "social_security", "traffic"),
    approvals=True,
    pages=(
        who(),
        CONTACT,
        Page(
            name="traffic",
            title="有车吗",
            fields=(Field(name="register_traffic", label="要改行驶证住址吗", kind=YES_NO),),
        ),
    ),
)
CHECKED = replace(PERMIT, code="checked-permit", title="通行证签注（须复核）")
"""Of this one every case wants a second person, and one paper may be lacking."""

STAGE_MATTERS = Matters([PERMIT, EARLIER, LETTER, MOVING, CHECKED])
RULE = Rule(
    effective_from=date(2026, 1, 1), source="the stage", grade="P", matter=CHECKED.code, when="always", why="台上的事项都要复核"
)
OLD = next(paper for paper in LACKING.paper if (paper.matter, paper.code) == (PERMIT.code, "OLD_PERMIT"))
STAGE_RULES = CounterRules(
    replace(LACKING, paper=(*LACKING.paper, replace(OLD, matter=CHECKED.code))), SecondPerson(rule=(RULE,))
)
