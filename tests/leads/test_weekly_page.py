"""The weekly page: figures beside those they are compared with, charts that say the same, a list behind each."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group

from leads import charts, services
from leads.choices import FileStatus, Outcome, Posting
from leads.models import Candidate, Organisation, RegistrationFile
from leads.progress import keep_progress, restore_progress
from leads.report_figures import short_name, week_figures, week_heading
from leads.weeks import Span
from tests.factories import RoomFactory, UserFactory
from tests.leads.factories import ContestFactory, ContestSessionFactory, ask, ask_for_file, came_from

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEKLY = "/admin/reports/weekly/"
W47 = date(2026, 11, 16)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _aim(db):
    Organisation.objects.update(aim_region="11")


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


@pytest.fixture
def manager(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


@pytest.fixture
def idf():
    contest = ContestFactory(slug="gardien-idf", posting=Posting.IDF)
    return ContestSessionFactory(contest=contest)


@pytest.fixture
def weeks(idf):
    """Requests of week 47, the week before, and week 47 of 2025; one person asks in two of them."""
    room, national = RoomFactory(slug="le-renseignement"), ContestSessionFactory()
    ask(now=at(W47), postal_code="93100", email="zoe@example.org", touches=came_from("affiche"))
    ask(now=at(W47 + timedelta(2)), postal_code="69001", email="zoe@example.org", message="Et la paie ?")
    ask_for_file(idf, now=at(W47), postal_code="13001", email="ugo@example.org", room_id=room.pk)
    ask_for_file(national, now=at(W47), postal_code="75001", email="ida@example.org")
    ask(now=at(W47 - WEEK), email="ida@example.org", is_abroad=True)
    ask(now=at(date(2025, 11, 17)), email="old@example.org", postal_code="")


def figures_of(monday=W47, **filters):
    return week_figures([Span(monday)], filters, aim="11", newcomers_of=[monday])[0]


# --- figures --------------------------------------------------------------------------------------------------------
def test_people_are_counted_once_and_newcomers_are_those_who_never_asked_before(weeks):
    now = figures_of()
    assert (now.total, now.people, now.newcomers) == (4, 3, 2)  # Ida asked the week before
    assert (figures_of(W47 - WEEK).people, figures_of(W47 - WEEK).newcomers) == (1, 1)


def test_who_was_merged_into_another_is_one_person_with_them(weeks):
    zoe, ugo = (Candidate.objects.get(email=f"{name}@example.org") for name in ("zoe", "ugo"))
    Candidate.objects.filter(pk=ugo.pk).update(merged_into=zoe)
    assert figures_of().people == 2


def test_an_erased_person_is_nobody_and_their_request_still_counts(weeks):
    ugo = Candidate.objects.get(email="ugo@example.org")
    ugo.leads.update(candidate=None)
    assert (figures_of().total, figures_of().people) == (4, 2)


def test_living_in_ile_de_france_and_being_posted_there_are_two_figures(weeks):
    now = figures_of()
    assert (now.residing, now.total, now.residing_share) == (2, 4, 50.0)
    assert (now.posted, now.registration_file, now.posted_share) == (1, 2, 50.0)
    assert figures_of(W47 - WEEK).posted_share is None  # no file, no share


def test_how_far_requests_got_counts_every_step_before(weeks):
    file = RegistrationFile.objects.get(candidate__email="ugo@example.org")
    assert figures_of().steps == dict.fromkeys(figures_of().steps, 0) | {"way_known": 1}
    file.status, file.returned_at = FileStatus.RETURNED, at(W47 + WEEK)
    file.save()
    keep_progress([file.candidate_id])
    steps = figures_of().steps
    assert (steps["sent"], steps["downloaded"], steps["returned"], steps["complete"]) == (1, 1, 1, 0)


def call(email, when, outcome=Outcome.REACHED):
    candidate = Candidate.objects.get(email=email)
    candidate.follow_ups.create(kind="call", outcome=outcome, at=when)
    keep_progress([candidate.pk])


def test_the_first_answer_is_a_median_over_those_who_still_wait_too(weeks):
    assert figures_of().first_answer is None
    call("zoe@example.org", at(W47 + timedelta(1)), Outcome.VOICEMAIL)  # nobody was talked to
    call("ugo@example.org", at(W47 + timedelta(1)))
    assert figures_of().first_answer is None  # one of four
    call("zoe@example.org", at(W47 + timedelta(4)))
    assert figures_of().first_answer == timedelta(days=2)  # waits of 1, 2, 4 days, and one that goes on
    assert figures_of().steps["answered"] == 3


# --- the page -------------------------------------------------------------------------------------------------------
class Page(HTMLParser):
    """What a browser's DOM would say: the bars of the charts, and the cells of the table beside them."""

    def __init__(self, text):
        super().__init__()
        self.bars, self.labels, self.cells, self.rows = {}, {}, [], []
        self.chart, self.in_table, self.in_text = None, False, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "svg" and "chart" in (told.get("class") or ""):
            self.chart = told["class"].split()[1]
        if tag == "rect" and "data-value" in told:
            self.bars.setdefault(self.chart, []).append((int(told["data-value"]), float(told["height"])))
        self.in_text = tag == "text" and told.get("class") == "lab"
        self.in_table = told.get("id") == "weeks-table" if tag == "table" else self.in_table
        if self.in_table and tag == "tr":
            self.cells = []
        if self.in_table and tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data):
        if self.in_text:
            self.labels.setdefault(self.chart, []).append(int(data))
        if self.in_table and self.cells:
            self.cells[-1] += data.strip()

    def handle_endtag(self, tag):
        self.in_text = False
        if self.in_table and tag == "tr":
            self.rows.append(self.cells)
        self.in_table = self.in_table and tag != "table"


