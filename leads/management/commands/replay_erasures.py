from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from leads import services


class Command(BaseCommand):
    help = "After a backup was restored: erase anew whom it has brought back. `serve` and `demo` do it by themselves."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Erased anew: {services.replay_erasures(now=timezone.now())}.")
