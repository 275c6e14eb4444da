"""Another employer is another folder of data: no page of one names the other's trade, and no code is touched."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import islice

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import resolve
from django.utils import timezone, translation

from chat.models import Question, Room, Topic
from leads.eligibility import Answers, Verdict, evaluate
from leads.eligibility_words import said
from leads.models import Contest, ContestSession, Lead, Letter, Organisation
from leads.public import housekeeping, load_letters, load_reference_data
from recruitment import demonstration
from recruitment.demonstration.accounts import make_accounts
from recruitment.demonstration.campaigns import lives_of_the_year
from recruitment.demonstration.cast import date_sessions, make_topics
from recruitment.demonstration.employers import POLICE, Employer, employers, installed
from recruitment.demonstration.programme import make_programme
from tests.leads.factories import ask, ask_for_file

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HOSPITAL = Employer("hospital")
FOREIGN = {
    "hospital": re.compile(
        r"\bpoli(ce|cier|cière)s?\b|gardien|commissaire|dgsi|beauvau|brigadi|lieutenant", re.IGNORECASE
    ),
    "police": re.compile(r"valmarin|\bchu\b|réanimation|cadre de santé|une infirmière vous répond", re.IGNORECASE),
}


OTHER = {"hospital": "police", "police": "hospital"}


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "password of a test")


@pytest.fixture
def around_today(password):
    """The hospital without its year of leads."""
    make_accounts()
    load_reference_data("hospital")
    date_sessions(HOSPITAL, timezone.localdate(NOW))
    make_programme(make_topics(HOSPITAL), NOW, HOSPITAL)
    demonstration.keep(NOW)


# --- the hospital ---------------------------------------------------------------------------------------------------


def test_the_hospital_has_its_name_its_colours_and_its_references(around_today):
    row = Organisation.objects.get()
    assert (row.name, row.reference_prefix) == ("CHU de Valmarin", "VAL")
    assert (row.accent, row.accent_night, row.signal, row.tint) == ("#8c1d52", "#f3a9cb", "#8fe3b8", "#8a6a7d")


def test_one_of_its_rooms_is_open_one_comes_within_a_day_and_three_are_past(around_today):
    assert Room.objects.live().get().slug == HOSPITAL.open.slug
    assert Room.objects.filter(opens_at__range=(NOW, NOW + DAY)).count() == 1
    assert Room.objects.past().count() == len(HOSPITAL.past) == 3
    assert Question.objects.filter(room__in=Room.objects.past(), state="answered").count() >= 20
    for room in Room.objects.all():
        for stream in ("public", "staff"):
            seqs = list(room.events.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
            assert seqs == list(range(1, getattr(room, f"{stream}_seq") + 1))


def test_it_is_kept_around_today_as_the_police_is(around_today):
    demonstration.keep(NOW + 9 * DAY)
    assert Room.objects.live().get().slug == HOSPITAL.open.slug
    assert Room.objects.filter(opens_at__range=(NOW + 9 * DAY, NOW + 10 * DAY)).count() == 1


def test_its_registrations_have_dates_counted_from_the_first_seeding_and_the_polices_have_none(around_today):
    first = ContestSession.objects.get(contest__slug="aide-soignant")
    assert first.opens_on < timezone.localdate(NOW) < first.closes_on < first.documents_due_on
    before = list(ContestSession.objects.values_list("opens_on", "closes_on"))
    date_sessions(HOSPITAL, timezone.localdate(NOW) + 5 * DAY)
    assert list(ContestSession.objects.values_list("opens_on", "closes_on")) == before
    load_reference_data("police")
    date_sessions(POLICE, timezone.localdate(NOW))
    assert not ContestSession.objects.filter(contest__slug="gardien-externe").exclude(opens_on=None).exists()


def test_every_condition_of_it_says_that_it_is_invented():
    contests = HOSPITAL.part("contests")["contests"]
    sources = {rule.get("source") for contest in contests for rule in contest["rules"] if rule["kind"] != "declaration"}
    assert sources == {"inventé pour la démonstration"}


def test_the_same_seed_gives_the_same_people_and_steps(around_today):
    once, again = (list(islice(lives_of_the_year(NOW, HOSPITAL), 40)) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("contest", HOSPITAL.part("contests")["contests"], ids=lambda contest: contest["code"])
def test_its_conditions_in_its_own_words_are_told_and_never_judged(contest, language):
    with translation.override(language):
        for finding in evaluate(Answers(diploma="none"), contest["rules"], NOW.date()):
            row = said(finding)
            assert row.title and row.text and bool(row.todo) == (finding.verdict in (Verdict.NO, Verdict.CHECK))
            if finding.rule["kind"] == "stated":
                assert finding.verdict in (Verdict.CHECK, Verdict.LATER)
                assert row.text == finding.rule["text_en" if language == "en" else "text"]


def test_a_condition_in_its_own_words_may_be_the_fact_at_the_head_of_the_page(around_today, client):
    page = client.get("/contests/infirmier/").content.decode()
    assert "Diplôme d’État</dd>" in page and "à partir de 16" in page and "29 janvier 2027" in page
    client.cookies["django_language"] = "en"
    assert "State diploma</dd>" in client.get("/contests/infirmier/").content.decode()


def test_it_may_be_loaded_without_anybody_invented_and_again(db):
    for _ in range(2):
        call_command("load_employer", "hospital")
    assert Contest.objects.count() == 6 and Topic.objects.count() == 10 and Letter.objects.exists()
    assert not Room.objects.exists() and not Lead.objects.exists() and not User.objects.exists()
    with pytest.raises(CommandError, match="hospital, police"):
        call_command("load_employer", "navy")


# --- one database is one employer's ---------------------------------------------------------------------------------


def test_a_database_takes_no_second_employer(around_today, capsys):
    with pytest.raises(CommandError, match="holds the demonstration of “hospital”"):
        call_command("seed_demo", employer="police")
    assert Organisation.objects.get().name == "CHU de Valmarin"


def test_an_employer_that_has_no_folder_is_refused_with_those_there_are(password):
    with pytest.raises(CommandError, match="hospital, police"):
        call_command("seed_demo", employer="navy")
    assert not Room.objects.exists()


def test_no_two_employers_share_a_room():
    slugs = [plan.slug for one in employers() for plan in (one.open, *one.past, *one.coming) if plan]
    assert len(slugs) > 10
    here = [one.open.slug for one in employers()]
    assert len(set(here)) == len(here) == 2


# --- every page of either -------------------------------------------------------------------------------------------


def hrefs(page: str) -> set[str]:
    return {unescape(path).partition("#")[0] for path in re.findall(r'href="(/[^"]*)"', page)}


def crawl(client: Client, start: str, most: int = 2) -> dict[str, str]:
    """What stands at each address that links lead to, at most so many of one route; files of the look left out."""
    pages, waiting, seen = {}, [start], {}
    while waiting:
        path = waiting.pop(0)
        if path in pages or path.startswith(("/static/", "/organisation/", "/admin/logout/")):
            continue
        route = resolve(path.partition("?")[0]).route
        if seen.setdefault(route, 0) >= most:
            continue
        seen[route] += 1
        response = client.get(path, follow=True)
        pages[path] = b"".join(response).decode(errors="replace") if response.status_code == 200 else ""
        waiting += sorted(hrefs(pages[path]) - set(pages))
    return pages


def words_of(text: str) -> str:
    """What people read, and what attributes tell them; not the names of classes and addresses."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", text, flags=re.DOTALL)
    told = re.findall(r'(?:alt|aria-label|title|content|placeholder)="([^"]*)"', text)
    return unescape(" ".join([re.sub(r"<[^>]*>", " ", text), *told]))


