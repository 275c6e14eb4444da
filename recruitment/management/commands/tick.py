from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recruitment import jobs


class Command(BaseCommand):
    help = "Run whatever periodic job is due, once: for cron, on machines without beat."

    def handle(self, **options: Any) -> None:
        done = jobs.run_due(timezone.now())
        self.stdout.write(f"Done: {', '.join(done)}" if done else "Nothing is due.")
