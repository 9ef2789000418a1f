"""Invents families: three generations under one household number, with the gaps that real registers have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from hall.demo.person import Company, ExitEntry, Household, Person, SocialSecurity, check_digit, credit_code

FAMILIES = 64
SURNAMES = (
    "陈 CHEN 李 LI 黄 HUANG 何 HE 梁 LIANG 罗 LUO 霍 HUO 区 OU 冼 XIAN 邓 DENG 麦 MAI 谭 TAN 关 GUAN 吴 WU 卢 LU 潘 PAN "
    "叶 YE 郑 ZHENG 苏 SU 简 JIAN 欧阳 OUYANG 司徒 SITU"
)
GIVEN = (
    "晓 XIAO 岚 LAN 文 WEN 静 JING 嘉 JIA 怡 YI 志 ZHI 强 QIANG 丽 LI 敏 MIN 俊 JUN 杰 JIE 淑 SHU 芬 FEN 建 JIAN 华 HUA "
    "雨 YU 桐 TONG 子 ZI 轩 XUAN 燕 YAN 婷 TING 国 GUO 栋 DONG"
)
RARE = "䶮 YAN 𠮷 JI 㼆 LING"
MINORITY = (
    ("古丽娜尔·买买提", "05", "MAIMAITI", "GULINAER"),
    ("阿依古丽·吐尔逊", "05", "TUERXUN", "AYIGULI"),
    ("叶尔江·哈布丁", "17", "HABUDING", "YEERJIANG"),
    ("扎西·旺堆", "04", "WANGDUI", "ZHAXI"),
)
STREETS = {
    "禅城区": ("440604", "祖庙街道莲花路", "石湾镇街道雾岗路", "张槎街道古大路", "南庄镇紫洞路"),
    "南海区": ("440605", "桂城街道南海大道北", "大沥镇金贸大道", "西樵镇登山大道"),
    "顺德区": ("440606", "大良街道凤山东路", "容桂街道文华路", "北滘镇工业大道"),
    "三水区": ("440607", "西南街道健力路", "乐平镇新城大道"),
    "高明区": ("440608", "荷城街道沧江路", "明城镇明阳路"),
}
BEFORE_2003 = {"440604": "440602", "440605": "440682", "440606": "440681", "440607": "440683", "440608": "440684"}
"""Foshan's districts carried other codes until December 2002; a number keeps the code of its day."""
TRADES = ("陶瓷有限公司", "纺织有限公司", "五金制品厂", "软件有限公司", "餐饮有限公司", "物流有限公司", "家具有限公司", "小吃店")
FIRMS = ("云起", "听松", "知秋", "望山", "采薇", "鹿鸣", "清和", "南风", "拾穗", "观澜", "问渠", "明远")
OCCUPATIONS = ("会计", "教师", "电工", "司机", "厨师", "设计", "销售", "仓储", "护理", "质检")
BIRTH_PLACES = ("广东", "广东", "广东", "广西", "湖南", "四川")
STATUSES = ("存续", "存续", "存续", "存续", "存续", "吊销", "注销", "迁出")


def families() -> tuple[Person, ...]:
    """At least 200 people, the same at every call."""
    invention = _Invention()
    return tuple(person for number in range(FAMILIES) for person in invention.family(number))


