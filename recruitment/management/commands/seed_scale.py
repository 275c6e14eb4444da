from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recruitment.demonstration import scale


class Command(BaseCommand):
    help = "Add so many invented requests, each of another person, to see how a big database behaves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leads", type=int, required=True, metavar="N", help="how many requests")

    def handle(self, *, leads: int, **options: Any) -> None:
        if leads < 1:
            raise CommandError("--leads wants a number from 1 on.")
        for done in scale.seed(leads, now=timezone.now()):
            self.stdout.write(f"{done} of {leads}")
