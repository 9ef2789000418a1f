"""Reads the chip of a travel document (ICAO 9303-10 and 9303-11), opened with what is printed on it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from devices.apdu import Card, Channel, Command, StatusWord, status_name
from devices.cards.icao_9303.access_key import has_mrz, mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control
from devices.cards.icao_9303.data_groups import AdditionalDetails, additional_details, face, mrz_text
from devices.cards.icao_9303.elementary_files import APPLICATION, File, Files, Sends, select_master_file
from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.icao_9303.pace import Printed, ensure_chip_is_genuine, pace
from devices.cards.icao_9303.passive_authentication import comes_from_the_issuer, parse_security_object, signed_infos
from devices.cards.icao_9303.secure_messaging import ProtectedChannel
from devices.cards.icao_9303.security_infos import PaceInfo, best_pace_info, chip_keys
from devices.cards.icao_9303.trust import Trust
from devices.cards.travel_documents import TRAVEL_DOCUMENTS
from devices.device import Completion, DeviceError
from devices.document import AccessKey, IdentityDocument, Recognised, Verified, Warning

_GROUPS = {1: File.DG1, 2: File.DG2, 11: File.DG11}
_LOCKED = (StatusWord.SECURITY_NOT_SATISFIED, StatusWord.CONDITIONS_NOT_SATISFIED)
_READER_REFUSES = (Completion.UNSUPPORTED_DATA, Completion.HARDWARE_ERROR, Completion.INVALID_MEDIA)
_EVERYTHING = 0x10000


def find_travel_document(card: Card) -> bool:
    """Selects what only travel documents have, and says whether it is there, open or not."""
    return _is_there(_select_application(Channel(card)))


def read_travel_document(
    card: Card, *, access: AccessKey | None, trust: Trust, media_id: int, device_id: str
) -> IdentityDocument:
    """Tries the key once: chips answer ever more slowly after wrong ones. Afterwards the card should be reset.

    Raises DeviceError: UNSUPPORTED_DATA when it is no travel document, or of a kind not listed; ACCESS_KEY_NEEDED and
    ACCESS_KEY_WRONG; FRAUD_ATTEMPT when it is not what its issuer signed; INVALID_DATA when it makes no sense.
    """
    channel = Channel(card)
    extended = _has_application(channel)
    if access is None or not (has_mrz(access) or access.card_access_number):
        raise DeviceError(Completion.ACCESS_KEY_NEEDED, recognised=Recognised.TRAVEL_DOCUMENT)
    protected, chip_is_trusted = _opened(channel, access, trust, extended=extended)
    return _document(Files(protected, extended=extended), trust, chip_is_trusted, media_id, device_id)


def _has_application(channel: Channel) -> bool:
    """Whether card and reader take commands of extended length. It is tried here, while a refusal costs nothing: inside a
    session it may cost the keys."""
    try:
        if channel.send(Command(0x00, 0xA4, 0x04, 0x00, APPLICATION, _EVERYTHING)).status == StatusWord.OK:
            return True
    except DeviceError as error:
        if error.code not in _READER_REFUSES:
            raise
    status = _select_application(channel)
    if not _is_there(status):
        raise DeviceError(Completion.UNSUPPORTED_DATA, f"no travel document: {status_name(status)}")
    return False


def _is_there(status: int) -> bool:
    return status == StatusWord.OK or status in _LOCKED


def _select_application(channel: Sends) -> int:
    return channel.send(Command(0x00, 0xA4, 0x04, 0x0C, APPLICATION)).status


def _opened(channel: Channel, access: AccessKey, trust: Trust, *, extended: bool) -> tuple[ProtectedChannel, bool]:
    """With the application selected, and whether a chip that proves to be no copy did so with a key of a trusted issuer; one
    that proves nothing is not held against it."""
    select_master_file(channel)
    info = _pace_info(channel)
    if info:
        return _opened_by_pace(channel, info, access, trust, extended=extended)
    if not has_mrz(access):
        words = "the card access number does not open this chip"
        raise DeviceError(Completion.ACCESS_KEY_NEEDED, words, recognised=Recognised.TRAVEL_DOCUMENT)
    _select_application(channel)
    return ProtectedChannel(channel, basic_access_control(channel, mrz_secret(access))), True


def _pace_info(channel: Channel) -> PaceInfo | None:
    """None for a chip that knows PACE not at all, or only in a way not known here: it may know the older way too."""
    try:
        card_access = Files(channel, extended=False).read_optional(File.CARD_ACCESS)
        return best_pace_info(card_access) if card_access else None
    except DeviceError as error:
        if error.code is not Completion.INVALID_DATA:
            raise
        return None


def _opened_by_pace(
    channel: Channel, info: PaceInfo, access: AccessKey, trust: Trust, *, extended: bool
) -> tuple[ProtectedChannel, bool]:
    by_zone = has_mrz(access)
    printed = Printed.MRZ if by_zone else Printed.CARD_ACCESS_NUMBER
    secret = mrz_secret(access) if by_zone else access.card_access_number.encode()
    keys, proof = pace(channel, info, printed, secret)
    protected, trusted = ProtectedChannel(channel, keys), True
    if proof:
        card_security = Files(protected, extended=extended).read(File.CARD_SECURITY)
        infos, trusted = signed_infos(card_security, trust, datetime.now(UTC))
        ensure_chip_is_genuine(info, proof, chip_keys(infos))
    status = _select_application(protected)
    if status != StatusWord.OK:
        raise DeviceError(Completion.INVALID_DATA, f"the application does not open: {status_name(status)}")
    return protected, trusted


def _document(files: Files, trust: Trust, chip_is_trusted: bool, media_id: int, device_id: str) -> IdentityDocument:
    # What is there is taken from the hashes that the issuer signed. EF.COM says the same, and nobody signed it.
    security_object = parse_security_object(files.read(File.SOD))
    group_1 = files.read(File.DG1)
    text = mrz_text(group_1)
    kind = _kind(text)
    rest = {number: files.read(file) for number, file in _GROUPS.items() if number in security_object.hashes and number != 1}
    groups = {1: group_1, **rest}
    trusted = comes_from_the_issuer(security_object, groups, trust, datetime.now(UTC)) and chip_is_trusted
    details = additional_details(groups[11]) if 11 in groups else AdditionalDetails()
    holder = kind.holder(text, details, date.today())
    return IdentityDocument(
        kind=kind.kind,
        number=holder.number,
        name=holder.name,
        sex=holder.sex,
        birth=holder.birth,
        media_id=media_id,
        device_id=device_id,
        verified=Verified.ISSUER if trusted else Verified.CHIP,
        address=details.address,
        issuer=holder.issuer,
        valid_to=holder.expiry,
        latin_name=holder.latin_name,
        nationality=holder.nationality,
        photo=face(groups[2]) if 2 in groups else b"",
        warnings=holder.warnings if trusted else holder.warnings | {Warning.ISSUER_UNKNOWN},
    )


def _kind(text: str) -> TravelDocument:
    found = next((document for document in TRAVEL_DOCUMENTS if document.is_this(text)), None)
    if found is None:
        words = "a travel document of a kind that is not read here"
        raise DeviceError(Completion.UNSUPPORTED_DATA, words, recognised=Recognised.TRAVEL_DOCUMENT)
    return found
