"""Password Authenticated Connection Establishment (ICAO 9303-11, 4.4): generic and chip authentication mapping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from devices.apdu import Channel, Command, StatusWord, status_name
from devices.cards.icao_9303.ciphers import Cipher, Purpose, checksum, decrypted, derived_key, encrypted, same, unpadded
from devices.cards.icao_9303.elliptic_curve import Curve, Point
from devices.cards.icao_9303.secure_messaging import SessionKeys
from devices.cards.icao_9303.security_infos import ChipKey, PaceInfo
from devices.cards.icao_9303.tlv import tlv, value
from devices.device import Completion, DeviceError
from devices.document import Recognised

PROTOCOL, REFERENCE, PARAMETERS = 0x80, 0x83, 0x84
DYNAMIC = 0x7C
NONCE, TERMINAL_MAPPING, CHIP_MAPPING, TERMINAL_KEY, CHIP_KEY, TERMINAL_TOKEN, CHIP_TOKEN, CHIP_PROOF = (
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x8A,
)  # fmt: skip
PUBLIC_KEY = 0x7F49
_REFUSED = (StatusWord.SECURITY_NOT_SATISFIED, StatusWord.AUTHENTICATION_BLOCKED)

Scalar = Callable[[Curve], int]


class Printed(Enum):
    """Which secret the document is opened with: its number in MSE:Set AT."""

    MRZ = 1
    CARD_ACCESS_NUMBER = 2


@dataclass(frozen=True)
class ChipProof:
    """What the chip says with chip authentication mapping, to be held against its static key: `scalar` times that key
    must be the point it mapped with."""

    scalar: int
    mapped_with: Point


def pace(
    channel: Channel, info: PaceInfo, printed: Printed, secret: bytes, *, scalar: Scalar = Curve.random_scalar
) -> tuple[SessionKeys, ChipProof | None]:
    """One attempt; there is a proof only with chip authentication mapping. DeviceError: ACCESS_KEY_WRONG when the secret
    is not the chip's."""
    _choose(channel, info, printed)
    curve = info.curve
    sealed = _step(channel, b"", NONCE)
    nonce = decrypted(info.cipher, derived_key(info.cipher, secret, Purpose.PASSWORD), sealed)
    own = scalar(curve)
    chip_mapping = curve.decoded(_step(channel, tlv(TERMINAL_MAPPING, curve.encoded(curve.generator_times(own))), CHIP_MAPPING))
    generator = mapped_generator(curve, nonce, own, chip_mapping)
    own = scalar(curve)
    terminal_key = curve.times(own, generator)
    chip_key = curve.decoded(_step(channel, tlv(TERMINAL_KEY, curve.encoded(terminal_key)), CHIP_KEY))
    if chip_key == terminal_key:
        raise DeviceError(Completion.INVALID_DATA, "the chip sends our own key back")
    keys = session_keys(info.cipher, curve.x_of_times(own, chip_key))
    answer = _authenticate(channel, 0x00, tlv(TERMINAL_TOKEN, token(info, keys, chip_key)))
    if not same(value(answer, CHIP_TOKEN), token(info, keys, terminal_key)):
        raise DeviceError(Completion.INVALID_DATA, "the chip does not prove that it knows the key", retry=True)
    return keys, _proof(info, keys, answer, chip_mapping)


def ensure_chip_is_genuine(info: PaceInfo, proof: ChipProof, chip_keys: tuple[ChipKey, ...]) -> None:
    """DeviceError(FRAUD_ATTEMPT) when the chip does not have the private key that its issuer gave it: a copy."""
    x, curve = proof.mapped_with[0].to_bytes(info.curve.size, "big"), info.curve
    if not any(key.parameters == info.parameters and curve.x_of_times(proof.scalar, key.point) == x for key in chip_keys):
        raise DeviceError(Completion.FRAUD_ATTEMPT, "the chip does not have its own key")


def mapped_generator(curve: Curve, nonce: bytes, own: int, other: Point) -> Point:
    """Generic mapping (4.4.3.3.1): nonce times generator, plus the point both sides share."""
    scalar = int.from_bytes(nonce, "big") % curve.library.group_order
    return curve.sum(curve.generator_times(scalar), curve.times(own, other))


def session_keys(cipher: Cipher, shared: bytes) -> SessionKeys:
    return SessionKeys(cipher, derived_key(cipher, shared, Purpose.ENCRYPTION), derived_key(cipher, shared, Purpose.CHECKSUM))


def token(info: PaceInfo, keys: SessionKeys, key: Point) -> bytes:
    """What proves to the owner of `key` that both have the same session keys (4.4.3.4)."""
    template = tlv(0x06, info.protocol) + tlv(0x86, info.curve.encoded(key))
    return checksum(info.cipher, keys.checksum, tlv(PUBLIC_KEY, template))


def proof_vector(keys: SessionKeys) -> bytes:
    """The initial vector that the chip's proof is encrypted with (4.4.3.3.3)."""
    return encrypted(keys.cipher, keys.encryption, b"\xff" * keys.cipher.block_bytes)


def _proof(info: PaceInfo, keys: SessionKeys, answer: bytes, chip_mapping: Point) -> ChipProof | None:
    if not info.proves_the_chip:
        return None
    said = decrypted(info.cipher, keys.encryption, value(answer, CHIP_PROOF), vector=proof_vector(keys))
    return ChipProof(int.from_bytes(unpadded(said), "big"), chip_mapping)


def _choose(channel: Channel, info: PaceInfo, printed: Printed) -> None:
    body = tlv(PROTOCOL, info.protocol) + tlv(REFERENCE, bytes((printed.value,)))
    body += tlv(PARAMETERS, bytes((info.parameters,))) if info.ambiguous else b""
    answer = channel.send(Command(0x00, 0x22, 0xC1, 0xA4, body))
    # 63Cx warns that the last attempts failed; x more are allowed, and this is the only one made here.
    if answer.status != StatusWord.OK and answer.status >> 4 != 0x63C:
        raise _refusal(answer.status)


def _step(channel: Channel, objects: bytes, wanted: int) -> bytes:
    return value(_authenticate(channel, 0x10, objects), wanted)


def _authenticate(channel: Channel, cla: int, objects: bytes) -> bytes:
    """GENERAL AUTHENTICATE, chained up to the last step; what stands in the answer's dynamic authentication data."""
    answer = channel.send(Command(cla, 0x86, 0x00, 0x00, tlv(DYNAMIC, objects), 0x100))
    if answer.status != StatusWord.OK:
        raise _refusal(answer.status)
    return value(answer.body, DYNAMIC)


def _refusal(status: int) -> DeviceError:
    if status >> 8 == 0x63 or status in _REFUSED:
        return DeviceError(Completion.ACCESS_KEY_WRONG, status_name(status), recognised=Recognised.TRAVEL_DOCUMENT)
    return DeviceError(Completion.INVALID_DATA, f"PACE failed: {status_name(status)}", retry=True)
