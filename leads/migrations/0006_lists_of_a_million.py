from django.db import migrations, models

TRIGRAMS = {"leads_candidate": "candidate_search_trigrams", "leads_lead": "lead_search_trigrams"}


def add_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, index in TRIGRAMS.items():
            schema_editor.execute(f"CREATE INDEX {index} ON {table} USING gin (search gin_trgm_ops)")


def remove_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for index in TRIGRAMS.values():
            schema_editor.execute(f"DROP INDEX {index}")


def index(name, *fields):
    return migrations.AddIndex(model_name="candidate", index=models.Index(fields=list(fields), name=name))


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL alters no table in the transaction that has just filled it."""

    dependencies = [("leads", "0005_last_request_and_claim")]

    operations = [
        migrations.AlterField("candidate", "asked_at", models.DateTimeField("last request")),
        index("candidate_by_name_and_birth", "name_key", "birth_date"),
        index("candidate_newest", "-asked_at", "-id"),
        index("candidate_by_stage", "stage", "-asked_at", "-id"),
        index("candidate_by_region", "region", "-asked_at", "-id"),
        index("candidate_by_department", "department", "-asked_at", "-id"),
        index("candidate_by_owner_and_action", "owner", "next_action_at"),
        index("candidate_by_action", "next_action_at", "id"),
        migrations.RunPython(add_trigrams, remove_trigrams),
    ]
