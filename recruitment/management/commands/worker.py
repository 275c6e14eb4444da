import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recruitment import deployment
from recruitment.processes import run_together


class Command(BaseCommand):
    help = "A Celery worker and beat, in the foreground until SIGTERM."

    def handle(self, **options: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError("REDIS_URL is not set: without a broker the server process does this work itself.")
        sys.exit(run_together(deployment.worker_commands()))
