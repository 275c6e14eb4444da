from django.db import migrations

GMAIL = ("@gmail.com", "@googlemail.com")
BATCH = 2000


def fill(apps, schema_editor):
    candidates = apps.get_model("leads", "Candidate").objects
    for host in GMAIL:
        batch = []
        for candidate in candidates.filter(email__endswith=host).only("email").iterator(BATCH):
            name = candidate.email.rpartition("@")[0].partition("+")[0]
            candidate.mail_key = name.replace(".", "") + GMAIL[0]
            batch.append(candidate)
            if len(batch) == BATCH:
                candidates.bulk_update(batch, ["mail_key"])
                batch = []
        candidates.bulk_update(batch, ["mail_key"])


class Migration(migrations.Migration):
    """The groups themselves are brought up by the nightly job."""

    dependencies = [("leads", "0011_duplicates_and_exports")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
