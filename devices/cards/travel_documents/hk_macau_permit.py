"""往来港澳通行证, the card of 2014: one line of 30, code CS."""

from __future__ import annotations

from functools import partial

from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.icao_9303.one_line_permit import has_one_line, one_line_holder
from devices.document import DocumentKind

DOCUMENT = TravelDocument(DocumentKind.HK_MACAU_PERMIT, partial(has_one_line, code="CS"), one_line_holder)
