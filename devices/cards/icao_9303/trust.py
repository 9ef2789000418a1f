"""The country signing certificates (CSCA) that this terminal believes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from devices.cards.icao_9303.certificates import Certificate
from devices.cards.icao_9303.security_infos import SEQUENCE, SET
from devices.cards.icao_9303.signed_data import parse_signed_data
from devices.cards.icao_9303.tlv import items, tlv, value
from devices.device import DeviceError

log = logging.getLogger(__name__)

MASTER_LIST = "2.23.136.1.1.2"
"""id-icao-cscaMasterList (ICAO 9303-12, 9)."""

_MOST_IN_A_LIST = 10_000

Trust = tuple[Certificate, ...]
"""Empty: nothing can be verified."""


def read_trust(folder: Path) -> Trust:
    """Every certificate in a folder: DER, PEM, or master lists, whose own signature is not checked: who may write here is
    believed. A file that holds none is named in the log and left out. OSError when there is no such folder."""
    found: list[Certificate] = []
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            found.extend(_certificates(file.read_bytes()))
        except (ValueError, IndexError, x509.InvalidVersion, DeviceError):
            log.warning("csca_unreadable", extra={"file": file.name})
    return tuple(found)


def _certificates(content: bytes) -> Iterator[Certificate]:
    if b"-----BEGIN" in content:
        yield from (Certificate(found.public_bytes(Encoding.DER)) for found in x509.load_pem_x509_certificates(content))
        return
    first = items(value(content, SEQUENCE))[0]
    if first.tag == SEQUENCE:
        yield Certificate(x509.load_der_x509_certificate(content).public_bytes(Encoding.DER))
        return
    signed_data = parse_signed_data(content)
    if signed_data.content_type != MASTER_LIST:
        raise ValueError("no master list")
    yield from (Certificate(tlv(*found)) for found in items(value(signed_data.content, SEQUENCE, SET), most=_MOST_IN_A_LIST))