def named_in(texts: dict[str, str], name: str) -> dict[str, str]:
    """Where the other employer's trade is named, and by which word."""
    return {place: hit.group() for place, text in texts.items() if (hit := FOREIGN[name].search(words_of(text)))}


@pytest.mark.slow
@pytest.mark.either
@pytest.mark.parametrize("name", ["hospital", "police"])
def test_no_page_of_an_employer_names_the_other_ones_trade(name, password):
    call_command("seed_demo", employer=name)
    pages = {}
    for language in ("fr", "en"):
        visitor = Client()
        visitor.cookies["django_language"] = language
        pages |= {f"{language} {path}": text for path, text in crawl(visitor, "/").items()}
    for user in User.objects.filter(username__in=demonstration.ACCOUNTS):
        member = Client()
        member.force_login(user)
        pages |= {f"{user.username} {path}": text for path, text in crawl(member, "/admin/").items()}
    assert len(pages) > 100 and all(any(path.startswith(user) for path in pages) for user in demonstration.ACCOUNTS)
    assert named_in(pages, name) == {}
    assert named_in(pages, OTHER[name]), "its own trade is named"
    assert Organisation.objects.get().name in pages["fr /"]


@pytest.mark.parametrize("name", ["hospital", "police"])
def test_no_mail_of_an_employer_names_the_other_ones_trade(name):
    load_reference_data(name)
    load_letters(now=NOW)
    date_sessions(Employer(name), timezone.localdate(NOW))
    for number, session in enumerate(ContestSession.objects.filter(status="open")):
        for language in ("fr", "en"):
            ask_for_file(session, email=f"somebody{number}{language}@example.org", language=language)
    ask(email="somebody@example.org")
    housekeeping(NOW)
    assert len(mail.outbox) > 5
    texts = {f"{number}": f"{one.subject} {one.body} {one.alternatives}" for number, one in enumerate(mail.outbox)}
    texts |= {
        letter.title: f"{letter.subject} {letter.body} {letter.subject_en} {letter.body_en}"
        for letter in Letter.objects.all()
    }
    assert named_in(texts, name) == {}


