"""Logging in step by step: a password that must be changed, a telephone, codes on paper, and what nobody gets past."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hall.accounts import Keeper
from hall.entrance import Inside, Outcome, Step, Waiting
from hall.roles import Role
from hall.second_factor import code_at, plain
from hall.staff import Staff
from hall.staff_errors import LastSecurity, NameTaken, NotOwnAccount, NoWindowForRole, PasswordWeak, RolesAtOdds, TooManyTries
from tests.hall.fakes import Hall, dump, open_hall

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
FIRST, OWN = "handed over 1234", "a sentence of my own"
CLERK, SECURITY = frozenset({Role.CLERK}), frozenset({Role.SECURITY})


@asynccontextmanager
async def staffed(folder: Path) -> AsyncIterator[tuple[Hall, Staff]]:
    async with open_hall(folder) as hall:
        staff = Staff(hall.store, hall.clock, QUICK, second_factor=True, hall="某大厅")
        await staff.accounts.add("zhang", FIRST, CLERK)
        yield hall, staff


def told(story: Callable[[Hall, Staff], Awaitable[None]], folder: Path) -> None:
    async def whole() -> None:
        async with staffed(folder) as (hall, staff):
            await story(hall, staff)

    asyncio.run(whole())


def waits(outcome: Outcome | None, step: Step) -> str:
    assert isinstance(outcome, Waiting)
    assert outcome.step is step
    return outcome.token


async def enrolled(hall: Hall, staff: Staff) -> tuple[str, tuple[str, ...]]:
    """The telephone's secret and the recovery codes of zhang, who is logged in at window 3 then."""
    token = waits(await staff.entrance.log_in("zhang", FIRST, "3"), Step.CHOOSE)
    waits(await staff.entrance.choose_password(token, OWN), Step.ENROL)
    found = await staff.entrance.waiting(token)
    assert found is not None
    secret = found[0].secret
    inside = await staff.entrance.enrol(token, code_at(secret, hall.clock()))
    assert isinstance(inside, Inside)
    assert await staff.who(inside.token) is not None
    return secret, inside.codes


async def asked_for_a_code(staff: Staff, window: str = "3") -> str:
    return waits(await staff.entrance.log_in("zhang", OWN, window), Step.CODE)


