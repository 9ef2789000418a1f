"""A citizen asks who used their data: what they see, what they can take with them, and what can happen meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from devices.document import Verified
from flows.items import ITEMS
from flows.matters import MATTERS
from flows.usage import Kept, Reader, Use, UseKind
from kiosk.view import Touch
from kiosk.visit import Ended
from tests.kiosk.fakes import Stage
from tests.kiosk.people import LYU, MO, NOW, RECORDS, TITLES
from tests.visits import world
from tests.visits.moments import CARD, TAKEN
from tests.visits.playing import Moment, Story

PERMIT = MATTERS["hk-macau-permit"]
ASK = Moment("attract", Touch("my_data"))
BEGIN = (ASK, Moment("notice", Touch("understood"), sees="只列项目名称"))
SHOW = (*BEGIN, CARD)
DONE = (Moment("review", Touch("done")), TAKEN)
NOTHING = Kept(0)
UNREAD = replace(LYU, verified=Verified.NONE)


def use(days: float, kind: UseKind, reader: Reader, name: str = "", visit: str = "", **more: object) -> Use:
    matter = {} if kind is UseKind.SHOWN else {"matter": PERMIT.code, "matter_title": PERMIT.title}
    return Use(NOW - timedelta(days=days), kind, reader, name, visit, **{**matter, **more})  # type: ignore[arg-type]


def asked(days: float, reader: Reader, name: str, visit: str, **more: object) -> tuple[Use, ...]:
    """A look-up of all departments of the permit."""
    titles = {code: tuple(ITEMS[item].title for item in items) for code, items in RECORDS.items()}
    return tuple(
        use(days, UseKind.ASKED, reader, name, visit, department_title=TITLES[code], items=titles[code], **more)
        for code in reversed(TITLES)
        if titles[code]
    )


USES = (
    use(0, UseKind.SHOWN, Reader.TERMINAL, "K07", "look 1"),
    *asked(0.02, Reader.WINDOW, "3", "visit 3"),
    use(0.02, UseKind.OPENED, Reader.WINDOW, "3", "visit 3"),
    *asked(0.04, Reader.TERMINAL, "K07", "visit 3"),
    use(3, UseKind.PAPER, Reader.TERMINAL, "K02", "visit 2", matter="social-insurance", matter_title="社会保险参保证明"),
    *asked(3.01, Reader.TERMINAL, "K02", "visit 2", from_library=True)[:2],
    use(
        30,
        UseKind.ASKED,
        Reader.TERMINAL,
        "K04",
        "visit 1",
        department_title="公安户籍",
        items=("监护人户号", "监护人与户主关系"),
        as_guardian=True,
    ),
    use(400, UseKind.OPENED, Reader.WINDOW, "", "visit 0"),
    use(401, UseKind.ASKED, Reader.HALL, "", "visit 0", department_title="公安户籍", items=("姓名",)),
    use(402, UseKind.ASKED, Reader.ANOTHER_HALL, "佛山市", "visit 9", department_title="公安户籍", items=("姓名",)),
)
MANY = tuple(replace(USES[5], at=NOW - timedelta(minutes=number), visit=f"visit {number // 5}") for number in range(2000))


def hall_has(*uses: Use, kept: Kept = NOTHING) -> world.World:
    def change(stage: Stage) -> None:
        stage.hall.uses, stage.hall.kept = uses, kept

    return change


READ = hall_has(*USES, kept=Kept(2, ("population", "credit"), 1))


def paper_is_back(stage: Stage) -> None:
    stage.printer.fault = None


def swapped(stage: Stage) -> None:
    stage.plate.lay(MO)


def slow(stage: Stage) -> None:
    stage.hall.answering.clear()


def older(times: int) -> tuple[Moment, ...]:
    return tuple(Moment("review", Touch("older"), sees="更早的记录") for _ in range(times))


def told(name: str, *moments: Moment, ends: Ended = Ended.LOOKED, before: Callable[[Stage], None] = READ) -> Story:
    return Story(name, moments, ends, before=before)


USAGE_STORIES: tuple[Story, ...] = (
    told("who used my data: every read, newest first", *SHOW, *DONE),
    Story(
        "who used my data, in English",
        (
            ASK,
            Moment("notice", Touch("understood")),
            Moment("card", world.lay, sees="Please"),
            DONE[0],
            Moment("message", world.pull),
        ),
        Ended.LOOKED,
        language="en",
        before=READ,
    ),
    told("a card laid while the notice is read is read at once", ASK, Moment("notice", world.lay), BEGIN[1], *DONE),
    told("nobody has ever asked", *SHOW, Moment("message", Touch("done"), sees="没有人查过您的资料"), TAKEN, before=hall_has()),
    told(
        "nobody has asked, but something is kept",
        *SHOW,
        Moment("review", Touch("done"), sees="没有人查过您的资料。"),
        TAKEN,
        before=hall_has(kept=Kept(0, ("population",))),
    ),
    told(
        "the list is printed once",
        *SHOW,
        Moment("review", Touch("print"), sees="打印"),
        Moment("review", Touch("done"), sees="已打印，请取走"),
        TAKEN,
    ),
    told(
        "the paper is out and comes back",
        *SHOW,
        Moment("review", world.paper_is_out),
        Moment("review", Touch("print")),
        Moment("review", world.both(paper_is_back), sees="没有打印出来"),
        Moment("review", Touch("print"), sees="没有打印出来"),
        Moment("review", Touch("done"), sees="已打印，请取走"),
        TAKEN,
    ),
    told(
        "something was not me: to a person, and back to the list",
        *SHOW,
        Moment("review", Touch("not_mine")),
        Moment("message", Touch("back"), sees="或打 12345"),
        *DONE,
    ),
    told(
        "a list of two parts is turned over and back",
        *SHOW,
        Moment("review", Touch("older"), sees="最近的第 1 至 20 条记录"),
        Moment("review", Touch("newer"), sees="最近的第 21 至 30 条记录"),
        *DONE,
        before=hall_has(*MANY[:30]),
    ),
    told("pulling the card ends the look at once", *SHOW, Moment("review", world.pull), ends=Ended.CARD_TAKEN),
    told("another card in its place ends the look", *SHOW, Moment("review", swapped), ends=Ended.CARD_TAKEN),
    told(
        "the card is pulled while the hall is asked",
        *SHOW,
        Moment("busy", world.pull),
        ends=Ended.CARD_TAKEN,
        before=world.both(READ, slow),
    ),
    told(
        "the card is pulled on the way to a person",
        *SHOW,
        Moment("review", Touch("not_mine")),
        Moment("message", world.pull),
        ends=Ended.CARD_TAKEN,
    ),
    told(
        "whoever walks away from the list leaves an empty screen",
        *SHOW,
        Moment("review", world.passes(60)),
        Moment("review", world.passes(20), sees="您还在吗？20 秒后"),
        TAKEN,
        ends=Ended.IDLE,
    ),
    told("the hall is away", *SHOW, Moment("message", Touch("done"), sees="现在查不到记录"), TAKEN, before=world.hall_goes),
    told("the answer of the hall is lost and asked for again", *SHOW, *DONE, before=world.both(READ, world.hall_loses_an_answer)),
    told(
        "a terminal that was revoked shows nothing",
        *SHOW,
        Moment("message", Touch("done"), sees="暂停服务"),
        TAKEN,
        ends=Ended.NOT_TAKEN,
        before=world.both(READ, world.hall_refuses_the_terminal),
    ),
    told(
        "a card that was not really read proves nothing",
        *BEGIN,
        Moment("card", world.lay_says(UNREAD), sees="请把"),
        Moment("card", world.pull, sees="不能使用这种卡"),
        Moment("card", world.lay, sees="请放卡"),
        *DONE,
    ),
    told("whoever does not want to after all", ASK, Moment("notice", Touch("quit")), ends=Ended.QUIT),
    told(
        "without a reader it is said, and it goes on when one is back",
        *BEGIN,
        Moment("card", world.both(world.reader_comes_back, world.lay), sees="正在恢复"),
        *DONE,
        before=world.both(READ, world.reader_goes),
    ),
)

LONG_STORIES: tuple[Story, ...] = (
    told(
        "two thousand reads: the older ones are fetched, and printed as a paper of their own",
        *SHOW,
        *older(50),
        Moment("review", Touch("print"), sees="最近的第 1001 至 1020 条记录"),
        Moment("review", Touch("newer"), sees="已打印，请取走"),
        Moment("review", Touch("done"), sees="最近的第 981 至 1000 条记录"),
        TAKEN,
        before=hall_has(*MANY),
    ),
    told(
        "the hall goes in the middle of two thousand reads",
        *SHOW,
        *older(49),
        Moment("review", world.hall_goes, sees="最近的第 981 至 1000 条记录"),
        Moment("review", Touch("older")),
        Moment("message", Touch("done"), sees="现在查不到记录"),
        TAKEN,
        before=hall_has(*MANY),
    ),
)
"""Too much to be drawn screen by screen."""
