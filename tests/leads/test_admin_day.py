"""/admin/ as a recruiter has it: whom to act on today, why, and one person after the other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import services
from leads.choices import ActionKind, FollowUpKind, Stage
from leads.day import count_work
from leads.models import Candidate, Capacity, FollowUp, Lead
from leads.services import Typed
from tests.factories import RoomFactory, UserFactory
from tests.leads.factories import CandidateFactory, ContestSessionFactory, TeamFactory, ask_for_file
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
DAY, SHEET = "/admin/", "/admin/leads/candidate/{}/change/"
NEXT = "/admin/leads/candidate/next/"
TAKE_ON = "/admin/leads/candidate/take-on/"
WARNED = "à répondre pour la première fois d’ici deux heures"


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


def due(name, hours=1, **values):
    at = timezone.now() - timedelta(hours=hours)
    return CandidateFactory(first_name="", last_name=name, next_action_at=at, **values)


def entries(client, **query):
    return [entry.candidate.last_name for entry in client.get(DAY, query).context["day"].entries]


def page(client, address=DAY):
    return client.get(address, headers={"accept-language": "fr"}).content.decode()


def outcome(client, person, **values):
    person.refresh_from_db()
    values = {"expected_version": person.version, "outcome": "voicemail", **values}
    return client.post(f"/admin/leads/candidate/{person.pk}/outcome/", values)


def test_what_is_late_new_and_mine_stands_in_one_order(client, me):
    due("mine", 30, owner=me, stage=Stage.QUALIFIED)
    due("new", 2)
    due("oldest", 60)
    due("colleague's", owner=recruiter())
    due("other team's", team=TeamFactory())
    due("not yet", -48)
    assert entries(client) == ["oldest", "mine", "new"]
    assert entries(client, show="new") == ["oldest", "new"]
    assert entries(client, show="late") == ["oldest", "mine", "new"]
    assert entries(client, show="write") == []
    assert entries(client, show="nonsense") == ["oldest", "mine", "new"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "premier contact"),
        ({"stage": Stage.QUALIFIED}, "à appeler"),
        ({"next_action": ActionKind.WRITE}, "répondre"),
        ({"next_action": ActionKind.CHECK_FILE}, "dossier à contrôler"),
        ({"next_action": ActionKind.RESUME, "stage": Stage.WAITING}, "revient d’attente"),
        ({"next_action_note": "Pièce d’identité manquante"}, "Pièce d’identité manquante"),
    ],
)
def test_the_reason_stands_beside_each(client, me, values, reason):
    due("Delorme", **values)
    assert reason in page(client).replace("&#x27;", "’")


def test_calls_in_vain_are_counted_since_the_last_talk(client, me):
    person = due("Delorme", stage=Stage.CONTACTED, reached_at=timezone.now() - timedelta(days=2))
    for days in (1, 3):
        at = timezone.now() - timedelta(days=days)
        FollowUp.objects.create(candidate=person, kind=FollowUpKind.CALL, outcome="voicemail", at=at)
    assert "rappeler, essai n° 2" in page(client).replace("\xa0", " ")


@pytest.mark.parametrize("count", [1, 3])
def test_the_day_takes_as_many_queries_for_three_as_for_one(client, me, count, django_assert_num_queries):
    for number in range(count):
        ask_for_file(ContestSessionFactory(), phone=f"+3363998124{number}")
    Candidate.objects.update(next_action_at=timezone.now())
    client.get(DAY)
    with django_assert_num_queries(23):
        client.get(DAY)


def test_a_first_answer_that_is_soon_late_is_told_before_it_is(client, me):
    due("soon", -0.01)
    due("later", -3)
    due("late", 1)
    due("known", -0.01, stage=Stage.CONTACTED)
    assert entries(client, show="soon") == ["soon"]
    text = page(client)
    assert "1 nouvelle personne" in text and text.count("réponse avant ") == 1


def test_nothing_is_told_where_no_first_answer_is_soon_late(client, me):
    due("late", 1)
    assert "nouvelle personne" not in page(client)
    assert WARNED not in page(client)


def test_it_is_told_on_every_page_and_on_the_sheet(client, me):
    person, other = due("soon", -0.01), due("later", -3)
    due("colleague's", -0.01, owner=recruiter())
    due("other team's", -0.01, team=TeamFactory())
    for path in (SHEET.format(other.pk), "/admin/leads/lead/", "/admin/leads/duplicategroup/"):
        assert f'>1<span class="visually-hidden"> {WARNED}' in page(client, path)
    assert "première réponse avant " in page(client, SHEET.format(person.pk))
    assert "première réponse avant " not in page(client, SHEET.format(other.pk))


def test_it_takes_no_query_of_its_own(me, django_assert_num_queries):
    due("soon", -0.01)
    count_work(me, timezone.now())  # whose teams are known from then on
    with django_assert_num_queries(1):
        assert count_work(me, timezone.now()) == (1, 1, 0)


def test_whoever_has_no_day_is_told_nothing(client):
    due("soon", -0.01)
    for user in (staff("managers"), UserFactory(is_superuser=True, is_staff=True)):
        client.force_login(user)
        assert WARNED not in page(client, "/admin/leads/lead/")


def test_what_is_known_of_the_next_person_stands_beside_the_number(client, me):
    receipt = ask_for_file(ContestSessionFactory(), phone="+33639981240", message="Faut-il le permis ?")
    person = receipt.lead.candidate
    Candidate.objects.update(next_action="call", next_action_at=timezone.now())
    FollowUp.objects.create(candidate=person, kind=FollowUpKind.CALL, outcome="voicemail", at=timezone.now())
    band = page(client).split("dayparts")[0]
    assert "Faut-il le permis" in band and "Demande de dossier" in band
    assert "1 appel sans réponse" in band and "Dossier\xa0: demandé depuis" in band
    assert "Accepte les appels" not in band


def test_next_shows_the_sheet_of_who_is_held_now(client, me):
    person = due("Delorme")
    answer = client.post(NEXT)
    assert (answer.status_code, answer["Location"]) == (303, SHEET.format(person.pk))
    text = page(client, SHEET.format(person.pk))
    assert "Pour vous jusqu’à" in text and "passer à la suivante" in text
    assert "Delorme" in page(client).split("dayparts")[0]


def test_after_the_outcome_comes_the_next_person(client, me):
    first, second = due("first", 2), due("second", 1)
    client.post(NEXT)
    answer = outcome(client, first, go_on="1")
    assert answer["Location"] == SHEET.format(second.pk)
    assert outcome(client, second, go_on="1")["Location"] == DAY
    assert FollowUp.objects.filter(kind=FollowUpKind.CALL).count() == 2
    assert "Plus personne à appeler" in page(client)


def test_whoever_wants_to_stay_stays(client, me):
    first, _second = due("first", 2), due("second", 1)
    client.post(NEXT)
    assert outcome(client, first)["Location"] == SHEET.format(first.pk)


def test_a_refused_outcome_keeps_the_person_and_the_words(client, me):
    person = due("Delorme")
    client.post(NEXT)
    answer = outcome(client, person, outcome="", text="Hésite encore", go_on="1")
    assert answer.status_code == 422 and "Hésite encore" in answer.content.decode()
    assert services.take_next(actor=me, now=timezone.now()) == person


def test_whom_one_passes_on_a_colleague_may_call(client, me):
    first, second = due("first", 2), due("second", 1)
    client.post(NEXT)
    answer = client.post(f"/admin/leads/candidate/{first.pk}/pass/")
    assert answer["Location"] == SHEET.format(second.pk)
    assert services.take_next(actor=recruiter(), now=timezone.now()) == first


def test_others_see_who_is_calling_whom(client, me):
    person = due("Delorme")
    services.take_next(actor=recruiter(first_name="Karim", last_name="Meunier"), now=timezone.now())
    assert "Karim Meunier est au téléphone" in page(client)
    assert "Karim Meunier est au téléphone" in page(client, SHEET.format(person.pk))
    client.post(f"/admin/leads/candidate/{person.pk}/take/")
    person.refresh_from_db()
    assert person.claimed_by != me


def test_one_of_the_list_is_called_by_name(client, me):
    due("first", 2)
    second = due("second", 1)
    assert client.post(f"/admin/leads/candidate/{second.pk}/take/")["Location"] == SHEET.format(second.pk)
    second.refresh_from_db()
    assert second.claimed_by == me


def test_the_menu_counts_the_day_on_every_page_of_a_recruiter(client, me):
    due("first", 2)
    due("second", 1)
    for address, is_here in ((DAY, True), ("/admin/leads/lead/", False)):
        link = page(client, address).split('<nav class="anav"')[1].split("</li>")[0]
        assert "Ma journée" in link and ">2<" in link
        assert ("aria-current" in link) == is_here


@pytest.mark.parametrize("group", ["managers", "moderators", "speakers"])
def test_others_have_their_pages_and_no_day(client, group):
    client.force_login(staff(group))
    assert "day" not in client.get(DAY).context
    assert "Ma journée" not in page(client)
    assert client.post(NEXT).status_code == 403


def test_a_superuser_has_the_list_of_all_pages(client):
    client.force_login(staff(is_superuser=True))
    assert "Ma journée" not in page(client)


def test_the_rooms_of_a_recruiter_stand_on_their_day(client, me):
    RoomFactory(title="Le renseignement", moderators=[me])
    assert "Le renseignement" in page(client)


def test_an_empty_day_says_so(client, me):
    assert "Personne ne vous attend ici" in page(client)


# --- beside the list ---
def test_who_comes_next_is_named_before_they_are_called_and_nobody_where_all_are_held(client, me):
    due("Delorme", 30, phone="+33639981240", owner=me)
    due("after", 2)
    above = page(client).split("dayparts")[0]
    assert "Delorme" in above and "06 39 98 12 40" in above.replace("\xa0", " ") and "after" not in above
    for _each in range(2):
        services.take_next(actor=recruiter(), now=timezone.now())
    assert client.get(DAY).context["day"].following.candidate.owner == me
    services.take_next(actor=me, now=timezone.now())
    assert client.get(DAY).context["day"].following is None


def test_the_week_tells_calls_files_first_contacts_and_load(client, me):
    person = due("Delorme", owner=me)
    for outcome_of_it in ("reached", "voicemail"):
        services.log_outcome(
            candidate_id=person.pk, outcome=outcome_of_it, actor=me, expected_version=None, now=timezone.now()
        )
    ask_for_file(ContestSessionFactory())
    Candidate.objects.exclude(pk=person.pk).update(owner=me)
    Lead.objects.update(at=timezone.now() - timedelta(days=2), answered_at=timezone.now())
    Capacity.objects.create(member=me, most=250)
    week = client.get(DAY).context["week"]
    assert (week.calls, week.reached, week.load, week.most) == (2, 1, 2, 250)
    assert round(week.first_contact / timedelta(days=1), 1) == 2
    assert "2 fiches sur 250" in page(client)
    client.force_login(recruiter())
    week = client.get(DAY).context["week"]
    assert (week.calls, week.files_complete, week.first_contact, week.load, week.most) == (0, 0, None, 0, None)


def test_those_whom_nobody_follows_are_taken_five_at_a_time_the_longest_waiting_first(client, me):
    start = timezone.now() - timedelta(days=1)
    for number in range(7):
        due(f"free {number}", asked_at=start + timedelta(hours=number))
    due("colleague's", owner=recruiter())
    due("elsewhere", team=TeamFactory())
    assert client.get(DAY).context["queue"].count == 7 and "Prendre les 5" in page(client)
    assert client.post(TAKE_ON)["Location"] == DAY
    mine = Candidate.objects.filter(owner=me).values_list("last_name", flat=True)
    assert set(mine) == {f"free {number}" for number in range(5)}
    assert FollowUp.objects.filter(kind=FollowUpKind.ASSIGNMENT, actor=me).count() == 5
    client.get(TAKE_ON)
    assert Candidate.objects.filter(owner=me).count() == 5
    client.post(TAKE_ON)
    assert Candidate.objects.filter(owner=me).count() == 7
    client.post(TAKE_ON)
    assert "plus rapides" in page(client)
    assert Candidate.objects.get(last_name="elsewhere").owner is None


def test_duplicates_of_the_team_stand_beside_the_day(client, me):
    assert "Doublons à trancher" not in page(client)
    for name in ("Courtial", "Courtiel"):
        services.request_information(
            typed=Typed(email=f"{name}@example.org", first_name="Amina", last_name=name, phone="+33639981240"),
            request_id=name,
            now=timezone.now(),
        )
    told = page(client).split("Doublons à trancher")[1]
    assert "Courtial" in told and "Courtiel" in told
