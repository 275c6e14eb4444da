"""Celery's application: with REDIS_URL it sends the mails, and beat has it look for periodic work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
app = Celery("recruitment")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # for every thread: `shared_task` and `current_app` mean this one
app.autodiscover_tasks()
