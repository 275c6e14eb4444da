"""Reports as files. Cells that a spreadsheet would read as a formula are made harmless."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

COLUMNS = ("week", "total", "information", "registration_file")
BOM = "\ufeff"
MASKED = "< 5"
PEOPLE, NEWCOMERS, FIRST_ANSWER = "people", "newcomers", "first_answer_seconds"
NEVER_SUMMED = {PEOPLE, NEWCOMERS, FIRST_ANSWER}  # distinct in each week, or no count: over weeks they do not add up
EMPTY_IF_NONE = {"visits", FIRST_ANSWER}  # nobody counted, or there is none: nothing is masked by that
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LINE_END = "\r\n"
Cell = str | int


def weekly_table(data: dict[str, Any]) -> list[list[Cell]]:
    """Of the weekly JSON: a header and one line a week, further columns (one a row's key) behind the contract's four.

    A masked cell is `MASKED`.
    """
    first = data["weeks"][0] if data["weeks"] else {}
    columns = (*COLUMNS, *(["cost_cents"] if "cost_cents" in first else []))
    steps = ["visits", PEOPLE, *first["steps"], NEWCOMERS, FIRST_ANSWER] if "steps" in first else []
    lines: list[list[Cell]] = [[*columns, *steps, *(row["key"] for row in first.get("rows", []))]]
    for week in data["weeks"]:
        known = week | week.get("steps", {})
        rows = _told(row["total"] for row in week.get("rows", []))
        lines.append([*(_cell(name, known[name]) for name in (*columns, *steps)), *rows])
    return lines


def _cell(name: str, value: Cell | None) -> Cell:
    return _or_empty(value) if name in EMPTY_IF_NONE else _told([value])[0]


def _told(cells: Iterable[Cell | None]) -> list[Cell]:
    return [MASKED if cell is None else cell for cell in cells]


def funnel_table(weeks: Sequence[str], lines: Iterable[tuple[str, str, Sequence[int | None]]]) -> list[list[Cell]]:
    """(key, label, figure of each week) of each step: a line a step, a column a week, sums at the end."""
    return [["key", "label", *weeks, "total"], *([key, label, *_step(key, cells)] for key, label, cells in lines)]


def _step(key: str, cells: Sequence[int | None]) -> list[Cell]:
    """Visits are empty where none were counted, and nobody's sum is masked for it; people have no sum."""
    shown = [_cell(key, cell) for cell in cells]
    return [*shown, "" if key in NEVER_SUMMED else _sum(shown)]


def breakdown_table(data: dict[str, Any]) -> list[list[Cell]]:
    """Of the weekly JSON with rows: a line a row of the breakdown, a column a week, sums at both ends."""
    weeks = data["weeks"]
    header: list[Cell] = ["key", "label", *(week["week"] for week in weeks), "total"]
    rows = list(zip(*(week["rows"] for week in weeks), strict=True))
    lines = [[row[0]["key"], row[0]["label"], *_summed([cell["total"] for cell in row])] for row in rows]
    return [header, *lines, ["total", "", *_summed([week["total"] for week in weeks])]]


def _summed(cells: Sequence[int | None]) -> list[Cell]:
    return [*_told(cells), MASKED if None in cells else sum(filter(None, cells))]


COST_COLUMNS = (
    *("key", "label", "cost_cents", "leads", "files", "registered"),
    *("per_lead_cents", "per_file_cents", "per_registered_cents"),
)


def costs_table(costs: dict[str, Any]) -> list[list[Cell]]:
    """Of the JSON's `costs`: a line a source, the total, the press where there is one; what is not known is empty."""
    press = [{"key": "press", "label": costs["press"]["since"]} | costs["press"]] if costs["press"] else []
    rows = [*costs["sources"], costs["total"], *press]
    return [[*COST_COLUMNS], *([_or_empty(row.get(column)) for column in COST_COLUMNS] for row in rows)]


def _or_empty(value: Cell | None) -> Cell:
    return "" if value is None else value


def totals_of(table: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The last line: each column's sum, masked where one of its cells is; what is empty adds nothing."""
    columns = list(zip(*(line[1:] for line in table[1:]), strict=True)) or [(0,)] * (len(table[0]) - 1)
    named = zip(table[0][1:], columns, strict=True)
    return ["total", *("" if name in NEVER_SUMMED else _sum(column) for name, column in named)]


def _sum(column: Sequence[Cell]) -> Cell:
    known = [cell for cell in column if cell != ""]
    return MASKED if MASKED in known else sum(map(int, known)) if known else ""


def as_csv(table: Sequence[Sequence[Cell]]) -> str:
    """UTF-8 with BOM and `;`: what a French spreadsheet opens by itself."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator=LINE_END).writerows(
        [harmless(cell) for cell in line] for line in table
    )
    return BOM + text.getvalue()


def harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


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
            if cell == "":
                continue  # a text without a letter is no empty cell
            write = sheet.write_string if isinstance(cell, str) else sheet.write_number
            write(row, column, cell, bold if row == 0 else None)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 12)
