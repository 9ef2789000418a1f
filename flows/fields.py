"""The kinds of field: how a value is written, what is wrong with it, how it is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, Protocol

from flows.flow import Kind, Known
from flows.names import dotted
from flows.resident_number import ResidentNumber, WrongNumber


def plain(text: str) -> str:
    """Full-width letters and digits made narrow, blanks at the ends gone; Chinese left as it is."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" and c not in "（），：；？！" else c for c in text)
    return unicodedata.normalize("NFC", narrow).strip()


@dataclass(frozen=True)
class Described:
    """What a catalogue says of the values of a kind. `longest` is in characters; 0: given by `form`, a regular
    expression of the whole value. `codes` are the codes it may be, with their meanings."""

    type: Literal["text", "date", "partial_date", "code"]
    longest: int = 0
    form: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


class SharedKind(Kind, Protocol):
    """A kind whose values departments share, so that a catalogue has to describe them."""

    @property
    def described(self) -> Described: ...


class Written:
    """What most kinds have in common: shown as written, and nothing to look at."""

    def shown(self, value: str) -> str:
        return value

    def warning(self, value: str, known: Known) -> str:
        return ""


SCRIPTS = {
    "any": (r".*", ""),
    # U+E000 to U+F8FF: a chip's makeshift for characters it has no code for; it is warned of, not refused.
    "han": (r"[\u3007\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff·（）()0-9]+", "请用汉字填写"),
    "latin": (r"[A-Za-z ',.\-]+", "只能用拉丁字母"),
}


@dataclass(frozen=True)
class Text(Written):
    """Free text of at most `longest` characters in one script. A name may hold a dot (U+00B7)."""

    longest: int = 60
    script: Literal["any", "han", "latin"] = "any"

    @property
    def described(self) -> Described:
        return Described("text", self.longest)

    def normal(self, text: str) -> str:
        return dotted(plain(text)) if self.script == "han" else plain(text)

    def mistake(self, value: str, known: Known) -> str:
        form, words = SCRIPTS[self.script]
        if len(value) > self.longest:
            return "太长了，请写短一些"
        if any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
            return "含有不能使用的字符"
        return "" if re.fullmatch(form, value, re.DOTALL) else words

    def warning(self, value: str, known: Known) -> str:
        """Private-use characters: the chip's makeshift for a character that its code table had not."""
        return "含有字库以外的字，请核对" if any(unicodedata.category(c) == "Co" for c in value) else ""


LOOKS_ALIKE = str.maketrans("OI", "01")
CONFUSED = "请检查：字母 O、I 和数字 0、1 容易看错"


@dataclass(frozen=True)
class Pattern(Written):
    """Text in a fixed form, upper-case and without blanks, e.g. a document number."""

    form: str
    wrong: str

    @property
    def described(self) -> Described:
        return Described("text", form=self.form)

    def normal(self, text: str) -> str:
        return re.sub(r"\s", "", plain(text)).upper()

    def mistake(self, value: str, known: Known) -> str:
        if re.fullmatch(self.form, value, re.ASCII):
            return ""
        return CONFUSED if re.fullmatch(self.form, value.translate(LOOKS_ALIKE), re.ASCII) else self.wrong


@dataclass(frozen=True)
class ResidentId(Pattern):
    """公民身份号码, judged by its check character and its day of birth."""

    form: str = r"[1-8]\d{16}[\dX]"
    wrong: str = "公民身份号码不正确"

    def mistake(self, value: str, known: Known) -> str:
        if wrong := super().mistake(value, known):
            return wrong if wrong == CONFUSED else WrongNumber("form").words
        try:
            born = ResidentNumber.read(value).birth
        except WrongNumber as error:
            return error.words
        return WrongNumber("birth").words if born > known.today else ""


LONGEST_PHONE = 12
"""A land line with its area code."""


@dataclass(frozen=True)
class Phone(Written):
    """A mainland mobile or land line number; `abroad`: also one of Hong Kong (+852) or Macau (+853)."""

    abroad: bool = False

    @property
    def described(self) -> Described:
        return Described("text", LONGEST_PHONE)

    def normal(self, text: str) -> str:
        # Brackets alone stay: what was written wrongly must not become nothing.
        digits = re.sub(r"[\s+()（）-]", "", plain(text)) or plain(text)
        return re.sub(r"^(?:(?:00)?86(?=1\d{10}$|0\d{9,11}$)|00(?=85[23]\d{8}$))", "", digits, flags=re.ASCII)

    def mistake(self, value: str, known: Known) -> str:
        if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}", value, re.ASCII):
            return ""
        if self.abroad:
            abroad = re.fullmatch(r"85[23]\d{8}", value, re.ASCII)
            return "" if abroad else "请填 11 位手机号码、带区号的固定电话，或 852、853 开头的港澳电话"
        return "手机号码是 11 位数字，以 1 开头；固定电话请加区号"

    def shown(self, value: str) -> str:
        return f"{value[:3]} {value[3:7]} {value[7:]}" if len(value) == 11 else value


def _day_parts(text: str) -> str:
    """A day with dashes between its parts, as far as one was written: 20150603, 2015年6月3日 and 2015/6 are read."""
    run = re.fullmatch(r"(\d{4})(\d\d)?(\d\d)?", text, re.ASCII)
    apart = re.fullmatch(r"(\d{4})\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2}))?\s?[月日]?", text, re.ASCII)
    found = run or apart or re.fullmatch(r"(\d{4})()()年", text, re.ASCII)
    return "-".join(part.zfill(2) for part in found.groups() if part) if found else text


@dataclass(frozen=True)
class Date(Written):
    """A whole date, ISO 8601; departments also write YYYYMMDD."""

    @property
    def described(self) -> Described:
        return Described("date", len("YYYY-MM-DD"))

    def normal(self, text: str) -> str:
        return _day_parts(plain(text))

    def mistake(self, value: str, known: Known) -> str:
        # fromisoformat also takes week dates and dates without dashes, which are not canonical.
        try:
            real = date.fromisoformat(value).isoformat() == value
        except ValueError:
            real = False
        return "" if real else "没有这一天，请检查日期"


@dataclass(frozen=True)
class PartialDate(Written):
    """A day up to today of which perhaps only the month or the year is known: 2015, 2015-06 or 2015-06-03."""

    @property
    def described(self) -> Described:
        return Described("partial_date", len("YYYY-MM-DD"))

    def normal(self, text: str) -> str:
        return _day_parts(plain(text))

    def mistake(self, value: str, known: Known) -> str:
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value, re.ASCII):
            return "请写年份，知道的话再写月、日，例如 201506"
        try:
            day = date.fromisoformat((value + "-01-01")[:10])
        except ValueError:
            return "没有这一天，请检查日期"
        return "日期在今天以后，请检查" if day > known.today else ""


@dataclass(frozen=True)
class Code(Written):
    """A code of a fixed table, shown by its meaning. An unknown code is shown as it is."""

    table: Mapping[str, str]

    @property
    def described(self) -> Described:
        return Described("code", max(map(len, self.table)), codes=self.table)

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
class Choice(Written):
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
CONSENT = fixed_choice(yes="同意", no="不同意", later="以后再说")
"""A separate consent for an optional extra. Nobody has to answer: nothing is chosen beforehand."""
