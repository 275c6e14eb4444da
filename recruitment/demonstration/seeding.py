from datetime import datetime

from django.db import transaction

from recruitment.demonstration import programme
from recruitment.demonstration.accounts import make_accounts
from recruitment.demonstration.cast import make_topics
from recruitment.demonstration.programme import make_programme
from recruitment.demonstration.rooms_2004 import make_rooms_of_2004


def seed(now: datetime) -> str:
    """Bring the demonstration into the database, or up to `now`; the password of its accounts.

    Each part is made once, and again no more; `now` decides on what stands around today.
    """
    password = make_accounts()
    with transaction.atomic():
        topics = make_topics()
        make_rooms_of_2004(topics)
        make_programme(topics, now)
    programme.keep(now)
    return password
