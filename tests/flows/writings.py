"""Pairs of values as two registers write them, by the hundred thousand, each with what it is by construction.

A place or a name is drawn; its two writings, a part left out, a former district or a real change make the pair. What the
two are to each other is known from how they were made, not from any rule of flows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice
from random import Random
from typing import Literal

from flows.names import Likeness, simplified

Truth = Likeness | Literal["same", "other"]

PROVINCE = {"广东省": "广东", "广西壮族自治区": "广西"}
DISTRICTS: Mapping[tuple[str, str], Sequence[str]] = {
    ("广东省", "佛山市"): ("禅城区", "南海区", "顺德区", "高明区"),
    ("广东省", "广州市"): ("天河区", "越秀区"),
    ("广东省", "江门市"): ("台山市", "新会区"),
    ("广西壮族自治区", "桂林市"): ("七星区", "象山区"),
}
UNDIVIDED = {"桂林市"}
"""Cities whose districts the hall's table does not know: without the city such a district could be anywhere."""
FORMER = {"禅城区": ("佛山市石湾区", "佛山市城区"), "顺德区": ("顺德市", "广东省顺德市"), "南海区": ("佛山市南海市",)}
TOWNS = ("祖庙街道", "石湾镇街道", "张槎街道", "大良街道", "桂城街道", "南庄镇", "里水镇", "北滘镇")
COMMUNITIES = ("", "", "莲花社区", "东升村委会", "红棉居委会")
ROADS = ("莲花路", "普君北路", "同济东路", "南海大道北", "凤山东路", "文华路", "工业大道", "五一路", "雾岗路", "古灶村三巷")
SURNAMES = "吕何陈刘张叶于干钟范姜李王黄梁区欧"
GIVEN = "晓岚锦凤国强丽华伟兰敏建英志远红后里云谷岳松余丑沈征"
LONG = ("阿卜杜热合曼", "麦麦提依明", "托合提", "买买提", "阿依古丽", "努尔麦麦提")
BUSINESS = ("纺织", "软件", "电子", "贸易", "饮食", "药业", "机电")


@dataclass(frozen=True)
class Pair:
    """Two writings of one item and what they are to each other. A spelling may come out the same to the letter."""

    item: str
    one: str
    other: str
    truth: Truth


@dataclass(frozen=True)
class Place:
    """Where somebody lives; an empty part is not written."""

    province: str
    city: str
    district: str
    town: str
    community: str
    road: str
    number: str
    building: str
    room: str
    extra: str = ""


def _address(draw: Random) -> Pair:
    place = _place(draw)
    truth: Truth
    match draw.randrange(9):
        case 0 | 1:
            other, truth = _written(draw, place), Likeness.SPELLING
        case 2 | 3:
            other, truth = _written(draw, _less(draw, place)), Likeness.CUT
        case 4 | 5 if place.district in FORMER:
            rest = _written(draw, replace(place, province="", city="", district=""))
            other, truth = draw.choice(FORMER[place.district]) + rest, Likeness.FORMER
        case _:
            other, truth = _written(draw, _elsewhere(draw, place)), "other"
    return Pair("household.address", _written(draw, place), other, truth)


def _place(draw: Random) -> Place:
    province, city = draw.choice(tuple(DISTRICTS))
    return Place(
        province=province,
        city=city,
        district=draw.choice(DISTRICTS[province, city]),
        town=draw.choice(TOWNS),
        community=draw.choice(COMMUNITIES),
        road=draw.choice(ROADS),
        number=str(draw.randint(1, 199)),
        building=draw.choice(("", "", str(draw.randint(1, 30)))),
        room=draw.choice(("", str(draw.randint(101, 2999)))),
    )


def _less(draw: Random, place: Place) -> Place:
    """The same place with less said of it: a part at the front, in the middle or at the end."""
    ways = [
        replace(place, town="", community=""),
        replace(place, town=""),
        replace(place, province="", city="", district=""),
        replace(place, district=""),
        replace(place, number="", building="", room=""),
        replace(place, road="", number="", building="", room=""),
    ]
    ways += [replace(place, community="")] if place.community else []
    ways += [replace(place, room="")] if place.room else []
    ways += [replace(place, building="", room=""), replace(place, building="", room="", town="")] if place.building else []
    return draw.choice([way for way in ways if way != place])


