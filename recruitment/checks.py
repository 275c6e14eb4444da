"""`make serve` runs these with `check --deploy`: an error keeps it from starting, a warning is printed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from leads.public import organisation

REQUIRED = ("SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS")
EVERYBODY = {"*", "0.0.0.0/0", "::/0"}
SHORTEST_KEY = 32
READABLE = 7.0  # contrast of white on a colour, WCAG 2.2 level AAA


def check_colours() -> list[CheckMessage]:
    """White text stands on the employer's accent everywhere.

    Called by `serve` and not registered: `migrate` runs registered checks before there is a row to read.
    """
    if (contrast := contrast_with_white(organisation().accent)) >= READABLE:
        return []
    text = f"The organisation's accent has a contrast of {contrast:.1f} with white."
    return [Warning(text, hint="Choose a darker one: 7 and more is read by everybody.", id="recruitment.W003")]


def contrast_with_white(colour: str) -> float:
    """Of "#05597a", after WCAG 2.2: (1 + 0.05) / (luminance + 0.05)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@register(Tags.security, deploy=True)
def check_deployment(**kwargs: Any) -> list[CheckMessage]:
    """Each insecure setting, by its name in the environment."""
    return [*missing(), *keys(), *addresses(), *transport(), *processes(), *substitutes()]


def missing() -> Iterator[CheckMessage]:
    for name in REQUIRED:
        if name not in settings.GIVEN:
            yield Error(f"{name} is not set.", hint="Set it in the environment.", id="recruitment.E001")
    if settings.DEBUG:
        yield Error("DEBUG is on: it shows the code and its data to visitors.", id="recruitment.E002")


def keys() -> Iterator[CheckMessage]:
    for name in ("SECRET_KEY", "SUPPRESSION_KEY"):
        value = getattr(settings, name)
        if len(value) < SHORTEST_KEY or len(set(value)) < 8 or value.startswith("django-insecure-"):
            yield Error(
                f"{name} can be guessed.", hint=f"{SHORTEST_KEY} random characters or more.", id="recruitment.E003"
            )
    if settings.SECRET_KEY == settings.SUPPRESSION_KEY:
        yield Error(
            "SUPPRESSION_KEY is the same as SECRET_KEY.",
            hint="It must outlive it: with another one, addresses that were erased are no longer recognised.",
            id="recruitment.E004",
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 16:
        yield Error("METRICS_TOKEN can be guessed.", hint="16 random characters or more.", id="recruitment.E005")
    if settings.MAIL_EVENTS_SECRET and len(settings.MAIL_EVENTS_SECRET) < 16:
        yield Error("MAIL_EVENTS_SECRET can be guessed.", hint="16 random characters or more.", id="recruitment.E015")


def addresses() -> Iterator[CheckMessage]:
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield Error("ALLOWED_HOSTS lets any name pass.", hint="Name each host.", id="recruitment.E006")
    if EVERYBODY & set(settings.TRUSTED_PROXIES):
        yield Error(
            "TRUSTED_PROXIES trusts everybody: anyone could claim any address.",
            hint="Name the proxies' own addresses.",
            id="recruitment.E007",
        )


def transport() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        yield Error("SITE_URL is no origin.", hint="https://recrutement.example.fr", id="recruitment.E008")
    elif parts.scheme == "http" and not settings.IS_LOOPBACK:
        yield Error(
            "SITE_URL is http: what candidates write would travel in the clear.",
            hint="https, or a loopback address.",
            id="recruitment.E009",
        )
    if settings.STAFF_SECOND_FACTOR not in ("required", "optional"):
        yield Error("STAFF_SECOND_FACTOR is neither required nor optional.", id="recruitment.E010")


def processes() -> Iterator[CheckMessage]:
    if settings.WEB_WORKERS > 1 and not (settings.DATABASE_URL and settings.REDIS_URL):
        yield Error(
            "WEB_WORKERS is above 1 without DATABASE_URL and REDIS_URL.",
            hint="Without them the live events stay inside one process.",
            id="recruitment.E012",
        )
    if settings.WEB_WORKERS < 1:
        yield Error("WEB_WORKERS is below 1.", id="recruitment.E013")
    if not 0 < settings.PORT < 65536:
        yield Error("PORT is none: 1 to 65535.", id="recruitment.E016")


def substitutes() -> Iterator[CheckMessage]:
    if "SUPPRESSION_KEY" not in settings.GIVEN:
        yield Warning(
            "SUPPRESSION_KEY was made here and is kept in VAR_DIR.",
            hint="Set it, or back the file up: restored erasures depend on it.",
            id="recruitment.W001",
        )
    if "EMAIL_URL" not in settings.GIVEN:
        yield Warning(
            "EMAIL_URL is not set: mails are files in VAR_DIR/mail and reach nobody.",
            hint="smtp+tls://user:password@host:587",
            id="recruitment.W002",
        )
