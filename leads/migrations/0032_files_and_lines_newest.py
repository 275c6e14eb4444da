from django.db import migrations, models

from recruitment.operations import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0031_plain_letters")]

    operations = [
        AddIndexWhileServing("followup", models.Index(fields=["-at", "-id"], name="follow_up_newest")),
        AddIndexWhileServing("registrationfile", models.Index(fields=["-requested_at", "-id"], name="file_newest")),
    ]
