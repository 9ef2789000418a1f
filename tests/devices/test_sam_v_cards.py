"""Every kind of card and every odd text, laid on a simulated module and read over the wire."""

from collections.abc import Mapping
from datetime import date

import pytest

from devices.device import Completion, DeviceError
from devices.document import DocumentKind, IdentityDocument, Warning
from devices.drivers.sam_v_frames import Command
from devices.simulators.sam_v import Fault
from devices.simulators.sam_v_card import card_text
from tests.devices.plate_on_a_pty import CALM, LYU, QUICK, plate, tell

RESIDENT = {
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
OLD_FOREIGNER = {"latin_name": "SMITH, JOHN", "sex": "1", "number": "USA110080010112", "nationality": "USA"}
NEW_FOREIGNER = {
    "name": "约翰",
    "sex": "1",
    "latin_name": "SMITH, JOHN ALEXANDER CHRISTOPHER M",
    "latin_name_rest": "AXIMILIAN",
    "number": "911840198001010013",
    "nationality": "USA",
}


def resident(**fields: str) -> bytes:
    return card_text(DocumentKind.RESIDENT_CARD, {**RESIDENT, **fields})


def read(text: bytes, appended: bytes = b"", fault: str = "") -> IdentityDocument:
    """What the driver makes of the card; `fault` happens to its appended address."""
    documents = []

    async def story() -> None:
        async with plate(patience=QUICK if fault else CALM) as on:
            on.simulator.lay(text, appended)
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = fault, Command.READ_ADDRESS
            documents.append(await on.reader.read_identity())

    tell(story)
    return documents[0]


def refusal(text: bytes, fault: str = "") -> DeviceError:
    with pytest.raises(DeviceError) as refused:
        read(text, fault=fault)
    return refused.value


def addresses(*written: str) -> bytes:
    return b"".join(address.ljust(35).encode("utf-16-le") for address in written)


@pytest.mark.parametrize(
    ("kind", "fields", "name", "latin_name", "nationality", "card_number"),
    [
        (DocumentKind.RESIDENT_CARD, RESIDENT, "吕晓岚", "", "", ""),
        (DocumentKind.RESIDENCE_PERMIT_HMT, HMT, "黄大文", "", "", "H12345678"),
        (DocumentKind.FOREIGNER_PERMIT_2017, OLD_FOREIGNER, "SMITH, JOHN", "SMITH, JOHN", "USA", ""),
        (
            DocumentKind.FOREIGNER_PERMIT_2023,
            NEW_FOREIGNER,
            "约翰",
            "SMITH, JOHN ALEXANDER CHRISTOPHER MAXIMILIAN",
            "USA",
            "",
        ),
    ],
)
def test_each_of_the_four_cards_is_read_by_its_own_layout(
    kind: DocumentKind, fields: Mapping[str, str], name: str, latin_name: str, nationality: str, card_number: str
) -> None:
    card = read(card_text(kind, fields))
    assert (card.kind, card.number, card.name) == (kind, fields["number"], name)
    assert (card.latin_name, card.nationality, card.card_number) == (latin_name, nationality, card_number)
    assert card.warnings == frozenset()


def test_a_card_of_a_kind_that_nobody_has_published_is_named_as_such() -> None:
    text = bytearray(resident())
    text[248:250] = "K".encode("utf-16-le")
    error = refusal(bytes(text))
    assert (error.code, error.technical) == (Completion.UNSUPPORTED_DATA, "card type K")


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "says"),
    [
        ("20100101", "20200101", (date(2010, 1, 1), date(2020, 1, 1), False)),
        ("20990101", "21190101", (date(2099, 1, 1), date(2119, 1, 1), False)),
        ("20180312", "长期", (date(2018, 3, 12), None, True)),
        ("20180312", "20380231", (date(2018, 3, 12), None, False)),
    ],
    ids=["expired", "not yet valid", "for life", "31 February"],
)
def test_dates_are_told_as_they_are_and_judged_by_others(valid_from: str, valid_to: str, says: tuple[object, ...]) -> None:
    card = read(resident(valid_from=valid_from, valid_to=valid_to))
    assert (card.valid_from, card.valid_to, card.long_term) == says


@pytest.mark.parametrize(
    ("start", "name"),
    [(b"\x00\xd8", "\ufffd晓岚"), (b"\xfe\xff", "\ufffd晓岚"), (b"\xff\xff", "\ufffd晓岚"), (b"\0\0", "\ufffd晓岚")],
)
def test_what_is_no_character_is_shown_as_such_with_a_warning(start: bytes, name: str) -> None:
    card = read(start + resident()[2:])
    assert (card.name, card.warnings) == (name, frozenset({Warning.UNDECODABLE_TEXT}))


