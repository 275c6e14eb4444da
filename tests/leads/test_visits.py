"""Visits as sums: who is counted, who is not, and what the weekly page makes of it."""

from datetime import date, datetime

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.models import Sum
from django.test import Client

from leads import services
from leads.attribution import Touch
from leads.models import Campaign, LinkMapping, Source, VisitCount
from leads.report_funnel import visits_of
from leads.weeks import Span
from tests.factories import RoomFactory
from tests.leads.factories import ContestSessionFactory
from tests.leads.staff import staff

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
W47 = date(2026, 11, 16)


def visits():
    return VisitCount.objects.aggregate(all=Sum("visits", default=0))["all"]


@pytest.fixture
def page():
    return f"/contests/{ContestSessionFactory().contest.slug}/"


@pytest.fixture
def visitor():
    return Client(headers={"User-Agent": PHONE})


def test_an_arrival_is_a_visit_and_a_page_further_is_none(visitor, page):
    visitor.get(page)
    assert (visits(), [*visitor.cookies]) == (1, [])  # nobody is known by being counted
    visitor.get(f"/rooms/{RoomFactory().slug}/", headers={"Referer": f"{settings.SITE_URL}/"})
    assert visits() == 1
    visitor.get("/rooms/", headers={"Referer": "https://www.ouest-france.fr/"})
    visitor.get("/rooms/")  # the same visit goes on
    assert visits() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "curl/8.5.0"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"DNT": "1"},
        {"Sec-GPC": "1"},
    ],
    ids=lambda headers: "{0[0]} {0[1]}".format(*headers.items()),
)
def test_who_is_no_reader_or_does_not_wish_it_is_not_counted(page, headers):
    assert Client(headers={"User-Agent": PHONE} | headers).get(page).status_code == 200
    assert visits() == 0


def test_neither_staff_nor_a_missing_page_nor_what_is_sent_is_a_visit(visitor, page):
    visitor.get("/contests/none-such/")
    visitor.post("/request/", {})
    visitor.get("/admin/login/")
    visitor.force_login(staff("recruiters"))
    visitor.get(page)
    assert visits() == 0
    Client(headers={"User-Agent": PHONE}).get(page)
    assert visits() == 1


def test_who_comes_by_a_campaign_is_one_visit_of_its_source(visitor, page):
    source = Source.objects.create(key="affiche", label="Affiche")
    Campaign.objects.create(code="gare", name="Gare", source=source, target=page)
    assert visitor.get("/c/gare", follow=True).status_code == 200
    assert list(VisitCount.objects.values_list("source", "visits")) == [(str(source.pk), 1)]


def test_a_source_counts_as_it_is_mapped_and_words_of_a_link_make_none(visitor, page):
    press = Source.objects.create(key="presse", label="Presse")
    LinkMapping.objects.create(utm_source="ouest-france", source=press)
    before = Source.objects.count()
    for word in ("ouest-france", "presse", "nobody-knows"):
        Client(headers={"User-Agent": PHONE}).get(f"{page}?utm_source={word}")
    assert dict(VisitCount.objects.values_list("source", "visits")) == {str(press.pk): 2, "unknown": 1}
    assert Source.objects.count() == before


def test_many_visits_are_one_statement_every_few_seconds(django_assert_num_queries):
    now = datetime.fromisoformat("2026-11-18T10:30:00+01:00")
    for _each in range(3):
        services.count_visit(touch=Touch(), now=now)
    with django_assert_num_queries(3):  # of which two are the transaction's
        assert services.write_visits() == 3
    services.count_visit(touch=Touch(), now=now)
    assert (services.write_visits(every=60), services.write_visits(), services.write_visits()) == (0, 1, 0)
    assert list(VisitCount.objects.values_list("day", "hour", "visits")) == [(date(2026, 11, 18), 10, 4)]


def test_visits_that_cannot_be_written_are_kept_and_no_page_fails(visitor, page, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("leads.services.visits._write", refuse)
        assert visitor.get(page).status_code == 200
    assert visits() == 0
    visitor.get("/rooms/", headers={"Referer": f"{settings.SITE_URL}/"})  # no visit, but any request writes what is due
    assert visits() == 1


def refuse(ways):
    raise OperationalError("database is locked")


def test_weeks_are_added_up_to_the_hour_that_is_compared_and_by_source_alone(django_assert_num_queries):
    source = Source.objects.create(key="affiche", label="Affiche")
    came = [(16, 9, "unknown"), (18, 10, source.pk), (18, 11, source.pk), (22, 23, source.pk), (23, 0, "unknown")]
    for day, hour, key in came:
        VisitCount.objects.create(day=date(2026, 11, day), hour=hour, source=str(key), visits=hour + 1)
    until = datetime.fromisoformat("2026-11-18T10:30:00+01:00")
    spans = [Span(W47), Span(W47, until), Span(date(2004, 5, 17))]
    with django_assert_num_queries(1):
        assert visits_of(spans, {}) == [57, 21, None]
    assert visits_of(spans, {"source": "affiche"}) == [47, 11, None]
    assert visits_of(spans, {"source": "unknown"}) == [10, 10, None]
    assert visits_of(spans, {"region": "11"}) == [None] * 3


def test_the_funnel_begins_with_visits(client, visitor, page):
    visitor.get(page)
    client.force_login(staff("managers"))
    told = client.get("/admin/reports/weekly/", headers={"Accept-Language": "fr"}).content.decode()
    assert '<th scope="row">Visites</th><td class="n">1</td>' in told
    narrowed = client.get("/admin/reports/weekly/?region=11", headers={"Accept-Language": "fr"}).content.decode()
    assert '<th scope="row">Visites</th><td class="n">–</td>' in narrowed
