from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recruitment import demonstration


class Command(BaseCommand):
    help = "Bring the demonstration into this database, or up to this day. Again and again without doubling anything."

    def handle(self, **options: Any) -> None:
        password = demonstration.seed(timezone.now())
        names = ", ".join(demonstration.ACCOUNTS)
        self.stdout.write(f"Accounts: {names}\nPassword: {password}")
