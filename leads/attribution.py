"""First and last touch of a visit, from what a request says; kept in one signed cookie that holds no identifier.

A touch is how somebody came to the site: the `utm_` words of a link, else the host that linked here, else directly.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from leads.choices import KEY_LENGTH
from recruitment.text import clean_line, without_accents

COOKIE = "touches"
COOKIE_AGE = 90 * 24 * 3600
COOKIE_SALT = "leads.attribution"
HOST_LENGTH = 120
VISIT = 30 * 60


@dataclass(frozen=True, slots=True)
class Touch:
    source: str = ""
    medium: str = ""
    campaign: str = ""
    referrer: str = ""

    @property
    def is_direct(self) -> bool:
        return not self.source and not self.referrer

    @property
    def source_key(self) -> str:
        """The `key` of its Source, empty where it came directly."""
        return self.source or self.referrer[:KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class Touches:
    """`at`: when the last touch was, in seconds; what comes directly soon after it is the same visit going on."""

    first: Touch = Touch()
    last: Touch = Touch()
    at: int = 0

    @property
    def deciding(self) -> Touch:
        """The one that counts: the last if not direct, else the first."""
        return self.first if self.last.is_direct else self.last

    def as_data(self) -> dict[str, Any]:
        touches = {"first": self.first, "last": self.last}
        return {"at": self.at} | {n: {k: v for k, v in asdict(touch).items() if v} for n, touch in touches.items()}


def touch_of(query: Mapping[str, str], referrer: str, own_hosts: set[str]) -> Touch | None:
    """The touch that a page's request makes; None within the site, which is no arrival."""
    host = _host_of(referrer)
    source = _key(query.get("utm_source", ""))
    if not source and host in own_hosts:
        return None
    return Touch(
        source=source,
        medium=_key(query.get("utm_medium", "")),
        campaign=_key(query.get("utm_campaign", "")),
        referrer="" if host in own_hosts else host.removeprefix("www."),
    )


def followed_by(touches: Touches | None, touch: Touch | None, *, at: int) -> Touches | None:
    """The touches after one more; the first stays the first. Who comes directly and first leaves nothing to keep."""
    if touch is None or (touches is None and touch.is_direct):
        return touches
    if touches is None:
        return Touches(touch, touch, at)
    if touch == touches.last or (touch.is_direct and at - touches.at < VISIT):
        return touches  # many browsers send no referrer: within a visit that is no new arrival
    return Touches(touches.first, touch, at)


def read_touches(data: object) -> Touches | None:
    """Touches from a cookie's data, whatever it holds."""
    if not isinstance(data, dict) or not isinstance(data.get("first"), dict) or not isinstance(data.get("last"), dict):
        return None
    at = data.get("at")
    return Touches(_read_touch(data["first"]), _read_touch(data["last"]), at if isinstance(at, int) else 0)


def _read_touch(data: dict) -> Touch:
    return Touch(
        **{name: str(data.get(name, ""))[:HOST_LENGTH] for name in ("source", "medium", "campaign", "referrer")}
    )


def _key(typed: str) -> str:
    plain = re.sub(r"[^a-z0-9._-]+", "-", without_accents(clean_line(typed)))
    return plain.strip("-")[:KEY_LENGTH]


def _host_of(referrer: str) -> str:
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        return ""
    return host[:HOST_LENGTH] if re.fullmatch(r"[a-z0-9.:-]+", host) else ""
