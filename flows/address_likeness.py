"""How one address is written in two registers: numerals, doors, provinces and towns left out, districts renamed.

What counts as the same place, and why, is told with examples in docs/comparison.md. Regions are those of the hall's
own dated table (flows.regions), which also says what a retired district became. Beyond it nothing is guessed: what
could be read in two ways differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from flows import regions
from flows.names import SHORTEST_CUT, Likeness, begins, spelling
from flows.numerals import NUMERAL, SIGNS, number

_SIGN = "0-9A-Z"
_DASHES = re.compile(r"[-‐‑‒–—―−~]+")
_APART = re.compile(r"(?<=\d)[\s,、]+(?=\d)")
_IDLE = str.maketrans("", "", ",、;")
_COUNTED = re.compile(rf"(?<![\d{SIGNS}])({NUMERAL})(号|栋|幢|座|单元|室|房|楼|层|巷|横|弄|队|组|街|路|道)")
_DOORS = frozenset(["号", "栋", "幢", "座", "单元", "室", "房"])
_LAST = re.compile(rf"(?<=之)({NUMERAL})|(?<=[号栋座元楼])({NUMERAL})(?=房?$)")
_TIDY = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"(?<=街道)办(?:事处)?", ""),
        (rf"(?<=[{_SIGN}])幢", "栋"),  # each register has its habit: both count buildings
        (rf"(?<=[{_SIGN}])号?[室房]", "房"),
        (r"(?<=[栋座元楼])-", ""),
        # 36-802 and 36号-802 are a house and a room; 36-38 may be two houses, and 3-2-501 is left to a person.
        (r"(?<![0-9-])([0-9]+)号?-([0-9]{3,4})房?$", r"\1号\2房"),
    )
)
_ROOM = re.compile(r"[号栋座元楼][0-9]+$")
_ANOTHER_DOOR = re.compile(r"[之附甲乙丙丁-]|[A-Z](?![栋座楼区])")
_ENDS = frozenset("省市区县镇乡村道路街巷里弄横坊园苑城楼栋座元房院厦会")
# A district that the table does not know, a town, a community; 小区 and 社区 are no districts.
_NAMED = f"[^{_SIGN}路巷号-]"
_HEAD = re.compile(
    rf"(?P<district>{_NAMED}{{1,5}}?(?:(?<![小社园业])区|县|旗))?"
    rf"(?P<town>{_NAMED}{{1,6}}?(?:镇街道|街道|镇|乡)(?![路街巷道]))?"
    rf"(?P<community>{_NAMED}{{1,8}}?(?:社区|居委会|村委会|居民委员会|村民委员会))?(?=.)"
)
_UNIT = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区|区|县)$")


@dataclass(frozen=True)
class _Reading:
    """An address as a region and what follows it: `whole` is the deepest region that could be read, `code` the one
    that is, "" for none."""

    code: str
    rest: str
    whole: str


def likeness(one: str, other: str) -> Likeness | None:
    """How two writings of an address are alike; None when they are two places. The order of the two does not count."""
    here, there = _written(one), _written(other)
    if here == there:
        return Likeness.SPELLING
    found = (_of_readings(a, b) for a, b in product(_readings(here), _readings(there)))
    return min((alike for alike in found if alike), key=list(Likeness).index, default=None)


def _written(address: str) -> str:
    """The address in one writing of numbers, dashes, doors and characters."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", address).strip())
    text = spelling(_APART.sub("-", text).translate(_IDLE))
    text = _COUNTED.sub(_in_digits, text)
    text = _LAST.sub(lambda found: number(found[0]) or found[0], text)
    for pattern, by in _TIDY:
        text = pattern.sub(by, text)
    return text


def _in_digits(found: re.Match[str]) -> str:
    """Digit by digit only before a door: 五一路 is called after a day and is no 51st road."""
    numeral, unit = found[1], found[2]
    if len(numeral) > 1 and not set(numeral) & set("十百") and unit not in _DOORS:
        return found[0]
    return (number(numeral) or numeral) + unit


def _readings(address: str) -> Iterator[_Reading]:
    """Every way to part an address into a region that the table knows and the rest, and the whole without one."""
    ways = _ways()
    found = [ways[address[:length]] for length in range(1, len(address) + 1) if address[:length] in ways]
    read = [way for way in found if way.in_full or way.written == address]
    whole = read[-1].code if read else ""
    for way in read:
        yield _Reading(way.code, address.removeprefix(way.written), whole)
    yield _Reading("", address, whole)


