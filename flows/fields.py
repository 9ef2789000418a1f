"""The kinds of field: how a value is written, what is wrong with it, how it is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flows.flow import Known
from flows.resident_number import ResidentNumber, WrongNumber


def plain(text: str) -> str:
    """Full-width letters and digits made narrow, blanks at the ends gone; Chinese left as it is."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" and c not in "（），：；？！" else c for c in text)
    return unicodedata.normalize("NFC", narrow).strip()


@dataclass(frozen=True)
class Text:
    """Free text of at most `longest` characters."""

    longest: int = 60

    def normal(self, text: str) -> str:
        return plain(text)

    def mistake(self, value: str, known: Known) -> str:
        if len(value) > self.longest:
            return "太长了，请写短一些"
        return "含有不能使用的字符" if any(unicodedata.category(c) in ("Cc", "Cs") for c in value) else ""

    def shown(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Pattern:
    """Text in a fixed form, upper-case and without blanks, e.g. a document number."""

    form: str
    wrong: str

    def normal(self, text: str) -> str:
        return re.sub(r"\s", "", plain(text)).upper()

    def mistake(self, value: str, known: Known) -> str:
        return "" if re.fullmatch(self.form, value, re.ASCII) else self.wrong

    def shown(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class ResidentId(Pattern):
    """公民身份号码, judged by its check character and its day of birth."""

    form: str = r"[1-8]\d{16}[\dX]"
    wrong: str = "公民身份号码不正确"

    def mistake(self, value: str, known: Known) -> str:
        try:
            ResidentNumber.read(value)
        except WrongNumber as error:
            return error.words
        return ""


@dataclass(frozen=True)
class Phone:
    """A mainland mobile or land line number."""

    def normal(self, text: str) -> str:
        return re.sub(r"[\s-]", "", plain(text)).removeprefix("+86")

    def mistake(self, value: str, known: Known) -> str:
        if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}", value, re.ASCII):
            return ""
        return "手机号码是 11 位数字，以 1 开头；固定电话请加区号"

    def shown(self, value: str) -> str:
        return f"{value[:3]} {value[3:7]} {value[7:]}" if len(value) == 11 else value


@dataclass(frozen=True)
class Date:
    """A whole date, ISO 8601; departments also write YYYYMMDD."""

    def normal(self, text: str) -> str:
        digits = re.sub(r"[-/.年月日\s]", "", plain(text))
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if re.fullmatch(r"\d{8}", digits) else plain(text)

    def mistake(self, value: str, known: Known) -> str:
        # fromisoformat also takes week dates and dates without dashes, which are not canonical.
        try:
            real = date.fromisoformat(value).isoformat() == value
        except ValueError:
            real = False
        return "" if real else "没有这一天，请检查日期"

    def shown(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Code:
    """A code of a fixed table, shown by its meaning. An unknown code is shown as it is."""

    table: Mapping[str, str]

    def normal(self, text: str) -> str:
        return plain(text)

    def mistake(self, value: str, known: Known) -> str:
        return "" if value in self.table else "没有这个代码"

    def shown(self, value: str) -> str:
        return self.table.get(value, value)


@dataclass(frozen=True)
class Option:
    """One thing to choose. `why_not` says in words why it is not offered to this citizen; `counter`:
    a clerk may choose it all the same."""

    key: str
    label: str
    note: str = ""
    why_not: str = ""
    counter: bool = False


@dataclass(frozen=True)
class Choice:
    """One of several options, worked out from what is known."""

    options: Callable[[Known], tuple[Option, ...]]
    labels: Callable[[str], str]

    def at_the_counter(self) -> Choice:
        """The same choice as a clerk has it."""

        def offered(known: Known) -> tuple[Option, ...]:
            return tuple(replace(option, why_not="") if option.counter else option for option in self.options(known))

        return Choice(offered, self.labels)

    def normal(self, text: str) -> str:
        return plain(text)

    def mistake(self, value: str, known: Known) -> str:
        option = next((o for o in self.options(known) if o.key == value), None)
        if option is None:
            return "请从列出的选项中选择"
        return option.why_not

    def shown(self, value: str) -> str:
        return self.labels(value)


def fixed_choice(**labels: str) -> Choice:
    """A choice whose options are the same for everybody."""
    return Choice(lambda known: tuple(Option(key, label) for key, label in labels.items()), lambda key: labels.get(key, key))


YES_NO = fixed_choice(yes="是", no="否")
