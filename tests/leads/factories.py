"""Rows of the follow-up for tests; requests come through the services, as in life."""

import itertools
from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from leads import services
from leads.attribution import Touch, Touches
from leads.choices import ActionKind, SessionStatus
from leads.models import Candidate, Contest, ContestSession, RegistrationFile, Source, Team
from leads.services import Typed
from leads.services.timeline import derive

NOW = datetime(2026, 11, 19, 17, 27, tzinfo=UTC)  # a Thursday, 18:27 in Paris
_numbers = itertools.count(1)


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Équipe {n}")

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        self.members.set(extracted or [])


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source-{n}")
    label = factory.LazyAttribute(lambda source: source.key.capitalize())


class ContestFactory(DjangoModelFactory):
    class Meta:
        model = Contest

    slug = factory.Sequence(lambda n: f"contest-{n}")
    title = factory.LazyAttribute(lambda contest: contest.slug.capitalize())


class ContestSessionFactory(DjangoModelFactory):
    """Open, without dates; its files need the usual documents."""

    class Meta:
        model = ContestSession
        skip_postgeneration_save = True

    contest = factory.SubFactory(ContestFactory)
    year = 2027
    status = SessionStatus.OPEN

    @factory.post_generation
    def asked_documents(self, create, extracted, **kwargs):
        services.ensure_checklist(session=self)


class CandidateFactory(DjangoModelFactory):
    """New, in the default team, to be called by tomorrow."""

    class Meta:
        model = Candidate

    email = factory.Sequence(lambda n: f"candidate{n}@example.org")
    first_name = "Amina"
    last_name = "Courtial"
    phone = "+33639981240"
    created_at = asked_at = last_contact_at = stage_at = NOW - timedelta(days=2)
    team = factory.LazyFunction(lambda: Team.objects.default())
    next_action = ActionKind.CALL
    next_action_at = NOW + timedelta(days=1)

    @classmethod
    def _create(cls, model_class, **values):
        candidate = model_class(**values)
        derive(candidate)
        candidate.save()
        return candidate


class RegistrationFileFactory(DjangoModelFactory):
    class Meta:
        model = RegistrationFile

    candidate = factory.SubFactory(CandidateFactory)
    contest_session = factory.SubFactory(ContestSessionFactory)
    requested_at = status_at = NOW - timedelta(days=1)


def typed(**values) -> Typed:
    number = next(_numbers)
    given = {"email": f"person{number}@example.org", "first_name": "Amina", "last_name": "Courtial"}
    return Typed(**{**given, "postal_code": "93100", **values})


def ask(*, now=NOW, request_id=None, room_id=None, touches=None, contest_session=None, **values):
    """A request for information, as a form would send it; its receipt."""
    return services.request_information(
        typed=values.pop("typed", None) or typed(**values),
        request_id=request_id or f"form-{next(_numbers)}",
        now=now,
        room_id=room_id,
        touches=touches or Touches(),
        contest_session=contest_session,
    )


def ask_for_file(session, *, now=NOW, request_id=None, room_id=None, touches=None, **values):
    return services.request_file(
        contest_session=session,
        typed=values.pop("typed", None) or typed(**values),
        request_id=request_id or f"form-{next(_numbers)}",
        now=now,
        room_id=room_id,
        touches=touches or Touches(),
    )


def came_from(source: str) -> Touches:
    touch = Touch(source=source)
    return Touches(touch, touch)
