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
    HK_MACAU_PERMIT = "hk_macau_permit"  # 往来港澳通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 往来台湾通行证
    PASSPORT = "passport"  # 护照, of any country
    HOME_RETURN_PERMIT = "home_return_permit"  # 港澳居民来往内地通行证
    TAIWAN_COMPATRIOT_PERMIT = "taiwan_compatriot_permit"  # 台湾居民来往大陆通行证


class Verified(StrEnum):
    """What vouches for the contents."""

    SAM = "sam"
    ISSUER = "issuer"  # the issuer's signature, up to a trusted root (ICAO 9303-11, passive authentication)
    CHIP = "chip"  # read from a chip, nothing proved
    NONE = "none"


class Warning(StrEnum):
    """What a person should look at; never a reason to fail the read."""

    NAME_MAY_BE_CUT = "name_may_be_cut"
    ADDRESS_MAY_BE_CUT = "address_may_be_cut"
    UNDECODABLE_TEXT = "undecodable_text"
    UNKNOWN_CODE = "unknown_code"
    PRIVATE_USE_CHARACTER = "private_use_character"  # a rare character without a public glyph
    APPENDED_ADDRESS_UNREAD = "appended_address_unread"  # the address may not be the newest
    ISSUER_UNKNOWN = "issuer_unknown"  # sound, but signed by nobody that this terminal knows


@dataclass(frozen=True)
class AccessKey:
    """What is printed on a travel document and opens its chip (ICAO 9303-11, 4.2): number, birth and expiry (YYMMDD) of the
    machine-readable zone, or the card access number alone."""

    number: str = ""
    birth: str = ""
    expiry: str = ""
    card_access_number: str = ""


class Recognised(StrEnum):
    """What a card is that cannot be read here."""

    BANK_CARD = "bank_card"
    TRANSPORT_CARD = "transport_card"
    MEMORY_CARD = "memory_card"  # a chip without applications: door keys, canteens, older transport cards
    TRAVEL_DOCUMENT = "travel_document"  # opens only to what is printed on it
    RESIDENT_CARD = "resident_card"  # on a reader that has no security module
    MORE_THAN_ONE = "more_than_one"  # several cards on one plate
    UNKNOWN = "unknown"


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
    card_number: str = ""  # of 港澳台居民居住证: the travel permit's
    latin_name: str = ""
    nationality: str = ""  # alpha-3, ISO 3166-1 as in ICAO 9303-3
    portrait: bytes = b""  # PNG; the photo, where it can be decoded
    photo: bytes = b""  # WLT, opaque, of the resident card family; JPEG or JPEG 2000 of travel documents
    warnings: frozenset[Warning] = frozenset()
