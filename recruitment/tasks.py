"""What beat sends: one task, which looks what is due."""

from celery import shared_task
from django.utils import timezone

from recruitment import jobs


@shared_task(name="recruitment.run_due", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_due() -> None:
    jobs.run_due(timezone.now())
