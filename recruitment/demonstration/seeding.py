from datetime import datetime

from django.db import transaction

from leads.public import load_reference_data
from recruitment.demonstration import programme
from recruitment.demonstration.accounts import make_accounts, make_recruiters
from recruitment.demonstration.campaigns import seed_requests
from recruitment.demonstration.cast import make_topics
from recruitment.demonstration.programme import make_programme
from recruitment.demonstration.rooms_2004 import make_rooms_of_2004


def seed(now: datetime) -> str:
    """Bring the demonstration into the database, or up to `now`; the password of its accounts.

    Each part is made once, and again no more; `now` decides on what stands around today.
    """
    password = make_accounts()
    load_reference_data()
    with transaction.atomic():
        topics = make_topics()
        make_rooms_of_2004(topics)
        make_programme(topics, now)
        seed_requests(now, make_recruiters())
    programme.keep(now)
    return password
