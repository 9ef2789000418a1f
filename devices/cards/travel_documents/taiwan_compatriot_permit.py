"""台湾居民来往大陆通行证, the card of 2015: code CT. Not seen on a card, see mainland_permit."""

from __future__ import annotations

from functools import partial

from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.icao_9303.mainland_permit import is_mainland_permit, mainland_holder
from devices.document import DocumentKind

DOCUMENT = TravelDocument(DocumentKind.TAIWAN_COMPATRIOT_PERMIT, partial(is_mainland_permit, codes="CT"), mainland_holder)
