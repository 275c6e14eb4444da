"""Where a recruiter's work starts: /admin/."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.day import VIEWS, day_of
from leads.day_aside import TAKEN_AT_ONCE, duplicates_for, queue_of, week_of
from leads.models import Team

TITLES = {
    "all": pgettext_lazy("view", "All"),
    "late": _("Late"),
    "soon": _("Soon late"),
    "call": _("Calls"),
    "write": _("Answers"),
    "check_file": _("Files"),
    "new": pgettext_lazy("view", "New"),
}


def my_day(request: HttpRequest, context: dict[str, Any]) -> TemplateResponse:
    now, user = timezone.now(), cast(User, request.user)
    view = request.GET.get("show", "all")
    view = view if view in VIEWS else "all"
    day = day_of(user, now, view)
    own = {
        "title": _("My day"),
        "day": day,
        "now": now,
        "view": view,
        "tabs": [(name, TITLES[name], day.counts[name]) for name in VIEWS if day.counts[name] or name in ("all", view)],
        "week": week_of(user, now),
        "queue": queue_of(user),
        "taken_at_once": TAKEN_AT_ONCE,
        "duplicates": duplicates_for(user),
        "teams": ", ".join(Team.objects.of(user).values_list("name", flat=True)),
    }
    return TemplateResponse(request, "admin/leads/day.html", context | own)
