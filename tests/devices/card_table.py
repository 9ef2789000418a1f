"""Every card on every reader, as data: test_card_table.py lays each of them, and docs/cards.md is written from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from devices.device import Completion
from devices.document import DocumentKind, Recognised, Verified
from devices.drivers.sam_v_frames import Command
from devices.simulators import foreign_cards
from devices.simulators.sam_v import Fault
from devices.simulators.sam_v_card import card_text
from devices.simulators.sam_v_module import SimulatedModule
from devices.simulators.vpcd import CardProgram, FaultAt, Scripted, pulled
from kiosk.present_card import CardState
from tests.devices.card_cells import CHIP_READER_ALONE, Cell, NotSeen, OnChipReader, OnModule, Outcome, Read, Refused, Row, Table
from tests.devices.laying import card_of, social_security_card
from tests.devices.travel_document_rows import travel_document_rows

HOLDER = {
    "name": "吕晓岚",
    "sex": "2",
    "ethnic_group": "01",
    "birth": "19920229",
    "address": "佛山市禅城区云岫路6号",
    "number": "440602199202299863",
    "valid_from": "20180312",
    "valid_to": "20380312",
}
HMT = {"name": "黄大文", "sex": "1", "birth": "19800101", "number": "810000198001010014", "pass_number": "H12345678"}
FOREIGNER_2017 = {"latin_name": "SMITH, JOHN", "sex": "1", "number": "USA110080010112", "nationality": "USA"}
FOREIGNER_2023 = {"name": "约翰", "sex": "1", "latin_name": "SMITH, JOHN", "number": "911840198001010013", "nationality": "USA"}


def text(kind: DocumentKind = DocumentKind.RESIDENT_CARD, **fields: str) -> bytes:
    return card_text(kind, {**HOLDER, **fields} if kind is DocumentKind.RESIDENT_CARD else fields)


def unknown_letter() -> bytes:
    written = bytearray(text())
    written[248:250] = "K".encode("utf-16-le")
    return bytes(written)


def with_fault(fault: str, at: Command | None = None) -> Callable[[SimulatedModule], None]:
    def lay(module: SimulatedModule) -> None:
        module.lay(text())
        module.fault, module.faulty = fault, at

    return lay


def pulled_while_read(module: SimulatedModule) -> None:
    module.lay(text())
    module.before[Command.READ] = module.pull


def nothing_of_the_family(module: SimulatedModule) -> None:
    module.pull()


def expired_social_security_card() -> CardProgram:
    card = card_of("lyu")
    records = tuple((tag, bytes.fromhex("20200101") if tag == 0x06 else value) for tag, value in card.files[0xEF05])
    return replace(card, files={**card.files, 0xEF05: records}, contactless=True)


NOT_SEEN = OnModule("no-resident-card", NotSeen(), (CardState.WAITING,), lay=nothing_of_the_family)
ELSEWHERE = OnChipReader(
    "resident-card",
    Refused(Completion.WRONG_READER, Recognised.RESIDENT_CARD),
    (CardState.OTHER_READER,),
    made=foreign_cards.resident_card,
)


def of_the_family(key: str, english: str, chinese: str, written: bytes, outcome: Outcome, *told: CardState) -> Row:
    """To a reader without a security module they are all the same."""
    return Row(english, chinese, (OnModule(key, outcome, told, lay=lambda module: module.lay(written)), ELSEWHERE))


def _of_letter(letter: str, kind: DocumentKind, english: str, chinese: str, written: bytes) -> Row:
    return of_the_family(f"permit-{letter}", english, chinese, written, Read(kind, Verified.SAM), CardState.WRONG_KIND)


def _social_security(version: str, outcome: Outcome, *told: CardState, by_contacts: bool) -> Cell:
    def made() -> CardProgram:
        return social_security_card(version, without_contacts=not by_contacts)

    return OnChipReader(f"social-security-{version}", outcome, told, made=made, by_contacts=by_contacts)


def _generation(version: str, chinese: str, outcome: Outcome, *told: CardState) -> Row:
    both = (_social_security(version, outcome, *told, by_contacts=by_contacts) for by_contacts in (False, True))
    return Row(f"social security card {version}", chinese, (NOT_SEEN, *both))


def _taken_for(
    what: Recognised, told: CardState, key: str, made: Callable[[], CardProgram], *, by_contacts: bool = False
) -> Cell:
    return OnChipReader(key, Refused(Completion.UNSUPPORTED_DATA, what), (told,), made=made, by_contacts=by_contacts)


def _answering_to_reset(atr: bytes) -> Callable[[], CardProgram]:
    return lambda: Scripted(b"\x90\x00", atr=atr)


RESIDENT = Read(DocumentKind.RESIDENT_CARD, Verified.SAM)
FAMILY = (
    of_the_family("resident-card", "resident card", "居民身份证", text(), RESIDENT),
    of_the_family("for-life", "resident card without an end", "长期有效的居民身份证", text(valid_to="长期"), RESIDENT),
    of_the_family(
        "expired", "resident card, expired", "过期的居民身份证", text(valid_to="20200101"), RESIDENT, CardState.EXPIRED
    ),
    of_the_family("not-yet-valid", "resident card, not yet valid", "尚未生效的居民身份证", text(valid_from="20990101"), RESIDENT),
    of_the_family(
        "number-wrong",
        "resident card, check digit wrong",
        "号码校验不符的居民身份证",
        text(number="440602199202299864"),
        RESIDENT,
        CardState.NUMBER_INVALID,
    ),
    _of_letter(
        "j",
        DocumentKind.RESIDENCE_PERMIT_HMT,
        "residence permit of a Hong Kong, Macau or Taiwan resident (J)",
        "港澳台居民居住证",
        text(DocumentKind.RESIDENCE_PERMIT_HMT, **HMT),
    ),
    _of_letter(
        "i",
        DocumentKind.FOREIGNER_PERMIT_2017,
        "foreigner's permit of 2017 (I)",
        "外国人永久居留身份证（2017 版）",
        text(DocumentKind.FOREIGNER_PERMIT_2017, **FOREIGNER_2017),
    ),
    _of_letter(
        "y",
        DocumentKind.FOREIGNER_PERMIT_2023,
        "foreigner's permit of 2023 (Y)",
        "外国人永久居留身份证（2023 版）",
        text(DocumentKind.FOREIGNER_PERMIT_2023, **FOREIGNER_2023),
    ),
    of_the_family(
        "unknown-letter",
        "card of the family with a letter that nobody published",
        "未公布类型的证件",
        unknown_letter(),
        Refused(Completion.UNSUPPORTED_DATA),
        CardState.NOT_SUPPORTED,
    ),
    of_the_family(
        "empty-text",
        "resident card whose text is empty",
        "内容为空的居民身份证",
        bytes(256),
        Refused(Completion.INVALID_DATA),
        CardState.NOT_READ,
    ),
    Row(
        "resident card that the module does not believe",
        "安全模块不认可的居民身份证",
        (
            OnModule(
                "not-believed",
                Refused(Completion.FRAUD_ATTEMPT),
                (CardState.NOT_GENUINE,),
                lay=with_fault("33", Command.READ),
            ),
            ELSEWHERE,
        ),
    ),
    Row(
        "resident card on a reader that passes bare commands on",
        "居民身份证（读卡器透传指令）",
        (replace(ELSEWHERE, card="passed-through", made=foreign_cards.resident_card_passed_through),),
    ),
    Row(
        "resident card, and the terminal has no SAM_V",
        "居民身份证，本终端没有身份证阅读器",
        (replace(ELSEWHERE, card="no-module", told=(CardState.NO_SUCH_READER,), place=CHIP_READER_ALONE),),
    ),
)

SOCIAL = Read(DocumentKind.SOCIAL_SECURITY_CARD, Verified.CHIP)
SOCIAL_SECURITY = (
    _generation("1.00", "第一代社会保障卡", SOCIAL),
    _generation("2.00", "第二代社会保障卡", SOCIAL),
    _generation("3.00", "第三代社会保障卡", Refused(Completion.NEEDS_AUTHORITY), CardState.NEEDS_AUTHORITY),
    Row(
        "social security card 2.00, expired",
        "过期的社会保障卡",
        (
            NOT_SEEN,
            OnChipReader("social-security-expired", SOCIAL, (CardState.EXPIRED,), made=expired_social_security_card),
        ),
    ),
)

BANK = partial(_taken_for, Recognised.BANK_CARD, CardState.BANK_CARD)
TRANSPORT = partial(_taken_for, Recognised.TRANSPORT_CARD, CardState.TRANSPORT_CARD)
MEMORY = partial(_taken_for, Recognised.MEMORY_CARD, CardState.MEMORY_CARD)
NOTHING = partial(_taken_for, Recognised.UNKNOWN, CardState.NOT_SUPPORTED)
FOREIGN = (
    Row(
        "bank card",
        "银行卡",
        (
            NOT_SEEN,
            BANK("bank-card", foreign_cards.bank_card),
            BANK("bank-card", foreign_cards.bank_card_by_its_contacts, by_contacts=True),
        ),
    ),
    Row(
        "bank card that also pays the bus",
        "带交通功能的银行卡",
        (NOT_SEEN, BANK("bank-card-for-the-bus", foreign_cards.bank_card_for_the_bus)),
    ),
    Row("transport card", "交通联合卡", (NOT_SEEN, TRANSPORT("transport-card", foreign_cards.transport_card))),
    Row("Octopus", "八达通", (NOT_SEEN, TRANSPORT("octopus", foreign_cards.octopus))),
    Row("memory card", "门禁卡、饭卡", (NOT_SEEN, MEMORY("memory-card", foreign_cards.memory_card))),
    Row("card that knows nothing", "没有已知应用的卡", (NOT_SEEN, NOTHING("knows-nothing", lambda: Scripted(b"\x6a\x82")))),
)

MUTE = Refused(Completion.INVALID_MEDIA)
TOLD_MUTE = (CardState.WRONG_WAY, CardState.STILL_MUTE)
SEVERAL = Refused(Completion.INVALID_MEDIA, Recognised.MORE_THAN_ONE)
GONE = Refused(Completion.MEDIA_REMOVED)
NO_ANSWER = _answering_to_reset(b"\x3b" + bytes(33))
"""pcscd calls mute whatever answers to reset with more than 33 bytes."""
TROUBLED = (
    Row(
        "mute card, or one laid the wrong way round",
        "不应答或放反的卡",
        (
            OnModule("mute", MUTE, TOLD_MUTE, lay=with_fault("81", Command.SELECT)),
            OnChipReader("mute", MUTE, TOLD_MUTE, made=NO_ANSWER),
        ),
    ),
    Row(
        "card with a garbled answer to reset",
        "复位应答错乱的卡",
        (NOTHING("garbled", _answering_to_reset(bytes.fromhex("3B801F05"))),),
    ),
    Row(
        "two cards at once",
        "同时放两张卡",
        (
            OnModule("two-cards", SEVERAL, (CardState.SEVERAL_CARDS,), lay=with_fault(Fault.SEVERAL)),
            OnChipReader("two-cards", MUTE, TOLD_MUTE, made=NO_ANSWER),
        ),
    ),
    Row(
        "card taken away while it is read",
        "读卡时被取走的卡",
        (
            OnModule("pulled", GONE, (CardState.MOVED,), lay=pulled_while_read),
            OnChipReader("pulled", GONE, (CardState.MOVED,), made=lambda: FaultAt(card_of("lyu"), 4, pulled)),
        ),
    ),
)

TABLE: Table = {
    "The resident card family": FAMILY,
    "Social security cards": SOCIAL_SECURITY,
    "Travel documents": travel_document_rows(NOT_SEEN),
    "Other cards": FOREIGN,
    "Cards in trouble": TROUBLED,
}
CELLS: dict[str, Cell] = {cell.id: cell for rows in TABLE.values() for row in rows for cell in row.cells}
