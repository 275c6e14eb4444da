from django.contrib import admin
from django.urls import include, path

from recruitment import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("privacy/", views.notice, {"name": "privacy"}, name="privacy"),
    path("accessibility/", views.notice, {"name": "accessibility"}, name="accessibility"),
    path("legal/", views.notice, {"name": "legal"}, name="legal"),
    path("", include("chat.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("leads.urls")),
    path("admin/", admin.site.urls),
]
