"""The demonstration departments that decide: their book of applications, over their own wire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from litestar.exceptions import NotFoundException

from hall.demo import acceptances
from hall.demo.acceptances import CHINA, THINKS, Acceptances, AnotherUnderThisKey, Decides
from hall.demo.behaviour import Place
from tests.hall.demo_desk import LYU, DemoDesk
from tests.patience import SOON_S


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, "traffic")


@contextmanager
def book(place: Place) -> Iterator[Acceptances]:
    kept = Acceptances(place, "JG")
    try:
        yield kept
    finally:
        kept.close()


def long_ago(kept: Acceptances) -> None:
    """The officer has had time to think."""
    then = (datetime.now(CHINA) - 2 * THINKS - timedelta(seconds=1)).isoformat(timespec="seconds")
    kept._base.execute("UPDATE application SET accepted_at = ?", (then,))


def test_an_application_is_pending_until_the_officer_has_thought(place: Place) -> None:
    with book(place) as kept:
        number = kept.accept("one", b"{}").number
        assert kept.receipt(number).state == "pending"
        long_ago(kept)
        assert kept.receipt(number).state == "agreed"


def test_an_officer_who_was_told_to_refuses_with_a_reason_and_one_who_holds_says_nothing(place: Place) -> None:
    with book(place) as kept:
        number = kept.accept("one", b"{}").number
        long_ago(kept)
        acceptances.tell(place, Decides.HOLD)
        assert kept.receipt(number).state == "pending"
        acceptances.tell(place, Decides.REFUSE)
        assert (kept.receipt(number).state, kept.receipt(number).reason) == ("refused", "not_eligible")
        acceptances.tell(place, Decides.AGREE)
        assert kept.receipt(number).state == "refused"  # what was decided stays


def test_the_same_application_twice_has_one_number_and_another_under_its_key_is_refused(place: Place) -> None:
    with book(place) as kept:
        assert kept.accept("one", b"{}").number == kept.accept("one", b"{}").number
        with pytest.raises(AnotherUnderThisKey):
            kept.accept("one", b'{"other": 1}')


def test_the_first_ending_stays(place: Place) -> None:
    with book(place) as kept:
        number = kept.accept("one", b"{}").number
        assert kept.end(number, "complete").outcome == kept.end(number, "complete").outcome == "complete"
        with pytest.raises(AnotherUnderThisKey):
            kept.end(number, "withdrawn")
        with pytest.raises(NotFoundException):
            kept.end("JG0", "complete")


@pytest.mark.parametrize(
    ("code", "below"), [("traffic", ""), ("population", ""), ("social_security", "/social"), ("exit_entry", "")]
)
def test_every_department_that_decides_speaks_the_same_way(demo_desk: DemoDesk, code: str, below: str) -> None:
    port = re.search(r":(\d{4,5})", (demo_desk.settings / f"{code}.toml").read_text("utf-8"))
    assert port
    at = f"http://127.0.0.1:{port[1]}{below}/applications"
    auth = ("hall", Place(demo_desk.state, code).password())
    sent = {"content": json.dumps({"idNo": LYU.number}), "headers": {"Idempotency-Key": f"key of {code}"}, "auth": auth}
    number = httpx.post(at, **sent, timeout=SOON_S).json()["number"]  # type: ignore[arg-type]
    assert httpx.get(f"{at}/{number}", auth=auth, timeout=SOON_S).json()["state"] == "pending"
    assert httpx.put(f"{at}/{number}/outcome", json={"outcome": "withdrawn"}, auth=auth).json()["outcome"] == "withdrawn"
    assert httpx.get(f"{at}/{number}", timeout=SOON_S).status_code == 401
