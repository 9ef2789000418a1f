"""Who vouches for a document: signatures of every kind, changed contents, unknown and expired signers, and the folder of CSCA."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms

from devices.cards.icao_9303.elementary_files import File
from devices.cards.icao_9303.tlv import tlv, value
from devices.cards.icao_9303.trust import Trust, read_trust
from devices.device import Completion, DeviceError
from devices.document import IdentityDocument, Verified, Warning
from devices.simulators.travel_document_files import Chip, data_group_1, data_group_2, data_group_11
from devices.simulators.travel_document_issuer import Issuer, Signing
from devices.simulators.travel_document_specimens import find_document
from tests.devices.travel_documents import ISSUER, KEY, PHOTO, TRUST, elsa, read_chip, refusal

CAM = "PACE CHIP_AUTHENTICATION AES_128 13"
ELSA = find_document("elsa-passport")


def is_not_verified(document: IdentityDocument) -> bool:
    return document.verified is Verified.CHIP and Warning.ISSUER_UNKNOWN in document.warnings


@pytest.mark.parametrize("signing", list(Signing), ids=lambda signing: signing.value)
def test_signatures_of_every_kind_are_checked(signing: Signing) -> None:
    issuer = Issuer(signing=signing)
    chip = elsa("BAC", issuer=issuer)
    document = read_chip(chip, KEY, (issuer.csca,))
    assert (document.verified, document.warnings) == (Verified.ISSUER, frozenset())
    sod = chip.files[File.SOD]
    forged = chip.with_file(File.SOD, sod[:-3] + bytes((sod[-3] ^ 1,)) + sod[-2:])  # within the signature, the last thing there
    assert refusal(lambda: read_chip(forged, KEY, (issuer.csca,))).code is Completion.FRAUD_ATTEMPT


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (File.DG1, data_group_1("P<UTOSOMEBODY<<ELSE<<<<<<<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10")),
        (File.DG2, data_group_2(PHOTO + b"another face")),
        (File.DG11, data_group_11(replace(ELSA, name="SOMEBODY ELSE"))),
    ],
)
@pytest.mark.parametrize("trust", [(), TRUST], ids=["without a CSCA", "with the CSCA"])
def test_a_changed_data_group_is_a_fraud_whoever_is_trusted(file: File, content: bytes, trust: Trust) -> None:
    assert refusal(lambda: read_chip(elsa("BAC").with_file(file, content), KEY, trust)).code is Completion.FRAUD_ATTEMPT


def test_hashes_put_in_anew_do_not_fit_the_signature() -> None:
    chip = elsa("BAC")
    content = data_group_2(PHOTO + b"another face")
    forged = Issuer().security_object({number: chip.files[0x0100 + number] for number in (1, 11)} | {2: content})
    assert is_not_verified(read_chip(chip.with_file(File.DG2, content).with_file(File.SOD, forged)))


def test_a_zone_that_the_issuer_never_signed_is_a_fraud() -> None:
    chip = elsa("BAC")
    sod = ISSUER.security_object({2: chip.files[File.DG2]})
    assert refusal(lambda: read_chip(chip.with_file(File.SOD, sod))).code is Completion.FRAUD_ATTEMPT


def test_a_signer_of_the_same_name_is_not_the_country() -> None:
    assert is_not_verified(read_chip(elsa("BAC", issuer=Issuer()), KEY, TRUST))


def test_one_country_among_many_is_found() -> None:
    others = tuple(Issuer(country).csca for country in ("AA", "UT", "ZZ"))
    assert read_chip(elsa("BAC"), KEY, (*others, ISSUER.csca)).verified is Verified.ISSUER


def test_a_signer_whose_time_is_over_vouches_for_nothing() -> None:
    issuer = Issuer(valid_until=datetime.now(UTC) - timedelta(days=1))
    assert is_not_verified(read_chip(elsa("BAC", issuer=issuer), KEY, (issuer.csca,)))


def test_a_chips_own_key_signed_by_somebody_else_makes_the_document_unverified() -> None:
    """Else a copy could bring a key of its own along with the genuine data."""
    genuine, other = elsa(CAM), elsa(CAM, issuer=Issuer())
    copy = replace(genuine, master_files=other.master_files, chip_key=other.chip_key)
    assert read_chip(genuine).verified is Verified.ISSUER
    assert is_not_verified(read_chip(copy))


@pytest.mark.parametrize("place", [60, -3], ids=["the key", "the signature"])
def test_a_changed_chip_key_is_a_fraud(place: int) -> None:
    chip = elsa(CAM)
    content = bytearray(chip.master_files[File.CARD_SECURITY])
    at = content.index(bytes.fromhex("04007F000702020102")) + place if place > 0 else place
    content[at] ^= 1
    forged = replace(chip, master_files={**chip.master_files, File.CARD_SECURITY: bytes(content)})
    error = refusal(lambda: read_chip(forged))
    assert error.code is Completion.FRAUD_ATTEMPT


def test_a_security_object_is_no_card_security_and_the_other_way_round() -> None:
    chip = elsa(CAM)
    sod = chip.files[File.SOD]
    swapped: Chip = replace(chip, master_files={**chip.master_files, File.CARD_SECURITY: sod[4:]})
    assert refusal(lambda: read_chip(swapped)).code is Completion.INVALID_DATA
    content = chip.master_files[File.CARD_SECURITY]
    swapped = chip.with_file(File.SOD, b"\x77\x82" + len(content).to_bytes(2, "big") + content)
    assert refusal(lambda: read_chip(swapped)).code is Completion.INVALID_DATA


def test_the_folder_of_csca_holds_der_pem_and_master_lists(tmp_path: Path) -> None:
    issuers = [Issuer(country) for country in ("AA", "BB", "CC", "DD", "EE")]
    (tmp_path / "a.cer").write_bytes(issuers[0].csca.der)
    (tmp_path / "bc.pem").write_bytes(issuers[1].csca_pem + issuers[2].csca_pem)
    (tmp_path / "list.ml").write_bytes(issuers[0].master_list(issuers[3].csca, issuers[4].csca))
    assert {certificate.der for certificate in read_trust(tmp_path)} == {issuer.csca.der for issuer in issuers}


def test_files_that_hold_no_certificate_are_named_and_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "good.cer").write_bytes(ISSUER.csca.der)
    (tmp_path / "README").write_bytes(b"certificates of countries")
    (tmp_path / "empty.cer").write_bytes(b"")
    (tmp_path / "sod.ml").write_bytes(ISSUER.security_object({1: b""})[4:])
    (tmp_path / "torn.pem").write_bytes(ISSUER.csca_pem[:200])
    (tmp_path / "folder").mkdir()
    with caplog.at_level(logging.WARNING):
        trust = read_trust(tmp_path)
    assert trust == TRUST
    assert sorted(vars(record)["file"] for record in caplog.records) == ["README", "empty.cer", "sod.ml", "torn.pem"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        read_trust(tmp_path / "nowhere")


def test_no_refusal_says_what_the_card_said() -> None:
    chip = elsa("BAC")
    changed = chip.with_file(File.DG1, chip.files[File.DG1].replace(b"ELSA", b"ELSE"))
    with pytest.raises(DeviceError) as caught:
        read_chip(changed)
    assert not any(word in str(caught.value) for word in ("ELSA", "ELSE", "NORDQVIST", KEY.number, KEY.birth))


@pytest.mark.parametrize("salt_bytes", [-1, 10**30], ids=["less than none", "more than any signature holds"])
def test_a_salt_that_cannot_be_is_no_signature(salt_bytes: int) -> None:
    issuer = Issuer(signing=Signing.RSA_PSS)
    chip = elsa("BAC", issuer=issuer)
    signed_data = cms.ContentInfo.load(value(chip.files[File.SOD], 0x77))
    signed_data["content"]["signer_infos"][0]["signature_algorithm"]["parameters"]["salt_length"] = salt_bytes
    changed = chip.with_file(File.SOD, tlv(0x77, signed_data.dump(force=True)))
    assert refusal(lambda: read_chip(changed, KEY, (issuer.csca,))).code is Completion.INVALID_DATA


def test_a_certificate_of_a_version_that_nobody_knows_keeps_no_terminal_from_starting(tmp_path: Path) -> None:
    version = bytes.fromhex("A003020102")
    (tmp_path / "good.cer").write_bytes(ISSUER.csca.der)
    (tmp_path / "new.cer").write_bytes(ISSUER.csca.der.replace(version, version[:-1] + b"\x07"))
    (tmp_path / "nothing.cer").write_bytes(b"\x30\x00")
    assert read_trust(tmp_path) == TRUST
