"""港澳居民来往内地通行证, the card of 2013: code CR, on older ones C. Not seen on a card, see mainland_permit."""

from __future__ import annotations

from functools import partial

from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.icao_9303.mainland_permit import is_mainland_permit, mainland_holder
from devices.document import DocumentKind

DOCUMENT = TravelDocument(DocumentKind.HOME_RETURN_PERMIT, partial(is_mainland_permit, codes="CR?"), mainland_holder)
