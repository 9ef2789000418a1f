"""The card step as it is shown: what to do with the card, and where this terminal takes which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kiosk.config import Where
from kiosk.present import READER_AWAY, Look, frame
from kiosk.view import Button, Tone, View

SEVERAL_TRIES = 3


class CardState(StrEnum):
    """How it stands with the card, as the citizen is told."""

    WAITING = "waiting"
    READING = "reading"
    READER_AWAY = "reader_away"
    WRONG_WAY = "wrong_way"
    STILL_MUTE = "still_mute"
    SEVERAL_CARDS = "several_cards"
    MOVED = "moved"
    NOT_READ = "not_read"
    BANK_CARD = "bank_card"
    TRANSPORT_CARD = "transport_card"
    MEMORY_CARD = "memory_card"
    TRAVEL_DOCUMENT = "travel_document"
    OTHER_READER = "other_reader"
    NO_SUCH_READER = "no_such_reader"
    NOT_SUPPORTED = "not_supported"
    NEEDS_AUTHORITY = "needs_authority"
    NOT_GENUINE = "not_genuine"
    EXPIRED = "expired"
    WRONG_KIND = "wrong_kind"
    NUMBER_INVALID = "number_invalid"
    CHILD_READ = "child_read"
    GUARDIAN = "guardian"
    NOT_ADULT = "not_adult"


WHERE_MATTERS = frozenset({CardState.WAITING, CardState.GUARDIAN, CardState.WRONG_WAY, CardState.STILL_MUTE})
"""A card is about to be laid; or is mute, as a resident card is on a reader that does not read it."""
NO_TROUBLE = frozenset({CardState.WAITING, CardState.READING, CardState.CHILD_READ, CardState.GUARDIAN})

CARD_LEADS: dict[CardState, str] = {
    CardState.WAITING: "请把居民身份证或社会保障卡平放在感应区",
    CardState.READING: "请不要移动卡",
    CardState.READER_AWAY: READER_AWAY,
    CardState.WRONG_WAY: "没有读到芯片。请取走，翻到另一面再放好",
    CardState.STILL_MUTE: "还是没有读到。请把卡都取走，从卡套里取出，一次只放一张",
    CardState.SEVERAL_CARDS: "感应区里不止一张卡。请都取走，一次只放一张",
    CardState.MOVED: "读卡时卡移动了。请取走，重新放好",
    CardState.NOT_READ: "这张卡没有读出来。请取走，重新放好",
    CardState.BANK_CARD: "这是银行卡。请改用居民身份证或社会保障卡",
    CardState.TRANSPORT_CARD: "这是交通卡。请改用居民身份证或社会保障卡",
    CardState.MEMORY_CARD: "这是门禁卡、饭卡一类的卡。请改用居民身份证或社会保障卡",
    CardState.TRAVEL_DOCUMENT: "这是护照或通行证。请改用居民身份证或社会保障卡",
    CardState.OTHER_READER: "这是居民身份证。请取走，放到{where}上",
    CardState.NO_SUCH_READER: "本终端读不了居民身份证。请改用社会保障卡，或到人工窗口办理",
    CardState.NOT_SUPPORTED: "这里不能使用这种卡。请改用居民身份证或社会保障卡",
    CardState.NEEDS_AUTHORITY: "这张社会保障卡的资料受保护，不能在这里读取。请改用居民身份证",
    CardState.NOT_GENUINE: "这张卡在这里无法核验。请带上它到人工窗口办理",
    CardState.EXPIRED: "这张证件已经过了有效期。请改用有效的证件，或到人工窗口办理",
    CardState.WRONG_KIND: "这里办理的事项面向内地居民。持有这种证件，请到人工窗口咨询",
    CardState.NUMBER_INVALID: "卡上的号码不正确，不能在这里使用。请到人工窗口办理",
    CardState.CHILD_READ: "孩子的卡已经读好。请取走，换放监护人的身份证",
    CardState.GUARDIAN: "请监护人把自己的居民身份证或社会保障卡平放在感应区",
    CardState.NOT_ADULT: "这张卡的持有人未满 18 周岁。请换放监护人的身份证",
}

WHERE: Mapping[Where, str] = {
    Where.SOMEWHERE: "另一个读卡器",
    Where.LEFT: "左边的读卡器",
    Where.RIGHT: "右边的读卡器",
    Where.ABOVE: "上面的读卡器",
    Where.BELOW: "下面的读卡器",
}


def card_view(look: Look, state: CardState, tries: int, *, lying: bool) -> View:
    """What to do with the card. `lying`: one that does not serve has to be taken away first."""
    say = look.words
    reading = state is CardState.READING
    title, art = ("请取走卡", "take") if lying else ("正在读卡", "read") if reading else ("请放卡", "lay")
    return frame(
        look,
        "card",
        title,
        _lead(look, state),
        tone=Tone.PLAIN if state in NO_TROUBLE else Tone.CARE,
        points=_points(look, state, tries, lying=lying),
        art=art,
        buttons=(Button("quit", say("不办了")),),
    )


def _lead(look: Look, state: CardState) -> str:
    """What frame() says: a message without values is one already."""
    if state is not CardState.OTHER_READER:
        return CARD_LEADS[state]
    where = look.place.resident_reader or Where.SOMEWHERE
    return look.words(CARD_LEADS[state], where=look.words(WHERE[where]))


def _points(look: Look, state: CardState, tries: int, *, lying: bool) -> tuple[str, ...]:
    say = look.words
    if tries >= SEVERAL_TRIES:
        return (say("试了几次都不行？请点“请人帮忙”，或到人工窗口办理"),)
    which = _which_where(look) if state in WHERE_MATTERS else ()
    return which if lying else (*which, say("办理过程中请不要取走卡"))


def _which_where(look: Look) -> tuple[str, ...]:
    """Where two readers lie apart, a card on the wrong one may not be noticed at all."""
    say, resident, chip = look.words, look.place.resident_reader, look.place.chip_reader
    if resident is None or chip is None or resident is chip or Where.SOMEWHERE in (resident, chip):
        return ()
    return (say("居民身份证放在{resident}，社会保障卡放在{chip}", resident=say(WHERE[resident]), chip=say(WHERE[chip])),)
