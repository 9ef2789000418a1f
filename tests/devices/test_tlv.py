"""Objects of a card: lengths that lie, tags that never end, and what any bytes may bring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.icao_9303.tlv import Item, extent, items, optional_value, tlv, value
from devices.device import Completion, DeviceError


@pytest.mark.parametrize(
    ("tag", "length", "head"),
    [
        (0x61, 3, "6103"),
        (0x5F1F, 0x7F, "5F1F7F"),
        (0x75, 0x80, "758180"),
        (0x75, 0x100, "75820100"),
        (0x7F61, 0x10000, "7F6183010000"),
    ],
)
def test_an_object_on_the_wire(tag: int, length: int, head: str) -> None:
    encoded = tlv(tag, bytes(length))
    assert encoded.hex().upper().startswith(head)
    assert items(encoded) == (Item(tag, bytes(length)),)
    start = len(bytes.fromhex(head))
    assert extent(encoded[:start]) == (tag, start, start + length)


def test_a_value_is_found_inside_others() -> None:
    nested = tlv(0x7C, tlv(0x80, b"\x01") + tlv(0x82, tlv(0x5F1F, b"\x02")))
    assert value(nested, 0x7C, 0x82, 0x5F1F) == b"\x02"
    assert optional_value(nested, 0x7D) is None


@pytest.mark.parametrize(
    ("encoded", "words"),
    [
        ("61", "no length"),
        ("6105AA", "runs past its end"),
        ("6180AA0000", "makes no sense"),
        ("618401000000", "makes no sense"),
        ("6182", "makes no sense"),
        ("5F", "never ends"),
        ("5FFFFFFFFF01", "never ends"),
        ("8000" * 300, "too many"),
        ("6200", "missing"),
    ],
)
def test_an_object_that_lies_is_refused_in_words(encoded: str, words: str) -> None:
    with pytest.raises(DeviceError, match=words) as caught:
        value(bytes.fromhex(encoded), 0x61)
    assert caught.value.code is Completion.INVALID_DATA


@given(st.binary(max_size=600))
def test_any_bytes_are_objects_or_refused(encoded: bytes) -> None:
    try:
        found = items(encoded)
    except DeviceError as refusal:
        if refusal.code is not Completion.INVALID_DATA:
            raise
        return
    assert sum(len(item.value) for item in found) <= len(encoded)
