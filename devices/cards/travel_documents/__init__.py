"""The travel documents that are read: one file each, one line each. A document of any other kind is refused as such."""

from __future__ import annotations

from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.travel_documents.hk_macau_permit import HK_MACAU_PERMIT
from devices.cards.travel_documents.home_return_permit import HOME_RETURN_PERMIT
from devices.cards.travel_documents.passport import PASSPORT
from devices.cards.travel_documents.taiwan_compatriot_permit import TAIWAN_COMPATRIOT_PERMIT

TRAVEL_DOCUMENTS: tuple[TravelDocument, ...] = (
    PASSPORT,
    HK_MACAU_PERMIT,
    HOME_RETURN_PERMIT,
    TAIWAN_COMPATRIOT_PERMIT,
)
