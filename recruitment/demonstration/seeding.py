from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chat.models import Topic
from leads.public import load_letters, load_reference_data
from recruitment.demonstration import programme
from recruitment.demonstration.accounts import make_accounts, make_recruiters
from recruitment.demonstration.calls import open_calls
from recruitment.demonstration.campaigns import seed_requests
from recruitment.demonstration.cast import date_sessions, make_texts, make_topics
from recruitment.demonstration.contacts import seed_contacts
from recruitment.demonstration.employers import POLICE, Employer, installed
from recruitment.demonstration.programme import make_programme
from recruitment.demonstration.rooms_2004 import make_rooms_of_2004
from recruitment.demonstration.steering import seed_steering


class AnotherEmployer(Exception):
    """The database is another employer's."""


@transaction.atomic
def load_employer(now: datetime, employer: Employer) -> dict[str, Topic]:
    """What an employer works with, and nobody invented; its topics by key. Raises `AnotherEmployer`."""
    if (held := installed()) and held != employer:
        raise AnotherEmployer(f"This database holds the demonstration of “{held.name}”.")
    load_reference_data(employer.name)
    load_letters(now=now)
    topics = make_topics(employer)
    make_texts(topics, employer)
    return topics


def seed(now: datetime, employer: Employer = POLICE) -> str:
    """Bring the demonstration into the database, or up to `now`; the password of its accounts.

    Each part is made once, and again no more; `now` decides on what stands around today.
    Raises `AnotherEmployer`: one database is one employer's.
    """
    topics = load_employer(now, employer)
    password = make_accounts()
    date_sessions(employer, timezone.localdate(now))
    with transaction.atomic():
        if "archive" in employer.told:
            make_rooms_of_2004(topics, employer)
        make_programme(topics, now, employer)
        recruiters = make_recruiters()
        seed_requests(now, recruiters, employer)
        seed_contacts(now, recruiters[0], employer)
        open_calls(now, recruiters[0])
        seed_steering(now, employer)
    programme.keep(now)
    return password
