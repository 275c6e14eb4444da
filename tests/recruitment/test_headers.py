import logging

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.translation import get_language

from recruitment.logs import RedactingFormatter, RefusalFilter
from recruitment.middleware import with_host_check, with_security_headers, with_tls

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("fine", lambda request: HttpResponse("fine")),
    path("secure", lambda request: HttpResponse(request.scheme)),
    path("language", lambda request: HttpResponse(get_language())),
    path("broken", broken),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def assert_secure(response):
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "camera=()" in response.headers["Permissions-Policy"]
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy


@pytest.mark.parametrize(("address", "status"), [("/fine", 200), ("/missing", 404), ("/broken", 500)])
def test_every_response_carries_the_headers(address, status):
    client = Client(raise_request_exception=False)
    response = client.get(address)
    assert response.status_code == status
    assert_secure(response)


def test_a_foreign_host_is_refused_with_the_headers():
    response = Client().get("/fine", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert_secure(response)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_redirect_to_tls_carries_the_headers():
    response = Client().get("/fine")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/fine")
    assert_secure(response)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_foreign_host_is_not_redirected_to():
    assert Client().get("/fine", headers={"host": "evil.example"}).status_code == 400


def test_a_proxy_of_ours_says_that_it_was_tls(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    said = {"x-forwarded-proto": "https"}
    assert Client(REMOTE_ADDR="10.1.2.3").get("/secure", headers=said).content == b"https"
    assert Client(REMOTE_ADDR="203.0.113.9").get("/secure", headers=said).content == b"http"
    assert Client(REMOTE_ADDR="").get("/secure", headers=said).content == b"http"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-CA", "fr"),
        ("de", "fr"),
        ("de,en;q=0.5", "en"),
        ("%", "fr"),
    ],
)
def test_the_language_is_what_the_browser_accepts_else_french(accepted, language):
    assert Client().get("/language", headers={"accept-language": accepted}).content.decode() == language


def test_the_chosen_language_wins_over_the_browsers(settings):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/language", headers={"accept-language": "fr"}).content == b"en"


def test_what_is_answered_without_django_carries_the_headers_too():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b""})

    async def start():
        communicator = ApplicationCommunicator(with_security_headers(app), {"type": "http"})
        return await communicator.receive_output()

    sent = async_to_sync(start)()
    assert_secure(HttpResponse(headers={name.decode(): value.decode() for name, value in sent["headers"]}))


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_what_is_answered_without_django_wants_tls_as_the_rest_does():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def start(scheme):
        asked = {"type": "http", "scheme": scheme, "path": "/é/events", "query_string": b"after=1"}
        asked["headers"] = [(b"host", b"example.org")]
        sent = await ApplicationCommunicator(with_security_headers(with_tls(app)), asked).receive_output()
        return sent["status"], dict(sent["headers"])

    status, headers = async_to_sync(start)("http")
    assert (status, headers[b"location"]) == (301, b"https://example.org/%C3%A9/events?after=1")
    assert b"strict-transport-security" not in headers
    status, headers = async_to_sync(start)("https")
    assert (status, headers[b"strict-transport-security"]) == (200, b"max-age=60; includeSubDomains")


def test_a_server_that_cannot_answer_a_handshake_refuses_it_all_the_same():
    async def told():
        socket = {"type": "websocket", "headers": [(b"host", b"evil.example")]}
        return await ApplicationCommunicator(with_host_check(None), socket).receive_output()

    assert async_to_sync(told)() == {"type": "websocket.close"}


def test_tokens_and_addresses_stay_out_of_the_logs():
    record = logging.LogRecord(
        "t", 20, "", 0, "GET %s for %s", ("/follow/sEcReT/?token=abc&x=1", "zoe.martin+a@mail.example.org"), None
    )
    line = RedactingFormatter().format(record)
    assert "sEcReT" not in line and "abc" not in line and "zoe" not in line
    assert line == "GET /follow/…/?token=…&x=1 for …@…"


@pytest.mark.parametrize(("status", "traced"), [(403, False), (404, False), (500, True)])
def test_of_a_refusal_the_line_is_enough(status, traced):
    record = logging.LogRecord("t", 30, "", 0, "refused", (), (RuntimeError, RuntimeError("why"), None))
    record.status_code = status
    assert RefusalFilter().filter(record)
    assert ("why" in RedactingFormatter().format(record)) == traced
