"""What an unattended citizen wants, and how they answer any screen: the same at a real window and in a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.view import Line, Touch, View

LEAVE = "\0leave"
"""A wish that a line be left for the counter."""

STROKES = "180,120 300,90 420,140;240,60 260,260;380,80 360,240 460,250 520,140;560,100 700,110 620,250"


@dataclass
class Citizen:
    """Wants one matter, with `wishes` by line name; takes what is prefilled as it is, the first of what is offered,
    and leaves to the counter what nobody wished for. `child` is the number of a child they act for."""

    matter: str
    wishes: Mapping[str, str] = field(default_factory=dict)
    child: str = ""
    _begun: bool = False

    def touch(self, view: View) -> Touch | None:
        """What to touch now; None where there is nothing to do but wait or lay a card."""
        match view.kind:
            case "attract":
                if self._begun:
                    return Touch(_main(view))
                self._begun = True
                return Touch(self.matter)
            case "notice":
                return Touch("child" if self.child else _main(view))
            case "card" | "busy":
                return None
            case "photo" if not any(button.main for button in view.buttons):
                return None  # the camera opens, or the picture is looked at
            case _:
                return self._answered(view)

    def _answered(self, view: View) -> Touch:
        values, left = {}, set()
        for line in view.lines:
            if line.kind == "shown":
                continue
            wish = self._wish(line)
            if wish == LEAVE:
                left.add(line.name)
            elif wish is not None:
                values[line.name] = wish
        return Touch(_main(view), values, frozenset(left))

    def _wish(self, line: Line) -> str | None:
        """None: the line is given back as it came."""
        if line.name in self.wishes:
            return self.wishes[line.name]
        if self.child and line.name == "number":
            return self.child
        if line.raw or line.left:
            return None
        if line.kind == "signature":
            return STROKES
        offered = [pick.key for pick in line.picks if not pick.why_not]
        if line.kind == "choice" and offered:
            return offered[0]
        return LEAVE if line.leave else None


def _main(view: View) -> str:
    return next(button.name for button in view.buttons if button.main)


@dataclass(frozen=True)
class Errand:
    """Who comes for a matter, by the key of a specimen, and what they wish."""

    person: str
    wishes: Mapping[str, str] = field(default_factory=dict)


NEITHER = {"public_servant": "no", "soldier": "no"}
AT_HOME = {"lives_at": "household", "postcode": "528000", "emergency_phone": "13902840011", "delivery": "PICKUP"}
NEW_HOME = {
    "new_home_district": "440605",
    "new_home_town": "桂城街道",
    "new_home_road": "南海大道北",
    "new_home_number": "20",
    "new_home_room": "1402",
}
ERRANDS: Mapping[str, Errand] = {
    "hk-macau-permit": Errand("lyu", {**NEITHER, **AT_HOME, "hong_kong": "HK-G-12-2", "macau": "MO-G-12-1", "echannel": "yes"}),
    "passport": Errand("lyu", {**NEITHER, **AT_HOME}),
    "taiwan-permit": Errand("holder", {**NEITHER, **AT_HOME}),
    "resident-card": Errand("oldcard", AT_HOME),
    "residence-permit": Errand("migrant"),
    "social-insurance": Errand("lyu", {"paper": "PROOF", "insurance": "ALL"}),
    "no-criminal-record": Errand("lyu"),
    "household-extract": Errand("lyu", {"kind": "MOVED"}),
    "moving-house": Errand("migrant", {"home": "new", **NEW_HOME}),
}
"""What an unattended tour of each matter does."""
