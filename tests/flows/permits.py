"""People for the endorsement tests: what is known of somebody, and what they are offered."""

from __future__ import annotations

from datetime import date

from flows.application import CITIZEN, Answer
from flows.endorsement_choice import ASKED, length_choice, place_choice
from flows.endorsements import Place
from flows.fields import Option
from flows.flow import Known
from tests.flows.people import REGION, TODAY

FOSHAN = "广东省佛山市禅城区祖庙街道莲花路36号802房"
SHENZHEN = "广东省深圳市罗湖区东门街道1号"
ZHUHAI = "广东省珠海市香洲区情侣中路3号"
HENGQIN = "广东省珠海市香洲区横琴镇港澳大道868号"
GUILIN = "广西壮族自治区桂林市七星区穿山街道漓江路26号"


def known(today: date = TODAY, /, *, region: str = REGION, **said: str) -> Known:
    """Records are written with two underscores for the dot, answers as they are; a valid permit unless said
    otherwise."""
    said = {"permit_expiry": "2034-03-14", "kind": "ENDORSE", "birth": "1992-02-29", "address": FOSHAN, **said}
    records = {name.replace("__", "."): value for name, value in said.items() if "__" in name}
    answers = {name: Answer(value, CITIZEN) for name, value in said.items() if "__" not in name}
    return Known(answers, records, today, region)


def options(place: Place, about: Known) -> dict[str, Option]:
    return {option.key: option for option in place_choice(place).options(about)}


def lengths(place: Place, about: Known) -> dict[str, Option]:
    return {option.key: option for option in length_choice(place).options(about)}


def offered(found: dict[str, Option]) -> set[str]:
    return {key for key, option in found.items() if not option.why_not}


def offered_lengths(place: Place, letter: str, answer: str, today: date = TODAY, /, **said: str) -> set[str]:
    """Months and entries that somebody gets for a kind after one answer, e.g. 3-M."""
    ends = {"T": "relation", "S": "staff", "Q": "reason", "D": "stay", "R": "talent"}
    name = ASKED[place]
    about = known(today, **{name: f"{place}-{letter}", f"{name}_{ends[letter]}": answer, **said})
    return {key.removeprefix(f"{place}-{letter}-") for key in offered(lengths(place, about))}
