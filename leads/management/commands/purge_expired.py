from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from leads import services


class Command(BaseCommand):
    help = "Tell people whose time of keeping runs out, anonymise those whose time is over. Runs each night by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say how many, do nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        counts = services.purge_expired(now=timezone.now(), dry_run=dry_run)
        told, anonymised = counts["told"], counts["anonymised"]
        self.stdout.write(
            f"Would tell {told} and anonymise {anonymised}." if dry_run else f"Told {told}, anonymised {anonymised}."
        )
