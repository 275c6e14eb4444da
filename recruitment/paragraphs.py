"""What the contests demand, as paragraphs that the rooms may find and cite: `chat` knows no contest."""

from collections.abc import Iterator

from django.utils import timezone

from chat.public import Paragraph
from leads.public import conditions_in_force


def contest_paragraphs() -> Iterator[Paragraph]:
    """One a condition and contest, with its source and the contest's page."""
    for contest, kind, title, text, source, since in conditions_in_force(timezone.localdate()):
        yield Paragraph(
            key=f"{contest.slug}:{kind}",
            title=f"{title}, {contest.title}",
            text=text,
            source=source,
            dated=since,
            url=contest.get_absolute_url(),
        )