def _elsewhere(draw: Random, place: Place) -> Place:
    """Another place, in one part; perhaps with another part left out as well."""
    ways = [
        replace(place, number=_another_number(draw, place.number)),
        replace(place, extra=draw.choice(("之一", "之2", "附3号", "甲"))),
        replace(place, road=_another_character(draw, place.road)),
        replace(place, road=_another(draw, ROADS, place.road)),
        replace(place, town=_another(draw, TOWNS, place.town)),
        replace(place, district=_another(draw, DISTRICTS[place.province, place.city], place.district)),
        replace(place, building=_another_number(draw, place.building or "1")) if place.building else None,
        replace(place, room=_another_number(draw, place.room)) if place.room else None,
    ]
    changed = draw.choice([way for way in ways if way is not None])
    return replace(changed, town="", community="") if changed.town == place.town and draw.random() < 0.3 else changed


def _written(draw: Random, place: Place) -> str:
    """One of the many ways to write a place; a region that is left out must be left out of `place`."""
    parts = [_region(draw, place), _town(draw, place.town), place.community, place.road]
    parts += _door(draw, place)
    text = draw.choice(("", "", "", " ", "，")).join(part for part in parts if part)
    return _in_other_characters(draw, text)


def _region(draw: Random, place: Place) -> str:
    if not place.province:
        return ""
    whole = not place.district or place.city in UNDIVIDED
    city = place.city if whole else draw.choice((place.city, place.city, place.city[:-1], ""))
    province = draw.choice((place.province, PROVINCE[place.province], ""))
    return province + city + place.district


def _town(draw: Random, town: str) -> str:
    return town + draw.choice(("", "", "", "办事处")) if town.endswith("街道") else town


def _door(draw: Random, place: Place) -> list[str]:
    """36号3栋802房, 三十六号3幢802室, 36-802; a house of another number beside it (extra) is written in full."""
    if not place.number:
        return []
    dashed = place.room and not place.building and not place.extra and draw.random() < 0.2
    if dashed and len(place.room) < 5:
        return [f"{place.number}-{place.room}{draw.choice(('', '房'))}"]
    number, room = _numeral(draw, place.number), ""
    if place.room:
        room = _numeral(draw, place.room) + draw.choice(("房", "室")) if draw.random() < 0.7 else place.room
    building = _numeral(draw, place.building) + draw.choice(("栋", "幢")) if place.building else ""
    return [f"{number}{draw.choice('号號')}{place.extra}", building, room]


def _numeral(draw: Random, digits: str) -> str:
    match draw.randrange(4):
        case 0 if int(digits) < 100:
            return _counted(int(digits))
        case 1 if len(digits) > 1:
            return "".join(draw.choice("〇零") if digit == "0" else "〇一二三四五六七八九"[int(digit)] for digit in digits)
        case 2:
            return "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
        case _:
            return digits


def _counted(value: int) -> str:
    tens, ones = divmod(value, 10)
    words = "〇一二三四五六七八九"
    return ("" if not tens else "十" if tens == 1 else words[tens] + "十") + (words[ones] if ones else "")


def _in_other_characters(draw: Random, text: str) -> str:
    if draw.random() < 0.5:
        return text
    return "".join(draw.choice(_older()[sign]) if sign in _older() and draw.random() < 0.5 else sign for sign in text)


@cache
def _older() -> Mapping[str, Sequence[str]]:
    """The traditional characters of each simplified one."""
    found: dict[str, list[str]] = {}
    for code, to in simplified().items():
        found.setdefault(to, []).append(chr(code))
    return found


def _name(draw: Random) -> Pair:
    if draw.random() < 0.4:
        return _long_name(draw)
    name = draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(draw.randint(1, 3)))
    if draw.random() < 0.5:
        return Pair(
            "person.former_name", name, _in_other_characters(draw, draw.choice((name, f" {name}", name))), Likeness.SPELLING
        )
    other = draw.choice((_another_character(draw, name), name + draw.choice(GIVEN), name[:-1], _changed_about(draw, name)))
    return Pair("person.former_name", name, _in_other_characters(draw, other), "other")


