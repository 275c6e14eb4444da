"""Who may be one person, by key; who was told apart; what is left alone."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads import services
from leads.choices import SharedKey
from leads.errors import NotAllowed, NotFound
from leads.models import Candidate, DuplicateGroup, Team
from leads.services.duplicates import Key, look_again
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
PHONE = "+33639981240"
BORN = date(2001, 3, 12)


@pytest.fixture
def me(db):
    return recruiter()


def open_groups(user=None):
    """(kind, people) of the open groups, of those who see everybody."""
    groups = DuplicateGroup.objects.open()
    groups = groups.in_scope_of(user) if user else groups.filter(team__isnull=True)
    return sorted(groups.values_list("kind", "size"))


def group_of(kind=SharedKey.PHONE, team=None):
    return DuplicateGroup.objects.get(kind=kind, team=team or Team.objects.default())


def person(**values) -> Candidate:
    return ask(**values).lead.candidate


def test_two_who_share_a_phone_are_one_group_and_one_alone_is_none():
    person(phone=PHONE)
    assert open_groups() == []
    person(phone=PHONE)
    assert open_groups() == [("phone", 2)]


def test_a_request_without_an_email_stands_beside_the_sheet_with_one_and_never_joins_it():
    known = person(phone=PHONE)
    caller = person(email="", phone=PHONE)
    assert caller != known
    assert known.leads.count() == 1
    assert open_groups() == [("phone", 2)]


def test_the_same_name_needs_the_same_birth_date():
    person(first_name="Zoé", last_name="Traoré-Lenoir", birth_date=BORN)
    person(first_name="Zoe", last_name="TRAORE LENOIR", birth_date=BORN + timedelta(days=1))
    assert open_groups() == []
    person(first_name="Zoe", last_name="TRAORE LENOIR", birth_date=BORN)
    assert open_groups() == [("person", 2)]


def test_a_last_name_alone_with_a_birth_date_says_nothing():
    for _ in range(2):
        person(first_name="", last_name="Vanier", birth_date=BORN)
    assert open_groups() == []


@pytest.mark.parametrize("other", ["lea.vanier@googlemail.com", "leavanier+police@gmail.com"])
def test_a_gmail_address_spelt_otherwise_is_suggested_and_joined_by_nothing(other):
    person(email="lea.vanier@gmail.com")
    person(email=other)
    assert Candidate.objects.count() == 2
    assert open_groups() == [("mail", 2)]


def test_elsewhere_dots_make_two_addresses():
    person(email="lea.vanier@example.org")
    person(email="leavanier@example.org")
    assert open_groups() == []


def test_many_keys_cost_as_many_queries_as_one(django_assert_num_queries):
    phones = [f"+3363998124{n}" for n in range(8)]
    for phone in phones:
        CandidateFactory.create_batch(2, phone=phone)
    keys = [Key(SharedKey.PHONE, phone) for phone in phones]
    with CaptureQueriesContext(connection) as one:
        look_again(keys[:1], now=NOW)
    with django_assert_num_queries(len(one)):
        look_again(keys[1:], now=NOW)
    assert open_groups() == [("phone", 2)] * 8


def test_a_corrected_phone_leaves_one_group_and_joins_another(me):
    first = person(phone=PHONE)
    second = person(phone=PHONE)
    third = person(phone="+33639981241")
    correct = {"actor": me, "expected_version": None, "now": NOW}
    services.correct_candidate(candidate_id=second.pk, values={"phone": "+33639981241"}, **correct)
    assert DuplicateGroup.objects.get(team__isnull=True).key == third.phone
    services.correct_candidate(candidate_id=second.pk, values={"phone": "+33639981242"}, **correct)
    assert open_groups() == []
    assert first.phone == PHONE


def test_a_recruiter_is_shown_what_two_of_their_own_team_share(me):
    other = TeamFactory()
    person(phone=PHONE)
    CandidateFactory(phone=PHONE, team=other)
    services.rebuild_duplicates(now=NOW)
    assert open_groups() == [("phone", 2)]
    assert open_groups(me) == []
    person(phone=PHONE)
    assert open_groups(me) == [("phone", 2)]
    assert open_groups() == [("phone", 3)]
    assert open_groups(recruiter(other)) == []


def test_two_people_told_apart_are_brought_up_by_no_key_again(me):
    both = [person(phone=PHONE, birth_date=BORN), person(phone=PHONE, birth_date=BORN)]
    assert open_groups() == [("person", 2), ("phone", 2)]
    ids = [one.pk for one in both]
    assert services.tell_apart(group_id=group_of().pk, candidate_ids=ids, actor=me, now=NOW) == 1
    assert open_groups() == open_groups(me) == []
    services.rebuild_duplicates(now=NOW)
    assert open_groups() == []


def test_a_third_one_opens_the_group_again(me):
    both = [person(phone=PHONE), person(phone=PHONE)]
    services.tell_apart(group_id=group_of().pk, candidate_ids=[one.pk for one in both], actor=me, now=NOW)
    person(phone=PHONE)
    assert open_groups(me) == [("phone", 3)]


def test_a_stranger_tells_nobody_apart(me):
    ids = [person(phone=PHONE).pk, person(phone=PHONE).pk]
    with pytest.raises(NotFound):
        services.tell_apart(group_id=group_of().pk, candidate_ids=ids, actor=recruiter(TeamFactory()), now=NOW)
    assert open_groups(me) == [("phone", 2)]


def test_nobody_is_told_apart_from_somebody_outside_the_group(me):
    ids = [person(phone=PHONE).pk, person(phone=PHONE).pk, person().pk]
    with pytest.raises(NotFound):
        services.tell_apart(group_id=group_of().pk, candidate_ids=ids, actor=me, now=NOW)


def test_the_phone_of_a_school_is_one_line_and_can_be_left_alone_for_good(me):
    CandidateFactory.create_batch(21, phone=PHONE)
    services.rebuild_duplicates(now=NOW)
    assert open_groups(me) == [("phone", 21)]
    services.ignore_key(group_id=group_of().pk, actor=me, now=NOW)
    person(phone=PHONE)
    assert open_groups() == open_groups(me) == []


def test_twenty_are_compared_and_not_left_alone(me):
    CandidateFactory.create_batch(20, phone=PHONE)
    services.rebuild_duplicates(now=NOW)
    with pytest.raises(NotAllowed):
        services.ignore_key(group_id=group_of().pk, actor=me, now=NOW)


def test_bulk_loads_are_looked_through_at_night_and_what_is_gone_goes():
    first, second = CandidateFactory.create_batch(2)
    assert open_groups() == []
    services.rebuild_duplicates(now=NOW)
    assert open_groups() == [("phone", 2)]
    Candidate.objects.filter(pk=second.pk).update(phone="")
    services.rebuild_duplicates(now=NOW)
    assert open_groups() == []
