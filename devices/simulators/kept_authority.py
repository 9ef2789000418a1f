"""The authority behind the travel documents of one state folder: made when it is first needed, and kept there."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from devices.simulators.travel_document_issuer import SPECIMEN_COUNTRY, Authority, new_authority

CERTIFICATE_FILE = "simulated-csca.pem"


class AuthorityUnreadable(ValueError):
    """The file is there and holds no key with its certificate; the text names it."""


def kept_authority(file: Path) -> Authority:
    """Raises AuthorityUnreadable and OSError. Programs that need it at the same time get the same one."""
    if not file.exists():
        _keep(new_authority(), file)
    content = file.read_bytes()
    try:
        key, certificate = load_pem_private_key(content, None), x509.load_pem_x509_certificate(content)
    except ValueError as error:
        raise AuthorityUnreadable(f"{file} holds no authority: remove it, and another is made") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityUnreadable(f"{file} holds a key of another authority: remove it, and another is made")
    return Authority(SPECIMEN_COUNTRY, key, certificate)


def trust_in(folder: Path, authority: Authority) -> Path:
    """Writes the certificate to where a reader's `trust` looks. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / CERTIFICATE_FILE
    file.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    return file


def _keep(authority: Authority, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    key = authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.") as made:  # for its owner only
        made.write(key + authority.certificate.public_bytes(Encoding.PEM))
        made.flush()
        with suppress(FileExistsError):  # another program was faster
            os.link(made.name, file)
