"""The 256-byte text of the resident card family: 居民身份证, 港澳台居民居住证 and both 外国人永久居留身份证."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from devices.device import Completion, DeviceError
from devices.document import DocumentKind, IdentityDocument, Verified, Warning

TEXT_BYTES = 256
ADDRESS_BYTES = 70
LONG_TERM = "长期"
SEXES = frozenset("0129")
ETHNIC_GROUPS = frozenset([*(f"{code:02}" for code in range(1, 57)), "97", "98"])

Layout = Mapping[str, int]
"""Field names and their lengths in bytes, in order of the text (GA/T 490)."""

RESIDENT: Layout = {
    "name": 30,
    "sex": 2,
    "ethnic_group": 4,
    "birth": 16,
    "address": 70,
    "number": 36,
    "issuer": 30,
    "valid_from": 16,
    "valid_to": 16,
    "spare": 36,
}
HMT: Layout = {
    "name": 30,
    "sex": 2,
    "spare": 4,
    "birth": 16,
    "address": 70,
    "number": 36,
    "issuer": 30,
    "valid_from": 16,
    "valid_to": 16,
    "pass_number": 18,
    "issue_count": 4,
    "spare_2": 6,
    "type": 2,
    "spare_3": 6,
}
FOREIGNER_2017: Layout = {
    "latin_name": 120,
    "sex": 2,
    "number": 30,
    "nationality": 6,
    "name": 30,
    "valid_from": 16,
    "valid_to": 16,
    "birth": 16,
    "version": 4,
    "authority": 8,
    "type": 2,
    "spare": 6,
}
FOREIGNER_2023: Layout = {
    "name": 30,
    "sex": 2,
    "renewals": 4,
    "birth": 16,
    "latin_name": 70,
    "number": 36,
    "spare": 30,
    "valid_from": 16,
    "valid_to": 16,
    "latin_name_rest": 22,
    "nationality": 6,
    "type": 2,
    "old_number_link": 6,
}
TYPE_AT = 248
TYPES: Mapping[str, tuple[DocumentKind, Layout]] = {
    "": (DocumentKind.RESIDENT_CARD, RESIDENT),
    "J": (DocumentKind.RESIDENCE_PERMIT_HMT, HMT),
    "I": (DocumentKind.FOREIGNER_PERMIT_2017, FOREIGNER_2017),
    "Y": (DocumentKind.FOREIGNER_PERMIT_2023, FOREIGNER_2023),
}


def read_text(text: bytes, *, photo: bytes, appended: bytes | None = b"", media_id: int, device_id: str) -> IdentityDocument:
    """The document that a security module read. Its text is never judged here, only decoded; a text
    of a wrong length or with neither name nor number was not read at all: DeviceError(INVALID_DATA).
    `appended` holds the addresses written to the card after each move, None when they could not be read."""
    if len(text) != TEXT_BYTES:
        raise DeviceError(Completion.INVALID_DATA, f"text of {len(text)} bytes", retry=True)
    kind, layout = TYPES[_type_of(text)]
    raw = _cut(text, layout)
    raw["address"] = _newest(appended or b"") or raw.get("address", b"")
    fields = {name: _decoded(part) for name, part in raw.items() if not name.startswith("spare")}
    if not any(fields[name].strip("\ufffd") for name in ("name", "number")):
        raise DeviceError(Completion.INVALID_DATA, "empty text", retry=True)
    return IdentityDocument(
        kind=kind,
        number=fields["number"],
        name=fields["name"] or fields.get("latin_name", ""),
        sex=fields["sex"],
        birth=_date(fields["birth"]),
        media_id=media_id,
        device_id=device_id,
        verified=Verified.SAM,
        ethnic_group=fields.get("ethnic_group", ""),
        address=fields["address"],
        issuer=fields.get("issuer", ""),
        valid_from=_date(fields["valid_from"]),
        valid_to=_date(fields["valid_to"]),
        long_term=fields["valid_to"] == LONG_TERM,
        card_number=fields.get("pass_number", ""),
        latin_name=fields.get("latin_name", ""),
        nationality=fields.get("nationality", ""),
        photo=photo,
        warnings=frozenset(_warnings(raw, fields, appended)),
    )


def _newest(appended: bytes) -> bytes:
    """The last address that is none of padding only; they were written one after another."""
    addresses = (appended[at : at + ADDRESS_BYTES] for at in range(0, len(appended), ADDRESS_BYTES))
    return next((address for address in reversed(list(addresses)) if _decoded(address).strip("\ufffd")), b"")


def _type_of(text: bytes) -> str:
    """The type flag; a letter nobody has published is a card this reader does not serve."""
    flag = text[TYPE_AT : TYPE_AT + 2].decode("utf-16-le", "replace")
    if not re.fullmatch("[A-Z]", flag):
        return ""
    if flag not in TYPES:
        raise DeviceError(Completion.UNSUPPORTED_DATA, f"card type {flag}")
    return flag


def _cut(text: bytes, layout: Layout) -> dict[str, bytes]:
    parts, at = {}, 0
    for name, length in layout.items():
        parts[name] = text[at : at + length]
        at += length
    if "latin_name_rest" in parts:
        # Joined before the padding goes: a blank between the two parts belongs to the name.
        parts["latin_name"] += parts.pop("latin_name_rest")
    return parts


def _decoded(part: bytes) -> str:
    """Padding gone; what is no character becomes U+FFFD. Private-use characters stay: they are
    rare name characters without a public glyph, and the counter needs their code."""
    text = part.decode("utf-16-le", "replace").rstrip(" \u3000\0")
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" or _is_noncharacter(c) else c for c in text)


def _is_noncharacter(character: str) -> bool:
    code = ord(character)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _date(text: str) -> date | None:
    if not re.fullmatch("[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _warnings(raw: Mapping[str, bytes], fields: Mapping[str, str], appended: bytes | None) -> set[Warning]:
    said = "".join(fields.values())
    found = {
        (Warning.NAME_MAY_BE_CUT, any(_is_full(raw.get(name, b"")) for name in ("name", "latin_name"))),
        (Warning.ADDRESS_MAY_BE_CUT, _is_full(raw["address"])),
        (Warning.APPENDED_ADDRESS_UNREAD, appended is None),
        (Warning.UNDECODABLE_TEXT, "\ufffd" in said),
        (Warning.PRIVATE_USE_CHARACTER, any(unicodedata.category(character) == "Co" for character in said)),
        (Warning.UNKNOWN_CODE, fields["sex"] not in SEXES or fields.get("ethnic_group", "01") not in ETHNIC_GROUPS),
    }
    return {warning for warning, applies in found if applies}


def _is_full(part: bytes) -> bool:
    """Nothing of the field is padding: what it holds may have gone on."""
    return part[-2:] not in (b"", b" \0", b"\0\0", b"\x00\x30")
