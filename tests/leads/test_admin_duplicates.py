"""Duplicates in the back office: the list, two sheets side by side, the sheet's own panel."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import services
from leads.models import Candidate, DuplicateGroup, Merge
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/duplicategroup/"
SHEET = "/admin/leads/candidate/{}/change/"
PHONE = "+33639981240"


@pytest.fixture
def me(client):
    user = recruiter()
    client.force_login(user)
    return user


@pytest.fixture
def both(me):
    """Kept first: the one who has an address."""
    kept = ask(phone=PHONE, first_name="Amina", postal_code="93100").lead.candidate
    gone = ask(phone=PHONE, first_name="A.", postal_code="75019", email="").lead.candidate
    return kept, gone


def group(user):
    return DuplicateGroup.objects.in_scope_of(user).get()


def post(client, user, act, both, **values):
    sheets = {"kept": both[0].pk, "gone": both[1].pk}
    versions = {"kept_version": both[0].version, "gone_version": both[1].version}
    return client.post(f"{LIST}{group(user).pk}/{act}/", sheets | versions | values)


def page(client, address):
    return client.get(address, headers={"accept-language": "fr"}).content.decode().replace("\xa0", " ")


def waiting(client) -> str:
    sections = client.get(LIST).context["navigation"]
    return next(link.count for section in sections for link in section.links if link.url == LIST)


def test_the_menu_counts_what_waits_for_ones_own_team(client, me, both):
    assert waiting(client) == "1"
    client.force_login(recruiter(TeamFactory()))
    assert waiting(client) == ""
    client.force_login(recruiter(is_superuser=True))
    assert waiting(client) == "1"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_groups_as_for_one(client, me, count, django_assert_num_queries):
    for number in range(count):
        CandidateFactory.create_batch(2, phone=f"+3363998124{number}")
    services.rebuild_duplicates(now=NOW)
    client.get(LIST)
    with django_assert_num_queries(8):
        answer = client.get(LIST)
    assert answer.context["cl"].result_count == count


def test_a_group_of_many_is_one_line(client, me):
    CandidateFactory.create_batch(21, phone=PHONE)
    services.rebuild_duplicates(now=NOW)
    assert "21 personnes" in page(client, LIST)
    answer = client.get(f"{LIST}{group(me).pk}/change/")
    assert answer.context["compared"] is None
    client.post(f"{LIST}{group(me).pk}/ignore/")
    assert client.get(LIST).context["cl"].result_count == 0


def test_the_two_stand_side_by_side_and_who_has_an_address_is_kept(client, me, both):
    compared = client.get(f"{LIST}{group(me).pk}/change/").context["compared"]
    assert (compared.kept, compared.gone) == both
    rows = {row.label: row for row in compared.rows}
    assert [row.choice for row in compared.rows if row.choice] == ["name", "place"]
    assert len(rows) == len(compared.rows)


def test_the_other_one_is_kept_where_one_says_so(client, me, both):
    address = f"{LIST}{group(me).pk}/change/?kept={both[1].pk}&gone={both[0].pk}"
    compared = client.get(address).context["compared"]
    assert (compared.kept, compared.gone) == both[::-1]


@pytest.mark.parametrize("count", [2, 4])
def test_a_comparison_takes_as_many_queries_for_a_group_of_four_as_for_two(
    client, me, count, django_assert_num_queries
):
    for _ in range(count):
        ask(phone=PHONE)
    address = f"{LIST}{group(me).pk}/change/"
    client.get(address)
    with django_assert_num_queries(26):
        client.get(address)


def test_merging_leads_to_the_next_one_and_says_where_it_can_be_undone(client, me, both):
    ask(phone="+33639981241")
    ask(phone="+33639981241")
    other = DuplicateGroup.objects.in_scope_of(me).get(key="+33639981241")
    mine = DuplicateGroup.objects.in_scope_of(me).get(key=PHONE)
    kept, gone = both
    values = {"kept": kept.pk, "gone": gone.pk, "kept_version": 1, "gone_version": 1, "place": "gone"}
    answer = client.post(f"{LIST}{mine.pk}/merge/", values)
    assert answer["Location"] == f"{LIST}{other.pk}/change/"
    kept.refresh_from_db()
    assert kept.postal_code == "75019"
    assert SHEET.format(kept.pk) in page(client, answer["Location"])


def test_a_sheet_changed_meanwhile_comes_back_with_what_changed(client, me, both):
    change = {"actor": me, "expected_version": None, "now": timezone.now()}
    services.correct_candidate(candidate_id=both[0].pk, values={"first_name": "Anna"}, **change)
    answer = post(client, me, "merge", both)
    assert answer.status_code == 409
    assert answer.context["changes"]
    assert Candidate.objects.current().count() == 2


def test_two_people_are_remembered(client, me, both):
    assert post(client, me, "apart", both)["Location"] == LIST
    assert client.get(LIST).context["cl"].result_count == 0
    assert Merge.objects.count() == 0


def test_a_colleague_of_another_team_and_a_manager_decide_nothing(client, me, both):
    mine = group(me)
    values = {"kept": both[0].pk, "gone": both[1].pk, "kept_version": 1, "gone_version": 1}
    for user, status in ((recruiter(TeamFactory()), 404), (staff("managers"), 403)):
        client.force_login(user)
        for act in ("merge", "apart", "ignore"):
            assert client.post(f"{LIST}{mine.pk}/{act}/", values).status_code == status
    assert Candidate.objects.current().count() == 2


@pytest.mark.parametrize("values", [{"gone": "x"}, {"kept_version": "9" * 40}, {"gone": "1" * 30}, {"gone": ""}])
def test_a_form_that_is_not_whole_merges_nothing(client, me, both, values):
    assert post(client, me, "merge", both, **values).status_code in (303, 409)
    assert Candidate.objects.current().count() == 2


def test_the_sheet_shows_its_duplicates_and_undoes_its_merge(client, me, both):
    kept, gone = both
    assert f"{LIST}{group(me).pk}/change/" in page(client, SHEET.format(kept.pk))
    post(client, me, "merge", both)
    merge = Merge.objects.get()
    sheet = page(client, SHEET.format(kept.pk))
    assert "réunie" in sheet
    undo = f"/admin/leads/candidate/{kept.pk}/merges/{merge.pk}/undo/"
    assert undo in sheet
    assert client.get(undo)["Location"] == SHEET.format(kept.pk)
    assert client.post(undo)["Location"] == SHEET.format(gone.pk)
    assert Candidate.objects.current().count() == 2


def test_after_thirty_days_the_sheet_offers_no_undo(client, me, both):
    post(client, me, "merge", both)
    Merge.objects.update(at=timezone.now() - timedelta(days=30))
    assert "/undo/" not in page(client, SHEET.format(both[0].pk))
    undo = f"/admin/leads/candidate/{both[0].pk}/merges/{Merge.objects.get().pk}/undo/"
    client.post(undo)
    assert Candidate.objects.current().count() == 1


def test_calls_that_end_with_the_merge_are_told_beforehand(client, me, both):
    kept, gone = both
    compared = client.get(f"{LIST}{group(me).pk}/change/").context["compared"]
    assert not compared.loses_calls
    Candidate.objects.filter(pk=kept.pk).update(reached_at=timezone.now() + timedelta(days=1))
    compared = client.get(f"{LIST}{group(me).pk}/change/").context["compared"]
    assert compared.loses_calls
