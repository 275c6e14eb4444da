"""Fills a PostgreSQL database with so many requests in minutes: those of `seed_scale`, then copies of them in SQL.

`python -m bench.repeat 1000000`. A copy is another person, with an address of their own; all else is as it was.
"""

import os
import sys

import django

AS_MANY = 20_000  # requests that the others are copies of
NUMBERED = r"'user' || (substring(email, '\d+')::bigint + {offset})::text || '@example.org'"
MOVED = "CASE WHEN data ? '{key}' THEN jsonb_set(data, '{{{key}}}', to_jsonb((data ->> '{key}')::bigint + {offset}))"


def fill(total: int) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    from leads.models import Lead
    from leads.progress import restore_progress
    from leads.public import rebuild_counts

    if not Lead.objects.exists():
        call_command("seed_scale", leads=min(AS_MANY, total))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        with transaction.atomic():
            repeat(cursor, total)
        cursor.execute("VACUUM ANALYZE")
    rebuild_counts()
    restore_progress()


def repeat(cursor, total: int) -> None:
    from leads.models import Candidate, Consent, FollowUp, Lead, Receipt, RegistrationFile

    models = (Candidate, Lead, Receipt, RegistrationFile, Consent, FollowUp)
    count = Lead.objects.count()
    last = {model: model.objects.order_by("-pk").values_list("pk", flat=True)[0] for model in models}
    indexes = set_aside(cursor, [model._meta.db_table for model in models])
    for times in range(1, -(-total // count)):
        numbered = NUMBERED.format(offset=times * count)
        address = {"email": numbered, "search": f"replace(search, email, {numbered})"}
        lead, file = (
            MOVED.format(key=key, offset=times * last[of]) for key, of in (("lead", Lead), ("file", RegistrationFile))
        )
        changed = {
            Candidate: address,
            Lead: address,
            Receipt: {"reference": f"'R-' || (id + {times * last[Receipt]})", "request_id": f"'{times}-' || id"},
            FollowUp: {"data": f"{lead} ELSE {file} ELSE data END END"},
        }
        for model in models:
            cursor.execute(copied(model, times, last, changed.get(model, {})))
        print(f"{(times + 1) * count} of {total}", flush=True)
    for statement in ("SET CONSTRAINTS ALL IMMEDIATE", *indexes):
        cursor.execute(statement)
    for table in (model._meta.db_table for model in models):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def copied(model, times: int, last: dict, changed: dict[str, str]) -> str:
    """The statement that writes every row up to the last once more; `last`: of each table, by which its ids move."""
    columns = {}
    for field in model._meta.concrete_fields:
        if field.generated:
            continue  # the database writes it
        of = model if field.primary_key else field.related_model
        columns[field.column] = f"{field.column} + {times * last[of]}" if of in last else field.column
    table, values = model._meta.db_table, (columns | changed).values()
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE id <= {last[model]}"
    )


def set_aside(cursor, tables: list[str]) -> list[str]:
    """Drop the indexes that no constraint needs: sooner made anew than filled; the statements that make them."""
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint) AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
        [tables],
    )
    found = cursor.fetchall()
    for name, _statement in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [statement for _name, statement in found]


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()
    fill(int(sys.argv[1]))
