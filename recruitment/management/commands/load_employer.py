from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recruitment import demonstration


class Command(BaseCommand):
    help = "Load an employer from its folder: organisation, sources, contests, topics, words, paragraphs, letters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="a folder of EMPLOYERS_DIR")

    def handle(self, *, name: str, **options: Any) -> None:
        try:
            demonstration.load_employer(timezone.now(), demonstration.employer_of(name))
        except (demonstration.UnknownEmployer, demonstration.AnotherEmployer) as error:
            raise CommandError(str(error)) from error
