"""Duplicates at the same moment: real threads on real connections."""

from functools import partial

import pytest

from leads import services
from leads.choices import FollowUpKind
from leads.errors import LeadsError
from leads.models import Candidate, DuplicateGroup, FollowUp, Lead, Merge
from tests.leads.factories import NOW, ask
from tests.leads.staff import recruiter
from tests.leads.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PHONE = "+33639981240"


def quietly(act, *args, **kwargs):
    try:
        return act(*args, **kwargs)
    except LeadsError as refusal:
        return refusal


@pytest.mark.parametrize("_round", range(5))
def test_eight_strangers_with_one_phone_at_once_see_each_other(_round):
    """Seen to fail without the turns that writers of one key take."""
    at_once(*[partial(ask, phone=PHONE) for _ in range(8)])
    assert sorted(DuplicateGroup.objects.values_list("size", flat=True)) == [8, 8]


def merge_into(kept, gone, actor):
    return services.merge_candidates(
        kept_id=kept.pk,
        gone_id=gone.pk,
        taken=(),
        expected_versions=(kept.version, gone.version),
        actor=actor,
        now=NOW,
    )


@pytest.mark.parametrize("_round", range(3))
def test_two_recruiters_who_merge_one_pair_both_ways_merge_it_once(_round):
    me, colleague = recruiter(), recruiter()
    one, other = ask(phone=PHONE).lead.candidate, ask(phone=PHONE).lead.candidate
    done = at_once(
        *[partial(quietly, merge_into, one, other, me), partial(quietly, merge_into, other, one, colleague)] * 2
    )
    assert sum(isinstance(result, Merge) for result in done) == 1
    assert Candidate.objects.current().count() == 1
    assert Candidate.objects.current().get().leads.count() == 2
    assert FollowUp.objects.filter(kind=FollowUpKind.MERGE).count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_requests_that_come_during_a_merge_are_lost_by_nobody(_round):
    me = recruiter()
    kept, gone = ask(phone=PHONE).lead.candidate, ask(phone=PHONE).lead.candidate
    acts = [partial(ask, email=gone.email, message=f"Question {n}") for n in range(4)]
    at_once(partial(quietly, merge_into, kept, gone, me), *acts)
    assert Lead.objects.count() == 6
    assert Lead.objects.filter(candidate__merged_into__isnull=False).count() == 0
    assert Lead.objects.filter(candidate__isnull=True).count() == 0


@pytest.mark.parametrize("_round", range(3))
def test_a_merge_undone_by_four_at_once_is_undone_once(_round):
    me = recruiter()
    kept, gone = ask(phone=PHONE).lead.candidate, ask(phone=PHONE).lead.candidate
    merge = merge_into(kept, gone, me)
    done = at_once(*[partial(quietly, services.undo_merge, merge_id=merge.pk, actor=me, now=NOW)] * 4)
    assert sum(isinstance(result, Candidate) for result in done) == 1
    assert FollowUp.objects.filter(kind=FollowUpKind.MERGE, data__has_key="undone").count() == 2
    assert Candidate.objects.current().count() == 2
