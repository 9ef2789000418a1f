"""What the permits to the mainland hold in DG1: three lines of 30.

One published reader has the number in the first line right behind the code; the standard has an issuer between them. Which
of both a chip holds is told by the check digits. No card was at hand.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from devices.cards.icao_9303.data_groups import AdditionalDetails
from devices.cards.icao_9303.holder import Holder, standard_holder, zone_in

COUNTRY = "CHN"
_LAYOUTS = ("TD1", "mainland permit")


def is_mainland_permit(text: str, codes: str) -> bool:
    """`codes` is a pattern of document codes."""
    zone = zone_in(text)
    return zone is not None and zone.layout in _LAYOUTS and zone.issuer in ("", COUNTRY) and bool(re.fullmatch(codes, zone.code))


def mainland_holder(text: str, details: AdditionalDetails, today: date) -> Holder:
    return replace(standard_holder(text, details, today), issuer=COUNTRY)
