"""往来台湾通行证, the card: one line of 30, code CD. Two published readers agree; not seen on a card."""

from __future__ import annotations

from functools import partial

from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.icao_9303.one_line_permit import has_one_line, one_line_holder
from devices.document import DocumentKind

DOCUMENT = TravelDocument(DocumentKind.TAIWAN_PERMIT, partial(has_one_line, code="CD"), one_line_holder)