# --- a third, from data alone ---------------------------------------------------------------------------------------


@pytest.fixture
def school(tmp_path, settings):
    """A network of schools: a name, colours, one contest, one topic."""
    settings.EMPLOYERS_DIR = str(tmp_path)
    parts = {
        "employer": {"organisation": {"name": "Écoles de Brume", "accent": "#224422", "reference_prefix": "EB"}},
        "contests": {
            "contests": [
                {
                    "code": "professeur",
                    "name": "Professeur des écoles",
                    "assignment": "local",
                    "sessions": [{"year": 2027, "posts": 3, "status": "open", "closes_on": "2027-02-01"}],
                    "rules": [
                        {"kind": "stated", "key": "master", "title": "Master", "text": "Un master, ou le préparer."}
                    ],
                }
            ]
        },
        "room_today": {"topics": [{"key": "classe", "label": "En classe", "label_en": "In class"}]},
    }
    (tmp_path / "school").mkdir()
    for name, told in parts.items():
        (tmp_path / "school" / f"{name}.json").write_text(json.dumps(told))
    return Employer("school")


def test_a_third_employer_is_made_of_data_alone(school, password, client):
    call_command("seed_demo", employer="school")
    assert [topic.label for topic in Topic.objects.all()] == ["En classe"]
    assert not Lead.objects.exists() and not Room.objects.exists() and installed() is None
    home, contest = (client.get(path).content.decode() for path in ("/", "/contests/professeur/"))
    assert "Écoles de Brume" in home and "/contests/professeur/" in home
    assert "Un master, ou le préparer." in contest and "1er février 2027" in contest
    colours = next(path for path in hrefs(home) if path.startswith("/organisation/colours-"))
    assert "--brand-accent: #224422" in client.get(colours).content.decode()
    assert client.post("/contests/professeur/eligibility/", {"to": "result"}).status_code == 200
    texts = crawl(client, "/")
    assert named_in(texts, "hospital") == named_in(texts, "police") == {}


def test_seeded_again_it_is_the_same_and_another_folder_is_not_read(school, password):
    call_command("seed_demo", employer="school")
    call_command("seed_demo", employer="school")
    assert Contest.objects.count() == ContestSession.objects.count() == Topic.objects.count() == 1
    with pytest.raises(CommandError, match="school"):
        call_command("seed_demo", employer="hospital")
