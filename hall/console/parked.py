"""What was sent while nobody could be asked whether it is meant: kept sealed until its clerk is back and says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

LONGEST_PARKED = 48 * 1024
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Parked:
    """A form and where it was sent. It is sent again with the same key, so that nothing is done twice."""

    path: str
    fields: Mapping[str, str]

    @property
    def key(self) -> str:
        return self.fields.get("key", "")

    @property
    def action(self) -> str:
        return self.path.rpartition("/")[2]

    def written(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, kept: bytes) -> Parked:
        return cls(**json.loads(kept))
