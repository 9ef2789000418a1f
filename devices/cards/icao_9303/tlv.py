"""Tag, length, value: BER-TLV as cards use it (ISO 7816-4, 5.2.2), with limits. Tags are numbers, e.g. 0x5F1F."""

from __future__ import annotations

from typing import NamedTuple

from devices.device import Completion, DeviceError

MOST_ITEMS = 256
_LONGEST_LENGTH = 3
_LONGEST_TAG = 3


class Item(NamedTuple):
    tag: int
    value: bytes


def tlv(tag: int, value: bytes) -> bytes:
    name = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    if len(value) < 0x80:
        return name + bytes((len(value),)) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return name + bytes((0x80 | len(length),)) + length + value


def items(encoded: bytes, *, most: int = MOST_ITEMS) -> tuple[Item, ...]:
    """What stands one after the other; nothing inside it is looked at. DeviceError(INVALID_DATA) when it runs past its end,
    is of indefinite length or has no end."""
    found: list[Item] = []
    at = 0
    while at < len(encoded):
        tag, start, stop = extent(encoded, at)
        if stop > len(encoded):
            raise DeviceError(Completion.INVALID_DATA, f"object {tag:X} runs past its end")
        if len(found) == most:
            raise DeviceError(Completion.INVALID_DATA, "too many objects")
        found.append(Item(tag, encoded[start:stop]))
        at = stop
    return tuple(found)


def value(encoded: bytes, *path: int) -> bytes:
    """The value of the first object of each tag, one inside the other."""
    for tag in path:
        found = optional_value(encoded, tag)
        if found is None:
            raise DeviceError(Completion.INVALID_DATA, f"object {tag:X} is missing")
        encoded = found
    return encoded


def optional_value(encoded: bytes, tag: int) -> bytes | None:
    return next((item.value for item in items(encoded) if item.tag == tag), None)


def extent(encoded: bytes, at: int = 0) -> tuple[int, int, int]:
    """Tag, and where its value starts and stops, which may lie beyond what has been read so far."""
    tag, at = _tag(encoded, at)
    if at >= len(encoded):
        raise DeviceError(Completion.INVALID_DATA, f"object {tag:X} has no length")
    length, at = encoded[at], at + 1
    if length < 0x80:
        return tag, at, at + length
    width = length & 0x7F
    if not 1 <= width <= _LONGEST_LENGTH or at + width > len(encoded):
        raise DeviceError(Completion.INVALID_DATA, f"length of object {tag:X} makes no sense")
    start = at + width
    return tag, start, start + int.from_bytes(encoded[at:start], "big")


def _tag(encoded: bytes, at: int) -> tuple[int, int]:
    end = at + 1
    if encoded[at] & 0x1F == 0x1F:
        while end < len(encoded) and encoded[end] & 0x80:
            end += 1
        end += 1
    if end > len(encoded) or end - at > _LONGEST_TAG:
        raise DeviceError(Completion.INVALID_DATA, "a tag that never ends")
    return int.from_bytes(encoded[at:end], "big"), end
