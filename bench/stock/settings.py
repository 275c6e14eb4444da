"""The product's settings, and a stock admin beside its own."""

from recruitment.settings import *  # noqa: F403
from recruitment.settings import INSTALLED_APPS, STORAGES, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "bench.stock"]
ROOT_URLCONF = "bench.stock.urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PROCESSORS = [
    f"django.{name}"
    for name in (
        "template.context_processors.request",
        "contrib.auth.context_processors.auth",
        "contrib.messages.context_processors.messages",
    )
]
TEMPLATES = [*TEMPLATES, TEMPLATES[0] | {"NAME": "stock", "DIRS": [], "OPTIONS": {"context_processors": PROCESSORS}}]
