import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models import F, Max
from django.db.models.functions import Coalesce

from leads.identity import search_text

BATCH = 2000


def fill_last_requests(apps, schema_editor):
    """The last request of each; who has none is as old as their row."""
    Candidate = apps.get_model("leads", "Candidate")
    newest = Candidate.objects.filter(pk=models.OuterRef("pk")).annotate(newest=Max("leads__at")).values("newest")
    Candidate.objects.update(asked_at=Coalesce(models.Subquery(newest), F("created_at")))


def fill_search_columns(apps, schema_editor):
    """The postal code is found in the same column as the rest."""
    for name in ("Candidate", "Lead"):
        model, batch = apps.get_model("leads", name), []
        for row in model.objects.iterator(chunk_size=BATCH):
            full_name = f"{row.first_name} {row.last_name}".strip()
            row.search = search_text(full_name, row.email, row.phone, row.postal_code)
            batch.append(row)
            if len(batch) == BATCH:
                model.objects.bulk_update(batch, ["search"])
                batch = []
        model.objects.bulk_update(batch, ["search"])


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0004_names_of_many"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RemoveIndex(model_name="candidate", name="candidate_by_stage"),
        migrations.RemoveIndex(model_name="candidate", name="candidate_newest"),
        migrations.AddField("candidate", "asked_at", models.DateTimeField("last request", null=True)),
        migrations.AddField(
            "candidate",
            "claimed_by",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="held by",
            ),
        ),
        migrations.AddField(
            "candidate",
            "claimed_until",
            models.DateTimeField("held until", null=True, blank=True, editable=False),
        ),
        migrations.RunPython(fill_last_requests, migrations.RunPython.noop),
        migrations.RunPython(fill_search_columns, migrations.RunPython.noop),
    ]