def test_a_first_log_in_changes_the_password_and_enrols_a_telephone(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, codes = await enrolled(hall, staff)
        assert len(set(codes)) == 10
        kept = "\n".join(dump(hall.path))
        assert not [word for word in (secret, OWN, *codes, *map(plain, codes)) if word in kept]
        hall.clock.later(minutes=1)
        token = await asked_for_a_code(staff)
        assert isinstance(await staff.entrance.give_code(token, code_at(secret, hall.clock())), Inside)
        events = [line.event for line in await hall.store.audit_of("clerk:zhang")]
        assert events[:4] == ["staff_added", "staff_password_chosen", "second_factor_enrolled", "staff_logged_in"]

    told(story, tmp_path)


def test_a_step_is_no_session(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        await enrolled(hall, staff)
        token = await asked_for_a_code(staff)
        assert await staff.who(token) is None
        assert await staff.entrance.choose_password(token, "another sentence") is None
        assert await staff.entrance.enrol(token, "000000") is None
        assert await staff.entrance.give_code("made up", "000000") is None

    told(story, tmp_path)


def test_the_same_code_is_never_taken_twice_not_even_at_once(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, _ = await enrolled(hall, staff)
        hall.clock.later(minutes=1)
        code = code_at(secret, hall.clock())
        tokens = [await asked_for_a_code(staff, window) for window in ("3", "4")]
        outcomes = await asyncio.gather(*(staff.entrance.give_code(token, code) for token in tokens))
        assert sorted(isinstance(outcome, Inside) for outcome in outcomes) == [False, True]
        assert await staff.entrance.give_code(await asked_for_a_code(staff), code) is None

    told(story, tmp_path)


def test_the_code_that_enrolled_the_telephone_is_used(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, _ = await enrolled(hall, staff)
        assert await staff.entrance.give_code(await asked_for_a_code(staff), code_at(secret, hall.clock())) is None

    told(story, tmp_path)


@pytest.mark.parametrize(("off_s", "taken"), [(-61, False), (-30, True), (30, True), (61, False)])
def test_a_telephones_clock_may_be_one_step_off(tmp_path: Path, off_s: int, taken: bool) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, _ = await enrolled(hall, staff)
        hall.clock.later(minutes=5)
        shown = code_at(secret, hall.clock())
        hall.clock.later(seconds=-off_s)
        outcome = await staff.entrance.give_code(await asked_for_a_code(staff), shown)
        assert isinstance(outcome, Inside) is taken

    told(story, tmp_path)


def test_a_recovery_code_stands_in_once(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        _, codes = await enrolled(hall, staff)
        typed = codes[3].upper().replace("-", " ")
        assert isinstance(await staff.entrance.give_code(await asked_for_a_code(staff), typed), Inside)
        assert await staff.entrance.give_code(await asked_for_a_code(staff), codes[3]) is None
        assert [line.event for line in await hall.store.audit_of("clerk:zhang")].count("recovery_code_used") == 1

    told(story, tmp_path)


def test_wrong_codes_count_like_wrong_passwords_at_however_many_windows(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, _ = await enrolled(hall, staff)
        hall.clock.later(minutes=1)
        for window in ("1", "2", "3"):
            assert await staff.entrance.give_code(await asked_for_a_code(staff, window), "000000") is None
        for window in ("4", "5"):
            assert await staff.entrance.log_in("zhang", "guessed", window) is None
        with pytest.raises(TooManyTries):
            await staff.entrance.log_in("zhang", OWN, "6")
        hall.clock.later(minutes=1)
        assert isinstance(
            await staff.entrance.give_code(await asked_for_a_code(staff, "6"), code_at(secret, hall.clock())), Inside
        )

    told(story, tmp_path)


def test_a_right_password_alone_does_not_end_the_count(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        await enrolled(hall, staff)
        for _ in range(5):
            assert await staff.entrance.give_code(await asked_for_a_code(staff), "000000") is None
        with pytest.raises(TooManyTries):
            await staff.entrance.log_in("zhang", OWN, "3")

    told(story, tmp_path)


def test_a_log_in_under_way_ends_after_ten_minutes_and_with_a_new_password(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, _ = await enrolled(hall, staff)
        late = await asked_for_a_code(staff)
        hall.clock.later(minutes=11)
        assert await staff.entrance.give_code(late, code_at(secret, hall.clock())) is None
        token = await asked_for_a_code(staff)
        await staff.accounts.give_password("zhang", FIRST)
        assert await staff.entrance.give_code(token, code_at(secret, hall.clock())) is None

    told(story, tmp_path)


def test_whoever_only_knows_the_password_that_was_handed_over_changes_nothing(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        await enrolled(hall, staff)
        await staff.accounts.give_password("zhang", FIRST)
        token = waits(await staff.entrance.log_in("zhang", FIRST, "3"), Step.CODE)
        assert await staff.entrance.choose_password(token, "another sentence") is None

    told(story, tmp_path)


def test_whoever_chooses_twice_at_once_has_one_password(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        token = waits(await staff.entrance.log_in("zhang", FIRST, "3"), Step.CHOOSE)
        outcomes = await asyncio.gather(*(staff.entrance.choose_password(token, one) for one in (OWN, "another sentence")))
        assert [outcome is None for outcome in outcomes].count(True) == 1
        (own,) = (one for one, outcome in zip((OWN, "another sentence"), outcomes, strict=True) if outcome is not None)
        waits(await staff.entrance.log_in("zhang", own, "3"), Step.ENROL)

    told(story, tmp_path)


@pytest.mark.parametrize(
    ("password", "fault"),
    [("short", "short"), ("passWord1234", "common"), ("aabbaabbaabb", "common"), ("my name is Zhang", "name"), (FIRST, "same")],
)
def test_a_weak_password_is_refused_with_its_fault(tmp_path: Path, password: str, fault: str) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        token = waits(await staff.entrance.log_in("zhang", FIRST, "3"), Step.CHOOSE)
        with pytest.raises(PasswordWeak) as refused:
            await staff.entrance.choose_password(token, password)
        assert refused.value.fault == fault
        waits(await staff.entrance.choose_password(token, OWN), Step.ENROL)

    told(story, tmp_path)


def test_a_shut_account_is_out_at_once_and_gets_no_further_in(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        secret, _ = await enrolled(hall, staff)
        hall.clock.later(minutes=1)
        inside = await staff.entrance.give_code(await asked_for_a_code(staff), code_at(secret, hall.clock()))
        half = await asked_for_a_code(staff)
        assert isinstance(inside, Inside)
        await staff.accounts.set_disabled("zhang", True)
        assert await staff.who(inside.token) is None
        assert await staff.still(inside.token) is None
        assert await staff.unlock(inside.token, OWN) is False
        hall.clock.later(minutes=1)
        assert await staff.entrance.give_code(half, code_at(secret, hall.clock())) is None
        assert await staff.entrance.log_in("zhang", OWN, "3") is None
        await staff.accounts.set_disabled("zhang", False)
        await asked_for_a_code(staff)

    told(story, tmp_path)


def test_a_lost_telephone_is_enrolled_anew(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        _, codes = await enrolled(hall, staff)
        await staff.accounts.reset_second_factor("zhang")
        token = waits(await staff.entrance.log_in("zhang", OWN, "3"), Step.ENROL)
        assert await staff.entrance.give_code(token, codes[0]) is None, "the old codes are gone"

    told(story, tmp_path)


def test_accounts_are_kept_by_rules(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        accounts, keeper = staff.accounts, Keeper("li")
        await accounts.add("li", FIRST, SECURITY)
        with pytest.raises(NameTaken):
            await accounts.add("zhang", FIRST, CLERK)
        with pytest.raises(RolesAtOdds):
            await accounts.set_roles("zhang", CLERK | SECURITY, keeper)
        with pytest.raises(NotOwnAccount):
            await accounts.set_roles("li", CLERK, keeper)
        with pytest.raises(NotOwnAccount):
            await accounts.reset_second_factor("li", keeper)
        with pytest.raises(LastSecurity):
            await accounts.set_disabled("li", True)
        with pytest.raises(LastSecurity):
            await accounts.set_roles("li", CLERK)
        await accounts.add("wu", FIRST, SECURITY)
        await accounts.set_disabled("li", True, Keeper("wu"))
        assert [line.name for line in await accounts.all() if line.disabled] == ["li"]

    told(story, tmp_path)


def test_a_role_without_windows_takes_none_from_anybody(tmp_path: Path) -> None:
    async def story(hall: Hall, staff: Staff) -> None:
        await staff.accounts.add("li", OWN, SECURITY, must_change=False)
        with pytest.raises(NoWindowForRole):
            await staff.entrance.log_in("li", OWN, "3")
        assert isinstance(await staff.entrance.log_in("li", OWN, ""), Waiting)

    told(story, tmp_path)


def test_sessions_without_a_window_leave_each_other_alone(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            staff = Staff(hall.store, hall.clock, QUICK)
            tokens = []
            for name in ("li", "wu"):
                await staff.add(name, OWN)
                token = await staff.log_in(name, OWN, "")
                assert token is not None
                tokens.append(token)
            found = [await staff.who(token) for token in tokens]
            assert [session.clerk for session in found if session] == ["li", "wu"]

    asyncio.run(story())
