"""What a median is taken of, and what a week's costs are a part of: lists too, though no count is their figure."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from leads.models import Cost, Lead, Source
from tests.leads.factories import ask, came_from
from tests.leads.staff import staff

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEKLY, LEADS = "/admin/reports/weekly/", "/admin/leads/lead/"
W47 = date(2026, 11, 16)
NOON = datetime(2026, 11, 16, 12, tzinfo=PARIS)
HOUR = timedelta(hours=1)


@pytest.fixture
def manager(client):
    client.force_login(staff("managers"))
    return client


@pytest.fixture
def weeks():
    """Three of one week: two were answered, after 30 hours and after 6; one waits. One of the week before."""
    for number in range(3):
        ask(now=NOON, email=f"a{number}@example.org", touches=came_from("presse"))
    ask(now=NOON - timedelta(days=7), email="before@example.org")
    for email, hours in (("a0@example.org", 30), ("a1@example.org", 6)):
        Lead.objects.filter(email=email).update(answered_at=NOON + hours * HOUR)


def cost(first, last, source="presse"):
    return Cost.objects.create(
        label=f"{first:%d/%m}", source=Source.objects.get(key=source), first_on=first, last_on=last, cents=700_00
    )


def listed(client, url):
    return client.get(unescape(url)).context["cl"]


def test_a_median_opens_the_requests_that_it_is_taken_of_the_soonest_answered_first(manager, weeks):
    shown = manager.get(WEEKLY, {"to": "2026-W47"}).content.decode()
    [(url, base)] = re.findall(r'<a href="([^"]*wait=any)">(\d+)</a>', shown)
    found = listed(manager, url)
    assert (base, found.result_count) == ("3", 3)
    assert "1,2 j en médiane, sur" in shown.replace("\u00a0", " ")
    waits = re.findall(r'class="field-waited">([^<]*)<', manager.get(unescape(url)).content.decode())
    assert [wait.replace("\u00a0", " ") for wait in waits] == ["0,2 j", "1,2 j", "en attente"]
    assert "aria-sort" not in manager.get(unescape(url)).content.decode()  # no column says that it is by another order


def test_of_the_erased_the_answered_alone_are_in_it(manager, weeks):
    Lead.objects.filter(email__in=["a0@example.org", "a2@example.org"]).update(candidate=None)
    assert listed(manager, f"{LEADS}?from=2026-W47&to=2026-W47&wait=any").result_count == 2


def test_a_wait_that_is_none_finds_nobody_and_without_one_the_list_is_as_it_was(manager, weeks):
    assert listed(manager, f"{LEADS}?wait=long").result_count == 0
    usual = manager.get(LEADS).content.decode()
    assert "field-waited" not in usual and 'aria-sort="descending"' in usual


@pytest.mark.parametrize("narrowed", [{}, {"source": "presse"}])
def test_costs_open_the_lines_that_they_are_a_part_of(manager, weeks, narrowed):
    of_week = cost(W47 - timedelta(days=3), W47)
    cost(W47 - timedelta(days=7), W47 - timedelta(days=1))
    shown = manager.get(WEEKLY, {"to": "2026-W47"} | narrowed).content.decode()
    urls = set(re.findall(r'"(/admin/leads/cost/\?from=[^"]+)"', shown))
    assert len(urls) == (1 if narrowed else 2)  # of the source, and of all
    for url in urls:
        assert list(listed(manager, url).queryset) == [of_week]


def test_lines_of_days_to_come_and_of_other_sources_are_left_out(manager, weeks):
    cost(W47, W47)
    cost(W47 + timedelta(days=4), W47 + timedelta(days=5))
    until = "from=2026-W47&to=2026-W47&until=2026-11-18T11:00:00Z"
    assert listed(manager, f"/admin/leads/cost/?{until}&source=presse").result_count == 1
    assert listed(manager, "/admin/leads/cost/?source=nothing").result_count == 0
    assert listed(manager, "/admin/leads/cost/?from=2026-W47&to=2026-W47").result_count == 2
    assert manager.get("/admin/leads/cost/", {"from": "soon"}).status_code == 302
