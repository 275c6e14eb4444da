import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leads import services


class Command(BaseCommand):
    help = "Erase the person of this address everywhere; their requests stay counted. There is no way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, email: str, yes: bool, **options: Any) -> None:
        candidate = services.find_person(email)
        if candidate is None:
            raise CommandError("Nobody has this address. Look the person up in the admin: they may have another one.")
        is_asked = sys.stdin.isatty() and not yes  # a script has said all that it has to say
        if is_asked and input(f"Erase {candidate} for good? Type “yes”: ") != "yes":
            raise CommandError("Nothing was erased.")
        services.erase_candidate(candidate_id=candidate.pk, now=timezone.now())
        self.stdout.write("Erased.")