@pytest.mark.parametrize("text", [bytes(256), b"\xff" * 256, b"\x20\x00" * 128], ids=["00", "FF", "blank"])
def test_a_text_of_nothing_is_a_card_that_was_not_read(text: bytes) -> None:
    assert refusal(text).code is Completion.INVALID_DATA


@pytest.mark.parametrize(
    ("fields", "warnings"),
    [
        ({"name": "𠮷野家𪛖"}, set()),
        ({"name": "阿卜杜拉·买买提"}, set()),
        ({"name": "\ue863某"}, {Warning.PRIVATE_USE_CHARACTER}),
        ({"name": "古" * 15}, {Warning.NAME_MAY_BE_CUT}),
        ({"address": "路" * 35}, {Warning.ADDRESS_MAY_BE_CUT}),
    ],
)
def test_rare_and_long_names_are_kept_exactly(fields: dict[str, str], warnings: set[Warning]) -> None:
    card = read(resident(**fields))
    assert {name: getattr(card, name) for name in fields} == fields
    assert card.warnings == warnings


def test_a_number_that_cannot_be_true_is_told_as_it_is() -> None:
    card = read(resident(number="440602199202299864", birth="19920301"))
    assert (card.number, card.birth) == ("440602199202299864", date(1992, 3, 1))


def test_the_address_that_was_appended_last_is_the_address() -> None:
    assert read(resident(), addresses("旧址一号", "新址二号")).address == "新址二号"
    assert read(resident(), addresses("旧址一号", "", "\ufffd")).address == "旧址一号"


def test_a_card_without_an_appended_address_has_the_printed_one() -> None:
    assert read(resident()).address == RESIDENT["address"]
    assert read(resident(), addresses("")).address == RESIDENT["address"]


@pytest.mark.parametrize("fault", ["41", "24", "91", Fault.SILENT, Fault.XOR])
def test_an_appended_address_that_cannot_be_read_does_not_take_the_card_with_it(fault: str) -> None:
    card = read(resident(), addresses("新址二号"), fault)
    assert (card.name, card.address) == ("吕晓岚", RESIDENT["address"])
    assert card.warnings == (set() if fault == "91" else {Warning.APPENDED_ADDRESS_UNREAD})


@pytest.mark.parametrize(
    ("fault", "code"),
    [("33", Completion.FRAUD_ATTEMPT), ("66", Completion.HARDWARE_ERROR), ("80", Completion.MEDIA_REMOVED)],
)
def test_a_card_that_is_doubted_or_gone_at_its_last_step_gives_no_document(fault: str, code: Completion) -> None:
    assert refusal(resident(), fault).code is code


def test_the_late_address_of_the_last_citizen_is_thrown_away() -> None:
    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(resident(), addresses("新址二号"))
            await on.media(("mediaInserted", 1))
            on.simulator.fault, on.simulator.faulty = Fault.LATE, Command.READ_ADDRESS
            assert (await on.reader.read_identity()).address == RESIDENT["address"]
            on.simulator.fault = ""
            on.simulator.lay(resident(name="陈测试", address="广州市"))
            assert (await on.refusal()).code is Completion.MEDIA_REMOVED
            card = await on.reader.read_identity()
            assert (card.name, card.address, card.warnings) == ("陈测试", "广州市", frozenset())

    tell(story)


def test_a_card_swapped_before_its_address_was_read_does_not_get_the_other_ones() -> None:
    async def story() -> None:
        async with plate() as on:
            on.simulator.lay(resident())
            await on.media(("mediaInserted", 1))
            on.simulator.before[Command.READ_ADDRESS] = lambda: on.simulator.lay(LYU, addresses("别人的住址"))
            card = await on.reader.read_identity()
            assert (card.address, card.warnings) == (RESIDENT["address"], frozenset({Warning.APPENDED_ADDRESS_UNREAD}))

    tell(story)


def test_fingerprints_are_never_asked_for_whatever_happens() -> None:
    """Every frame that a driver sends in a day of cards, faults, resets and another rate."""

    async def story() -> None:
        async with plate(patience=QUICK) as on:
            on.simulator.lay(LYU, addresses("新址二号"))
            await on.media(("mediaInserted", 1))
            for fault in ("", *Fault, "10", "31", "40", "41", "47", "60", "66", "80", "81", "91"):
                on.simulator.fault, on.simulator.faulty = fault, Command.READ
                try:
                    await on.reader.read_identity()
                except DeviceError:
                    assert fault
            sent.extend(on.simulator.bodies)

    sent: list[bytes] = []
    tell(story)
    assert set(sent) <= {command.value for command in Command}
    assert set(sent) >= {command.value for command in Command if not command.name.startswith("BAUD")}
    assert b"\x30\x10" not in sent
