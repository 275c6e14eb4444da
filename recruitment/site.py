"""The back office's door: who gets the login page, who a refusal."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chat import public as rooms
from chat.choices import RoomState
from chat.models import Room
from leads.day_views import my_day
from leads.report_views import weekly
from leads.room_report_views import one_room
from leads.rooms_report_views import rooms_report
from recruitment.limits import address_of
from recruitment.navigation import has_day, navigation
from recruitment.second_factor_views import StaffLogin, second_step, set_up

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class LoginForm(AdminAuthenticationForm):
    """Says how many tries are left; the same for a name that exists and one that does not."""

    def get_invalid_login_error(self) -> ValidationError:
        tried = {"username": self.cleaned_data.get("username")}
        left = settings.AXES_FAILURE_LIMIT - AxesProxyHandler.get_failures(self.request, tried)
        message = ngettext(
            "Wrong user name or password. %d more try, then a pause.",
            "Wrong user name or password. %d more tries, then a pause.",
            left,
        )
        return ValidationError(message % left, code="invalid_login")


class RecruitmentAdminSite(AdminSite):
    site_header = gettext_lazy("Back office")
    site_title = gettext_lazy("Back office")
    index_title = gettext_lazy("What you may open")
    login_template = "admin/login.html"
    login_form = LoginForm

    enable_nav_sidebar = False  # base_site.html has its own

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        menu = navigation(context["available_apps"], request) if context["has_permission"] else []
        return context | {"navigation": menu}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """A recruiter's day; for others what stands in the menu. With the consoles of rooms where they are staff."""
        consoles = Room.objects.of_staff(request.user.pk or 0).exclude(state=RoomState.CLOSED).order_by("opens_at")
        if has_day(request.user):
            return my_day(request, self.each_context(request) | {"consoles": consoles})
        return super().index(request, {"consoles": consoles, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """As the stock one, with a second step where the account has a device."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "app_path": request.get_full_path(),
            "next_room": rooms.schedule(timezone.now()).next,
            **(extra_context or {}),
        }
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        view = StaffLogin.as_view(
            extra_context=context, authentication_form=self.login_form, template_name=self.login_template
        )
        response = cast(HttpResponse, view(request))
        form = getattr(response, "context_data", {}).get("form")
        if form and form.errors:
            response.status_code = 422
        return response

    def get_urls(self) -> list[Any]:
        reports = [
            path("reports/weekly/", self.report(weekly, "leads.view_weekly_report"), name="weekly_report"),
            path("reports/rooms/", self.report(rooms_report, "leads.view_rooms_report"), name="rooms_report"),
            path("reports/rooms/<slug:slug>/", self.report(one_room, "leads.view_rooms_report"), name="room_report"),
        ]
        doors = [
            path("second-step/", second_step, name="second_step"),
            path("second-factor/", set_up, name="second_factor"),
        ]
        return reports + doors + super().get_urls()

    def report(self, view: Callable[..., HttpResponse], permission: str) -> Callable[..., HttpResponseBase]:
        """A report as a page of the back office, for who holds the permission."""

        @wraps(view)
        def page(request: HttpRequest, **named: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, self.each_context(request), **named)

        return self.admin_view(page)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Nobody is sent to the login page; somebody without the right is refused, and not asked to be another."""
        admin_view = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return admin_view(request, *args, **kwargs)

        return cast(View, guarded)


def login_address(request: HttpRequest) -> str:
    """The address that failed logins are counted by. Of an IPv6 network its first one: the column holds no networks."""
    return address_of(request).partition("/")[0]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """What django-axes answers to one more login after too many failures."""
    minutes = math.ceil(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    message = (
        ngettext(
            "Too many wrong passwords. Wait %d minute, then try again.",
            "Too many wrong passwords. Wait %d minutes, then try again.",
            minutes,
        )
        % minutes
    )
    answer: HttpResponse
    if request.accepts("text/html"):
        context = {"title": _("A pause"), "message": message}
        answer = render(request, "admin/locked_out.html", context, status=429)
    else:
        answer = JsonResponse({"error": message}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
