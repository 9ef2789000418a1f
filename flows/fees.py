"""What things cost, in yuan: the dated price lists of assets/policy/fees.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.policy import Dated, PolicyError, declare, on, read

Entries = Literal["1", "2", "M", "W1"]
"""How often one may go: once, twice, many times, or once in a calendar week."""


@dataclass(frozen=True, kw_only=True)
class EntryPrice:
    """The price of an endorsement of so many entries, from a length in months on."""

    entries: Entries
    months_from: int
    yuan: int


@dataclass(frozen=True, kw_only=True)
class FeeTable(Dated):
    """`fixed` are prices by what is paid for, e.g. hk-macau-permit.card; `rows` those of endorsements."""

    fixed: Mapping[str, int]
    rows: tuple[EntryPrice, ...]

    @property
    def name(self) -> str:
        """What a receipt and a clerk's screen call this table."""
        return f"收费标准 {self.effective_from.isoformat()}"

    def of(self, what: str) -> int:
        """A fixed price; raises PolicyError when the table has none."""
        if what not in self.fixed:
            raise PolicyError(f"no fee for {what} since {self.effective_from}")
        return self.fixed[what]

    def yuan(self, entries: Entries, months: int) -> int:
        """The price of one endorsement of this length. Once a week counts as many times."""
        paid = "M" if entries == "W1" else entries
        rows = [row for row in self.rows if row.entries == paid and row.months_from <= months]
        if not rows:
            raise PolicyError(f"no fee for {entries} entries in {months} months since {self.effective_from}")
        return max(rows, key=lambda row: row.months_from).yuan


@dataclass(frozen=True, kw_only=True)
class Fees:
    table: tuple[FeeTable, ...]


FEES = read(Fees, "fees").table
declare("fees", FEES)


def fees_on(day: date) -> FeeTable:
    return on(day, FEES, "fees")
