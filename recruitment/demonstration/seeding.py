from datetime import datetime

from recruitment.demonstration.accounts import make_accounts


def seed(now: datetime) -> str:
    """Bring the demonstration into the database, or up to `now`; the password of its accounts."""
    return make_accounts()
