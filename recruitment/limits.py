"""How often, and from which address. Limits fail open: without the cache nobody is refused."""

import contextlib
import ipaddress
import time
from collections.abc import Sequence

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

_PAUSE_AFTER_FAILURE = 5.0
_cache_rests_until = 0.0


def client_address(peer: str, forwarded_for: str, trusted_proxies: Sequence[str]) -> str:
    """The address that a limit counts: `peer`, or what its trusted proxies say they had before them.

    `forwarded_for` is the X-Forwarded-For header; it is read from its end for as long as the speaker is trusted.
    An IPv6 address counts by its /64, which is what one customer gets.
    """
    address, said = peer, [part.strip() for part in forwarded_for.split(",") if part.strip()]
    while said and _is_trusted(address, trusted_proxies):
        address = said.pop()
    return _subscriber(address)


def address_of(request: HttpRequest) -> str:
    """`client_address` of whom a request comes from."""
    forwarded_for = request.headers.get("X-Forwarded-For", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded_for, settings.TRUSTED_PROXIES)


def _is_trusted(address: str, trusted_proxies: Sequence[str]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(parsed in ipaddress.ip_network(proxy, strict=False) for proxy in trusted_proxies)


def _subscriber(address: str) -> str:
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def allow(key: str, limit: int, period: int) -> int | None:
    """Count one more under `key`; None if that is within `limit` per `period` seconds, else the seconds to wait.

    A limit of 0 is none. Windows are fixed, so a burst over a boundary may reach twice the limit.
    """
    if limit <= 0:
        return None
    now = time.time()
    window = int(now // period)
    count = _count(f"limit:{key}:{window}", period)
    return int(period - now % period) + 1 if count > limit else None


def take_back(key: str, limit: int, period: int) -> None:
    """What `allow` counted did not happen."""
    if limit > 0 and time.monotonic() >= _cache_rests_until:
        with contextlib.suppress(ValueError, RedisError):  # it lapsed since, or the cache is away: nothing to take from
            cache.decr(f"limit:{key}:{int(time.time() // period)}")


def _count(key: str, period: int) -> int:
    global _cache_rests_until  # noqa: PLW0603
    if time.monotonic() < _cache_rests_until:
        return 0
    try:
        cache.add(key, 0, period + 1)
        return cache.incr(key)
    except ValueError:  # it lapsed between the two calls
        return 1
    except RedisError:
        _cache_rests_until = time.monotonic() + _PAUSE_AFTER_FAILURE
        return 0
