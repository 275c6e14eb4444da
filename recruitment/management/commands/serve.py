import sys
from typing import Any

from django.conf import settings
from django.core.checks import ERROR
from django.core.management.base import BaseCommand, CommandError

from recruitment import deployment
from recruitment.checks import check_colours


class Command(BaseCommand):
    help = "Production: refuses insecure settings, migrates, gathers static files, serves on PORT until SIGTERM."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.check(include_deployment_checks=True, fail_level=ERROR)
        deployment.prepare()
        for warning in check_colours():
            self.stderr.write(str(warning))
        self.stdout.write(f"Serving {settings.SITE_URL} on port {settings.PORT}")
        try:
            sys.exit(deployment.serve())
        except OSError as error:
            raise CommandError(f"port {settings.PORT}: {error.strerror}") from error
