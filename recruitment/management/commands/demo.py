import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recruitment import deployment
from recruitment.checks import processes


class Command(BaseCommand):
    help = "The demonstration: migrates, seeds, says where it is and who may log in, serves until SIGTERM."

    def handle(self, **options: Any) -> None:
        for problem in processes():
            raise CommandError(" ".join(filter(None, (problem.msg, problem.hint))))
        deployment.open_port().close()  # a taken one is said before anything is written
        deployment.prepare()
        call_command("seed_demo", stdout=self.stdout)
        self.stdout.write(f"\n  {settings.SITE_URL}/\n  {settings.SITE_URL}/admin/\n")
        self.stdout.flush()
        sys.exit(deployment.serve())
