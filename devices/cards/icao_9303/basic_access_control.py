"""Basic Access Control (ICAO 9303-11, 4.3): the older way into a chip, with the machine-readable zone as the key."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from devices.apdu import Channel, Command, StatusWord, status_name
from devices.cards.icao_9303.ciphers import CHECKSUM_BYTES, Cipher, Purpose, checksum, decrypted, derived_key, encrypted, same
from devices.cards.icao_9303.secure_messaging import SessionKeys
from devices.device import Completion, DeviceError
from devices.document import Recognised

CHALLENGE_BYTES = 8
SEED_BYTES = 16
_CIPHER = Cipher.TRIPLE_DES
_REFUSED = (StatusWord.SECURITY_NOT_SATISFIED, StatusWord.CONDITIONS_NOT_SATISFIED, StatusWord.WRONG_BODY)

Random = Callable[[int], bytes]


def basic_access_control(channel: Channel, mrz_secret: bytes, *, random: Random = secrets.token_bytes) -> SessionKeys:
    """One attempt. DeviceError: ACCESS_KEY_WRONG when the chip refuses the key."""
    encryption, authentication = keys_of(mrz_secret[:SEED_BYTES])
    challenge = _challenge(channel)
    own, seed = random(CHALLENGE_BYTES), random(SEED_BYTES)
    sealed = encrypted(_CIPHER, encryption, own + challenge + seed)
    sealed += checksum(_CIPHER, authentication, sealed)
    answer = channel.send(Command(0x00, 0x82, 0x00, 0x00, sealed, len(sealed)))
    if answer.status >> 8 == 0x63 or answer.status in _REFUSED:
        raise DeviceError(Completion.ACCESS_KEY_WRONG, status_name(answer.status), recognised=Recognised.TRAVEL_DOCUMENT)
    cryptogram, said = answer.body[:-CHECKSUM_BYTES], answer.body[-CHECKSUM_BYTES:]
    if answer.status != StatusWord.OK or not same(checksum(_CIPHER, authentication, cryptogram), said):
        raise DeviceError(Completion.INVALID_DATA, f"mutual authentication failed: {status_name(answer.status)}", retry=True)
    opened = decrypted(_CIPHER, encryption, cryptogram)
    if not same(opened[: 2 * CHALLENGE_BYTES], challenge + own):
        raise DeviceError(Completion.INVALID_DATA, "the chip answers another challenge", retry=True)
    return session_keys(seed, opened[2 * CHALLENGE_BYTES :], challenge, own)


def keys_of(seed: bytes) -> tuple[bytes, bytes]:
    """For encryption and for checksums."""
    return derived_key(_CIPHER, seed, Purpose.ENCRYPTION), derived_key(_CIPHER, seed, Purpose.CHECKSUM)


def session_keys(terminal_seed: bytes, chip_seed: bytes, chip_challenge: bytes, terminal_challenge: bytes) -> SessionKeys:
    seed = bytes(one ^ other for one, other in zip(terminal_seed, chip_seed, strict=False))
    counter = int.from_bytes(chip_challenge[4:] + terminal_challenge[4:], "big")
    return SessionKeys(_CIPHER, *keys_of(seed), counter)


def _challenge(channel: Channel) -> bytes:
    answer = channel.send(Command(0x00, 0x84, 0x00, 0x00, expected=CHALLENGE_BYTES))
    if answer.status != StatusWord.OK or len(answer.body) != CHALLENGE_BYTES:
        raise DeviceError(
            Completion.UNSUPPORTED_DATA,
            f"the chip opens in no way known here: {status_name(answer.status)}",
            recognised=Recognised.TRAVEL_DOCUMENT,
        )
    return answer.body
