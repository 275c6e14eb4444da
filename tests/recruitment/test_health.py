import pytest
from django.db.migrations.recorder import MigrationRecorder

from recruitment import health

pytestmark = pytest.mark.django_db


def test_alive_asks_nobody_else(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_ready_has_a_line_for_each_part(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert {"status", "database", "migrations", "channel_layer", "broker", "outbox"} <= answer.json().keys()
    assert answer.json()["status"] == "ok"


def test_a_migration_to_apply_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="auth").last().delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "1 to apply")


def test_without_redis_it_is_ready_and_degraded(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["broker"] == answer.json()["channel_layer"] == "does not answer"


@pytest.mark.needs_redis
def test_redis_that_answers_is_ok(client, settings, redis_url):
    settings.REDIS_URL = redis_url
    assert client.get("/readyz").json()["broker"] == health.OK


def test_the_metrics_are_for_the_bearer_of_the_token(client, settings):
    settings.METRICS_TOKEN = "token-of-a-test-0123"
    assert client.get("/metrics", headers={"authorization": "Bearer another"}).status_code == 404
    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer token-of-a-test-0123"})
    assert answer.status_code == 200
    assert b"python_info" in answer.content
    assert b"recruitment_outbox_age_seconds 0.0" in answer.content


def test_without_a_token_there_are_no_metrics(client):
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_they_are_only_read(client, address):
    assert client.post(address).status_code == 405
