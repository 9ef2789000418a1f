"""What any reader of any transport gives: an identity document as its card says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentKind(StrEnum):
    RESIDENT_CARD = "resident_card"  # 居民身份证
    RESIDENCE_PERMIT_HMT = "residence_permit_hmt"  # 港澳台居民居住证
    FOREIGNER_PERMIT_2017 = "foreigner_permit_2017"  # 外国人永久居留身份证
    FOREIGNER_PERMIT_2023 = "foreigner_permit_2023"
    SOCIAL_SECURITY_CARD = "social_security_card"  # 社会保障卡


class Verified(StrEnum):
    """What vouches for the contents."""

    SAM = "sam"
    CHIP = "chip"  # read in clear from a chip, nothing proved
    NONE = "none"


class Warning(StrEnum):
    """What a person should look at; never a reason to fail the read."""

    NAME_MAY_BE_CUT = "name_may_be_cut"
    ADDRESS_MAY_BE_CUT = "address_may_be_cut"
    UNDECODABLE_TEXT = "undecodable_text"
    UNKNOWN_CODE = "unknown_code"


@dataclass(frozen=True)
class IdentityDocument:
    """Contents of a card, decoded but not judged. Codes as on the card: sex GB/T 2261.1, ethnic
    group GB/T 3304. `long_term` is 长期: then `valid_to` is None. A date that is no date is None."""

    kind: DocumentKind
    number: str
    name: str
    sex: str
    birth: date | None
    media_id: int
    device_id: str
    verified: Verified
    ethnic_group: str = ""
    address: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    long_term: bool = False
    card_number: str = ""
    photo: bytes = b""  # WLT, opaque (devices.md 1.4)
    warnings: frozenset[Warning] = frozenset()
