"""Whether an answer by IPP is put together as RFC 8010 section 3 says, before the library parses it.

The library takes lengths for signed numbers, and believes those of integers and collections: in an answer that lies about
them it goes backwards, and round and round.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

HEADER = 8
GROUPS = frozenset((0x01, 0x02, 0x04, 0x05))
END_OF_ATTRIBUTES = 0x03
FIRST_VALUE_TAG = 0x10
INTEGER, BOOLEAN, ENUM, DATE, RESOLUTION, RANGE = 0x21, 0x22, 0x23, 0x31, 0x32, 0x33
FIXED_LENGTHS: Mapping[int, int] = {INTEGER: 4, BOOLEAN: 1, ENUM: 4, DATE: 11, RESOLUTION: 9, RANGE: 8}
BEGIN_COLLECTION, END_COLLECTION = 0x34, 0x37
WITH_LANGUAGE = frozenset((0x35, 0x36))
LONGEST = 0x7FFF


def check(answer: bytes) -> None:
    """Raises ValueError, IndexError or struct.error."""
    at, open_collections = HEADER, 0
    while answer[at] != END_OF_ATTRIBUTES:
        if answer[at] in GROUPS:
            at += 1
        tag = answer[at]
        if tag < FIRST_VALUE_TAG:
            raise ValueError("no attribute where one has to be")
        open_collections += (tag == BEGIN_COLLECTION) - (tag == END_COLLECTION)
        if open_collections < 0:
            raise ValueError("a collection ends that did not begin")
        at = _after(answer, tag, at + 1)
    if open_collections or at != len(answer) - 1:
        raise ValueError("an end where none has to be")


def _after(answer: bytes, tag: int, at: int) -> int:
    """Where the attribute ends whose name begins with its length at `at`."""
    value_at = at + 2 + _length(answer, at)
    length = _length(answer, value_at)
    if length != FIXED_LENGTHS.get(tag, length):
        raise ValueError("a value of a wrong length")
    if tag in WITH_LANGUAGE:
        language = _length(answer, value_at + 2)
        if language + _length(answer, value_at + 4 + language) + 4 != length:
            raise ValueError("a text of a wrong length")
    return value_at + 2 + length


def _length(answer: bytes, at: int) -> int:
    (length,) = struct.unpack_from(">H", answer, at)
    if length > LONGEST:
        raise ValueError("a length that the library takes for negative")
    return int(length)
