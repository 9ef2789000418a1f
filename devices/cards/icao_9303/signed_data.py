"""CMS SignedData (RFC 5652) as travel documents use it: EF.SOD, EF.CardSecurity and master lists."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from devices.cards.icao_9303.certificates import Certificate, Scheme, UnknownAlgorithm, is_right
from devices.device import Completion, DeviceError

# Chips live for ten years: the oldest in use were signed with SHA-1.
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

_LONGEST_SALT = 1024


@dataclass(frozen=True)
class SignedData:
    """The first signer's. `signed` is what the signature covers; `salt_bytes` there is only with RSA-PSS."""

    content_type: str
    content: bytes
    certificates: tuple[Certificate, ...]
    message_digest: bytes
    message_hash: str
    signed: bytes
    signature: bytes
    signature_hash: str
    salt_bytes: int | None

    def is_signed_by(self, certificate: Certificate) -> bool:
        """Raises UnknownAlgorithm."""
        if self.signature_hash not in _HASHES:
            raise UnknownAlgorithm(self.signature_hash)
        algorithm = _HASHES[self.signature_hash]
        schemes: tuple[Scheme, ...] = (padding.PKCS1v15(), ec.ECDSA(algorithm))
        if self.salt_bytes is not None:
            schemes = (padding.PSS(padding.MGF1(algorithm), self.salt_bytes),)
        return is_right(self.signature, self.signed, algorithm, certificate, schemes)

    def is_whole(self) -> bool:
        """Whether the content is the one that was signed. Raises UnknownAlgorithm."""
        return digest(self.message_hash, self.content) == self.message_digest


def parse_signed_data(encoded: bytes) -> SignedData:
    """DeviceError(INVALID_DATA) when it is no such thing."""
    try:
        return _parsed(encoded)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise DeviceError(Completion.INVALID_DATA, "no signed data") from error


def digest(algorithm: str, message: bytes) -> bytes:
    """Raises UnknownAlgorithm."""
    if algorithm not in _HASHES:
        raise UnknownAlgorithm(algorithm)
    return hashlib.new(algorithm, message, usedforsecurity=False).digest()


def _parsed(encoded: bytes) -> SignedData:
    signed_data = cms.ContentInfo.load(encoded)["content"]
    signer, content = signed_data["signer_infos"][0], signed_data["encap_content_info"]
    attributes = {str(a["type"].native): a["values"][0].native for a in signer["signed_attrs"]}
    if attributes["content_type"] != content["content_type"].native:
        raise ValueError("the signer signed another type of content")
    algorithm, message_hash = signer["signature_algorithm"], str(signer["digest_algorithm"]["algorithm"].native)
    pss = algorithm["parameters"] if algorithm["algorithm"].native == "rsassa_pss" else None
    named = str(algorithm["algorithm"].native).split("_")[0]
    return SignedData(
        content_type=str(content["content_type"].native),
        content=bytes(content["content"]),
        certificates=tuple(Certificate(c.chosen.dump()) for c in signed_data["certificates"] if c.name == "certificate"),
        message_digest=bytes(attributes["message_digest"]),
        message_hash=message_hash,
        # Signed as a SET, though they stand here with a tag of their own (RFC 5652, 5.4).
        signed=b"\x31" + signer["signed_attrs"].dump()[1:],
        signature=bytes(signer["signature"].native),
        # Some say only "RSA" here, and mean the hash of the content.
        signature_hash=str(pss["hash_algorithm"]["algorithm"].native) if pss else named if named in _HASHES else message_hash,
        salt_bytes=_salt_bytes(pss["salt_length"].native) if pss else None,
    )


def _salt_bytes(said: int) -> int:
    if not 0 <= said <= _LONGEST_SALT:
        raise ValueError("a salt that no signature has room for")
    return said
