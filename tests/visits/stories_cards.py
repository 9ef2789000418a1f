"""Whatever is laid on the reader is named in words, taken away, and the right card is read: data for any display."""

from __future__ import annotations

from collections.abc import Mapping

from devices.device import Completion, DeviceError
from devices.document import IdentityDocument, Recognised
from kiosk.card import NOTICED_S, STILL_MUTE_S
from kiosk.config import Where
from kiosk.view import Touch
from kiosk.visit import Ended
from tests.kiosk.people import EXPIRED, OF_HONG_KONG, WRONG_NUMBER
from tests.visits import world
from tests.visits.moments import TAKEN, begin
from tests.visits.playing import Moment, Story

BEGIN = begin("hk-macau-permit")
LEAVES = (Moment("form", Touch("quit"), sees="请先回答两个问题"), TAKEN)
"""The card was read: that is all that these stories want to know."""

NAMED: Mapping[Recognised, str] = {
    Recognised.BANK_CARD: "这是银行卡",
    Recognised.TRANSPORT_CARD: "这是交通卡",
    Recognised.MEMORY_CARD: "这是门禁卡",
    Recognised.TRAVEL_DOCUMENT: "这是护照或通行证",
    Recognised.UNKNOWN: "不能使用这种卡",
}
BANK_CARD = DeviceError(Completion.UNSUPPORTED_DATA, recognised=Recognised.BANK_CARD)
RESIDENT_CARD = DeviceError(Completion.WRONG_READER, recognised=Recognised.RESIDENT_CARD)
TWO_CARDS = DeviceError(Completion.INVALID_MEDIA, recognised=Recognised.MORE_THAN_ONE)


def wrong(name: str, says: IdentityDocument | Completion | DeviceError, words: str) -> Story:
    """A card that does not serve is laid, named in words, taken away; then the right one."""
    laid = Moment("card", world.lay_says(says), sees="请把"), Moment("card", world.pull, sees=words)
    return Story(name, (*BEGIN, *laid, Moment("card", world.lay, sees=words), *LEAVES), Ended.QUIT)


CARD_STORIES: tuple[Story, ...] = (
    *(
        wrong(f"a {what.replace('_', ' ')}", DeviceError(Completion.UNSUPPORTED_DATA, recognised=what), words)
        for what, words in NAMED.items()
    ),
    wrong("a passport that asks for its key", Completion.ACCESS_KEY_NEEDED, "这是护照或通行证"),
    wrong("a social security card that opens to security modules only", Completion.NEEDS_AUTHORITY, "请改用居民身份证"),
    wrong("a card that does not prove itself", Completion.FRAUD_ATTEMPT, "请带上它到人工窗口办理"),
    wrong("a card that expired yesterday", EXPIRED, "过了有效期"),
    wrong("a residence permit of Hong Kong, Macau or Taiwan", OF_HONG_KONG, "面向内地居民"),
    wrong("a card with a wrong number", WRONG_NUMBER, "号码不正确"),
    wrong("two cards on top of each other", TWO_CARDS, "不止一张卡"),
    wrong("a resident card at a terminal that reads none", RESIDENT_CARD, "读不了居民身份证"),
    Story(
        "the card is laid the wrong way round, and after a while there may be two",
        (
            *BEGIN,
            Moment("card", world.lay_says(Completion.INVALID_MEDIA, readable=False), sees="请把"),
            Moment("card", world.passes(STILL_MUTE_S), sees="翻到另一面"),
            Moment("card", world.pull, sees="一次只放一张"),
            Moment("card", world.lay, sees="翻到另一面"),
            *LEAVES,
        ),
        Ended.QUIT,
    ),
    Story(
        "a resident card on the wrong reader",
        (
            *BEGIN,
            Moment("card", world.lay_says(RESIDENT_CARD), sees="请把"),
            Moment("card", world.passes(NOTICED_S), sees="正在读卡"),
            Moment("card", world.pull, sees="放到右边的读卡器上"),
            Moment("card", world.lay_beside, sees="放到右边的读卡器上"),
            *LEAVES,
        ),
        Ended.QUIT,
        before=world.reads_resident_cards(Where.RIGHT),
    ),
    Story(
        "a resident card that two readers see, of which the second reads it",
        (
            *BEGIN,
            Moment("card", world.lay_says(RESIDENT_CARD), sees="请把"),
            Moment("card", world.lay_beside, sees="正在读卡"),
            *LEAVES,
        ),
        Ended.QUIT,
        before=world.reads_resident_cards(Where.SOMEWHERE),
    ),
    Story(
        "the right card on the other reader while a bank card still lies on the first",
        (
            *BEGIN,
            Moment("card", world.lay_says(BANK_CARD), sees="请把"),
            Moment("card", world.lay_beside, sees="这是银行卡"),
            *LEAVES,
        ),
        Ended.QUIT,
    ),
)
