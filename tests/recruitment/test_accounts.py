"""The list of accounts: who is who in the house's words, and a lost role narrows nothing."""

import pytest
from django.contrib.auth.models import Group

from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
ACCOUNTS = "/admin/auth/user/"


def names_on(page):
    return [user.username for user in page.context["cl"].result_list]


def test_accounts_are_told_by_their_roles_and_narrowed_by_one(client):
    chief = staff(is_superuser=True, username="a.chef")
    recruiter(username="b.recrute", last_name="Brun", is_active=False)
    staff("managers", "moderators", username="c.dirige")
    client.force_login(chief)
    page = client.get(ACCOUNTS)
    text = page.content.decode()
    assert names_on(page) == ["a.chef", "b.recrute", "c.dirige"]
    assert "Modération, Responsables" in text
    assert '<span class="badge warn">fermé</span>' in text
    assert text.count('<span class="badge ok">ouvert</span>') == 2
    assert "icon-yes" not in text
    managers = Group.objects.get(name="managers").pk
    assert names_on(client.get(ACCOUNTS, {"role": managers})) == ["c.dirige"]
    assert len(names_on(client.get(ACCOUNTS, {"role": "x"}))) == 3


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_as_many_queries_for_four_accounts_as_for_one(client, count, django_assert_num_queries):
    chief = staff("managers", is_superuser=True)
    for _number in range(count - 1):
        recruiter()
    client.force_login(chief)
    client.get(ACCOUNTS)
    with django_assert_num_queries(9):
        client.get(ACCOUNTS)
