"""The fictional travel documents that can be laid on a virtual reader: assets/specimens/travel_documents.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from devices.cards.mrz_layouts import FILLER, check_digit
from devices.document import AccessKey

DOCUMENTS = Path(__file__).parents[2] / "assets" / "specimens" / "travel_documents.toml"


@dataclass(frozen=True)
class DocumentSpecimen:
    key: str
    zone: str
    code: str
    issuer: str
    nationality: str
    number: str
    name: str
    surname: str
    given_names: str
    sex: str
    birth: date
    expiry: date
    card_access_number: str
    opens: str
    groups: frozenset[int]
    person: str
    note: str

    @property
    def access_key(self) -> AccessKey:
        """What is printed on it, all of it."""
        return AccessKey(self.number, _yymmdd(self.birth), _yymmdd(self.expiry), self.card_access_number)


def document_specimens(path: Path = DOCUMENTS) -> tuple[DocumentSpecimen, ...]:
    return tuple(_specimen(row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["document"])


def find_document(key: str) -> DocumentSpecimen:
    """KeyError when there is none."""
    return {specimen.key: specimen for specimen in document_specimens()}[key]


def printed_lines(specimen: DocumentSpecimen) -> tuple[str, ...]:
    """The machine-readable zone as it is printed."""
    return _ZONES[specimen.zone](specimen)


def zone_on_the_chip(specimen: DocumentSpecimen) -> str:
    """What DG1 holds: what is printed, but for the permits of one line, which have more to say."""
    printed = "".join(printed_lines(specimen))
    if specimen.zone != "one-line permit":
        return printed
    latin = _names(specimen, 18)
    return (printed + chinese_letters(specimen.name) + latin + specimen.sex).ljust(90, FILLER)


def chinese_letters(name: str) -> str:
    """Three characters in twelve letters, the sign for a missing one where GBK has none."""
    coded = b"".join(_gbk(character) for character in name[:3])
    return "".join("ABCDEFGHIJKLMNOP"[int(nibble, 16)] for nibble in coded.hex()).ljust(12, FILLER)


def _gbk(character: str) -> bytes:
    try:
        return character.encode("gbk")
    except UnicodeEncodeError:
        return "〓".encode("gbk")


def _td3(s: DocumentSpecimen) -> tuple[str, ...]:
    first = _head(s) + _names(s, 39)
    second = _checked(_number(s)) + s.nationality + _checked(_yymmdd(s.birth)) + s.sex + _checked(_yymmdd(s.expiry))
    second += FILLER * 15
    return first, second + check_digit(second[:10] + second[13:20] + second[21:])


def _td1(s: DocumentSpecimen) -> tuple[str, ...]:
    first = (_head(s) + _checked(_number(s))).ljust(30, FILLER)
    second = (_checked(_yymmdd(s.birth)) + s.sex + _checked(_yymmdd(s.expiry)) + s.nationality).ljust(29, FILLER)
    return first, second + check_digit(first[5:] + second[:7] + second[8:15] + second[18:]), _names(s, 30)


def _mainland_permit(s: DocumentSpecimen) -> tuple[str, ...]:
    first = s.code + _checked(_number(s)) + "00" + FILLER + _checked(_yymmdd(s.expiry)) + s.sex + _checked(_yymmdd(s.birth))
    return first, FILLER * 30, _names(s, 26) + FILLER * 4


def _one_line_permit(s: DocumentSpecimen) -> tuple[str, ...]:
    parts = [_checked(_number(s)), _checked(_yymmdd(s.expiry)), _checked(_yymmdd(s.birth))]
    return (s.code + FILLER.join(parts) + FILLER + check_digit("".join(parts)),)


_ZONES: Mapping[str, Callable[[DocumentSpecimen], tuple[str, ...]]] = {
    "TD3": _td3,
    "TD1": _td1,
    "mainland permit": _mainland_permit,
    "one-line permit": _one_line_permit,
}


def _head(s: DocumentSpecimen) -> str:
    return s.code.ljust(2, FILLER) + s.issuer.ljust(3, FILLER)


def _number(s: DocumentSpecimen) -> str:
    return s.number.ljust(9, FILLER)


def _checked(field: str) -> str:
    return field + check_digit(field)


def _names(s: DocumentSpecimen, room: int) -> str:
    names = f"{s.surname}<<{s.given_names}".replace(" ", FILLER)
    return names[:room].ljust(room, FILLER)


def _yymmdd(day: date) -> str:
    return f"{day:%y%m%d}"


def _specimen(row: Mapping[str, str]) -> DocumentSpecimen:
    return DocumentSpecimen(
        key=row["key"],
        zone=row["zone"],
        code=row["code"],
        issuer=row["issuer"],
        nationality=row["nationality"],
        number=row["number"],
        name=row["name"],
        surname=row["surname"],
        given_names=row["given_names"],
        sex=row["sex"],
        birth=date.fromisoformat(row["birth"]),
        expiry=date.fromisoformat(row["expiry"]),
        card_access_number=row["card_access_number"],
        opens=row["opens"],
        groups=frozenset(map(int, row["groups"].split())),
        person=row.get("person", ""),
        note=row["note"],
    )
