"""What a visit can do beside one permit: children, several matters, papers on the spot, and the pictures."""

from __future__ import annotations

from kiosk.view import Touch
from kiosk.visit import Ended
from tests.visits import world
from tests.visits.moments import (
    AFTER_PORTRAIT,
    CARD,
    CHILD_TYPED,
    CHILDS_REST,
    DONE,
    LAY_GUARDIAN,
    MOBILE,
    NEXT,
    NO_REMINDER,
    PORTRAIT_BEGINS,
    SIGN,
    SUBMIT,
    TAKE,
    TAKEN,
    TO_COUNTER,
    UNDERSTOOD,
    USE,
    begin,
)
from tests.visits.playing import Moment, Story
from tests.visits.small_matters import (
    ADULTS_ONLY,
    BADGE,
    CHILD,
    FOR_CHILD,
    PORTRAIT,
    PROOF,
    SEVENTEEN,
    SIXTEEN_TODAY,
    hall_knows_the_child,
)
from tests.visits.stories_pictures import PICTURES

CHILDREN: tuple[Story, ...] = (
    Story(
        "a guardian types the child's number and lays their own card",
        (*CHILD_TYPED, LAY_GUARDIAN, *CHILDS_REST),
        Ended.TICKET,
        before=world.both(world.offers(FOR_CHILD), hall_knows_the_child),
    ),
    Story(
        "a child's own card is laid, then the guardian's",
        (
            *begin("for-child"),
            Moment("card", world.lay_says(CHILD), sees="请把"),
            Moment("card", world.pull, sees="换放监护人的身份证"),
            LAY_GUARDIAN,
            *CHILDS_REST,
        ),
        Ended.TICKET,
        before=world.both(world.offers(FOR_CHILD), hall_knows_the_child),
    ),
    Story(
        "somebody of seventeen is no guardian",
        (
            *CHILD_TYPED,
            Moment("card", world.lay_says(SEVENTEEN), sees="请监护人"),
            Moment("card", world.pull, sees="未满 18 周岁"),
            Moment("card", world.lay, sees="未满 18 周岁"),
            *CHILDS_REST,
        ),
        Ended.TICKET,
        before=world.both(world.offers(FOR_CHILD), hall_knows_the_child),
    ),
    Story(
        "a wrong number and one of sixteen today are refused in words",
        (
            *CHILD_TYPED[:2],
            Moment("form", Touch("next", {"number": "440604201506010000"})),
            Moment("form", Touch("next", {"number": SIXTEEN_TODAY.number}), sees="请检查每一位"),
            Moment("form", CHILD_TYPED[2].act, sees="请本人放自己的卡办理"),
            LAY_GUARDIAN,
            *CHILDS_REST,
        ),
        Ended.TICKET,
        before=world.both(world.offers(FOR_CHILD), hall_knows_the_child),
    ),
    Story(
        "whoever is sixteen today applies alone",
        (*begin("for-child"), Moment("card", world.lay_says(SIXTEEN_TODAY), sees="请把"), *CHILDS_REST),
        Ended.TICKET,
        before=world.offers(FOR_CHILD),
    ),
    Story(
        "a child alone in a matter for adults goes to the counter",
        (*begin("adults-only"), Moment("card", world.lay_says(CHILD), sees="请把"), *TO_COUNTER),
        Ended.TICKET,
        before=world.both(world.offers(ADULTS_ONLY), hall_knows_the_child),
    ),
    Story(
        "the guardian's card is the one that must stay",
        (*CHILD_TYPED, LAY_GUARDIAN, Moment("records", world.pull), Moment("message", Touch("done"), sees="您的卡已取走")),
        Ended.CARD_TAKEN,
        before=world.both(world.offers(FOR_CHILD), hall_knows_the_child),
    ),
)

