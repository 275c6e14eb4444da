from typing import Any

from django.core.management.base import BaseCommand

from leads.counts import differences, rebuild_counts
from leads.progress import restore_progress


class Command(BaseCommand):
    help = "Make the weekly counts anew, and what leads keep of their progress; the figures must stay the same."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = differences()
        for (dimension, day, value, kind), leads in sorted(wrong.items()):
            self.stdout.write(f"{day} {dimension} {value} {kind}: {leads:+d}")
        self.stdout.write(f"{rebuild_counts()} rows, {len(wrong)} of them were wrong")
        if behind := restore_progress():
            self.stdout.write(f"{behind} leads did not say how far they have come")