def test_the_charts_the_table_and_the_json_say_the_same(manager, weeks):
    page = Page(manager.get(WEEKLY, {"from": "2026-W40", "to": "2026-W47"}).content.decode())
    data = manager.get(WEEKLY, {"from": "2026-W40", "to": "2026-W47", "format": "json"}).json()
    totals = [week["total"] for week in data["weeks"]]
    assert totals[-2:] == [1, 4]
    for drawing in ("draw-wide", "draw-narrow"):
        assert [value for value, _height in page.bars[drawing]] == totals
        assert page.labels[drawing] == totals
    table = [row for row in page.rows if re.match(r"S\d\d", row[0])]
    assert [[int(cell) for cell in row[1:4]] for row in table] == [
        [week["total"], week["information"], week["registration_file"]] for week in data["weeks"]
    ]
    assert table[-1][4] == "1"  # a year before


def test_bars_are_as_long_as_their_figures_are_large():
    points = [charts.Point(f"S{n}", n, 0, "", "") for n in (0, 5, 10)]
    empty, half, whole = charts.columns(points, width=300, height=100).bars
    assert float(empty.height) == 0
    assert float(whole.height) == pytest.approx(2 * float(half.height), abs=0.2)
    assert (half.is_last, whole.is_last) == (False, True)


def test_nothing_to_draw_is_drawn_without_a_fault():
    assert charts.columns([], width=300, height=100).bars == []
    assert float(charts.columns([charts.Point("S1", 0, 0, "", "")], width=300, height=100).bars[0].height) == 0


@pytest.mark.parametrize("count", [13, 520])
def test_a_long_range_shows_some_labels_and_no_figures(count):
    bars = charts.columns([charts.Point("", n, n, "", "") for n in range(count)], width=560, height=190).bars
    assert 1 < sum(bar.shows_label for bar in bars) <= charts.LABELS
    assert bars[-1].shows_label
    assert any(bar.shows_figure for bar in bars) is (count <= charts.FIGURES)


FIGURE = re.compile(r'<a[^>]*href="(/admin/leads/lead/\?[^"]+)"[^>]*>(?:<b>)?([\d\u202f ]+)</a>')


