"""The travel documents that are read: one file each, one line each. A document of any other kind is refused as such."""

from __future__ import annotations

from importlib import import_module

from devices.cards.icao_9303.holder import TravelDocument

_FILES = (
    "passport",
    "hk_macau_permit",
    "home_return_permit",
    "taiwan_compatriot_permit",
    "taiwan_permit",
)
TRAVEL_DOCUMENTS: tuple[TravelDocument, ...] = tuple(import_module(f"{__name__}.{file}").DOCUMENT for file in _FILES)
