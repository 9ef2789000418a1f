"""The card's side of the ways into a travel document's chip: Basic Access Control and PACE (ICAO 9303-11)."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import CHALLENGE_BYTES, SEED_BYTES, keys_of, session_keys
from devices.cards.icao_9303.ciphers import Cipher, Purpose, checksum, decrypted, derived_key, encrypted, padded
from devices.cards.icao_9303.elliptic_curve import Point
from devices.cards.icao_9303.pace import (
    CHIP_KEY,
    CHIP_MAPPING,
    CHIP_PROOF,
    CHIP_TOKEN,
    DYNAMIC,
    NONCE,
    PROTOCOL,
    REFERENCE,
    TERMINAL_KEY,
    TERMINAL_MAPPING,
    TERMINAL_TOKEN,
    Printed,
    mapped_generator,
    proof_vector,
    token,
)
from devices.cards.icao_9303.pace import session_keys as pace_session_keys
from devices.cards.icao_9303.secure_messaging import SessionKeys
from devices.cards.icao_9303.security_infos import PaceInfo
from devices.cards.icao_9303.tlv import items, optional_value, tlv, value
from devices.document import AccessKey

Answer = tuple[bytes, int]
OK, WRONG_KEY, WRONG_STEP, WRONG_DATA = 0x9000, 0x6300, 0x6985, 0x6A80


class BasicAccess:
    """`keys` are there once the terminal has proved that it knows the zone."""

    def __init__(self, access: AccessKey) -> None:
        self._encryption, self._checksum = keys_of(mrz_secret(access)[:SEED_BYTES])
        self._challenge = b""
        self.keys: SessionKeys | None = None

    def challenge(self) -> Answer:
        self._challenge = secrets.token_bytes(CHALLENGE_BYTES)
        return self._challenge, OK

    def authenticate(self, body: bytes) -> Answer:
        sealed, said = body[:32], body[32:]
        challenge, self._challenge = self._challenge, b""
        if not challenge or checksum(Cipher.TRIPLE_DES, self._checksum, sealed) != said:
            return b"", WRONG_KEY
        plain = decrypted(Cipher.TRIPLE_DES, self._encryption, sealed)
        terminal, repeated, seed = plain[:8], plain[8:16], plain[16:]
        if repeated != challenge:
            return b"", WRONG_KEY
        own = secrets.token_bytes(SEED_BYTES)
        self.keys = session_keys(seed, own, challenge, terminal)
        answer = encrypted(Cipher.TRIPLE_DES, self._encryption, challenge + terminal + own)
        return answer + checksum(Cipher.TRIPLE_DES, self._checksum, answer), OK


class Pace:
    """`keys` are there once both sides have proved that they know the same secret."""

    def __init__(self, info: PaceInfo, access: AccessKey, chip_key: int) -> None:
        self._info, self._chip_key = info, chip_key
        self._secrets = {
            Printed.MRZ.value: mrz_secret(access),
            Printed.CARD_ACCESS_NUMBER.value: access.card_access_number.encode(),
        }
        self._step: Callable[[bytes], Answer] = self._too_early
        self._pending: SessionKeys | None = None
        self.keys: SessionKeys | None = None

    def choose(self, body: bytes) -> Answer:
        """MSE:Set AT."""
        chosen = {item.tag: item.value for item in items(body)}
        secret = self._secrets.get(int.from_bytes(chosen.get(REFERENCE, b""), "big"))
        if chosen.get(PROTOCOL) != self._info.protocol or not secret:
            return b"", WRONG_DATA
        self._password = derived_key(self._info.cipher, secret, Purpose.PASSWORD)
        self._step = self._give_nonce
        return b"", OK

    def authenticate(self, body: bytes) -> Answer:
        """GENERAL AUTHENTICATE."""
        step, self._step = self._step, self._too_early
        objects, status = step(value(body, DYNAMIC))
        return (tlv(DYNAMIC, objects) if objects else b""), status

    def _too_early(self, objects: bytes) -> Answer:
        return b"", WRONG_STEP

    def _give_nonce(self, objects: bytes) -> Answer:
        self._nonce = secrets.token_bytes(16)
        self._step = self._map
        return tlv(NONCE, encrypted(self._info.cipher, self._password, self._nonce)), OK

    def _map(self, objects: bytes) -> Answer:
        curve = self._info.curve
        self._own_mapping = curve.random_scalar()
        other = curve.decoded(value(objects, TERMINAL_MAPPING))
        self._generator = mapped_generator(curve, self._nonce, self._own_mapping, other)
        self._step = self._agree
        return tlv(CHIP_MAPPING, curve.encoded(curve.generator_times(self._own_mapping))), OK

    def _agree(self, objects: bytes) -> Answer:
        curve, own = self._info.curve, self._info.curve.random_scalar()
        self._terminal_key: Point = curve.decoded(value(objects, TERMINAL_KEY))
        self._own_key = curve.times(own, self._generator)
        self._pending = pace_session_keys(self._info.cipher, curve.x_of_times(own, self._terminal_key))
        self._step = self._prove
        return tlv(CHIP_KEY, curve.encoded(self._own_key)), OK

    def _prove(self, objects: bytes) -> Answer:
        assert self._pending
        if optional_value(objects, TERMINAL_TOKEN) != token(self._info, self._pending, self._own_key):
            return b"", WRONG_KEY
        self.keys = self._pending
        proof = tlv(CHIP_TOKEN, token(self._info, self.keys, self._terminal_key))
        return proof + (self._chip_proof(self.keys) if self._info.proves_the_chip else b""), OK

    def _chip_proof(self, keys: SessionKeys) -> bytes:
        """What times the static key gives the point that was mapped with."""
        order = self._info.curve.library.group_order
        scalar = pow(self._chip_key, -1, order) * self._own_mapping % order
        plain = padded(scalar.to_bytes(self._info.curve.size, "big"), keys.cipher.block_bytes)
        return tlv(CHIP_PROOF, encrypted(keys.cipher, keys.encryption, plain, vector=proof_vector(keys)))
