"""Tables that people upload, CSV or XLSX, read as rows of text; what is hostile or broken is refused with a reason."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from leads.errors import LeadsError

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_LINES = 100_000
MOST_COLUMNS = 60
MOST_SIGNS = 10_000  # of one cell
DELIMITERS = ";\t,"
READ = 1 << 20


class BadTable(LeadsError):
    """The file is none that is read here; the message says why, and in which line."""


def rows_of(file: BinaryIO, size: int) -> tuple[str, Iterator[list[str]]]:
    """(name of the sheet or "", its rows, the headings first). An empty row is an empty list: lines keep their number.

    `file` can be sought in. Raises `BadTable`, also while the rows are read.
    """
    if size > MOST_BYTES:
        raise BadTable(_("The file is larger than %d MiB: split it.") % (MOST_BYTES >> 20))
    if zipfile.is_zipfile(file):
        name, rows = _rows_of_book(file)
    else:
        name, rows = "", _rows_of_text(file)
    return name, _bounded(rows)


def _bounded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_LINES + 1:
            raise BadTable(_("The file has more than %d lines: split it.") % MOST_LINES)
        while row and not row[-1]:
            row.pop()
        if len(row) > MOST_COLUMNS:
            raise BadTable(_("Line %(line)d has more than %(most)d columns.") % {"line": number, "most": MOST_COLUMNS})
        if any(len(cell) > MOST_SIGNS for cell in row):
            raise BadTable(_("A cell of line %d is far too long.") % number)
        yield row


# --- text -----------------------------------------------------------------------------------------------------------
def _rows_of_text(file: BinaryIO) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")
    first = text.readline()
    text.seek(0)
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for row in reader:
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise BadTable(_("Line %d cannot be read: a quotation mark may be missing.") % reader.line_num) from error
    finally:
        if not file.closed:
            text.detach()


def _encoding(file: BinaryIO) -> str:
    """By the mark at the beginning; else UTF-8 if it is, or what Windows writes in France."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    is_utf8 = _is_utf8(file)
    file.seek(0)
    if is_utf8 and b"\0" in start:
        raise BadTable(_("This is no table: send a CSV or an XLSX file."))
    return "utf-8-sig" if is_utf8 else "cp1252"


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := file.read(READ):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# --- XLSX -----------------------------------------------------------------------------------------------------------
@contextmanager
def _readable() -> Iterator[None]:
    """A broken archive makes the library raise whatever it meets: the reader is told one thing, in their words."""
    try:
        yield
    except BadTable:
        raise
    except Exception as error:  # see above
        raise BadTable(_("This is no XLSX file that can be read: save it anew, or as CSV.")) from error


def _rows_of_book(file: BinaryIO) -> tuple[str, Iterator[list[str]]]:
    _require_harmless(file)
    with _readable():
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise BadTable(_("The file has no sheet."))
    sheet.reset_dimensions()  # a cell at the far end says that there are a million rows
    cells = sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS + 1, values_only=True)
    return sheet.title, _rows_of_cells(cells)


def _rows_of_cells(cells: Iterable[Iterable[Any]]) -> Iterator[list[str]]:
    with _readable():
        for row in cells:
            yield [_text(value) for value in row]


def _require_harmless(file: BinaryIO) -> None:
    """By what the archive says that it unpacks to; `zipfile` reads no more than that of any part."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as error:
        raise BadTable(_("This is no XLSX file that can be read: save it anew, or as CSV.")) from error
    if len(parts) > 1_000 or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadTable(_("The file unpacks to more than %d MiB: save it as CSV.") % (MOST_UNPACKED >> 20))
    if any(part.flag_bits & 1 for part in parts):
        raise BadTable(_("The file is locked with a password: save it without one."))
    file.seek(0)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