def _of_readings(one: _Reading, other: _Reading) -> Likeness | None:
    if (place := _of_regions(one, other)) is None or (rest := _of_rests(one.rest, other.rest)) is None:
        return None
    return max(place, rest, key=(Likeness.SPELLING, Likeness.CUT, Likeness.FORMER).index)


def _of_regions(one: _Reading, other: _Reading) -> Likeness | None:
    if one.code == other.code:
        return Likeness.SPELLING
    if _is_less(one, other) or _is_less(other, one):
        return Likeness.CUT
    return Likeness.FORMER if one.code and other.code and regions.became(one.code) == regions.became(other.code) else None


def _is_less(one: _Reading, other: _Reading) -> bool:
    """Whether one region is left out, or is the city or province of the other. An address that begins with a district
    of the table can all the same lie in a city whose districts the table does not know."""
    if one.code:
        return one.code == one.whole and other.code == other.whole and other.code.startswith(_stem(one.code))
    return not one.whole or (other.code == other.whole and other.code.endswith("00") and other.code not in _divided())


def _of_rests(one: str, other: str) -> Likeness | None:
    """What follows the region: a district, town or community that one of them leaves out, then the road and the door."""
    if (alike := _of_doors(one, other)) is not None:
        return alike
    here, there = _HEAD.match(one), _HEAD.match(other)
    if here is None or there is None:
        return None
    for part in ("district", "town"):
        if here[part] and here[part] == there[part] and here.start(part) == there.start(part) == 0:
            return _of_rests(one.removeprefix(here[part]), other.removeprefix(there[part]))
    shorter = [(one[here.end(part) :], other) for part in _HEAD.groupindex if here[part]]
    shorter += [(one, other[there.end(part) :]) for part in _HEAD.groupindex if there[part]]
    return Likeness.CUT if any(_of_doors(*pair) for pair in shorter) else None


def _of_doors(one: str, other: str) -> Likeness | None:
    """Road, door and room, from the same beginning: one may go further, but not to another door."""
    short, long = sorted((one, other), key=len)
    more = long[len(short) :]
    if not begins(short, long):
        return None
    if not more or _says_nothing(more, short):
        return Likeness.SPELLING
    return Likeness.CUT if not short or _may_go_on(more, short) else None


def _says_nothing(more: str, short: str) -> bool:
    """莲花路36 is 莲花路36号, and 36号802 is 36号802房."""
    return (more == "号" and _is_sign(short[-1:])) or (more == "房" and _ROOM.search(short) is not None)


def _may_go_on(more: str, short: str) -> bool:
    """Whether a place lies within the other: 36号802 in 36号, but 36号之一, 36-1号 and 36号甲 are doors of their own."""
    if short[-1] == "号" or _is_sign(short[-1]):
        return not _ANOTHER_DOOR.match(more.removeprefix("号")) and not (_is_sign(short[-1]) and _is_sign(more[0]))
    return short[-1] in _ENDS or _is_sign(more[0]) or len(short) >= SHORTEST_CUT


def _is_sign(character: str) -> bool:
    return character.isascii() and character.isalnum()


@dataclass(frozen=True)
class _Way:
    """How an address may begin. `in_full`: its last region is written with its 省, 市, 区 or 县; 佛山 alone may also
    be the beginning of a road's name."""

    written: str
    code: str
    in_full: bool


@cache
def _ways() -> Mapping[str, _Way]:
    """Every beginning that the table reads in one way only: whichever regions above the last are left out or written
    without their 省 or 市. What two regions share (城区) is none of either; what became one is the present one."""
    codes: dict[str, set[str]] = defaultdict(set)
    full: set[str] = set()
    for code in regions.every():
        *above, last = dict.fromkeys(regions.name(level) for level in (f"{code[:2]}0000", f"{code[:4]}00", code))
        for upper in product(*(("", name, _UNIT.sub("", name)) for name in above if name)):
            for name in (last, _UNIT.sub("", last)):
                written = _written("".join(upper) + name)
                codes[written].add(code)
                full |= {written} if name == last else set()
    return {written: _Way(written, _one_of(found), written in full) for written, found in codes.items() if _one_of(found)}


def _one_of(codes: set[str]) -> str:
    """The only code; of one that became the other the present one, else ""."""
    now = {regions.became(code) for code in codes}
    return "" if len(now) > 1 else min(codes) if len(codes) == 1 else min(now)


@cache
def _divided() -> frozenset[str]:
    """The regions that the table divides further."""
    return frozenset(above for code in regions.every() for above in (f"{code[:2]}0000", f"{code[:4]}00") if above != code)


def _stem(code: str) -> str:
    """What the codes within a region begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
