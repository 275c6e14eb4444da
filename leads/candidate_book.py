"""The list of candidates as a workbook: written to a file a page at a time, and never held whole."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from typing import IO, Any

import xlsxwriter

from leads.candidate_file import DAYS, MINUTES, NUMBERS, PAGE, Ids, Words
from leads.models import Candidate

MOST_ROWS = 1_048_575  # of a sheet, below its headings
# Rows go to a temporary file one by one, and what is packed may be larger than 2 GiB.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "use_zip64": True}
OWN_DAY, OWN_MINUTE = 14, 22  # formats of a spreadsheet that each reader sees in their country's way
Write = Callable[[int, int, Any], Any]


def write_book(file: IO[bytes], ids: Ids, words: Words) -> Iterator[int]:
    """Write the rows of `ids` in their order; after each page how many are done. Whole once the iterator has ended."""
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(str(Candidate._meta.verbose_name_plural).capitalize())
        sheet.freeze_panes(1, 3)
        sheet.set_column(1, len(words.header) - 1, 18)
        sheet.write_row(0, 0, words.header, book.add_format({"bold": True}))
        writers, numbers = _writers(book, sheet, len(words.header)), count(1)
        for start in range(0, len(ids), PAGE):
            for row, number in zip(words.rows(ids[start : start + PAGE]), numbers, strict=False):
                for place, cell in enumerate(row):
                    if cell is not None and cell != "":
                        writers[place](number, place, cell)
            yield min(start + PAGE, len(ids))


def _writers(book: Any, sheet: Any, columns: int) -> list[Write]:
    """What writes a cell of each column: a number, a day, a moment, else a text."""
    days, minutes = book.add_format({"num_format": OWN_DAY}), book.add_format({"num_format": OWN_MINUTE})

    def day(row: int, place: int, cell: str) -> None:
        sheet.write_datetime(row, place, date.fromisoformat(str(cell)), days)

    def minute(row: int, place: int, cell: str) -> None:
        sheet.write_datetime(row, place, datetime.fromisoformat(cell), minutes)

    special: dict[int, Write] = {
        **dict.fromkeys(NUMBERS, sheet.write_number),
        **dict.fromkeys(DAYS, day),
        **dict.fromkeys(MINUTES, minute),
    }
    return [special.get(place, sheet.write_string) for place in range(columns)]
