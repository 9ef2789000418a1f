"""Every card on every reader, as data: test_card_table.py lays each of them, and docs/cards.md is written from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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

MUTE = (CardState.WRONG_WAY, CardState.STILL_MUTE)
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


def family() -> list[Row]:
    read = Read(DocumentKind.RESIDENT_CARD, Verified.SAM)
    kinds = (
        ("permit-j", "residence permit of a Hong Kong, Macau or Taiwan resident (J)", "港澳台居民居住证", HMT),
        ("permit-i", "foreigner's permit of 2017 (I)", "外国人永久居留身份证（2017 版）", FOREIGNER_2017),
        ("permit-y", "foreigner's permit of 2023 (Y)", "外国人永久居留身份证（2023 版）", FOREIGNER_2023),
    )
    permits = (DocumentKind.RESIDENCE_PERMIT_HMT, DocumentKind.FOREIGNER_PERMIT_2017, DocumentKind.FOREIGNER_PERMIT_2023)
    return [
        of_the_family("resident-card", "resident card", "居民身份证", text(), read),
        of_the_family("for-life", "resident card without an end", "长期有效的居民身份证", text(valid_to="长期"), read),
        of_the_family(
            "expired", "resident card, expired", "过期的居民身份证", text(valid_to="20200101"), read, CardState.EXPIRED
        ),
        of_the_family("not-yet-valid", "resident card, not yet valid", "尚未生效的居民身份证", text(valid_from="20990101"), read),
        of_the_family(
            "number-wrong",
            "resident card, check digit wrong",
            "号码校验不符的居民身份证",
            text(number="440602199202299864"),
            read,
            CardState.NUMBER_INVALID,
        ),
        *(
            of_the_family(key, english, chinese, text(kind, **fields), Read(kind, Verified.SAM), CardState.WRONG_KIND)
            for (key, english, chinese, fields), kind in zip(kinds, permits, strict=True)
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
        Row("resident card that the module does not believe", "安全模块不认可的居民身份证", (not_believed(), ELSEWHERE)),
        *resident_cards_of_chip_readers(),
    ]


def not_believed() -> Cell:
    refused = Refused(Completion.FRAUD_ATTEMPT)
    return OnModule("not-believed", refused, (CardState.NOT_GENUINE,), lay=with_fault("33", Command.READ))


def resident_cards_of_chip_readers() -> list[Row]:
    passed_through = replace(ELSEWHERE, card="passed-through", made=foreign_cards.resident_card_passed_through)
    alone = replace(ELSEWHERE, card="no-module", told=(CardState.NO_SUCH_READER,), place=CHIP_READER_ALONE)
    return [
        Row("resident card on a reader that passes bare commands on", "居民身份证（读卡器透传指令）", (passed_through,)),
        Row("resident card, and the terminal has no SAM_V", "居民身份证，本终端没有身份证阅读器", (alone,)),
    ]


def social_security() -> list[Row]:
    read = Read(DocumentKind.SOCIAL_SECURITY_CARD, Verified.CHIP)
    locked = Refused(Completion.NEEDS_AUTHORITY)
    generations: tuple[tuple[str, str, Outcome, tuple[CardState, ...]], ...] = (
        ("1.00", "第一代社会保障卡", read, ()),
        ("2.00", "第二代社会保障卡", read, ()),
        ("3.00", "第三代社会保障卡", locked, (CardState.NEEDS_AUTHORITY,)),
    )
    rows = [
        Row(
            f"social security card {version}",
            chinese,
            (NOT_SEEN, *(_social_security(version, outcome, told, by_contacts=contacts) for contacts in (False, True))),
        )
        for version, chinese, outcome, told in generations
    ]
    expired = OnChipReader("social-security-expired", read, (CardState.EXPIRED,), made=expired_social_security_card)
    return [*rows, Row("social security card 2.00, expired", "过期的社会保障卡", (NOT_SEEN, expired))]


def _social_security(version: str, outcome: Outcome, told: tuple[CardState, ...], *, by_contacts: bool) -> Cell:
    def made() -> CardProgram:
        return social_security_card(version, without_contacts=not by_contacts)

    return OnChipReader(f"social-security-{version}", outcome, told, made=made, by_contacts=by_contacts)


def foreign() -> list[Row]:
    def other(
        key: str, what: Recognised, state: CardState, made: Callable[[], CardProgram], *, by_contacts: bool = False
    ) -> OnChipReader:
        return OnChipReader(key, Refused(Completion.UNSUPPORTED_DATA, what), (state,), made=made, by_contacts=by_contacts)

    bank, transport, memory = CardState.BANK_CARD, CardState.TRANSPORT_CARD, CardState.MEMORY_CARD
    by_contacts = other("bank-card", Recognised.BANK_CARD, bank, foreign_cards.bank_card_by_its_contacts, by_contacts=True)
    rows = (
        ("bank card", "银行卡", other("bank-card", Recognised.BANK_CARD, bank, foreign_cards.bank_card), by_contacts),
        (
            "bank card that also pays the bus",
            "带交通功能的银行卡",
            other("bank-card-for-the-bus", Recognised.BANK_CARD, bank, foreign_cards.bank_card_for_the_bus),
        ),
        (
            "transport card",
            "交通联合卡",
            other("transport-card", Recognised.TRANSPORT_CARD, transport, foreign_cards.transport_card),
        ),
        ("Octopus", "八达通", other("octopus", Recognised.TRANSPORT_CARD, transport, foreign_cards.octopus)),
        ("memory card", "门禁卡、饭卡", other("memory-card", Recognised.MEMORY_CARD, memory, foreign_cards.memory_card)),
        (
            "card that knows nothing",
            "没有已知应用的卡",
            other("knows-nothing", Recognised.UNKNOWN, CardState.NOT_SUPPORTED, lambda: Scripted(b"\x6a\x82")),
        ),
    )
    return [Row(english, chinese, (NOT_SEEN, *cells)) for english, chinese, *cells in rows]


def troubled() -> list[Row]:
    mute, several = Refused(Completion.INVALID_MEDIA), Refused(Completion.INVALID_MEDIA, Recognised.MORE_THAN_ONE)
    gone = Refused(Completion.MEDIA_REMOVED)

    def says(atr: bytes) -> Callable[[], CardProgram]:
        return lambda: Scripted(b"\x90\x00", atr=atr)

    return [
        Row(
            "mute card, or one laid the wrong way round",
            "不应答或放反的卡",
            (
                OnModule("mute", mute, MUTE, lay=with_fault("81", Command.SELECT)),
                OnChipReader("mute", mute, MUTE, made=says(b"\x3b" + bytes(33))),
            ),
        ),
        Row(
            "card with a garbled answer to reset",
            "复位应答错乱的卡",
            (
                OnChipReader(
                    "garbled",
                    Refused(Completion.UNSUPPORTED_DATA, Recognised.UNKNOWN),
                    (CardState.NOT_SUPPORTED,),
                    made=says(bytes.fromhex("3B801F05")),
                ),
            ),
        ),
        Row(
            "two cards at once",
            "同时放两张卡",
            (
                OnModule("two-cards", several, (CardState.SEVERAL_CARDS,), lay=with_fault(Fault.SEVERAL)),
                OnChipReader("two-cards", mute, MUTE, made=says(b"\x3b" + bytes(33))),
            ),
        ),
        Row(
            "card taken away while it is read",
            "读卡时被取走的卡",
            (
                OnModule("pulled", gone, (CardState.MOVED,), lay=pulled_while_read),
                OnChipReader("pulled", gone, (CardState.MOVED,), made=lambda: FaultAt(card_of("lyu"), 4, pulled)),
            ),
        ),
    ]


TABLE: Table = {
    "The resident card family": family(),
    "Social security cards": social_security(),
    "Travel documents": travel_document_rows(NOT_SEEN),
    "Other cards": foreign(),
    "Cards in trouble": troubled(),
}
CELLS: dict[str, Cell] = {cell.id: cell for rows in TABLE.values() for row in rows for cell in row.cells}
