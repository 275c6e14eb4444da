"""What a recruiter knows before they pick up the phone, in a few sentences."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.choices import FileStatus, Purpose
from leads.lines import origin, request_title
from leads.models import Candidate
from leads.wording import lowered
from recruitment.days import day_in_words

MESSAGE_SHOWN = 160  # letters of what they want to know


def before_call(person: Candidate, in_vain: Sequence[datetime], now: datetime) -> list[str]:
    """What was asked, how far the file is, calls in vain since they were last reached, whether they agree to calls.

    `person` with their `requests`, newest first; two queries.
    """
    return [*_asked(person), *_file(person), *_in_vain(in_vain), *_agreed(person, now)]


def _asked(person: Candidate) -> Iterator[str]:
    lead = next(iter(person.requests), None)  # type: ignore[attr-defined]
    if lead is not None:
        yield _("%s.") % request_title(lead)
        if lead.message:
            yield _("“%s”") % Truncator(" ".join(lead.message.split())).chars(MESSAGE_SHOWN)
        if whence := origin(lead):
            yield whence


def _file(person: Candidate) -> Iterator[str]:
    file = person.files.exclude(status=FileStatus.CLOSED).order_by("-requested_at").first()
    if file:
        words = {"status": lowered(file.get_status_display()), "day": _day(file.status_at)}
        yield _("File: %(status)s since %(day)s.") % words


def _in_vain(calls: Sequence[datetime]) -> Iterator[str]:
    if calls:
        told = ngettext("%(n)d call in vain, on %(day)s.", "%(n)d calls in vain, the last on %(day)s.", len(calls))
        yield told % {"n": len(calls), "day": _day(max(calls))}


def _agreed(person: Candidate, now: datetime) -> Iterator[str]:
    word = person.consents.given_at(now).filter(purpose=Purpose.PHONE).first()
    if word and word.expires_at:
        yield _("Agrees to calls until %s.") % day_in_words(timezone.localtime(word.expires_at), _("j F Y"))


def _day(at: datetime) -> str:
    return day_in_words(timezone.localtime(at), _("l j F"))
