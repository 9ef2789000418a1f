"""Passive authentication (ICAO 9303-11, 5.1): whether the issuer signed what the chip says, and who the issuer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos

from devices.cards.icao_9303.certificates import Certificate, UnknownAlgorithm
from devices.cards.icao_9303.security_infos import SEQUENCE
from devices.cards.icao_9303.signed_data import SignedData, digest, parse_signed_data
from devices.cards.icao_9303.tlv import items, tlv, value
from devices.cards.icao_9303.trust import Trust
from devices.device import Completion, DeviceError

SECURITY_OBJECT = "2.23.136.1.1.1"
"""id-icao-mrtd-security-ldsSecurityObject."""
CHIP_SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"
"""id-SecurityObject, the content of EF.CardSecurity."""
_SOD = 0x77


@dataclass(frozen=True)
class SecurityObject:
    """EF.SOD: the hashes that the issuer signed, by number of data group."""

    signed_data: SignedData
    algorithm: str
    hashes: Mapping[int, bytes]

    def ensure_unchanged(self, groups: Mapping[int, bytes]) -> None:
        """DeviceError(FRAUD_ATTEMPT) when one of these is not what the issuer signed. Raises UnknownAlgorithm."""
        for number, content in groups.items():
            if self.hashes.get(number) != digest(self.algorithm, content):
                raise DeviceError(Completion.FRAUD_ATTEMPT, f"DG{number} is not what its issuer signed")


def parse_security_object(sod: bytes) -> SecurityObject:
    """DeviceError(INVALID_DATA) when it makes no sense."""
    signed_data = parse_signed_data(value(sod, _SOD))
    fields = items(value(signed_data.content, SEQUENCE))
    if signed_data.content_type != SECURITY_OBJECT or len(fields) < 3:
        raise DeviceError(Completion.INVALID_DATA, "EF.SOD holds no security object")
    hashes = [items(item.value) for item in items(fields[2].value)]
    if any(len(pair) != 2 for pair in hashes):
        raise DeviceError(Completion.INVALID_DATA, "a hash without a data group")
    try:
        algorithm = str(algos.DigestAlgorithm.load(tlv(*fields[1]))["algorithm"].native)
    except (ValueError, TypeError) as error:
        raise DeviceError(Completion.INVALID_DATA, "a hash of no known form") from error
    return SecurityObject(signed_data, algorithm, {int.from_bytes(n.value, "big"): h.value for n, h in hashes})


def comes_from_the_issuer(security_object: SecurityObject, groups: Mapping[int, bytes], trust: Trust, now: datetime) -> bool:
    """False: nothing is wrong, but nobody this terminal trusts vouches for it. DeviceError(FRAUD_ATTEMPT): it was changed.

    Revoked signers are not known here: a terminal has no way to fetch the lists.
    """
    try:
        security_object.ensure_unchanged(groups)
    except UnknownAlgorithm:
        return False
    return is_trusted(security_object.signed_data, trust, now)


def signed_infos(card_security: bytes, trust: Trust, now: datetime) -> tuple[bytes, bool]:
    """The SecurityInfos in EF.CardSecurity, and whether they come from a trusted issuer. DeviceError(FRAUD_ATTEMPT) when
    they were changed."""
    signed_data = parse_signed_data(card_security)
    if signed_data.content_type != CHIP_SECURITY_OBJECT:
        raise DeviceError(Completion.INVALID_DATA, "EF.CardSecurity holds no security object")
    return signed_data.content, is_trusted(signed_data, trust, now)


def is_trusted(signed_data: SignedData, trust: Trust, now: datetime) -> bool:
    """Whether a trusted country issued the signer's certificate, and both are valid. DeviceError(FRAUD_ATTEMPT) when the
    signature is wrong; a signature that cannot be checked is only not trusted."""
    try:
        if not signed_data.is_whole():
            raise DeviceError(Completion.FRAUD_ATTEMPT, "the content is not what its issuer signed")
        signer = _signer(signed_data)
        return signer.is_valid_at(now) and any(_vouches(country, signer, now) for country in trust)
    except UnknownAlgorithm:
        return False


def _signer(signed_data: SignedData) -> Certificate:
    """Raises UnknownAlgorithm also when it names no signer."""
    for certificate in signed_data.certificates:
        if signed_data.is_signed_by(certificate):
            return certificate
    if not signed_data.certificates:
        raise UnknownAlgorithm("no certificate")
    raise DeviceError(Completion.FRAUD_ATTEMPT, "the issuer's signature is wrong")


def _vouches(country: Certificate, signer: Certificate, now: datetime) -> bool:
    try:
        return country.is_valid_at(now) and signer.is_issued_by(country)
    except UnknownAlgorithm:
        return False
