"""护照, of any country: two lines of 44 (ICAO 9303-4)."""

from __future__ import annotations

from devices.cards.icao_9303.holder import TravelDocument, standard_holder, zone_in
from devices.document import DocumentKind


def is_passport(text: str) -> bool:
    zone = zone_in(text)
    return zone is not None and zone.layout == "TD3"


DOCUMENT = TravelDocument(DocumentKind.PASSPORT, is_passport, standard_holder)
