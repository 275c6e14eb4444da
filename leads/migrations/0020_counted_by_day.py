from django.db import migrations, models

COUNTED = models.Q(is_spam=False)
OF_A_WEEK = [
    "day",
    "at",
    "kind",
    "candidate",
    "answered_at",
    "file_step",
    "source",
    "region",
    "contest_session",
]


class Migration(migrations.Migration):
    dependencies = [("leads", "0019_keep_progress")]

    operations = [
        migrations.AddIndex("lead", models.Index(fields=OF_A_WEEK, condition=COUNTED, name="lead_counted_by_day")),
        migrations.AddIndex(
            "lead", models.Index(fields=["candidate", "day"], condition=COUNTED, name="lead_counted_by_candidate")
        ),
        migrations.AddIndex(
            "candidate",
            models.Index(
                fields=["id", "merged_into"], condition=models.Q(merged_into__isnull=False), name="candidate_merged"
            ),
        ),
    ]
