"""The worked examples of ICAO 9303-11, byte for byte: appendices D (BAC, secure messaging), G.1 and I (PACE)."""

from __future__ import annotations

import pytest

from devices.apdu import Channel, Command
from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control, keys_of
from devices.cards.icao_9303.ciphers import Cipher, Purpose, decrypted, derived_key
from devices.cards.icao_9303.elliptic_curve import CURVES
from devices.cards.icao_9303.pace import ChipProof, Printed, ensure_chip_is_genuine, mapped_generator, pace
from devices.cards.icao_9303.secure_messaging import ProtectedChannel
from devices.cards.icao_9303.security_infos import ChipKey, PaceInfo, PaceMapping, best_pace_info, chip_keys
from devices.device import Completion, DeviceError
from devices.document import AccessKey
from tests.devices.icao_9303_examples import (
    BAC,
    BAC_KEY,
    CAM_KEY,
    CARD_SECURITY_INFOS,
    CHIP_AUTHENTICATION_MAPPING,
    EF_COM,
    GENERIC_MAPPING,
    PACE_KEY,
    READING_EF_COM,
    STATIC_KEY,
    d_random,
    g_1_scalars,
    i_scalars,
)
from tests.devices.played import Played


def odd_parity(key: bytes) -> str:
    return bytes((byte & 0xFE) | (bin(byte & 0xFE).count("1") % 2 == 0) for byte in key).hex().upper()


def test_appendix_d_keys_come_out_of_the_zone() -> None:
    secret = mrz_secret(BAC_KEY)
    assert secret[:16].hex().upper() == "239AB9CB282DAF66231DC5A4DF6BFBAE"
    assert mrz_secret(AccessKey("L898902C", "690806", "940623")) == secret
    assert tuple(map(odd_parity, keys_of(secret[:16]))) == (
        "AB94FDECF2674FDFB9B391F85D7F76F2",
        "7962D9ECE03D1ACD4C76089DCE131543",
    )


def test_appendix_d_bac_and_reading_ef_com() -> None:
    card = Played(BAC + READING_EF_COM)
    channel = Channel(card)
    keys = basic_access_control(channel, mrz_secret(BAC_KEY), random=d_random())
    assert odd_parity(keys.encryption) == "979EC13B1CBFE9DCD01AB0FED307EAE5"
    assert odd_parity(keys.checksum) == "F1CB1F1FB5ADF208806B89DC579DC1F8"
    assert keys.counter == 0x887022120C06C226
    protected = ProtectedChannel(channel, keys)
    assert protected.send(Command(0x00, 0xA4, 0x02, 0x0C, b"\x01\x1e")).status == 0x9000
    start = protected.send(Command(0x00, 0xB0, 0x00, 0x00, expected=4))
    rest = protected.send(Command(0x00, 0xB0, 0x00, 0x04, expected=0x12))
    assert (start.body + rest.body).hex().upper() == EF_COM
    assert not card.left


def test_appendix_g_1_pace_with_generic_mapping() -> None:
    card = Played(GENERIC_MAPPING)
    info = best_pace_info(bytes.fromhex("31143012060A04007F0007020204020202010202010D"))
    assert info == PaceInfo(PaceMapping.GENERIC, Cipher.AES_128, 13)
    keys, proof = pace(Channel(card), info, Printed.MRZ, mrz_secret(PACE_KEY), scalar=g_1_scalars())
    assert keys.encryption.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"
    assert keys.checksum.hex().upper() == "FE251C7858B356B24514B3BD5F4297D1"
    assert (keys.counter, proof) == (0, None)
    assert not card.left


def test_appendix_g_1_nonce_and_mapped_generator() -> None:
    secret = mrz_secret(PACE_KEY)
    key = derived_key(Cipher.AES_128, secret, Purpose.PASSWORD)
    nonce = decrypted(Cipher.AES_128, key, bytes.fromhex("95A3A016522EE98D01E76CB6B98B42C3"))
    assert (secret.hex().upper(), key.hex().upper()) == (
        "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD",
        "89DED1B26624EC1E634C1989302849DD",
    )
    assert nonce.hex().upper() == "3F00C4D39D153F2B2A214A078D899B22"
    own = 0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99
    other = CURVES[13].generator_times(0x498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560)
    assert mapped_generator(CURVES[13], nonce, own, other) == (
        0x8CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2,
        0x8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522,
    )


def test_appendix_i_pace_with_chip_authentication_mapping() -> None:
    card = Played(CHIP_AUTHENTICATION_MAPPING)
    info = PaceInfo(PaceMapping.CHIP_AUTHENTICATION, Cipher.AES_128, 13)
    keys, proof = pace(Channel(card), info, Printed.MRZ, mrz_secret(CAM_KEY), scalar=i_scalars())
    assert keys.encryption.hex().upper() == "0A9DA4DB03BDDE39FC5202BC44B2E89E"
    assert keys.checksum.hex().upper() == "4B1C06491ED5140CA2B537D344C6C0B1"
    assert proof
    assert proof.scalar == 0x85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3
    ensure_chip_is_genuine(info, proof, chip_keys(bytes.fromhex(CARD_SECURITY_INFOS)))
    assert not card.left


@pytest.mark.parametrize("change", ["another key", "another proof", "no key", "another curve"])
def test_appendix_i_a_chip_without_its_own_key_is_a_copy(change: str) -> None:
    card = Played(CHIP_AUTHENTICATION_MAPPING)
    info = PaceInfo(PaceMapping.CHIP_AUTHENTICATION, Cipher.AES_128, 13)
    _, proof = pace(Channel(card), info, Printed.MRZ, mrz_secret(CAM_KEY), scalar=i_scalars())
    assert proof
    keys: tuple[ChipKey, ...] = (ChipKey(13, STATIC_KEY),)
    match change:
        case "another key":
            keys = (ChipKey(13, CURVES[13].generator_times(7)),)
        case "another proof":
            proof = ChipProof(proof.scalar + 1, proof.mapped_with)
        case "no key":
            keys = ()
        case "another curve":
            keys = (ChipKey(12, CURVES[12].generator_times(7)),)
    with pytest.raises(DeviceError) as caught:
        ensure_chip_is_genuine(info, proof, keys)
    assert caught.value.code is Completion.FRAUD_ATTEMPT
