"""A process in which recruiters call one person after the other: `python -m tests.leads.calling <user ids> [hold]`.

Prints `took <person> <user>` and `done <person> <user>`; with `hold` it keeps the third, and waits to be killed.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django

HOLDS = 3


def tell(line: str) -> None:
    """In one write: `print` lets the line of another thread in before its end."""
    os.write(1, f"{line}\n".encode())


def work(user_id: int, *, holds: bool) -> int:
    from django.contrib.auth.models import User
    from django.db import connection
    from django.utils import timezone

    from leads import services
    from leads.choices import Outcome

    user, taken = User.objects.get(pk=user_id), 0
    while person := services.take_next(actor=user, now=timezone.now()):
        taken += 1
        tell(f"took {person.pk} {user_id}")
        if holds and taken == HOLDS:
            sys.stdin.read()
        services.log_outcome(
            candidate_id=person.pk,
            outcome=Outcome.VOICEMAIL,
            actor=user,
            expected_version=person.version,
            now=timezone.now(),
        )
        tell(f"done {person.pk} {user_id}")
    connection.close()
    return taken


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()
    users = [int(number) for number in sys.argv[1].split(",")]
    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(lambda user: work(user, holds="hold" in sys.argv), users))
