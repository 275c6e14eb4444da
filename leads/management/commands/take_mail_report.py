import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from leads import services
from leads.mail_reports import read_report


class Command(BaseCommand):
    help = (
        "Note what mail servers report: mails that came back, mails called unwanted. Reads one report from standard "
        "input, as a mail server pipes it, or each of the files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="reports as they came, one mail a file")

    def handle(self, *, files: list[Path], **options: Any) -> None:
        mails = [path.read_bytes() for path in files] if files else [sys.stdin.buffer.read()]
        reports = [report for mail in mails for report in read_report(mail)]
        taken = services.take_mail_reports(reports, now=timezone.now())
        self.stdout.write(f"{len(mails)} mails, {len(reports)} reports, {taken} noted")
