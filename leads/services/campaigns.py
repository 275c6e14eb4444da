"""What managers keep: campaigns, costs, the press line, goals, and how words of links and answers are read."""

from django.db import transaction

from leads.models import Campaign, Cost, Goal, HeardMapping, LinkMapping, PressLine
from leads.services.sources import said


@transaction.atomic
def keep_steering_row(*, row: Campaign | Cost | Goal | LinkMapping | PressLine) -> None:
    """Keep what the figures are held against, as its form has cleaned it; the constraints of the row hold."""
    row.save()


@transaction.atomic
def map_answers(*, row: HeardMapping) -> None:
    """Answers with these words count as that source, from the next request on."""
    row.text = said(row.text)
    row.save()


@transaction.atomic
def forget_steering_row(*, row: Cost | Goal | HeardMapping | LinkMapping | PressLine) -> None:
    """Take away a line that was wrong; requests keep the source that they were counted under."""
    row.delete()
