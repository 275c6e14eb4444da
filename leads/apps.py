from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Follow-up")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leads import tasks  # noqa: F401 (Celery knows a task once its module is imported)

        post_migrate.connect(lay_ground, sender=self, dispatch_uid="leads.lay_ground")


def lay_ground(apps: Apps = installed, **_signal: Any) -> None:
    """After each migration or flush, unless it was one that took the tables away."""
    from leads.services.reference import ensure_ground

    if ("leads", "organisation") in {(m._meta.app_label, m._meta.model_name) for m in apps.get_models()}:
        ensure_ground()