def _long_name(draw: Random) -> Pair:
    """A name in parts, with the one dot or another or none; cut off where a chip ends; or another's."""
    parts = [draw.choice(LONG) for _ in range(draw.randint(3, 4))]
    name = "·".join(parts)
    truth: Truth
    match draw.randrange(4):
        case 0 | 1:
            other, truth = draw.choice(("•", "・", "．", "", "—")).join(parts), Likeness.SPELLING
        case 2:
            other, truth = name[: draw.randint(len("".join(parts[:2])) + 2, len(name) - 2)].rstrip("·"), Likeness.CUT
            if len(other.replace("·", "")) < 10:
                truth = "other"
        case _:
            other, truth = _another_character(draw, name.replace("·", "•")), "other"
    return Pair("person.former_name", name, other, truth)


def _company(draw: Random) -> Pair:
    trade = draw.choice(BUSINESS)
    name = f"{draw.choice('青云禾岫星海')}{draw.choice(GIVEN)}（{draw.choice(('佛山', '广东', '中国'))}）{trade}有限公司"
    if draw.random() < 0.5:
        other = name.translate(str.maketrans("（）", draw.choice(("()", "〔〕", "【】", "（）"))))
        return Pair("employment.employer", name, _in_other_characters(draw, other), Likeness.SPELLING)
    other = draw.choice((_another_character(draw, name), name.replace(trade, _another(draw, BUSINESS, trade))))
    return Pair("employment.employer", name, other, "other")


def _mobile(draw: Random) -> Pair:
    number = f"13{draw.randrange(10**9):09}"
    if draw.random() < 0.5:
        return Pair(
            "contact.mobile", number, draw.choice((f"+86 {number[:3]} {number[3:]}", f"{number[:3]}-{number[3:]}")), "same"
        )
    at = draw.randrange(2, 11)
    other = number[:at] + _another(draw, "0123456789", number[at]) + number[at + 1 :]
    return Pair("contact.mobile", number, other, "other")


def _day(draw: Random) -> Pair:
    year, month, day = draw.randint(1950, 2025), draw.randint(1, 12), draw.randint(1, 28)
    iso = f"{year}-{month:02}-{day:02}"
    match draw.randrange(3):
        case 0:
            other: tuple[str, Truth] = draw.choice((f"{year}{month:02}{day:02}", f"{year}年{month}月{day}日")), "same"
        case 1:
            other = draw.choice((f"{year}", f"{year}-{month:02}")), Likeness.CUT
        case _:
            other = f"{year}-{month:02}-{day % 28 + 1:02}", "other"
    return Pair("household.moved_in", iso, *other)


def _another(draw: Random, among: Sequence[str], than: str) -> str:
    return draw.choice([one for one in among if one != than])


def _another_character(draw: Random, text: str) -> str:
    """One character is another one, by a pool of which no two are ever written alike."""
    at = draw.choice([at for at, sign in enumerate(text) if sign not in "·•（）路道巷村"])
    return text[:at] + draw.choice([sign for sign in "桃梅杉柏桐槐柳" if sign != text[at]]) + text[at + 1 :]


def _another_number(draw: Random, digits: str) -> str:
    """One digit changed, added or gone."""
    at = draw.randrange(len(digits))
    changed = digits[:at] + _another(draw, "123456789", digits[at]) + digits[at + 1 :]
    about = digits[:at] + digits[at:][::-1]
    ways = [changed, digits + draw.choice("0123456789"), *([digits[:-1]] if len(digits) > 1 else [])]
    return draw.choice([*ways, *([about] if about not in (digits,) and about[0] != "0" else [])])


def _changed_about(draw: Random, name: str) -> str:
    """Two characters change places; where all are the same, one is another."""
    at = draw.randrange(len(name) - 1)
    changed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return changed if changed != name else _another_character(draw, name)


MAKERS: Mapping[str, Callable[[Random], Pair]] = {
    "household.address": _address,
    "residence.address": _address,
    "person.former_name": _name,
    "employment.employer": _company,
    "contact.mobile": _mobile,
    "household.moved_in": _day,
}


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """As many pairs, item by item in turn; the same ones for the same seed."""
    draw = Random(seed)
    for item, make in islice(cycle(MAKERS.items()), count):
        yield replace(make(draw), item=item)
