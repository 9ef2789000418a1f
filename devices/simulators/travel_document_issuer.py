"""A country that issues travel documents. Its authority is made up at the start, or is one that was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from asn1crypto import algos, cms, core, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from devices.cards.icao_9303.certificates import Certificate
from devices.cards.icao_9303.elliptic_curve import CURVES
from devices.cards.icao_9303.passive_authentication import CHIP_SECURITY_OBJECT, SECURITY_OBJECT
from devices.cards.icao_9303.security_infos import SEQUENCE, SET
from devices.cards.icao_9303.tlv import tlv
from devices.cards.icao_9303.trust import MASTER_LIST

SPECIMEN_COUNTRY = "UT"
_SALT_BYTES = 32
_YEARS = timedelta(days=3650)


class Signing(Enum):
    """What the document signer signs with."""

    ECDSA = "ECDSA on P-256"
    SPELT_OUT = "ECDSA on a curve whose parameters are spelt out"
    RSA = "RSA, PKCS#1 v1.5"
    RSA_PSS = "RSA-PSS"


@dataclass(frozen=True)
class Authority:
    """A country signing key, and its certificate, signed by itself (CSCA)."""

    country: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_authority(country: str = SPECIMEN_COUNTRY) -> Authority:
    key, name = ec.generate_private_key(ec.SECP256R1()), _authority_name(country)
    return Authority(country, key, _certificate(country, name, name, key, key, datetime.now(UTC) + _YEARS))


class Issuer:
    """A document signer that the country's authority vouches for until `valid_until`; another one each time."""

    def __init__(
        self,
        country: str = SPECIMEN_COUNTRY,
        *,
        signing: Signing = Signing.ECDSA,
        valid_until: datetime | None = None,
        authority: Authority | None = None,
    ) -> None:
        self._signing = signing
        self._key = _new_key(signing)
        by = authority or new_authority(country)
        self._csca = by.certificate
        until, name = valid_until or datetime.now(UTC) + _YEARS, f"{by.country} signer"
        signer = _certificate(by.country, name, _authority_name(by.country), self._key, by.key, until)
        self._signer = asn1_x509.Certificate.load(signer.public_bytes(Encoding.DER))
        if signing is Signing.SPELT_OUT:
            self._signer = _spelt_out(self._signer, by.key)

    @property
    def csca(self) -> Certificate:
        return Certificate(self._csca.public_bytes(Encoding.DER))

    @property
    def csca_pem(self) -> bytes:
        return self._csca.public_bytes(Encoding.PEM)

    def security_object(self, groups: Mapping[int, bytes]) -> bytes:
        """EF.SOD over these data groups."""
        rows = b"".join(
            tlv(SEQUENCE, core.Integer(number).dump() + core.OctetString(hashlib.sha256(content).digest()).dump())
            for number, content in sorted(groups.items())
        )
        algorithm = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
        return tlv(0x77, self._signed(SECURITY_OBJECT, tlv(SEQUENCE, core.Integer(0).dump() + algorithm + tlv(SEQUENCE, rows))))

    def card_security(self, infos: bytes) -> bytes:
        """EF.CardSecurity with these SecurityInfos."""
        return self._signed(CHIP_SECURITY_OBJECT, infos)

    def master_list(self, *listed: Certificate) -> bytes:
        certificates = tlv(SET, b"".join(certificate.der for certificate in listed))
        return self._signed(MASTER_LIST, tlv(SEQUENCE, core.Integer(0).dump() + certificates))

    def _signed(self, content_type: str, content: bytes) -> bytes:
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": [content_type]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            ]
        )
        certificate = self._signer
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number", {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": self._algorithm(),
            "signature": self._signature(attributes.dump()),
        }
        signed_data = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(content)},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump())

    def _algorithm(self) -> dict[str, object]:
        match self._signing:
            case Signing.ECDSA | Signing.SPELT_OUT:
                return {"algorithm": "sha256_ecdsa"}
            case Signing.RSA:
                return {"algorithm": "sha256_rsa"}
            case Signing.RSA_PSS:
                generator = {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}}
                parameters = {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "mask_gen_algorithm": generator,
                    "salt_length": _SALT_BYTES,
                }
                return {"algorithm": "rsassa_pss", "parameters": parameters}

    def _signature(self, message: bytes) -> bytes:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(message, ec.ECDSA(hashes.SHA256()))
        if self._signing is Signing.RSA_PSS:
            return self._key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), _SALT_BYTES), hashes.SHA256())
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())


_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def _authority_name(country: str) -> str:
    return f"{country} specimen CSCA"


def _new_key(signing: Signing) -> _Key:
    match signing:
        case Signing.ECDSA:
            return ec.generate_private_key(ec.SECP256R1())
        case Signing.SPELT_OUT:
            return ec.generate_private_key(ec.BrainpoolP256R1())
        case Signing.RSA | Signing.RSA_PSS:
            return rsa.generate_private_key(65537, 2048)


def _certificate(
    country: str, subject: str, issuer: str, key: _Key, issuer_key: ec.EllipticCurvePrivateKey, until: datetime
) -> x509.Certificate:
    def named(common_name: str) -> x509.Name:
        attributes = ((x509.NameOID.COUNTRY_NAME, country), (x509.NameOID.COMMON_NAME, common_name))
        return x509.Name([x509.NameAttribute(*attribute) for attribute in attributes])

    builder = x509.CertificateBuilder(named(issuer), named(subject), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(until - _YEARS - timedelta(days=1)).not_valid_after(until)
    return builder.add_extension(x509.BasicConstraints(issuer == subject, None), critical=True).sign(issuer_key, hashes.SHA256())


def _spelt_out(certificate: asn1_x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey) -> asn1_x509.Certificate:
    """The same certificate with every parameter of brainpoolP256r1 in place of its name, as many countries have it."""
    curve = CURVES[13]
    parameters = {
        "version": "ecdpVer1",
        "field_id": {"field_type": "prime_field", "parameters": core.Integer(curve.prime)},
        "curve": {"a": curve.a.to_bytes(curve.size, "big"), "b": curve.b.to_bytes(curve.size, "big")},
        "base": keys.ECPoint(curve.encoded(curve.generator_times(1))),
        "order": curve.library.group_order,
    }
    signed = certificate["tbs_certificate"]
    algorithm = {"algorithm": "ec", "parameters": keys.ECDomainParameters(name="specified", value=parameters)}
    signed["subject_public_key_info"] = {"algorithm": algorithm, "public_key": signed["subject_public_key_info"]["public_key"]}
    signature = issuer_key.sign(signed.dump(force=True), ec.ECDSA(hashes.SHA256()))
    return asn1_x509.Certificate(
        {
            "tbs_certificate": signed,
            "signature_algorithm": certificate["signature_algorithm"],
            "signature_value": signature,
        }
    )
