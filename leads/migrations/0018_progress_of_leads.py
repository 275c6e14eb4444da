from django.db import migrations, models

DIMENSIONS = [
    ("all", "all"),
    ("region", "region"),
    ("department", "département"),
    ("source", "source"),
    ("contest", "contest"),
    ("session", "session"),
    ("room", "room"),
    ("age_band", "age band"),
]
KNOWN = models.Q(dimension__in=[value for value, _label in DIMENSIONS])


class Migration(migrations.Migration):
    dependencies = [("leads", "0017_assignment")]

    operations = [
        migrations.AddField(
            "lead",
            "answered_at",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField("lead", "file_step", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.AddField("countdelta", "session", models.CharField(default="none", max_length=20)),
        migrations.RemoveConstraint("dailycount", "count_dimension_is_known"),
        migrations.AlterField("dailycount", "dimension", models.CharField(choices=DIMENSIONS, max_length=10)),
        migrations.AddConstraint(
            "dailycount", models.CheckConstraint(condition=KNOWN, name="count_dimension_is_known")
        ),
    ]
