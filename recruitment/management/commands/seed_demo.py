from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recruitment import demonstration


class Command(BaseCommand):
    help = "Bring the demonstration into this database, or up to this day. Again and again without doubling anything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--employer", metavar="NAME", help="a folder of data/employers; else DEMO_EMPLOYER")

    def handle(self, *, employer: str | None = None, **options: Any) -> None:
        try:
            chosen = demonstration.employer_of(employer or settings.DEMO_EMPLOYER)
            password = demonstration.seed(timezone.now(), chosen)
        except (demonstration.UnknownEmployer, demonstration.AnotherEmployer) as error:
            raise CommandError(str(error)) from error
        names = ", ".join(demonstration.ACCOUNTS)
        self.stdout.write(f"Accounts: {names}\nPassword: {password}")