ANOTHER = Moment("ticket", Touch("another"), sees="再办一件")
FIRST_DONE = (*PORTRAIT_BEGINS, TAKE, USE, NO_REMINDER, SIGN, SUBMIT)
SECOND = (ANOTHER, *begin("badge"))

SEVERAL: tuple[Story, ...] = (
    Story(
        "a second matter asks only what is new",
        (*FIRST_DONE, *SECOND, Moment("records", NEXT, sees="139 0000 1111"), USE, Moment("form", NEXT), SUBMIT, *DONE),
        Ended.TICKET,
        before=world.offers(PORTRAIT, BADGE),
    ),
    Story(
        "a card laid before one of them is chosen is seen to be there",
        (
            Moment("attract", world.lay, sees="一门自助办理"),
            Moment("attract", world.pull, sees="卡已放好，请点要办的事"),
            Moment("attract", world.lay, sees="一门自助办理"),
            Moment("attract", Touch("portrait"), sees="卡已放好，请点要办的事"),
            UNDERSTOOD,
            MOBILE,
            TAKE,
            USE,
            *AFTER_PORTRAIT,
        ),
        Ended.TICKET,
        before=world.offers(PORTRAIT, BADGE),
    ),
    Story(
        "whoever wants nothing else after all keeps the first ticket",
        (*FIRST_DONE, ANOTHER, Moment("attract", Touch("done"), sees="不办别的了"), TAKEN),
        Ended.TICKET,
        before=world.offers(PORTRAIT, BADGE),
    ),
    Story(
        "the card is pulled in the second matter: the first one stands",
        (*FIRST_DONE, *SECOND, Moment("records", world.pull), Moment("message", Touch("done"), sees="前面办好的不受影响")),
        Ended.CARD_TAKEN,
        before=world.offers(PORTRAIT, BADGE),
    ),
    Story(
        "the card is pulled while choosing what else",
        (*FIRST_DONE, ANOTHER, Moment("attract", world.pull, sees="不办别的了")),
        Ended.TICKET,
        before=world.offers(PORTRAIT, BADGE),
    ),
    Story(
        "nobody chooses what else: the screen is wiped",
        (*FIRST_DONE, ANOTHER, Moment("attract", world.passes(80), sees="不办别的了"), TAKEN),
        Ended.IDLE,
        before=world.offers(PORTRAIT, BADGE),
    ),
    Story(
        "with a guardian's card only a child's matters are offered",
        (*CHILD_TYPED, LAY_GUARDIAN, *CHILDS_REST),
        Ended.TICKET,
        before=world.both(world.offers(FOR_CHILD, BADGE), hall_knows_the_child),
    ),
)

PROOF_ASKED = (*begin("proof"), CARD, Moment("records", NEXT), SUBMIT)
ON_THE_SPOT: tuple[Story, ...] = (
    Story(
        "a certificate is issued and printed at once",
        (*PROOF_ASKED, Moment("ticket", world.pull, sees="证明已打印"), DONE[1]),
        Ended.TICKET,
        before=world.both(world.offers(PROOF), world.hall_issues),
    ),
    *(
        Story(
            f"a certificate is issued, but {reason}",
            (*PROOF_ASKED, Moment("ticket", world.pull, sees="请凭编号到窗口打印"), DONE[1]),
            Ended.TICKET,
            before=world.both(world.offers(PROOF), world.hall_issues, happens),
        )
        for reason, happens in (
            ("the page printer is out of paper", world.pages_are_out),
            ("there is no page printer", world.no_page_printer),
            ("the hall goes before it is fetched", world.hall_goes_after_issuing),
        )
    ),
    Story(
        "the hall issues nothing: an ordinary ticket",
        (*PROOF_ASKED, Moment("ticket", world.pull, sees="请在等候区等候叫号"), DONE[1]),
        Ended.TICKET,
        before=world.offers(PROOF),
    ),
)

VISIT_STORIES: tuple[Story, ...] = (*PICTURES, *CHILDREN, *SEVERAL, *ON_THE_SPOT)
