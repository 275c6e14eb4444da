"""Many rows at once: on PostgreSQL by COPY and by one UPDATE, elsewhere by what Django offers.

Values are given as the database takes them: text, numbers, moments, days, None; a dict or list is JSON.
"""

import csv
import gc
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

AT_ONCE = 1_000
Row = Sequence[Any]
_EMPTY = {dict: "{}", list: "[]"}


def copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows; `names`: the attributes (`team_id`, not `team`) that each row tells, in its order.

    A column that may be null holds no empty text: it would become null.
    """
    if connection.vendor != "postgresql":
        made = (model(**dict(zip(names, row, strict=True))) for row in rows)
        model._default_manager.bulk_create(made, batch_size=AT_ONCE)
        return
    given = iter(list(rows))  # before the COPY begins: what makes the rows may ask the same connection
    fields = [_field(model, name) for name in names]
    filled = _columns(field for field in fields if not field.null)
    options = f"FORMAT csv, FORCE_NOT_NULL ({filled})" if filled else "FORMAT csv"
    statement = f"COPY {_quote(model._meta.db_table)} ({_columns(fields)}) FROM STDIN WITH ({options})"
    of_json = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while part := list(islice(given, AT_ONCE)):
            copy.write(_as_csv(part, of_json))


def _as_csv(rows: list[Row], of_json: Sequence[int]) -> str:
    """The module of the standard library writes a row in a few microseconds, the driver in tens."""
    told = [list(row) for row in rows] if of_json else rows
    for row in told:
        for place in of_json:
            row[place] = json.dumps(row[place]) if row[place] else _EMPTY[type(row[place])]  # type: ignore[index]
    text = io.StringIO()
    csv.writer(text).writerows(told)
    return text.getvalue()


def update_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Set `names` of rows that exist: each row begins with its id. One statement on PostgreSQL."""
    given = [list(row) for row in rows]
    if not given:
        return
    key, *fields = [_field(model, name) for name in ("pk", *names)]
    table = _quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            spread = ["id", *(f"v{n}" for n in range(len(fields)))]
            typed = ", ".join(f"{v} {f.db_type(connection)}" for v, f in zip(spread, (key, *fields), strict=True))
            setting = ", ".join(f"{_quote(field.column)} = given.v{n}" for n, field in enumerate(fields))
            cursor.execute(
                f"UPDATE {table} SET {setting} FROM json_to_recordset(%s) AS given ({typed}) "  # noqa: S608
                f"WHERE {table}.{_quote(key.column)} = given.id",
                [json.dumps([dict(zip(spread, row, strict=True)) for row in given], default=str)],
            )
        else:
            setting = ", ".join(f"{_quote(field.column)} = %s" for field in fields)
            statement = f"UPDATE {table} SET {setting} WHERE {_quote(key.column)} = %s"  # noqa: S608
            changed = (
                [f.get_db_prep_save(v, connection) for f, v in zip(fields, row[1:], strict=True)] for row in given
            )
            cursor.executemany(statement, [[*values, row[0]] for values, row in zip(changed, given, strict=True)])


def blank(model: type[models.Model]) -> dict[str, Any]:
    """A row as a new instance has it: attribute -> default, in the order of the columns."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that nobody else gets: for rows that refer to each other before they are written. In a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [*cursor.fetchone(), count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = cursor.fetchone()[0] + 1
    return list(range(first, first + count))


def index_later() -> None:
    """Have the trigram indexes of this transaction's rows take up entries in larger lots, which costs a third less."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL gin_pending_list_limit = '16MB'; SET LOCAL work_mem = '32MB'")


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cyclic garbage, which finds none in thousands of rows and looks at all of them anew."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def id_set(ids: Iterable[int]) -> Any:
    """For `pk__in`: on PostgreSQL one array, where thousands of parameters would cost more than the query."""
    wanted = list(ids)
    return RawSQL("SELECT unnest(%s::bigint[])", [wanted]) if connection.vendor == "postgresql" else wanted


def text_set(texts: Iterable[str]) -> Any:
    """The same for columns of text."""
    wanted = list(texts)
    return RawSQL("SELECT unnest(%s::text[])", [wanted]) if connection.vendor == "postgresql" else wanted


def day_set(days: Iterable[date]) -> Any:
    """The same for columns of days."""
    wanted = list(days)
    return RawSQL("SELECT unnest(%s::date[])", [wanted]) if connection.vendor == "postgresql" else wanted


def _field(model: type[models.Model], name: str) -> Any:
    if name == "pk":
        return model._meta.pk
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def _columns(fields: Iterable[Any]) -> str:
    return ", ".join(_quote(field.column) for field in fields)


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
