"""Reports as files. Cells that a spreadsheet would read as a formula are made harmless."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

COLUMNS = ("week", "total", "information", "registration_file")
BOM = "\ufeff"
MASKED = "< 5"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int


def weekly_table(data: dict[str, Any]) -> list[list[Cell]]:
    """Of the weekly JSON: a header and one line a week, further columns (one a row's key) behind the contract's four.

    A masked cell is `MASKED`.
    """
    keys = [row["key"] for row in data["weeks"][0].get("rows", [])] if data["weeks"] else []
    lines: list[list[Cell]] = [[*COLUMNS, *keys]]
    for week in data["weeks"]:
        cells = [*(week[column] for column in COLUMNS), *(row["total"] for row in week.get("rows", []))]
        lines.append([MASKED if cell is None else cell for cell in cells])
    return lines


def totals_of(table: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The last line: each column's sum, masked where one of its cells is."""
    columns = list(zip(*(line[1:] for line in table[1:]), strict=True))
    sums: list[Cell] = [MASKED if MASKED in column else sum(map(int, column)) for column in columns]
    return ["total", *(sums or [0] * (len(table[0]) - 1))]


def as_csv(table: Sequence[Sequence[Cell]]) -> str:
    """UTF-8 with BOM and `;`: what a French spreadsheet opens by itself."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [harmless(cell) for cell in line] for line in table
    )
    return BOM + text.getvalue()


def harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def as_xlsx(
    table: Sequence[Sequence[Cell]], *, name: str = "", more: Mapping[str, Sequence[Sequence[Cell]]] | None = None
) -> bytes:
    """The table on the first, active sheet, `more` behind it by name: texts as texts, integers as numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for title, lines in {name or _("Weeks"): table, **(more or {})}.items():
            _fill(book.add_worksheet(title), lines, bold)
        book.get_worksheet_by_name(name or _("Weeks")).activate()
    return file.getvalue()


def _fill(sheet: Any, table: Sequence[Sequence[Cell]], bold: Any) -> None:
    for row, line in enumerate(table):
        for column, cell in enumerate(line):
            write = sheet.write_string if isinstance(cell, str) else sheet.write_number
            write(row, column, cell, bold if row == 0 else None)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 12)
