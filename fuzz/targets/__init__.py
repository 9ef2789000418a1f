"""Everything that is fuzzed, by name."""

from __future__ import annotations

from collections.abc import Mapping

from fuzz.target import Target
from fuzz.targets import chip_cards, other_devices, sam_v, travel_files, travel_talks

TARGETS: Mapping[str, Target] = {
    target.name: target for part in (sam_v, chip_cards, travel_files, travel_talks, other_devices) for target in part.TARGETS
}
