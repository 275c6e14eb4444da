from django.db import migrations, models

TRIGRAMS = {"leads_candidate": "candidate_search_trigrams", "leads_lead": "lead_search_trigrams"}


def add_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, index in TRIGRAMS.items():
            schema_editor.execute(f"CREATE INDEX {index} ON {table} USING gin (search gin_trgm_ops)")
            # With the hundred samples of the default no planner knows how often two letters come.
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN search SET STATISTICS 1000")


def remove_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for index in TRIGRAMS.values():
            schema_editor.execute(f"DROP INDEX {index}")


def index(name, *fields, **more):
    return migrations.AddIndex(model_name="candidate", index=models.Index(fields=list(fields), name=name, **more))


def newest(name, *fields):
    current = models.Q(merged_into__isnull=True)
    return index(name, *fields, "-asked_at", "-id", "team", condition=current)


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL alters no table in the transaction that has just filled it."""

    dependencies = [("leads", "0005_last_request_and_claim")]

    operations = [
        migrations.AlterField("candidate", "asked_at", models.DateTimeField("last request")),
        index("candidate_by_name_and_birth", "name_key", "birth_date"),
        newest("candidate_newest"),
        newest("candidate_by_stage", "stage"),
        newest("candidate_by_region", "region"),
        newest("candidate_by_department", "department"),
        index("candidate_by_owner_and_action", "owner", "next_action_at"),
        index("candidate_by_action", "next_action_at", "id"),
        migrations.RunPython(add_trigrams, remove_trigrams),
    ]
