"""The worked examples of ICAO 9303-11, byte for byte: appendices D (BAC, secure messaging), G.1 and I (PACE)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from devices.apdu import Channel, Command
from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control, keys_of
from devices.cards.icao_9303.ciphers import Cipher, Purpose, decrypted, derived_key
from devices.cards.icao_9303.elliptic_curve import CURVES, Curve
from devices.cards.icao_9303.pace import ChipProof, Printed, ensure_chip_is_genuine, mapped_generator, pace
from devices.cards.icao_9303.secure_messaging import ProtectedChannel
from devices.cards.icao_9303.security_infos import ChipKey, Mapping, PaceInfo, best_pace_info, chip_keys
from devices.device import Completion, DeviceError
from devices.document import AccessKey
from tests.devices.played import Played

BAC_KEY = AccessKey("L898902C<", "690806", "940623")
PACE_KEY = AccessKey("T22000129", "640812", "101031")
CAM_KEY = AccessKey("C11T002JM", "960812", "231031")

BAC = """
    00840000 08
    4608F91988702212 9000
    00820000 28 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28
    46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000
"""
READING_EF_COM = """
    0CA4020C 15 8709016375432908C044F6 8E08BF8B92D635FF24F8 00
    99029000 8E08FA855A5D4C50A8ED 9000
    0CB00000 0D 970104 8E08ED6705417E96BA55 00
    8709019FF0EC34F9922651 99029000 8E08AD55CC17140B2DED 9000
    0CB00004 0D 970112 8E082EA28A70F3C7B535 00
    871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A 99029000 8E08C8B2787EAEA07D74 9000
"""
EF_COM = "60145F0104303130365F36063034303030305C026175"
GENERIC_MAPPING = """
    0022C1A4 0F 800A04007F00070202040202 830101
    9000
    10860000 02 7C00 00
    7C12 801095A3A016522EE98D01E76CB6B98B42C3 9000
    10860000 45 7C43 814104 7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E \
                            544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D 00
    7C43 824104 824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57 \
                30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54 9000
    10860000 45 7C43 834104 2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C \
                            3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462 00
    7C43 844104 9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB \
                7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094 9000
    00860000 0C 7C0A 8508C2B0BD78D94BA866 00
    7C0A 86083ABB9674BCE93C08 9000
"""
CHIP_AUTHENTICATION_MAPPING = """
    0022C1A4 0F 800A04007F00070202040602 830101
    9000
    10860000 02 7C00 00
    7C12 8010CB60E8E0D85B76A9BD304747C2AD42E2 9000
    10860000 45 7C43 814104 7F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE \
                            1AB889104A27DB6D842B019020FBF3CEACB0DC627F7BDCAC29969E19D0E553C1 00
    7C43 824104 A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B3 \
                04F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23 9000
    10860000 45 7C43 834104 446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F95 \
                            5483400BFF60BF0C5929270009277DC2A515E12575010AD9BA916CF1BF86FEFC 00
    7C43 844104 02AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA9933331 \
                11C3B9B4C2287789BD137E7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1 9000
    00860000 0C 7C0A 8508E86BD06018A1CD3B 00
    7C3C 86088596CF055C67C1A3 \
         8A301EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92 9000
"""
CARD_SECURITY_INFOS = """
    31643062060904007F0007020201023052300C060704007F0007010202010D034200
    041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC8
    84D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F02010D
