"""The specimen files that travel documents are fuzzed from, kept as text: `python -m fuzz.specimens` writes them anew, with
keys that nobody keeps."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from devices.cards.icao_9303.elementary_files import File
from devices.simulators.travel_document_files import chip_of
from devices.simulators.travel_document_issuer import Issuer, Signing
from devices.simulators.travel_document_specimens import find_document

SPECIMENS = Path(__file__).parent / "seeds" / "travel_documents.txt"
_PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(200))
_LINE = 120


@cache
def specimen_files(path: Path = SPECIMENS) -> Mapping[str, bytes]:
    """By a name such as `sod RSA_PSS`."""
    found: dict[str, bytes] = {}
    for row in path.read_text(encoding="ascii").split("\n\n"):
        name, _, encoded = row.partition("\n")
        found[name] = base64.b64decode(encoded)
    return found


def _made() -> Iterator[tuple[str, bytes]]:
    passport = find_document("elsa-passport")
    for signing in Signing:
        issuer = Issuer(signing=signing)
        chip = chip_of(passport, issuer, opens="PACE CHIP_AUTHENTICATION AES_128 13", photo=_PHOTO)
        yield f"sod {signing.name}", chip.files[File.SOD]
        yield f"csca {signing.name}", issuer.csca.der
    yield "card access", chip.master_files[File.CARD_ACCESS]
    yield "card security", chip.master_files[File.CARD_SECURITY]
    yield "master list", issuer.master_list(issuer.csca, Issuer("AA").csca)
    yield "pem", issuer.csca_pem
    for file in (File.DG1, File.DG2, File.DG11):
        yield file.name, chip.files[file]


def _row(name: str, content: bytes) -> str:
    encoded = base64.b64encode(content).decode()
    return "\n".join([name, *(encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE))])


if __name__ == "__main__":
    SPECIMENS.parent.mkdir(exist_ok=True)
    SPECIMENS.write_text("\n\n".join(_row(*made) for made in _made()) + "\n", encoding="ascii")
