"""What every response carries, whose forwarded headers count, and how long a staff session lives."""

import ipaddress
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from channels.security.websocket import OriginValidator
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseMiddleware

Respond = Callable[[HttpRequest], HttpResponseBase]
NOTED_EVERY = timedelta(minutes=5)


def security_headers() -> dict[str, str]:
    """The headers that every response has, whoever made it; the policy of contents is django-csp's."""
    return {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Permissions-Policy": settings.PERMISSIONS_POLICY,
    }


class SecurityHeaders:
    """Outermost, since Django's own middleware sets none on the refusals of its peers (a foreign Host)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.headers = security_headers()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


def bare_headers() -> dict[str, str]:
    """The same and the policy, for what is answered without Django."""
    return security_headers() | {"Content-Security-Policy": build_policy()}


def strict_transport() -> str:
    """The value of Strict-Transport-Security, empty where the site has no TLS."""
    subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    return f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}" if settings.SECURE_HSTS_SECONDS else ""


def with_security_headers(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The ASGI application `app` with `bare_headers`, over TLS with what Django's own middleware adds there."""
    plain = [(name.lower().encode(), value.encode()) for name, value in bare_headers().items()]
    over_tls = [*plain, (b"strict-transport-security", strict_transport().encode())] if strict_transport() else plain

    async def answer(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = over_tls if scope.get("scheme") in ("https", "wss") else plain
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return answer


def with_host_check(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The ASGI application `app` for our own hosts; to any other 400, as Django gives."""

    async def answer(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        host = split_domain_port(_header(scope, b"host"))[0]
        if validate_host(host, settings.ALLOWED_HOSTS):
            await app(scope, receive, send)
        else:
            await _refuse(scope, send, 400)

    return answer


def with_tls(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The ASGI application `app`; where the site has TLS, whoever comes without is sent to the same address with it."""

    async def answer(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if not settings.SECURE_SSL_REDIRECT or scope["scheme"] == "https":
            await app(scope, receive, send)
            return
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        address = b"https://" + _header(scope, b"host").encode("latin-1") + quote(scope["path"]).encode() + query
        await _refuse(scope, send, 301, location=address)

    return answer


def with_origin_check(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The sockets' ASGI application `app` for our own pages; to those of others, and to who names none, 403."""
    validator = OriginValidator(app, settings.SITE_ORIGINS)

    async def answer(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        origin = _header(scope, b"origin")
        if validator.valid_origin(urlsplit(origin) if origin else None):
            await app(scope, receive, send)
        else:
            await _refuse(scope, send, 403)

    return answer


def _header(scope: dict[str, Any], wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


async def _refuse(scope: dict[str, Any], send: Callable, status: int, **headers: bytes) -> None:
    """An empty answer. A socket gets it in place of its handshake, where the server knows how; elsewhere a bare 403."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    given = [(b"content-length", b"0"), *((name.encode(), value) for name, value in headers.items())]
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    await send({"type": f"{kind}.start", "status": status, "headers": given})
    await send({"type": f"{kind}.body", "body": b""})


class ForwardedHeaders:
    """Takes X-Forwarded-Proto from whoever is no proxy of ours: Django would believe it from anyone."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.is_proxy(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)

    def is_proxy(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in proxy for proxy in self.proxies)


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, whose streams are synchronous: under ASGI Django would warn at each and read them whole anyway."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        response = HttpResponse(found.file.read() if found.file else b"", status=int(found.status))
        if found.file:
            found.file.close()
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class WaysBack:
    """Who opens an address that only takes forms reads so, with a way back, in place of an empty page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_bare = response.status_code == 405 and not response.streaming and not getattr(response, "content", b"")
        if not (is_bare and request.method == "GET" and "text/html" in request.headers.get("Accept", "")):
            return response
        match = request.resolver_match
        context = {"room_slug": match.kwargs.get("slug") if match and match.app_name == "chat" else None}
        page = render(request, "405.html", context, status=405)
        page["Allow"] = response["Allow"]
        return page


class StaffSessionLimits:
    """Ends a staff session that was idle too long, or lasts too long whatever it did."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            limit_session(request, timezone.now())
        return self.get_response(request)


@receiver(user_logged_in)
def note_login(request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        request.session["logged_in_at"] = request.session["seen_at"] = timezone.now().timestamp()


def limit_session(request: HttpRequest, now: datetime) -> None:
    session, at = request.session, now.timestamp()
    seen_at = session.get("seen_at", at)
    idle, age = at - seen_at, at - session.setdefault("logged_in_at", at)
    if idle > settings.STAFF_SESSION_IDLE.total_seconds() or age > settings.STAFF_SESSION_LONGEST.total_seconds():
        logout(request)
    elif "seen_at" not in session or idle > NOTED_EVERY.total_seconds():
        session["seen_at"] = at
