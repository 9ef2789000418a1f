"""Secure messaging (ICAO 9303-11, 9.8): every command and answer encrypted and checked, once a session has keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.apdu import Channel, Command, Response, StatusWord, status_name
from devices.cards.icao_9303.ciphers import Chain, Checksum, Cipher, padded, same, unpadded
from devices.cards.icao_9303.tlv import items, tlv
from devices.device import Completion, DeviceError

CRYPTOGRAM, CRYPTOGRAM_OF_OBJECTS, EXPECTED, CHECKSUM, STATUS = 0x87, 0x85, 0x97, 0x8E, 0x99
PROTECTED = 0x0C
_PADDED = b"\x01"


@dataclass(frozen=True)
class SessionKeys:
    """`counter` is the send sequence counter as the authentication leaves it."""

    cipher: Cipher
    encryption: bytes
    checksum: bytes
    counter: int = 0


class Protection:
    """Both directions of one session, of the terminal or of the card: each side protects what the other opens."""

    def __init__(self, keys: SessionKeys) -> None:
        self._cipher = keys.cipher
        self._block = keys.cipher.block_bytes
        self._chain = Chain(keys.cipher, keys.encryption)
        self._checksum = Checksum(keys.cipher, keys.checksum)
        self._counter = keys.counter

    def step(self) -> None:
        """Before every command and before every answer."""
        self._counter += 1

    def step_back(self) -> None:
        self._counter -= 1

    def cryptogram(self, plain: bytes, *, of_objects: bool) -> bytes:
        """The data object around what is encrypted; `of_objects` where an odd instruction carries data objects."""
        sealed = self._chain.encrypted(padded(plain, self._block), vector=self._vector())
        return tlv(CRYPTOGRAM_OF_OBJECTS, sealed) if of_objects else tlv(CRYPTOGRAM, _PADDED + sealed)

    def plain(self, objects: dict[int, bytes]) -> bytes:
        """What the cryptogram among these objects holds, nothing when there is none."""
        sealed = objects.get(CRYPTOGRAM_OF_OBJECTS)
        if CRYPTOGRAM in objects:
            if not objects[CRYPTOGRAM].startswith(_PADDED):
                raise DeviceError(Completion.INVALID_DATA, "a cryptogram padded in no known way")
            sealed = objects[CRYPTOGRAM][1:]
        if sealed is None:
            return b""
        return unpadded(self._chain.decrypted(sealed, vector=self._vector()))

    def checksum(self, message: bytes) -> bytes:
        counted = self._counter.to_bytes(self._block, "big") + message
        # AES-CMAC has a padding of its own, but the standard wants this one first; the other algorithm adds it by itself.
        return self._checksum.of(counted if self._cipher is Cipher.TRIPLE_DES else padded(counted, self._block))

    def head(self, command: bytes) -> bytes:
        """The first four bytes of a command as the checksum covers them."""
        return padded(command, self._block)

    def _vector(self) -> bytes | None:
        if self._cipher is Cipher.TRIPLE_DES:
            return None
        return self._chain.encrypted(self._counter.to_bytes(self._block, "big"))


class ProtectedChannel:
    """A channel after authentication. An answer that is not protected ends it for good, whatever it says: DeviceError
    INVALID_DATA; so does one whose checksum is wrong."""

    def __init__(self, channel: Channel, keys: SessionKeys) -> None:
        self._send: Callable[[Command], Response] = channel.send
        self._protection = Protection(keys)
        self._ended = False

    def send(self, command: Command) -> Response:
        if self._ended:
            raise DeviceError(Completion.SEQUENCE_ERROR, "the session has ended")
        answer = self._send(self._protected(command))
        if not answer.body and answer.status == StatusWord.WRONG_LENGTH and command.extended:
            # A card that knows no extended length refuses the command before it looks at it, and counts nothing.
            self._protection.step_back()
            return answer
        try:
            return self._opened(answer)
        except DeviceError:
            self._ended = True
            raise

    def _protected(self, command: Command) -> Command:
        protection = self._protection
        protection.step()
        head = bytes((command.cla | PROTECTED, command.ins, command.p1, command.p2))
        body = protection.cryptogram(command.body, of_objects=bool(command.ins & 1)) if command.body else b""
        if command.expected is not None:
            width = 2 if command.extended else 1
            body += tlv(EXPECTED, (command.expected & (1 << 8 * width) - 1).to_bytes(width, "big"))
        body += tlv(CHECKSUM, protection.checksum(protection.head(head) + body if body else head))
        return Command(head[0], command.ins, command.p1, command.p2, body, 0x10000 if command.extended else 0x100)

    def _opened(self, answer: Response) -> Response:
        if not answer.body:
            raise DeviceError(Completion.INVALID_DATA, f"the card left the session: {status_name(answer.status)}", retry=True)
        self._protection.step()
        found = items(answer.body)
        objects = {item.tag: item.value for item in found}
        covered = b"".join(tlv(*item) for item in found if item.tag != CHECKSUM)
        if len(objects) != len(found) or len(objects.get(STATUS, b"")) != 2:
            raise DeviceError(Completion.INVALID_DATA, "an answer that is not protected", retry=True)
        if not same(self._protection.checksum(covered), objects.get(CHECKSUM, b"")):
            raise DeviceError(Completion.INVALID_DATA, "an answer with a wrong checksum", retry=True)
        return Response(self._protection.plain(objects), int.from_bytes(objects[STATUS], "big"))
