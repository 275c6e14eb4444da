import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from leads import services


class Command(BaseCommand):
    help = "Everything held about the person of this address, as JSON on the standard output (GDPR art. 15 and 20)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        candidate = services.find_person(email)
        if candidate is None:
            raise CommandError("Nobody has this address. Look the person up in the admin: they may have another one.")
        data = services.my_data(candidate, now=timezone.now())
        self.stdout.write(json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
