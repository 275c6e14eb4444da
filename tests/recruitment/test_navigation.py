import pytest
from django.contrib.auth.models import Group

from tests.factories import RoomFactory, SpeakerFactory, UserFactory

pytestmark = pytest.mark.django_db


def menu(client, *groups, **fields) -> list[str]:
    user = UserFactory(**fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return [link.url for section in client.get("/admin/").context["navigation"] for link in section.links]


def test_a_manager_finds_both_reports_and_no_candidate(client):
    found = menu(client, "managers")
    assert {"/admin/reports/weekly/", "/admin/reports/rooms/"} <= set(found)
    assert "/admin/leads/candidate/" not in found


def test_a_moderator_finds_the_rooms_report_and_not_the_weekly_one(client):
    found = menu(client, "moderators")
    assert "/admin/reports/rooms/" in found
    assert "/admin/reports/weekly/" not in found


def test_a_recruiter_finds_no_report_and_no_accounts(client):
    assert not [url for url in menu(client, "recruiters") if "report" in url or "auth" in url]


def test_a_superuser_finds_the_accounts(client):
    assert "/admin/auth/user/" in menu(client, is_superuser=True)


def test_a_speaker_finds_the_consoles_of_their_own_rooms(client):
    user = UserFactory()
    mine, other = RoomFactory(speakers=[SpeakerFactory(user=user)]), RoomFactory()
    client.force_login(user)
    page = client.get("/admin/").content.decode()
    assert f"/rooms/{mine.slug}/console/" in page
    assert f"/rooms/{other.slug}/console/" not in page


def test_a_speaker_of_no_room_is_told_so(client):
    client.force_login(UserFactory())
    page = client.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "A moderator adds you" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_start_page_takes_as_many_queries_for_three_rooms_as_for_one(client, count, django_assert_num_queries):
    user = UserFactory()
    speaker = SpeakerFactory(user=user)
    RoomFactory.create_batch(count, speakers=[speaker])
    client.force_login(user)
    client.get("/admin/")
    with django_assert_num_queries(5):
        client.get("/admin/")


def test_accounts_have_their_groups_as_boxes_and_no_rights_of_their_own(client):
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    page = client.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
    assert page.count('name="groups"') == 4
    assert "user_permissions" not in page


def test_a_list_without_actions_has_no_style_in_it(client):
    client.force_login(UserFactory(is_superuser=True))
    page = client.get("/admin/auth/user/?_popup=1").content.decode()
    assert "<style" not in page
