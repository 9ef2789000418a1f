"""Which department is asked for what: authority, what is withheld, and what came of each item."""

from __future__ import annotations

from flows.application import Outcome, SourceAnswer
from hall.datasets import Withheld
from hall.departments.connection import DepartmentFailure
from hall.inquiries import Inquiry, inquiries
from tests.hall.fake_departments import (
    ITEMS,
    NOON,
    ORDER,
    SUPPLIERS,
    WELL,
    FakeLibrary,
    Hall,
    Withholding,
    everything_shared,
    failing,
    outcomes,
)

TODAY = NOON.date()


def asked(items: tuple[str, ...] = ITEMS, **why: Withheld) -> dict[str, Inquiry]:
    """By department; `why` by item and department, e.g. name_household."""
    named = {"name": "person.name", "mobile": "contact.mobile", "address": "household.address"}
    withheld = {(named[key.partition("_")[0]], key.partition("_")[2]): reason for key, reason in why.items()}
    found = inquiries(Withholding(SUPPLIERS, ORDER, (), {}, withheld), items, "permit", TODAY)
    return {inquiry.department: inquiry for inquiry in found}


def test_departments_come_in_the_order_of_authority_with_their_own_items() -> None:
    found = inquiries(everything_shared(SUPPLIERS, ORDER), ITEMS, "permit", TODAY)
    assert [inquiry.department for inquiry in found] == list(ORDER)
    assert found[0].items == ("person.name", "household.address")
    assert found[2].items == ("permit.number", "contact.mobile")


def test_a_department_with_authority_for_nothing_is_not_told_who_stands_here() -> None:
    assert set(asked(("person.name",))) == {"household"}


def test_where_the_one_with_authority_withholds_the_next_takes_its_place() -> None:
    found = asked(("person.name",), name_household="not_shared")
    assert found["household"] == Inquiry("household", (), {"person.name": "not_shared"})
    assert found["social_security"] == Inquiry("social_security", ("person.name",), {})


def test_what_only_the_second_withholds_leaves_the_first_in_its_place() -> None:
    found = asked(("person.name", "contact.mobile"), name_social_security="not_for_matter")
    assert found["household"].items == ("person.name",)
    assert found["social_security"] == Inquiry("social_security", ("contact.mobile",), {"person.name": "not_for_matter"})


def test_a_department_with_all_its_items_withheld_is_not_asked_and_says_why() -> None:
    hall = Hall(withheld={("permit.number", "exit_entry"): "not_in_force", ("contact.mobile", "exit_entry"): "not_shared"})
    found = hall.lookup()
    source = of(found.sources, "exit_entry")
    assert (source.outcome, source.reason) == (Outcome.NOT_ASKED, "not_in_force")
    assert source.withheld == {"permit.number": "not_in_force", "contact.mobile": "not_shared"}
    assert not hall.exit_entry.asked
    assert "exit_entry" not in dict(hall.logged)
    assert source.outcome_of("permit.number") is Outcome.NOT_ASKED


def test_a_withheld_item_is_never_sent_and_the_rest_is() -> None:
    hall = Hall(withheld={("household.address", "household"): "not_for_matter"})
    found = hall.lookup()
    assert outcomes(found)["household"] == WELL
    assert hall.household.asked == [("440602199202299863", ("person.name",))]
    assert not found.records("household.address")
    source = of(found.sources, "household")
    assert source.withheld == {"household.address": "not_for_matter"}
    assert (source.outcome_of("household.address"), source.outcome_of("person.name")) == (Outcome.NOT_ASKED, Outcome.RECORD)


def test_where_the_one_with_authority_is_silent_nobody_else_is_told_but_whoever_was_asked_counts() -> None:
    hall = Hall()
    hall.household.before = failing(DepartmentFailure("down"))
    found = hall.lookup(("person.name",))
    assert set(outcomes(found)) == {"household"}
    assert not hall.social_security.asked
    both = hall.lookup(("person.name", "contact.mobile"), fresh=True)
    assert [record.department for record in both.records("person.name")] == ["social_security"]


def test_every_item_has_its_own_outcome() -> None:
    hall = Hall()
    del hall.household.values["household.address"]
    hall.social_security.values = {}
    hall.exit_entry.before = failing(DepartmentFailure("down"))
    sources = {source.department: source for source in hall.lookup().sources}
    assert sources["household"].outcome_of("person.name") is Outcome.RECORD
    assert sources["household"].outcome_of("household.address") is Outcome.NO_RECORD
    assert sources["household"].outcome_of("permit.number") is Outcome.NOT_ASKED
    assert sources["social_security"].outcome_of("contact.mobile") is Outcome.NO_RECORD
    assert sources["exit_entry"].outcome_of("permit.number") is Outcome.NO_ANSWER
    assert sources["market_regulation"].outcome_of("company.name") is Outcome.NOT_ASKED


def test_what_the_library_lacks_stays_unanswered() -> None:
    hall = Hall(library=FakeLibrary({("household", "440602199202299863"): {"person.name": "吕晓岚"}}))
    hall.household.before = failing(DepartmentFailure("down"))
    source = of(hall.lookup().sources, "household")
    assert source.outcome_of("person.name") is Outcome.RECORD
    assert source.outcome_of("household.address") is Outcome.NO_ANSWER


def of(sources: tuple[SourceAnswer, ...], department: str) -> SourceAnswer:
    return next(source for source in sources if source.department == department)
