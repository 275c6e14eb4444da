"""The product's settings, and a stock admin beside its own."""

from recruitment.settings import *  # noqa: F403
from recruitment.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "bench.stock"]
ROOT_URLCONF = "bench.stock.urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
