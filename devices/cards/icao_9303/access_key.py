"""The secret that opens a chip, out of what is printed on the document (ICAO 9303-11, 4.3.2 and 4.4.4)."""

from __future__ import annotations

import hashlib

from devices.cards.mrz_layouts import FILLER, check_digit
from devices.device import Completion, DeviceError
from devices.document import AccessKey, Recognised

_NUMBER_LENGTH = 9


def has_mrz(key: AccessKey) -> bool:
    return bool(key.number and key.birth and key.expiry)


def mrz_secret(key: AccessKey) -> bytes:
    """SHA-1 of number, birth and expiry with their check digits. DeviceError(ACCESS_KEY_WRONG) for a character that no
    document has."""
    fields = (key.number.ljust(_NUMBER_LENGTH, FILLER), key.birth, key.expiry)
    try:
        information = "".join(field + check_digit(field) for field in fields)
    except KeyError:
        words = "a character that no document has"
        raise DeviceError(Completion.ACCESS_KEY_WRONG, words, recognised=Recognised.TRAVEL_DOCUMENT) from None
    return hashlib.sha1(information.encode(), usedforsecurity=False).digest()