@pytest.mark.on_postgres
@pytest.mark.parametrize("narrowed", [{}, {"kind": "information"}, {"region": "11"}, {"source": "unknown"}])
def test_each_figure_opens_a_list_of_that_many_rows(narrowed, manager, weeks):
    call("ugo@example.org", at(W47 + timedelta(1)))
    RegistrationFile.objects.filter(candidate__email="ugo@example.org").update(returned_at=at(W47 + WEEK))
    restore_progress()
    figures = FIGURE.findall(manager.get(WEEKLY, {"from": "2026-W46", "to": "2026-W47"} | narrowed).content.decode())
    urls = {unescape(url) for url, _figure in figures}
    assert any("people=all" in url for url in urls)
    assert any("reached=answered" in url for url in urls)
    for url, figure in dict.fromkeys(figures):
        listed = manager.get(unescape(url)).context["cl"].result_count
        assert listed == int(figure.replace("\u202f", "")), url


SHARE = re.compile(r'<a[^>]*href="(/admin/leads/lead/\?[^"]+)"[^>]*>([\d,]+)\u00a0%</a>')


def test_a_share_opens_the_requests_that_it_is_of(manager, weeks):
    shares = SHARE.findall(manager.get(WEEKLY, {"from": "2026-W46", "to": "2026-W47"}).content.decode())
    listed = {unescape(url): manager.get(unescape(url)).context["cl"].result_count for url, _share in shares}
    ours = {url: count for url, count in listed.items() if "from=2026-W47" in url}
    assert [count for url, count in ours.items() if "region=11" in url] == [2]
    assert [count for url, count in ours.items() if "posting=idf" in url] == [1]


def test_what_a_filter_excludes_has_a_figure_and_no_link(manager, weeks):
    text = manager.get(WEEKLY, {"to": "2026-W47", "from": "2026-W47", "kind": "information"}).content.decode()
    assert "kind=registration_file" not in text
    assert "Demande\u00a0: renseignements" in text


@pytest.mark.parametrize("people", ["all", "new"])
@pytest.mark.parametrize("week", ["", "2026-47"])
def test_a_list_of_people_without_a_week_is_refused_or_shows_all(people, week, manager, weeks):
    answer = manager.get("/admin/leads/lead/", {"people": people, "from": week})
    assert answer.status_code in (200, 302)  # Django sends a list with a faulty address to itself


def test_the_page_takes_as_many_queries_for_many_requests_as_for_one(manager, django_assert_num_queries):
    for number in range(3):
        ask(now=at(W47), touches=came_from(f"source-{number}"), room_id=RoomFactory().pk)
        manager.get(WEEKLY, {"to": "2026-W47"})
        with django_assert_num_queries(27):
            manager.get(WEEKLY, {"to": "2026-W47"})


@pytest.mark.parametrize(
    ("monday", "heading"),
    [
        (date(2026, 11, 16), "Semaine 47, du 16 au 22 novembre 2026"),
        (date(2026, 12, 28), "Semaine 53, du 28 décembre au 3 janvier 2027"),
        (date(2026, 10, 26), "Semaine 44, du 26 octobre au 1er novembre 2026"),
    ],
)
def test_a_week_is_named_by_its_days(monday, heading):
    assert week_heading(monday) == heading


def test_the_year_of_a_week_is_said_where_it_is_another():
    assert short_name(date(2026, 11, 9), W47) == "S46"
    assert short_name(date(2025, 11, 17), W47) == "S47 de 2025"
    assert short_name(date(2024, 12, 30), date(2025, 1, 6)) == "S01"  # its ISO year is 2025


def test_spam_leaves_every_figure(manager, weeks):
    lead = Candidate.objects.get(email="ugo@example.org").leads.get()
    services.mark_spam(lead_id=lead.pk, actor=UserFactory(is_superuser=True), now=at(W47 + WEEK))
    now = figures_of()
    assert (now.total, now.people, now.posted) == (3, 2, 0)
