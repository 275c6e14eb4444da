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
    source = key_of(query.get("utm_source", ""))
    if not source and host in own_hosts:
        return None
    return Touch(
        source=source,
        medium=key_of(query.get("utm_medium", "")),
        campaign=key_of(query.get("utm_campaign", "")),
        referrer="" if host in own_hosts else host.removeprefix("www."),
    )


def followed_by(touches: Touches | None, touch: Touch | None, *, at: int) -> Touches | None:
    """The touches after one more; the first stays the first. Who comes directly and first leaves nothing to keep."""
    if touch is None or (touches is None and touch.is_direct):
        return touches
    if touches is None:
        return Touches(touch, touch, at)
    if touch == touches.last or (at - touches.at < VISIT and _goes_on(touches.last, touch)):
        return touches
    return Touches(touches.first, touch, at)


def is_arrival(touches: Touches | None, touch: Touch | None, *, at: int) -> bool:
    """Whether a visit begins with `touch`, of one who came by `touches` before."""
    return touch is not None and not (touches and at - touches.at < VISIT and _goes_on(touches.last, touch))


# What fetches pages without a reader says so, or says nothing.
_MACHINES = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|monitor|headless|lighthouse|curl|wget|python|java/|http", re.I
)


def may_be_counted(headers: Mapping[str, str]) -> bool:
    """Whether a page's request is a person's who does not mind to be counted, and no browser's guess."""
    if headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1":
        return False
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    agent = headers.get("User-Agent", "")
    return not purpose and bool(agent) and not _MACHINES.search(agent)


def _goes_on(last: Touch, touch: Touch) -> bool:
    """Whether a touch is the same visit: many browsers send no referrer, and a redirect passes on the first one's."""
    return touch.is_direct or (not touch.source and touch.referrer == last.referrer)


def campaign_touch(source: str, medium: str, code: str, referrer: str, own_hosts: set[str]) -> Touch:
    """The touch of whoever comes by a campaign's short address."""
    came = touch_of({}, referrer, own_hosts)
    return Touch(source, medium, code, came.referrer if came else "")


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


def key_of(typed: str) -> str:
    """A word of a link as it is kept: lower case, no accents, nothing but what an address holds."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", without_accents(clean_line(typed)))
    return plain.strip("-")[:KEY_LENGTH]


def _host_of(referrer: str) -> str:
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        return ""
    return host[:HOST_LENGTH] if re.fullmatch(r"[a-z0-9.:-]+", host) else ""
