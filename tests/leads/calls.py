"""`python -m tests.leads.calls <seed> <calls>`: random calls of services that change counts, one process of several.

Requests of three weeks, spam marked and unmarked, folding and freezing, all on the same rows.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from random import Random

import django

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
DAYS = 22  # three weeks and the Monday after: two of them freeze on the way


def main(seed: int, calls: int) -> None:
    from django.contrib.auth.models import User  # noqa: PLC0415 (after Django is set up)

    from chat.models import Room  # noqa: PLC0415
    from leads import freezing, services  # noqa: PLC0415
    from leads.attribution import Touch, Touches  # noqa: PLC0415
    from leads.counts import fold_counts  # noqa: PLC0415
    from leads.models import ContestSession, Lead  # noqa: PLC0415

    random = Random(seed)
    actor, rooms = User.objects.get(username="caller"), list(Room.objects.values_list("pk", flat=True))
    session = ContestSession.objects.select_related("contest").get()

    def ask(now: datetime, number: int) -> None:
        touch = Touch(source=random.choice(["", "affiche", "ami"]))
        typed = services.Typed(
            email=f"caller{random.randrange(200)}@example.org",
            postal_code=random.choice(["93100", "69001", "", "20200", "97400"]),
            is_abroad=random.random() < 0.1,
            message=f"Question {random.randrange(5)}",
        )
        known = {"typed": typed, "request_id": f"{seed}-{number}", "now": now, "touches": Touches(touch, touch)}
        known["room_id"] = random.choice([None, *rooms])
        if random.random() < 0.4:
            services.request_file(contest_session=session, **known)
        else:
            services.request_information(**known)

    def mark(now: datetime, number: int) -> None:
        if lead := Lead.objects.order_by("?").values_list("pk", flat=True).first():
            random.choice([services.mark_spam, services.unmark_spam])(lead_id=lead, actor=actor, now=now)

    def fold(now: datetime, number: int) -> None:
        fold_counts(limit=random.randrange(1, 40))

    def freeze(now: datetime, number: int) -> None:
        freezing.freeze_due_weeks(now)

    for number in range(calls):
        now = START + timedelta(days=DAYS) * random.random()
        random.choices([ask, mark, fold, freeze], [60, 30, 8, 2])[0](now, number)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
