"""The hall's keys: its own certificate authority for terminals, and the key that visits are sealed to."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hall.working_day import Clock

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 825


@dataclass(frozen=True)
class Certified:
    """A new key with its certificate, both as PEM. `serial` is hexadecimal."""

    key: bytes
    certificate: bytes
    serial: str


class Authority:
    """Founded at the first start. Its folder is readable by the hall alone."""

    def __init__(self, folder: Path, hall: str, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        with self._file("founding.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # several processes of one hall may start at once
            if not self._file("ca.pem").exists():
                self._found(f"Yimen hall {hall}")
            if not self._file("sealing.key").exists():
                write_secret(self._file("sealing.key"), X25519PrivateKey.generate().private_bytes_raw())

    @property
    def certificate(self) -> bytes:
        return self._file("ca.pem").read_bytes()

    @property
    def sealing_key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self._file("sealing.key").read_bytes())

    def certify(self, name: str, names: list[x509.GeneralName], use: x509.ObjectIdentifier) -> Certified:
        """A key and a certificate for it. `use` is one of ExtendedKeyUsageOID."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority = serialization.load_pem_private_key(self._file("ca.key").read_bytes(), None)
        assert isinstance(authority, ec.EllipticCurvePrivateKey)
        issuer = x509.load_pem_x509_certificate(self.certificate)
        certificate = (
            self._certificate(_named(name), issuer.subject, CERTIFICATE_DAYS)
            .public_key(key.public_key())
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
            .sign(authority, SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        return Certified(_pem(key), pem, f"{certificate.serial_number:x}")

    def tls(self, host: str) -> ssl.SSLContext:
        """For the terminals' listener: a fresh server certificate; a client certificate is obligatory."""
        server = self.certify("hall", _server_names(host), ExtendedKeyUsageOID.SERVER_AUTH)
        own = self._file(f"server.pem.{os.getpid()}")  # it is read twice, and another process may make its own meanwhile
        write_secret(own, server.key + server.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self._file("ca.pem"))
        context.load_cert_chain(own)
        own.replace(self._file("server.pem"))
        return context

    def _file(self, name: str) -> Path:
        return self._folder / name

    def _found(self, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._certificate(_named(name), _named(name), AUTHORITY_DAYS)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        write_secret(self._file("ca.key"), _pem(key))
        self._file("ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _certificate(self, subject: x509.Name, issuer: x509.Name, days: int) -> x509.CertificateBuilder:
        # A day back: a terminal's clock may lag behind the hall's.
        begin = self._clock() - timedelta(days=1)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=days))
        )


def write_secret(path: Path, contents: bytes) -> None:
    """Created unreadable to others, not made so afterwards; whoever reads meanwhile reads the old one or the new one."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(contents)
    made.replace(path)


def _server_names(host: str) -> list[x509.GeneralName]:
    """What terminals may call the hall: always the names of this machine, and the address it listens on."""
    usual: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return [*usual, x509.DNSName(host)]
    return usual if address.is_unspecified else [*usual, x509.IPAddress(address)]


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
