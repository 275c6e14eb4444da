"""`python -m tests.leads.mondays <moment>`: what one scheduler does at a moment, as a process that can be killed."""

import os
import sys
from datetime import datetime

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
    django.setup()

    from recruitment import jobs

    wanted = ("freeze_weeks", "monday_mail", "follow_up")
    jobs.run_due(datetime.fromisoformat(sys.argv[1]), [job for job in jobs.JOBS if job.name in wanted])
