"""`python -m tests.leads.calls <seed> <calls>`: random calls of services that change counts, one process of several.

Requests of three weeks, spam marked and unmarked one by one and many at once, calls, files on their way, merges and
their undoing, erasures, folding and freezing, all on the same rows.
"""

import os
import sys
from contextlib import suppress
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
    from leads.batch_words import BatchKind  # noqa: PLC0415
    from leads.choices import FileStatus, Outcome  # noqa: PLC0415
    from leads.counts import fold_counts  # noqa: PLC0415
    from leads.errors import LeadsError  # noqa: PLC0415
    from leads.models import Candidate, ContestSession, Lead, Merge, RegistrationFile  # noqa: PLC0415

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

    def mark_many(now: datetime, number: int) -> None:
        leads = list(Lead.objects.order_by("?").values_list("pk", flat=True)[:8])
        kind = random.choice([BatchKind.SPAM, BatchKind.NO_SPAM])
        batch = services.begin_act(kind=kind, list_name="lead", query="", ids=leads, actor=actor, now=now)
        services.try_act(batch_id=batch.pk, options={}, actor=actor, now=now)
        services.confirm_batch(batch_id=batch.pk, actor=actor, now=now)
        services.run_batches(clock=lambda: now)

    def follow(now: datetime, number: int) -> None:
        known = {"actor": actor, "expected_version": None, "now": now}
        if person := Candidate.objects.current().order_by("?").values_list("pk", flat=True).first():
            outcome = random.choice([Outcome.REACHED, Outcome.VOICEMAIL])
            call = services.log_outcome(candidate_id=person, outcome=outcome, **known)
            if random.random() < 0.3:
                services.take_back_outcome(call_id=call.pk, actor=actor, now=now + timedelta(seconds=5))
        if file := RegistrationFile.objects.order_by("?").values_list("pk", flat=True).first():
            services.move_file(file_id=file, to=random.choice(list(FileStatus)), **known)

    def merge(now: datetime, number: int) -> None:
        two = list(Candidate.objects.current().order_by("?").values_list("pk", "version")[:2])
        if len(two) == 2:
            (kept, one), (gone, other) = two
            told = {"kept_id": kept, "gone_id": gone, "taken": (), "expected_versions": (one, other)}
            services.merge_candidates(**told, actor=actor, now=now)

    def undo(now: datetime, number: int) -> None:
        if done := Merge.objects.filter(undone_at__isnull=True).order_by("?").first():
            services.undo_merge(merge_id=done.pk, actor=actor, now=done.at + timedelta(minutes=1))

    def erase(now: datetime, number: int) -> None:
        if person := Candidate.objects.order_by("?").values_list("pk", flat=True).first():
            services.erase_candidate(candidate_id=person, now=now)

    def fold(now: datetime, number: int) -> None:
        fold_counts(limit=random.randrange(1, 40))

    def freeze(now: datetime, number: int) -> None:
        freezing.freeze_due_weeks(now)

    for number in range(calls):
        now = START + timedelta(days=DAYS) * random.random()
        act = random.choices(
            [ask, mark, mark_many, follow, merge, undo, erase, fold, freeze], [46, 16, 4, 16, 4, 2, 2, 8, 2]
        )[0]
        with suppress(LeadsError):  # another process was first
            act(now, number)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
