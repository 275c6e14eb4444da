"""Imports requests from a CSV or XLSX file: what would become of each line, then the lines themselves."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads import services
from leads.batch_rows import counts_of, rows_in, why_in_words
from leads.batch_words import TO_BE_DONE, BatchState, Verdict
from leads.errors import LeadsError
from leads.models import Batch

SHOWN = 50


class Command(BaseCommand):
    help = "Imports requests from a file; its columns are known by their headings."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--as", dest="user", help="user name of who imports; else the first superuser")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, now = _actor(options["user"]), timezone.now()
        try:
            with options["file"].open("rb") as file:
                size = options["file"].stat().st_size
                batch = services.begin_import(file=file, size=size, name=options["file"].name, actor=actor, now=now)
            batch = services.try_import(batch_id=batch.pk, options={}, actor=actor, now=now)
            self._tell(batch)
            if options["dry_run"] or not batch.rows.to_do().exists():
                services.forget_batch(batch_id=batch.pk, actor=actor)
                return
            services.confirm_batch(batch_id=batch.pk, actor=actor, now=now)
        except OSError as error:
            raise CommandError(str(error)) from error
        except LeadsError as refusal:
            raise CommandError(str(refusal.message)) from refusal
        services.run_batches(clock=timezone.now)
        self._tell_done(batch)

    def _tell(self, batch: Batch) -> None:
        counts = counts_of(batch)
        for verdict in Verdict:
            if rows := counts.get((verdict, "")):
                self.stdout.write(f"{rows:7} {verdict.label}")
        refused = rows_in(batch, Verdict.REFUSED)
        for row in refused[:SHOWN]:
            self.stdout.write(f"line {row.number}: {why_in_words(row)}")
        if (more := refused.count() - SHOWN) > 0:
            self.stdout.write(f"… and {more} more")

    def _tell_done(self, batch: Batch) -> None:
        batch.refresh_from_db()
        if batch.state == BatchState.FAILED:
            raise CommandError(batch.problem)
        done = sum(rows for (verdict, outcome), rows in counts_of(batch).items() if verdict in TO_BE_DONE and outcome)
        self.stdout.write(f"{done} lines imported as batch {batch.pk}; it can be undone in the back office.")


def _actor(name: str | None) -> User:
    people = User.objects.filter(is_active=True)
    found = people.filter(username=name).first() if name else people.filter(is_superuser=True).order_by("pk").first()
    if found is None:
        raise CommandError("Nobody to import as: make a superuser, or name somebody with --as.")
    return found
