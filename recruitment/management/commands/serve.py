import sys
from typing import Any

from django.conf import settings
from django.core.checks import ERROR
from django.core.management.base import BaseCommand

from recruitment import deployment
from recruitment.checks import check_colours


class Command(BaseCommand):
    help = "Production: refuses insecure settings, migrates, gathers static files, serves on PORT until SIGTERM."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.check(include_deployment_checks=True, fail_level=ERROR)
        deployment.open_port().close()  # a taken one is said before the database is touched
        deployment.prepare()
        for warning in check_colours():
            self.stderr.write(str(warning))
        self.stdout.write(f"Serving {settings.SITE_URL} on port {settings.PORT}")
        sys.exit(deployment.serve())
