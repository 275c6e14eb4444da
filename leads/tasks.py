"""Periodic and background work: ids in, harmless when run twice."""

from celery import shared_task
from django.utils import timezone

from leads import mail, services
from leads.counts import fold_counts as fold
from leads.models import Batch, Message

AT_ONCE = 500


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def send_message(message_id: int) -> None:
    mail.deliver(message_id, now=timezone.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def sweep_outbox() -> None:
    """One task a mail, so that a slow server holds up one worker's child and not the others."""
    due = Message.objects.due(timezone.now()).order_by("due_at", "pk")
    for message_id in due.values_list("pk", flat=True)[:AT_ONCE]:
        send_message.delay(message_id)
    if Batch.objects.going(timezone.now()).exists():
        run_batches.delay()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_batches() -> None:
    services.run_batches(clock=timezone.now)


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def fold_counts() -> None:
    fold()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def resume_candidates() -> None:
    services.resume_candidates(now=timezone.now())
