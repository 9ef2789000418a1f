"""Certificates for tests, good ones and others: an authority of our own, and what it or a stranger signs."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Signer:
    """An authority; `into` is the folder for its files."""

    into: Path
    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        return _written(self.into / f"{self.name}.pem", self.certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, address: str = "127.0.0.1", begins: timedelta = -DAY, ends: timedelta = DAY) -> ssl.SSLContext:
        """A server's side of TLS with a certificate of this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certified("server", address, begins, ends))
        return context

    def certified(
        self, name: str, address: str = "127.0.0.1", begins: timedelta = -DAY, ends: timedelta = DAY
    ) -> tuple[Path, Path]:
        """The files of a new certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        built = _certificate(name, self.name, begins, ends).public_key(key.public_key()).add_extension(names, critical=False)
        signed = built.sign(self.key, SHA256()).public_bytes(serialization.Encoding.PEM)
        return _written(self.into / f"{self.name}-{name}.pem", signed), _written(
            self.into / f"{self.name}-{name}.key", _key_bytes(key)
        )


def signer(into: Path, name: str) -> Signer:
    """A new authority that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    basic = x509.BasicConstraints(ca=True, path_length=0)
    built = _certificate(name, name, -DAY, DAY).public_key(key.public_key()).add_extension(basic, critical=True)
    return Signer(into, name, key, built.sign(key, SHA256()))


def _certificate(subject: str, issuer: str, begins: timedelta, ends: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
