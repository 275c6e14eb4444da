"""Contests, sessions, sources for managers; teams and the organisation for superusers."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from leads.choices import FollowUpKind
from leads.models import Contest, ContestSession, Organisation, Source, Team
from tests.leads.factories import CandidateFactory, ContestFactory, ContestSessionFactory, SourceFactory, TeamFactory
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
MANAGERS = ("contest", "contestsession", "source")
SUPERUSERS = ("team", "organisation")


@pytest.fixture
def rows():
    session = ContestSessionFactory()
    return {
        "contest": session.contest,
        "contestsession": session,
        "source": SourceFactory(),
        "team": Team.objects.default(),
        "organisation": Organisation.objects.current(),
    }


def status(client, model, rows, page="change"):
    return client.get(f"/admin/leads/{model}/{rows[model].pk}/{page}/", follow=True).status_code


def test_each_role_opens_what_is_theirs(client, rows):
    client.force_login(staff("managers"))
    assert [status(client, model, rows) for model in (*MANAGERS, *SUPERUSERS)] == [200, 200, 200, 403, 403]
    client.force_login(staff(is_superuser=True))
    assert {status(client, model, rows, page) for model in rows for page in ("change", "history")} == {200}
    client.force_login(recruiter())
    assert [status(client, model, rows) for model in (*MANAGERS, *SUPERUSERS)] == [200, 200, 403, 403, 403]


@pytest.mark.parametrize("model", [*MANAGERS, *SUPERUSERS])
def test_lists_are_open_to_superusers_and_shut_to_speakers(client, rows, model):
    client.force_login(staff(is_superuser=True))
    assert client.get(f"/admin/leads/{model}/", follow=True).status_code == 200
    client.force_login(staff("speakers"))
    assert client.get(f"/admin/leads/{model}/").status_code == 403


def test_a_manager_opens_a_session_and_a_recruiter_does_not(client, rows):
    session = rows["contestsession"]
    values = {"contest": session.contest_id, "year": 2027, "status": "closed", "posts": 300, "reminder_days": 10}
    values |= {"asked_documents-TOTAL_FORMS": 1, "asked_documents-INITIAL_FORMS": 0}
    values |= {"asked_documents-0-label": "Permis de conduire", "asked_documents-0-position": 9}
    page = f"/admin/leads/contestsession/{session.pk}/change/"
    client.force_login(recruiter())
    assert client.post(page, values).status_code == 403
    client.force_login(staff("managers"))
    assert client.post(page, values).status_code == 302
    session.refresh_from_db()
    assert (session.status, session.posts, session.reminder_days) == ("closed", 300, 10)
    assert session.asked_documents.filter(label="Permis de conduire", is_required=False).exists()


def test_a_session_that_closes_before_it_opens_is_refused(client, rows):
    client.force_login(staff("managers"))
    values = {"contest": ContestFactory().pk, "year": 2028, "status": "open", "opens_on": "2028-02-01"}
    answer = client.post("/admin/leads/contestsession/add/", values | {"closes_on": "2028-01-01"})
    assert answer.context["errors"]
    assert not ContestSession.objects.filter(year=2028).exists()


def test_keys_that_addresses_and_counts_know_stay(client, rows):
    client.force_login(staff("managers"))
    source, contest = rows["source"], rows["contest"]
    client.post(f"/admin/leads/source/{source.pk}/change/", {"key": "new", "label": "Autre"})
    values = {"slug": "new", "title": "Autre", "posting": "idf", "position": 1}
    client.post(f"/admin/leads/contest/{contest.pk}/change/", values)
    assert Source.objects.filter(key=source.key, label="Autre").exists()
    assert Contest.objects.get(slug=contest.slug).posting == "idf"


def test_none_of_them_is_deleted(client, rows):
    client.force_login(staff(is_superuser=True))
    for model, row in rows.items():
        assert client.post(f"/admin/leads/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("model", "queries"), [("contest", 6), ("contestsession", 6), ("source", 6)])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(client, model, queries, count, django_assert_num_queries):
    for _ in range(count):
        ContestSessionFactory()
        SourceFactory()
    client.force_login(staff("managers"))
    client.get(f"/admin/leads/{model}/")
    with django_assert_num_queries(queries):
        client.get(f"/admin/leads/{model}/")


# --- the logo -------------------------------------------------------------------------------------------------------
def picture(kind="PNG", size=(40, 20)):
    file = BytesIO()
    Image.new("RGB", size).save(file, kind)
    return file.getvalue()


def upload(client, content, name="logo.png"):
    client.force_login(staff(is_superuser=True))
    page = "/admin/leads/organisation/1/change/"
    form = client.get(page).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields if name != "logo"}
    return client.post(page, values | {"logo": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(("kind", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_a_logo_is_kept_under_a_name_of_its_own(client, rows, kind, ending, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert upload(client, picture(kind), "../../secret.html").status_code == 302
    name = Organisation.objects.current().logo.name
    assert name.startswith("organisation/") and name.endswith(ending) and "secret" not in name


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.7",
        b"",
        picture()[:40],
        picture(size=(2001, 1)),
        picture() + b"x" * 512 * 1024,
    ],
    ids=["svg", "gif", "pdf", "empty", "cut off", "too wide", "too heavy"],
)
def test_what_is_no_logo_is_refused_whatever_its_name(client, rows, content, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    answer = upload(client, content)
    assert answer.status_code == 200 and "logo" in answer.context["adminform"].form.errors
    assert not Organisation.objects.current().logo and not list(tmp_path.rglob("*.*"))


# --- teams ----------------------------------------------------------------------------------------------------------
def test_whoever_leaves_a_team_gives_back_whom_they_followed_up(client):
    team, leaving, staying = Team.objects.default(), recruiter(), recruiter()
    theirs, others = CandidateFactory(owner=leaving), CandidateFactory(owner=staying)
    elsewhere = CandidateFactory(owner=leaving, team=TeamFactory(members=[leaving]))
    client.force_login(staff(is_superuser=True))
    page = f"/admin/leads/team/{team.pk}/change/"
    assert client.post(page, {"name": "Recrutement", "members": [staying.pk]}).status_code == 302
    assert list(team.members.all()) == [staying]
    for candidate in (theirs, others, elsewhere):
        candidate.refresh_from_db()
    assert (theirs.owner, others.owner, elsewhere.owner) == (None, staying, leaving)
    assert theirs.follow_ups.get().kind == FollowUpKind.ASSIGNMENT and not others.follow_ups.exists()
