"""Certificates of those who sign travel documents (ICAO 9303-12)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from devices.cards.icao_9303.elliptic_curve import CURVES

Scheme = padding.PKCS1v15 | padding.PSS | ec.ECDSA
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class UnknownAlgorithm(Exception):
    """Signed in a way that cannot be checked here: neither right nor wrong."""


@dataclass(frozen=True)
class Certificate:
    """DER; what makes no sense in it raises UnknownAlgorithm when it is used."""

    der: bytes

    @cached_property
    def parsed(self) -> x509.Certificate:
        with _making_sense():
            return x509.load_der_x509_certificate(self.der)

    @cached_property
    def key(self) -> PublicKey:
        try:
            key = self.parsed.public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            return self._key_on_a_spelt_out_curve(error)
        if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            raise UnknownAlgorithm("key")
        return key

    def is_valid_at(self, moment: datetime) -> bool:
        """`moment` has a time zone."""
        with _making_sense():
            return self.parsed.not_valid_before_utc <= moment <= self.parsed.not_valid_after_utc

    def is_issued_by(self, issuer: Certificate) -> bool:
        """Raises UnknownAlgorithm."""
        with _making_sense():
            if self.parsed.issuer != issuer.parsed.subject:
                return False
            scheme, algorithm = self.parsed.signature_algorithm_parameters, self.parsed.signature_hash_algorithm
        if algorithm is None or not isinstance(scheme, Scheme):
            raise UnknownAlgorithm("signature of a certificate")
        return is_right(self.parsed.signature, self.parsed.tbs_certificate_bytes, algorithm, issuer, (scheme,))

    def _key_on_a_spelt_out_curve(self, error: Exception) -> ec.EllipticCurvePublicKey:
        """Many countries spell the parameters of their curve out, as ICAO 9303-12 asks; the library wants its name. Only the
        prime is looked at: a generator of their own would make signatures easy to forge."""
        try:
            info = asn1_x509.Certificate.load(self.der).public_key
            prime = info["algorithm"]["parameters"].chosen["field_id"]["parameters"].native
            curve = next(curve for curve in CURVES.values() if curve.prime == prime)
            return ec.EllipticCurvePublicKey.from_encoded_point(curve.library, bytes(info["public_key"]))
        except (ValueError, TypeError, KeyError, AttributeError, StopIteration):
            raise UnknownAlgorithm("key") from error


@contextmanager
def _making_sense() -> Iterator[None]:
    """The library looks into a certificate only when it is asked for a part of it."""
    try:
        yield
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise UnknownAlgorithm("certificate") from error


def is_right(
    signature: bytes, message: bytes, algorithm: HashAlgorithm, certificate: Certificate, schemes: tuple[Scheme, ...]
) -> bool:
    """Whether the certificate's key made that signature, by the one of these schemes that is for such a key. Raises
    UnknownAlgorithm."""
    key = certificate.key
    try:
        for scheme in schemes:
            match key, scheme:
                case rsa.RSAPublicKey(), padding.PKCS1v15() | padding.PSS():
                    key.verify(signature, message, scheme, algorithm)
                    return True
                case ec.EllipticCurvePublicKey(), ec.ECDSA():
                    key.verify(signature, message, scheme)
                    return True
                case _:
                    continue
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnknownAlgorithm("signature") from error
    raise UnknownAlgorithm("signature")
