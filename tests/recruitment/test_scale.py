"""`seed_scale`: many invented people, quickly, as the services would have left them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leads.counts import rebuild_counts
from leads.models import Candidate, DailyCount, Lead, Receipt

pytestmark = pytest.mark.django_db


def seed(count):
    call_command("seed_scale", leads=count, stdout=StringIO())


def test_each_request_is_another_persons_and_has_its_receipt():
    seed(30)
    assert Lead.objects.count() == Receipt.objects.count() == Candidate.objects.count() == 30
    assert Candidate.objects.filter(email="user30@example.org", is_invented=True).exists()
    for candidate in Candidate.objects.all():
        lead = candidate.leads.get()
        assert candidate.asked_at == lead.at and candidate.postal_code in candidate.search


def test_once_more_adds_other_people():
    seed(3)
    seed(2)
    assert set(Candidate.objects.values_list("email", flat=True)) == {f"user{n}@example.org" for n in range(1, 6)}


@pytest.mark.parametrize("count", [0, -3])
def test_a_number_that_is_none_is_refused(count):
    with pytest.raises(CommandError, match="--leads wants a number from 1 on"):
        seed(count)


def test_the_counts_are_those_of_the_leads():
    seed(20)
    counted = set(DailyCount.objects.values_list("dimension", "day", "value", "kind", "leads"))
    rebuild_counts()
    assert counted == set(DailyCount.objects.values_list("dimension", "day", "value", "kind", "leads"))
    assert sum(DailyCount.objects.filter(dimension="all").values_list("leads", flat=True)) == 20
