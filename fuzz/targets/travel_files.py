"""What the chip of a travel document holds, and who vouches for it: files of any bytes."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from devices.cards.icao_9303.certificates import Certificate, UnknownAlgorithm
from devices.cards.icao_9303.data_groups import AdditionalDetails, additional_details, face, mrz_text
from devices.cards.icao_9303.passive_authentication import comes_from_the_issuer, is_trusted, parse_security_object, signed_infos
from devices.cards.icao_9303.security_infos import best_pace_info, chip_keys
from devices.cards.icao_9303.tlv import extent, items
from devices.cards.icao_9303.trust import read_trust
from devices.cards.mrz import parse_zone, read_lines
from devices.cards.travel_documents import TRAVEL_DOCUMENTS
from devices.simulators.travel_document_specimens import document_specimens, printed_lines, zone_on_the_chip
from fuzz.choices import Choices
from fuzz.specimens import specimen_files
from fuzz.target import Target

_TODAY = date(2026, 11, 29)
_NOW = datetime(2026, 11, 29, tzinfo=UTC)
_MEMORY = Path("/dev/shm")  # noqa: S108
_SIGNED = ("ECDSA", "SPELT_OUT", "RSA", "RSA_PSS")


def objects(entry: bytes) -> None:
    found = items(entry)
    assert sum(len(item.value) for item in found) <= len(entry)
    for item in found:
        if item.value:
            extent(item.value)


def zones(entry: bytes) -> None:
    """Lines as a scanner reads them, or the text of DG1, and what any kind of document makes of it."""
    printed = entry.decode("latin-1")
    if printed.startswith("\n"):
        assert not read_lines(printed.split("\n")[1:]).wrong
    else:
        _holders(printed, AdditionalDetails())
        parse_zone(printed)


def zone_seeds() -> Sequence[bytes]:
    specimens = document_specimens()
    scanned = [("\n" + "\n".join(printed_lines(specimen))).encode() for specimen in specimens]
    return scanned + [zone_on_the_chip(specimen).encode() for specimen in specimens]


def _holders(text: str, details: AdditionalDetails) -> None:
    for document in TRAVEL_DOCUMENTS:
        if document.is_this(text):
            document.holder(text, details, _TODAY)


def data_groups(entry: bytes) -> None:
    """The first byte says which; the details of DG11 are held against a zone that is sound."""
    match entry[:1]:
        case b"1":
            _holders(mrz_text(entry[1:]), AdditionalDetails())
        case b"2":
            assert len(face(entry[1:])) < len(entry)
        case _:
            details = additional_details(entry[1:])
            for text in _zones_on_chips():
                _holders(text, details)


@cache
def _zones_on_chips() -> tuple[str, ...]:
    return tuple(zone_on_the_chip(specimen) for specimen in document_specimens())


def data_group_seeds() -> Sequence[bytes]:
    found = specimen_files()
    return [b"1" + found["DG1"], b"2" + found["DG2"], b"3" + found["DG11"]]


def security_objects(entry: bytes) -> None:
    """Whose it is, is asked twice: of one whose hashes fit, and of one whose do not."""
    choices = Choices(entry)
    trust = (Certificate(specimen_files()[f"csca {_SIGNED[choices.below(len(_SIGNED))]}"]),)
    read = choices.rest()
    with warnings.catch_warnings(action="ignore"):
        security_object = parse_security_object(read)
        is_trusted(security_object.signed_data, trust, _NOW)
        comes_from_the_issuer(security_object, {1: specimen_files()["DG1"]}, trust, _NOW)


def security_object_seeds() -> Sequence[bytes]:
    return [bytes((at,)) + specimen_files()[f"sod {signing}"] for at, signing in enumerate(_SIGNED)]


def card_security(entry: bytes) -> None:
    with warnings.catch_warnings(action="ignore"):
        infos, _ = signed_infos(entry, (Certificate(specimen_files()["csca RSA_PSS"]),), _NOW)
        chip_keys(infos)


def infos(entry: bytes) -> None:
    """Of EF.CardAccess, and those inside EF.CardSecurity."""
    if entry[:1] == b"k":
        chip_keys(entry[1:])
    elif info := best_pace_info(entry[1:]):
        assert info.curve.size in (32, 48)
        assert len(info.protocol) == 10


def info_seeds() -> Sequence[bytes]:
    security = specimen_files()["card security"]
    at = security.index(b"\x31", security.index(bytes.fromhex("04007F0007030201")))
    return [b"a" + specimen_files()["card access"], b"k" + security[at : at + 160]]


def certificates(entry: bytes) -> None:
    """Each question alone: what one part of it hides, another may show."""
    issuer = Certificate(specimen_files()["csca ECDSA"])
    certificate = Certificate(entry)
    questions: tuple[Callable[[], object], ...] = (
        lambda: certificate.key,
        lambda: certificate.is_valid_at(_NOW),
        lambda: certificate.is_issued_by(issuer),
        lambda: certificate.is_issued_by(certificate),
        lambda: issuer.is_issued_by(certificate),
    )
    with warnings.catch_warnings(action="ignore"):
        for question in questions:
            _asked(question)


def _asked(question: Callable[[], object]) -> None:
    try:
        question()
    except UnknownAlgorithm:
        return


def certificate_seeds() -> Sequence[bytes]:
    return [specimen_files()[f"csca {signing}"] for signing in _SIGNED]


def trust(entry: bytes) -> None:
    """No file in that folder may keep a terminal from starting."""
    with tempfile.TemporaryDirectory(prefix="yimen-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        (Path(folder) / "file").write_bytes(entry)
        with warnings.catch_warnings(action="ignore"):
            read_trust(Path(folder))


def trust_seeds() -> Sequence[bytes]:
    found = specimen_files()
    return [found["csca ECDSA"], found["pem"], found["master list"], found["card security"]]


TARGETS = (
    Target("objects", objects, lambda: list(specimen_files().values())),
    Target("zones", zones, zone_seeds, longest=512),
    Target("data_groups", data_groups, data_group_seeds),
    Target("security_objects", security_objects, security_object_seeds, (UnknownAlgorithm,)),
    Target("card_security", card_security, lambda: [specimen_files()["card security"]]),
    Target("security_infos", infos, info_seeds, longest=1024),
    Target("certificates", certificates, certificate_seeds),
    Target("trust", trust, trust_seeds),
)
