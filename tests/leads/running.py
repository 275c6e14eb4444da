"""One worker that runs what is confirmed, in small parts: `python -m tests.leads.running <minutes from now>`."""

import os
import sys
from datetime import timedelta

import django

PART = 20

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()

    from django.utils import timezone

    from leads.services import batches

    batches.RUNNERS = {kind: runner._replace(part=PART) for kind, runner in batches.RUNNERS.items()}
    ahead = timedelta(minutes=int(sys.argv[1]))
    batches.run_batches(clock=lambda: timezone.now() + ahead)
