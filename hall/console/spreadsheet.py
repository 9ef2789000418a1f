"""A table that a spreadsheet opens: rows and nothing that it would carry out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from litestar import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cells = Sequence[Sequence[object]]


def spreadsheet(cells: Cells, name: str) -> Response[bytes]:
    """A file to be taken away, in UTF-8 with the mark by which a spreadsheet knows it."""
    table = io.StringIO()
    csv.writer(table).writerows([[_harmless(str(cell)) for cell in row] for row in cells])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(table.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


def _harmless(cell: str) -> str:
    """Terminals and departments tell words of their own: what begins like a formula would be carried out."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
