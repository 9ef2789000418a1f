"""The permit to Taiwan over a real pcscd, opened with what a scanner read on it."""

from __future__ import annotations

from devices.cards.mrz import read_lines
from devices.document import DocumentKind, Verified
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.travel_document_files import chip_of
from devices.simulators.travel_document_specimens import find_document, printed_lines
from tests.devices.laying import Slot, lying, tell
from tests.devices.travel_documents import ISSUER, TRUST


def test_a_permit_to_taiwan_is_read_with_its_printed_line(slot: Slot) -> None:
    async def story() -> None:
        specimen = find_document("taiwan-permit")
        access = read_lines(printed_lines(specimen)).access_key
        async with lying(slot, TravelDocumentCard(chip_of(specimen, ISSUER)), trust=TRUST) as (reader, _):
            document = await reader.read_identity(access=access)
        assert (document.kind, document.verified) == (DocumentKind.TAIWAN_PERMIT, Verified.ISSUER)
        assert (document.name, document.latin_name, document.number) == ("莫行舟", "MO, XINGZHOU", "L20260730")
        assert (document.birth, document.valid_to) == (specimen.birth, specimen.expiry)

    tell(story())
