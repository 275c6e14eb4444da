"""1,000 requests that no browser of ours sends: each gets a clear refusal or an honest page, none a 500."""

import http.client
import random
import socket
from urllib.parse import quote, urlencode

import pytest

from recruitment.middleware import security_headers
from tests.factories import QuestionFactory, RoomFactory
from tests.leads.factories import ContestSessionFactory
from tests.serving import collect_static, serving

pytestmark = [pytest.mark.slow, pytest.mark.either, pytest.mark.django_db(transaction=True)]
REQUESTS = 1000
REQUIRED = {"content-security-policy", *(name.lower() for name in security_headers())}
ODD = [
    "",
    "\u0000",
    "\ud800",
    "\u202e",
    "é" * 3000,
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "../../etc/passwd",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "%00",
    "%ff",
    "[]",
    "null",
    "2026-W99",
    "a\r\nSet-Cookie: x=1",
]
NAMES = [
    *("q", "p", "topic", "after", "wait", "from", "to", "by", "format", "room", "text", "nickname", "request_id", "id"),
    *("email", "phone", "postal_code", "birth_date", "served", "csrfmiddlewaretoken", "next", "language", "username"),
    *("password", "consent_phone", "o", "e", "_popup", "utm_source"),
]
PATHS = [
    "/",
    "/rooms/",
    "/rooms/room/",
    "/rooms/{odd}/",
    "/rooms/room/events",
    "/rooms/room/questions",
    "/rooms/room/console/",
    "/rooms/room/calendar.ics",
    "/rooms/calendar.ics",
    "/questions/",
    "/contests/",
    "/contests/contest/",
    "/contests/contest/request/",
    "/contests/{odd}/request/",
    "/request/",
    "/request/received/",
    "/follow/",
    "/follow/{odd}/",
    "/follow/{odd}/verify/",
    "/files/{odd}/",
    "/language/",
    "/admin/",
    "/admin/login/",
    "/admin/chat/room/{odd}/change/",
    "/admin/reports/weekly/",
    "/static/{odd}",
    "/healthz",
    "/readyz",
    "/metrics",
    "/ws/rooms/room/",
    "/{odd}",
]
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"]
TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/x-www-form-urlencoded; charset=nonsense",
    "\u00e9",
]


def odd_value(chance: random.Random) -> str:
    return chance.choice(ODD)


def odd_query(chance: random.Random) -> str:
    pairs = [(chance.choice(NAMES), odd_value(chance)) for _ in range(chance.randrange(4))]
    return urlencode(pairs, errors="surrogatepass") + chance.choice(["", "", "&", "&=%", "?a[b]=c"])


def odd_body(chance: random.Random) -> bytes:
    shapes = [
        b"",
        b"{",
        b"[[[[" * 500,
        b'{"id": "x", "text": "\\ud800\\u0000"}',
        b"\xff\xfe\x00",
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x',
        odd_query(chance).encode(),
        b"a=1&" * 1500,
    ]
    return chance.choice(shapes)


def odd_headers(chance: random.Random) -> dict[str, str]:
    offered = {
        "Content-Type": chance.choice(TYPES),
        "Cookie": chance.choice(
            ["visitor=x:y", "sessionid=\u00e9", "csrftoken=1; visitor=", "=;=;", "a" * 3000, "touches=x"]
        ),
        "Accept-Language": chance.choice(["fr", "xx-yy;q=z", "*", ",,,", "é" * 200]),
        "Range": "bytes=9-1",
        "X-Forwarded-For": chance.choice(["", "nonsense", "::1, 1.2.3.4", "," * 50]),
        "Referer": chance.choice(["", "http://evil.example/", "nonsense"]),
        "X-CSRFToken": odd_value(chance).encode("ascii", "ignore").decode().replace("\r\n", ""),
        "If-Modified-Since": "yesterday",
    }
    return {name: value for name, value in offered.items() if chance.random() < 0.4}


def send(port: int, chance: random.Random) -> tuple[str, int, dict[str, str]]:
    path = chance.choice(PATHS).format(odd=quote(odd_value(chance), safe="", errors="surrogatepass")[:900])
    address = f"{path}?{odd_query(chance)}"[:6000]
    method = chance.choice(METHODS)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            method, address, odd_body(chance) if method not in ("GET", "HEAD") else None, odd_headers(chance)
        )
        response = connection.getresponse()
        response.read()
        return (
            f"{method} {address[:200]}",
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
        )
    finally:
        connection.close()


@pytest.mark.parametrize(
    "request_lines",
    [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "GET /ws/rooms/room/ HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "GET /ws/rooms/room/ HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 1\r\nSec-WebSocket-Key: x\r\n\r\n",
    ],
)
def test_what_no_application_can_answer_is_refused_with_the_headers(port, request_lines):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request_lines.encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
    assert 400 <= response.status < 500
    assert {name.lower() for name in response.headers} >= REQUIRED


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving() as site:
        yield site.port


def test_a_thousand_malformed_requests_get_a_thousand_clear_answers():
    QuestionFactory(room=RoomFactory(slug="room"), state="published")
    session = ContestSessionFactory(contest__slug="contest")
    chance = random.Random(2616)
    collect_static()
    with serving() as site:
        for _ in range(REQUESTS):
            sent, status, headers = send(site.port, chance)
            assert status < 500, (sent, status)
            assert headers.keys() >= REQUIRED, (sent, status)
        assert site.get("/healthz")[0] == 200
    assert session.contest.slug == "contest"
