"""What operators ask: is it alive, is it ready, how is it doing."""

import secrets
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from leads import public as follow_up

OK = "ok"
OLDEST_MAIL = 600  # seconds
OUTBOX_AGE = Gauge("recruitment_outbox_age_seconds", "How long the oldest mail that is due has waited")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nobody else, so that an outage elsewhere restarts nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: 503 without the database or its migrations; anything else that fails is `degraded` with 200."""
    lines = {name: check() for name, check in CHECKS.items()}
    if any(lines[name] != OK for name in ESSENTIAL):
        return JsonResponse({"status": "unavailable", **lines}, status=503)
    return JsonResponse({"status": OK if set(lines.values()) == {OK} else "degraded", **lines})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for whoever holds METRICS_TOKEN; for others there is no such page."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    OUTBOX_AGE.set(follow_up.outbox_age(timezone.now()))
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def database() -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return OK


def migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    return f"{len(missing)} to apply" if missing else OK


def redis_answers() -> str:
    """The channel layer and the broker are the same server; without REDIS_URL both are this process."""
    if not settings.REDIS_URL:
        return OK
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        return "does not answer"
    return OK


def outbox() -> str:
    """Mails that wait long are mails that nobody sends."""
    try:
        age = follow_up.outbox_age(timezone.now())
    except DatabaseError:
        return "unknown"
    return f"the oldest mail waits for {age:.0f} s" if age > OLDEST_MAIL else OK


ESSENTIAL = ("database", "migrations")
CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "channel_layer": redis_answers,
    "broker": redis_answers,
    "outbox": outbox,
}
