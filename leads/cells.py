"""Cells that the database writes itself: what codes are called, moments and days, nothing like a formula.

On PostgreSQL lines of CSV come out ready (COPY), and Python handles none of their cells; elsewhere it writes the same.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import NullIf
from django.utils import timezone

from leads.exports import FORMULA, LINE_END

_PLACE = re.compile(r"\{(\d)\}")
_END = LINE_END.encode()


class Written(Func):
    """SQL of its own for each database; `{0}` stands for the first expression, and so on, as often as it is wanted."""

    output_field = CharField()

    def __init__(self, *of: Any, postgresql: str = "", sqlite: str = "", **extra: Any) -> None:
        super().__init__(*of, postgresql=postgresql, sqlite=sqlite, **extra)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        parts = [compiler.compile(source) for source in self.source_expressions]
        template = self.extra[connection.vendor]
        params = [param for place in _PLACE.findall(template) for param in parts[int(place)][1]]
        return _PLACE.sub(lambda found: parts[int(found[1])][0], template), params


def text(of: Any) -> Any:
    """Nothing where it is empty: COPY would quote an empty text."""
    return NullIf(F(of) if isinstance(of, str) else of, Value(""))


def harmless(of: Any) -> Any:
    """With an apostrophe before what a spreadsheet would read as a formula: `leads.exports.harmless`."""
    signs = Value("".join(FORMULA))
    return Written(
        text(of),
        signs,
        postgresql="CASE WHEN strpos({1}, left({0}, 1)) > 0 THEN '''' || {0} ELSE {0} END",
        sqlite="CASE WHEN instr({1}, substr({0}, 1, 1)) > 0 THEN '''' || {0} ELSE {0} END",
    )


def named(of: Any, names: Mapping[Any, str]) -> Written:
    """What a code or an id is called; nothing where it has no name."""
    told = Value(json.dumps({str(key): name for key, name in names.items()}))
    return Written(
        F(of) if isinstance(of, str) else of,
        told,
        postgresql="({1}::jsonb ->> {0}::text)",
        sqlite="json_extract({1}, '$.\"' || {0} || '\"')",
    )


def minute(of: str) -> Written:
    """A moment as `2026-11-24 16:05`, in the time zone of the site."""
    zone = timezone.get_current_timezone_name()
    return Written(
        F(of),
        postgresql=f"left(({{0}} AT TIME ZONE '{zone}')::text, 16)",  # a third of what `to_char` takes
        sqlite=f"substr(django_datetime_trunc('minute', {{0}}, '{zone}', 'UTC'), 1, 16)",
    )


def day(of: str) -> Written:
    """A day as `2026-11-24`."""
    return Written(F(of), postgresql="{0}::text", sqlite="{0}")


def months_after(moment: str, months: Any) -> Written:
    """The day so many months after that of a moment, as `leads.retention.months_after` has it: SQLite goes over the end
    of a shorter month.
    """
    zone = timezone.get_current_timezone_name()
    local, later = f"django_datetime_cast_date({{0}}, '{zone}', 'UTC')", "'+' || {1} || ' months'"
    last = f"date({local}, 'start of month', {later}, '+1 month', '-1 day')"
    return Written(
        F(moment),
        months,
        postgresql=f"(({{0}} AT TIME ZONE '{zone}')::date + make_interval(months => {{1}}))::date::text",
        sqlite=f"min(date({local}, {later}), {last})",
    )


def csv_lines(rows: QuerySet) -> Iterator[tuple[int, bytes]]:
    """(id, line) of each row of `values_list`, whose first column is the id."""
    if connection.vendor != "postgresql":
        yield from ((row[0], csv_line(row)) for row in rows)
        return
    statement = connection.ops.compose_sql(*rows.query.sql_with_params())  # type: ignore[attr-defined]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # it would compile for longer than a page takes
        with cursor.copy(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')") as lines:
            for line in lines:
                told = bytes(line)
                yield int(told[: told.index(b";")]), told[:-1] + _END


def csv_line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator=LINE_END).writerow(cells)
    return line.getvalue().encode()