class _Invention:
    """Draws from one seeded row of chances; numbers are given once."""

    def __init__(self) -> None:
        self._chance = random.Random(20151123)
        self._numbers: set[str] = set()
        self._companies = tuple(self._company(number) for number in range(28))

    def family(self, number: int) -> Iterator[Person]:
        """The head, the spouse, children and sometimes a parent, living at one address."""
        district = self._chance.choice(tuple(STREETS))
        region, *streets = STREETS[district]
        street = self._chance.choice(streets)
        house = f"{self._chance.randint(1, 120)}号{self._chance.randint(1, 9)}0{self._chance.randint(1, 6)}房"
        address = f"广东省佛山市{district}{street}{house}"
        town = street[: street.find("街道") + 2] if "街道" in street else street[: street.find("镇") + 1]
        station = f"佛山市公安局{district.removesuffix('区')}分局{town.removesuffix('街道').removesuffix('镇')}派出所"
        surname = self._pair(SURNAMES)
        head_year = self._chance.randint(1962, 1992)
        members = [("01", head_year, surname), ("10", head_year + self._chance.randint(-3, 3), self._pair(SURNAMES))]
        members += [
            ("20" if child else "30", head_year + 27 + 4 * child, surname) for child in range(self._chance.choice((1, 1, 2)))
        ]
        if number % 3 == 0:
            members.append(("51", head_year - 27, surname))
        home = Household("", address, station, "", "", f"{region}{number:05}")
        for relation, year, name_of_family in members:
            yield self._person(home, relation, year, name_of_family)

    def _person(self, home: Household, relation: str, year: int, surname: tuple[str, str]) -> Person:
        day = date(year, 1, 1) + timedelta(days=self._chance.randrange(365))
        sex = self._chance.choice("12")
        region = home.family[:6]
        number = self._number(BEFORE_2003[region] if year < 2003 else region, day, sex)
        name, group, letters = self._name(surname)
        adult = year <= 2006
        social = self._employment(name) if adult and year > 1958 and self._chance.random() < 0.8 else None
        company = next((c for c in self._companies if social and c.credit_code == social.credit_code), None)
        household = Household(
            self._as_household_writes(name),
            home.address,
            home.police_station,
            self._chance.choice(BIRTH_PLACES),
            self._day(2004, 2025),
            home.family,
            relation,
            "move_pending" if self._chance.random() < 0.04 else "",
        )
        mobile = social.mobile if social and self._chance.random() < 0.7 else self._mobile()
        permit = self._permit(name, letters, mobile) if self._chance.random() < 0.75 else None
        kept = household if self._chance.random() > 0.03 else None
        return Person(number, name, sex, group, day.isoformat(), kept, permit, social, company)

    def _number(self, region: str, day: date, sex: str) -> str:
        while True:
            sequence = self._chance.randrange(500) * 2 + (1 if sex == "1" else 0)
            first_17 = f"{region}{day:%Y%m%d}{sequence:03}"
            number = first_17 + check_digit(first_17)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _name(self, surname: tuple[str, str]) -> tuple[str, str, tuple[str, str]]:
        """Name, ethnic group, surname and given names in letters."""
        if self._chance.random() < 0.04:
            name, group, last, first = self._chance.choice(MINORITY)
            return name, group, (last, first)
        given = [self._given() for _ in range(self._chance.choice((1, 2, 2)))]
        name = surname[0] + "".join(sign for sign, _ in given)
        return name, self._chance.choice(("01",) * 12 + ("08", "06")), (surname[1], "".join(letters for _, letters in given))

    def _given(self) -> tuple[str, str]:
        """One sign in twenty is outside the old character sets."""
        rare = self._chance.random() < 0.05
        return self._pair(RARE if rare else GIVEN)

    def _as_household_writes(self, name: str) -> str:
        return name.replace("叶", "葉").replace("华", "華") if self._chance.random() < 0.05 else name

    def _permit(self, name: str, letters: tuple[str, str], mobile: str) -> ExitEntry:
        issued = self._day(2015, 2026)
        expiry = date(int(issued[:4]) + 10, int(issued[5:7]), int(issued[8:])) - timedelta(days=1)
        route = "counter" if self._chance.random() < 0.06 else "terminal"
        number = f"C{self._chance.choice('ABC')}{self._chance.randint(1000000, 9999999)}"
        return ExitEntry(name, number, issued, expiry.isoformat(), *letters, mobile, route, issued)

    def _employment(self, name: str) -> SocialSecurity:
        company = self._chance.choice(self._companies)
        employer = company.name.replace("（", "(").replace("）", ")")
        return SocialSecurity(
            name, self._mobile(), employer, company.credit_code, self._chance.choice(OCCUPATIONS), self._day(2024, 2026)
        )

    def _company(self, number: int) -> Company:
        district = self._chance.choice(tuple(STREETS))
        region = STREETS[district][0]
        code = credit_code(region, f"MA{self._chance.choice('24579')}{self._chance.randint(10000, 99999)}")
        name = f"{FIRMS[number % len(FIRMS)]}（佛山{district}）{TRADES[number % len(TRADES)]}"
        credit = {4: "2", 8: "3"}.get(number % 9, "1")
        return Company(code, name, self._chance.choice(STATUSES), self._day(2018, 2026), credit)

    def _pair(self, table: str) -> tuple[str, str]:
        """A sign or more, and its letters."""
        words = table.split()
        return self._chance.choice(list(zip(words[::2], words[1::2], strict=True)))

    def _mobile(self) -> str:
        return f"13{self._chance.choice('56789')}{self._chance.randint(0, 99999999):08}"

    def _day(self, first_year: int, last_year: int) -> str:
        """Up to the 28th, so that ten years later the day exists too; never after 2026-10."""
        year = self._chance.randint(first_year, last_year)
        return date(year, self._chance.randint(1, 10), self._chance.randint(1, 28)).isoformat()
