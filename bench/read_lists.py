"""Reads the lists of a database that is there, the product's and a stock admin's after it, and prints the table."""

import os
import statistics
import sys
import time
from collections.abc import Iterator

import django

ROUNDS = 9
WANTED = {  # milliseconds at most, and times faster than stock at least
    "first page": (150, 6),
    "page 40": (150, 6),
    "last page": (250, 20),
    "a name": (200, 10),
    "part of an e-mail": (200, 10),
    "whole e-mail": (100, 20),
    "whole phone": (100, 20),
    "reference": (100, 20),
    "two letters": (300, 0),
    "nothing found": (100, 0),
    "one filter": (150, 0),
    "three filters": (300, 0),
}
SMALL = 300  # people of a small team among the million: what a planner takes for many


def pages() -> Iterator[tuple[str, str, str]]:
    """(what, query of the product's list, query of the stock list); the stock one knows no references."""
    from leads.models import Candidate, Receipt

    total = Candidate.objects.count()
    middle = Candidate.objects.filter(email__startswith="user").exclude(phone="").order_by("pk")[total // 3]
    reference = Receipt.objects.filter(lead__candidate=middle).first().reference
    yield "first page", "", ""
    yield "page 40", "p=40", "p=40"
    yield "last page", "p=-1", f"p={-(-total // 50)}"
    for what, typed in (
        ("a name", middle.last_name),
        ("part of an e-mail", middle.email.split("@")[0]),
        ("whole e-mail", middle.email),
        ("whole phone", middle.phone),
        ("two letters", "du"),
        ("nothing found", "zzyzx"),
    ):
        yield what, f"q={typed.replace('+', '%2B')}", f"q={typed.replace('+', '%2B')}"
    yield "reference", f"q={reference}", ""
    yield "one filter", "stage=waiting", "stage__exact=waiting"
    yield (
        "three filters",
        "stage=new&region=11&kind=information",
        "stage__exact=new&region__exact=11&department__exact=93",
    )


def of_a_small_team() -> Iterator[tuple[str, str]]:
    """(what, address) of what a recruiter of few people opens."""
    yield "my day", "/admin/"
    for what, query in (
        ("first page", ""),
        ("page 2", "p=2"),
        ("two letters", "q=du"),
        ("to do today", "view=due"),
    ):
        yield what, f"/admin/leads/candidate/?{query}"
    yield "three filters", "/admin/leads/candidate/?stage=new&region=11&kind=information"
    yield "requests", "/admin/leads/lead/"
    yield "files", "/admin/leads/registrationfile/"
    yield "timeline", "/admin/leads/followup/"


def client(user):
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    browser.force_login(user, "recruitment.backends.GroupBackend")
    return browser


def read(browser, address: str) -> tuple[float, int]:
    """(milliseconds, KiB) of one page."""
    started = time.perf_counter()
    answer = browser.get(address)
    seconds = time.perf_counter() - started
    assert answer.status_code == 200, (address, answer.status_code, answer.get("Location"))
    return seconds * 1000, len(answer.content) // 1024


def queries_of(browser, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        browser.get(address)
    return len(queries)


def table() -> str:
    from django.contrib.auth.models import User

    from leads.models import Candidate, Team

    recruiter = recruiter_of(Team.objects.default(), "bench-recruiter")
    chief, _ = User.objects.get_or_create(username="bench-chief", defaults={"is_staff": True, "is_superuser": True})
    ours, stock = client(recruiter), client(chief)
    lines = [
        f"Lists over {Candidate.objects.count():,} candidates, median (max) of {ROUNDS} in ms, stock ModelAdmin beside",
        f"  {'':18} {'the product':>17} {'queries':>7} {'KiB':>4} {'stock':>17} {'times':>6}   wanted",
    ]
    for what, query, stock_query in pages():
        lines.append(line(what, ours, f"/admin/leads/candidate/?{query}", stock, stock_query))
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def small_teams() -> str:
    """The same pages beside, of a recruiter whose team has `SMALL` people; given back afterwards."""
    from leads.models import Candidate, Team

    small, _ = Team.objects.get_or_create(name="bench, a small one")
    everybody = Team.objects.default()
    few, many = client(recruiter_of(small, "bench-small")), client(recruiter_of(everybody, "bench-recruiter"))
    ids = list(Candidate.objects.filter(team=everybody).order_by("phone").values_list("pk", flat=True)[:SMALL])
    give(ids, small)
    lines = [f"The same for a team of {SMALL}, and for one of all the others: median (max) of {ROUNDS} in ms"]
    try:
        for what, address in of_a_small_team():
            mine, theirs = ([read(browser, address)[0] for _ in range(ROUNDS + 1)][1:] for browser in (few, many))
            figures = (f"{statistics.median(times):8.0f} ({max(times):6.0f})" for times in (mine, theirs))
            lines.append(f"  {what:18} " + " ".join(figures))
    finally:
        give(ids, everybody)
    return "\n".join(lines)


def give(ids: list[int], team) -> None:
    from django.db import connection

    from leads.models import Candidate, Lead

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        Candidate.objects.filter(pk__in=ids).update(team=team)
        Lead.objects.filter(candidate__in=ids).update(team=team)
        cursor.execute("ANALYZE leads_candidate, leads_lead")


def recruiter_of(team, name: str):
    from django.contrib.auth.models import Group, User

    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    user.groups.set(Group.objects.filter(name="recruiters"))
    team.members.set([*team.members.exclude(pk=user.pk), user])
    return user


def line(what: str, ours, address: str, stock, stock_query: str) -> str:
    is_compared = bool(stock_query) or what == "first page"
    there = f"/stock/stock/candidate/?{stock_query}"
    # Not by turns: what stock reads drives ours out of the buffers. The first of each is not counted.
    own = [read(ours, address) for _ in range(ROUNDS + 1)][1:]
    other = [read(stock, there)[0] for _ in range(ROUNDS + 1)][1:] if is_compared else []
    times = [milliseconds for milliseconds, _size in own]
    median = statistics.median(times)
    beside = f"{statistics.median(other):8.0f} ({max(other):6.0f})" if other else f"{'-':>17}"
    ratio = f"{statistics.median(other) / median:6.1f}" if other else f"{'-':>6}"
    most, faster = WANTED[what]
    wanted = f"{most} ms" + (f", {faster} times" if faster else "")
    own_figures = f"{median:8.0f} ({max(times):6.0f}) {queries_of(ours, address):7} {own[0][1]:4}"
    return f"  {what:18} {own_figures} {beside} {ratio}   {wanted}"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.stock.settings"
    django.setup()
    print(table())
    print(small_teams())
