import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import exports, reports, weeks
from leads.report_costs import with_costs
from leads.report_funnel import with_funnel


class Command(BaseCommand):
    help = "Leads per ISO week: of one week with --week, of the last eight otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", help="an ISO week, as 2026-W47")
        parser.add_argument("--by", choices=reports.BY, help="rows of each week")
        parser.add_argument(
            "--funnel", action="store_true", help="visits, and how far the requests of each week have come"
        )
        parser.add_argument("--format", choices=["table", "csv", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        first, last = self._weeks(options["week"], now)
        report = with_costs(reports.weekly(first, last, by=options["by"]), {}, now, by=options["by"] or "")
        if options["funnel"]:
            report = with_funnel(report, {})
        self.stdout.write(_FORMATS[options["format"]](report), ending="")

    def _weeks(self, week: str | None, now: datetime) -> tuple:
        if week is None:
            return weeks.last_weeks(now)
        try:
            return weeks.monday_of(week), weeks.monday_of(week)
        except ValueError as error:
            raise CommandError(_("A week is written like 2026-W47.")) from error


def _csv(report: reports.Weekly) -> str:
    table = exports.weekly_table(report.as_data())
    return exports.as_csv([*table, exports.totals_of(table)])


def _json(report: reports.Weekly) -> str:
    return json.dumps(report.as_data(), ensure_ascii=False, indent=1) + "\n"


def _table(report: reports.Weekly) -> str:
    table = exports.weekly_table(report.as_data())
    lines = [[str(cell) for cell in line] for line in [*table, exports.totals_of(table)]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))])
        + "\n"
        for line in lines
    )


_FORMATS = {"table": _table, "csv": _csv, "json": _json}
