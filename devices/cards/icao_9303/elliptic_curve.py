"""The curves of PACE, calculated by the library as far as it goes: it multiplies, but says no more than an x."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from devices.device import Completion, DeviceError

Point = tuple[int, int]


@dataclass(frozen=True)
class Curve:
    """y² = x³ + ax + b over a prime field whose prime is 3 modulo 4. Scalars lie between 0 and the group's order."""

    library: ec.EllipticCurve
    prime: int
    a: int
    b: int

    @property
    def size(self) -> int:
        """Bytes of a coordinate."""
        return (self.prime.bit_length() + 7) // 8

    def random_scalar(self) -> int:
        return ec.generate_private_key(self.library).private_numbers().private_value

    def encoded(self, point: Point) -> bytes:
        return b"\x04" + b"".join(coordinate.to_bytes(self.size, "big") for coordinate in point)

    def decoded(self, encoded: bytes) -> Point:
        """DeviceError(INVALID_DATA) when that is no point of the curve."""
        try:
            numbers = ec.EllipticCurvePublicKey.from_encoded_point(self.library, encoded).public_numbers()
        except ValueError as error:
            raise DeviceError(Completion.INVALID_DATA, "no point of the curve") from error
        return numbers.x, numbers.y

    def generator_times(self, scalar: int) -> Point:
        numbers = self._private(scalar).public_key().public_numbers()
        return numbers.x, numbers.y

    def x_of_times(self, scalar: int, point: Point) -> bytes:
        """The shared secret of a key agreement: x of `scalar` times `point`."""
        try:
            public = ec.EllipticCurvePublicNumbers(*point, self.library).public_key()
            return self._private(scalar).exchange(ec.ECDH(), public)
        except ValueError as error:
            raise DeviceError(Completion.INVALID_DATA, "no key agreement with that point") from error

    def times(self, scalar: int, point: Point) -> Point:
        """`scalar` is random, so that the neighbours of nothing do not come up. The library keeps y to itself: of the two
        points with this x, it is the one that is right after one more step."""
        x = int.from_bytes(self.x_of_times(scalar, point), "big")
        next_x = int.from_bytes(self.x_of_times(scalar + 1, point), "big")
        y = pow(x**3 + self.a * x + self.b, (self.prime + 1) // 4, self.prime)
        return (x, y) if self.sum((x, y), point)[0] == next_x else (x, self.prime - y)

    def sum(self, one: Point, other: Point) -> Point:
        """Of two points that do not lie above each other; else DeviceError(INVALID_DATA)."""
        (x1, y1), (x2, y2), prime = one, other, self.prime
        if x1 == x2:
            raise DeviceError(Completion.INVALID_DATA, "two points above each other")
        slope = (y2 - y1) * pow(x2 - x1, -1, prime) % prime
        x3 = (slope * slope - x1 - x2) % prime
        return x3, (slope * (x1 - x3) - y1) % prime

    def _private(self, scalar: int) -> ec.EllipticCurvePrivateKey:
        try:
            return ec.derive_private_key(scalar, self.library)
        except ValueError as error:
            raise DeviceError(Completion.INVALID_DATA, "a number outside the group") from error


_P256 = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_P384 = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF

CURVES: Mapping[int, Curve] = {
    12: Curve(ec.SECP256R1(), _P256, _P256 - 3, 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B),
    13: Curve(
        ec.BrainpoolP256R1(),
        0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
        0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
        0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
    ),
    15: Curve(
        ec.SECP384R1(),
        _P384,
        _P384 - 3,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    ),
    16: Curve(
        ec.BrainpoolP384R1(),
        0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53,
        0x7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826,
        0x04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11,
    ),
}
"""By the number of the standardised domain parameters (ICAO 9303-11, table 6)."""