"""
STATIC_KEY = (
    0x1872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC8,
    0x84D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F,
)


def random_of(*values: str) -> Callable[[int], bytes]:
    left = [bytes.fromhex(value) for value in values]
    return lambda length: left.pop(0)


def scalars(*values: int) -> Callable[[Curve], int]:
    left = list(values)
    return lambda curve: left.pop(0)


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
    keys = basic_access_control(
        channel, mrz_secret(BAC_KEY), random=random_of("781723860C06C226", "0B795240CB7049B01C19B33E32804F0B")
    )
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
    assert info == PaceInfo(Mapping.GENERIC, Cipher.AES_128, 13)
    own = scalars(
        0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99,
        0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595,
    )
    keys, proof = pace(Channel(card), info, Printed.MRZ, mrz_secret(PACE_KEY), scalar=own)
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


def cam_scalars() -> Callable[[Curve], int]:
    return scalars(
        0x5D8BB87BD74D985A4B7D4325B9F7B976FE835122773400798914AA22738135CC,
        0x76ECFDAA9841C323A3F5FC5E88B88DB3EFF7E35EBF57A7E6946CB630006C2120,
    )


def test_appendix_i_pace_with_chip_authentication_mapping() -> None:
    card = Played(CHIP_AUTHENTICATION_MAPPING)
    info = PaceInfo(Mapping.CHIP_AUTHENTICATION, Cipher.AES_128, 13)
    keys, proof = pace(Channel(card), info, Printed.MRZ, mrz_secret(CAM_KEY), scalar=cam_scalars())
    assert keys.encryption.hex().upper() == "0A9DA4DB03BDDE39FC5202BC44B2E89E"
    assert keys.checksum.hex().upper() == "4B1C06491ED5140CA2B537D344C6C0B1"
    assert proof
    assert proof.scalar == 0x85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3
    ensure_chip_is_genuine(info, proof, chip_keys(bytes.fromhex(CARD_SECURITY_INFOS)))
    assert not card.left


@pytest.mark.parametrize("change", ["another key", "another proof", "no key", "another curve"])
def test_appendix_i_a_chip_without_its_own_key_is_a_copy(change: str) -> None:
    card = Played(CHIP_AUTHENTICATION_MAPPING)
    info = PaceInfo(Mapping.CHIP_AUTHENTICATION, Cipher.AES_128, 13)
    _, proof = pace(Channel(card), info, Printed.MRZ, mrz_secret(CAM_KEY), scalar=cam_scalars())
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


@pytest.mark.parametrize("number", sorted(CURVES))
def test_our_arithmetic_agrees_with_the_library(number: int) -> None:
    curve = CURVES[number]
    one, two, three = (curve.generator_times(scalar) for scalar in (1, 2, 3))
    assert curve.sum(one, two) == three
    scalar = curve.random_scalar()
    assert curve.times(scalar, two) == curve.generator_times(2 * scalar % curve.library.group_order)
    assert curve.decoded(curve.encoded(three)) == three


@pytest.mark.parametrize("number", sorted(CURVES))
def test_what_is_no_point_is_refused(number: int) -> None:
    curve = CURVES[number]
    x, y = curve.generator_times(3)
    for encoded in (b"", b"\x00", curve.encoded((x, (y + 1) % curve.prime)), curve.encoded((0, 0)), curve.encoded((x, y))[:-1]):
        with pytest.raises(DeviceError) as caught:
            curve.decoded(encoded)
        assert caught.value.code is Completion.INVALID_DATA


@pytest.mark.parametrize(
    ("card_access", "chosen"),
    [
        (
            "31283012060A04007F0007020204020202010202010D3012060A04007F0007020204060202010202010D",
            PaceInfo(Mapping.CHIP_AUTHENTICATION, Cipher.AES_128, 13),
        ),
        (
            "31283012060A04007F0007020204020202010202010C3012060A04007F0007020204020202010202010D",
            PaceInfo(Mapping.GENERIC, Cipher.AES_128, 12, ambiguous=True),
        ),
        ("31143012060A04007F0007020204010202010202010D", None),  # finite fields
        ("31143012060A04007F0007020204040202010202010D", None),  # integrated mapping
        ("31143012060A04007F0007020204020202010202010E", None),  # a curve of 320 bits
        ("31143012060A04007F0007020204020202010102010D", None),  # version 1
        ("3100", None),
    ],
)
def test_the_way_that_proves_most_is_chosen_among_those_known(card_access: str, chosen: PaceInfo | None) -> None:
    assert best_pace_info(bytes.fromhex(card_access)) == chosen
