"""The pages of the second step: the code after the password, and the setting up of a phone."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django_otp import user_has_device

from leads.public import organisation
from recruitment import second_factor
from recruitment.drawn import qr_code


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20, error_messages={"required": gettext_lazy("Type the code that your application shows.")}
    )


class StaffLogin(LoginView):
    """The password; who has a second step is held before it."""

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if not second_factor.is_asked_of(user):
            return super().form_valid(form)
        second_factor.hold(self.request.session, user, user.backend, self.get_success_url(), timezone.now())
        page = "admin:second_step" if user_has_device(user) else "admin:second_factor"
        return HttpResponseRedirect(reverse(page))


@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The code, of who has shown the password."""
    waiting = second_factor.held(request.session, timezone.now())
    if waiting is None or not user_has_device(waiting[0]):
        return HttpResponseRedirect(reverse("admin:login"))
    user, goes_to = waiting
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if second_factor.is_right(user, form.cleaned_data["code"]):
            return _let_in(request, user, goes_to)
        form.add_error("code", _refusal(user))
    return render(request, "admin/second_step.html", {"form": form}, status=422 if form.errors else 200)


def _refusal(user: User) -> str:
    until = second_factor.waits_until(user)
    if until is None:
        return _("This code is not right, or it was used already. Type the one that shows now.")
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    return (
        ngettext(
            "Wrong. Wait %d second, then type the code that shows.",
            "Wrong. Wait %d seconds, then type the code that shows.",
            seconds,
        )
        % seconds
    )


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """Scan, type the first code, keep the codes for paper. For who is logged in, or must set one up before that."""
    waiting = second_factor.held(request.session, timezone.now())
    user = _who(request, waiting)
    if user is None:
        return HttpResponseRedirect(reverse("admin:login"))
    if request.POST.get("act") == "forget":
        return _forget(request, user)
    if user_has_device(user) and request.method != "POST":
        return render(request, "admin/second_factor.html", {"is_there": True, "may_forget": _may_forget()})
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if codes := second_factor.confirm(user, form.cleaned_data["code"]):
            return _show_codes(request, user, waiting, codes)
        form.add_error("code", _("This code is not right. Does the clock of the phone tell the right time?"))
    return render(request, "admin/second_factor.html", _setting_up(user, form), status=422 if form.errors else 200)


def _who(request: HttpRequest, waiting: tuple[User, str] | None) -> User | None:
    """Staff who are logged in; else who showed the password and has no device that could be asked."""
    if isinstance(request.user, User):
        if not request.user.is_staff:
            raise PermissionDenied
        return request.user
    return waiting[0] if waiting and not user_has_device(waiting[0]) else None


def _setting_up(user: User, form: CodeForm) -> dict[str, Any]:
    device = second_factor.begin(user)
    address = second_factor.address_of_device(device, organisation().name)
    return {"form": form, "code": qr_code(address), "secret": second_factor.secret_of(device)}


def _show_codes(request: HttpRequest, user: User, waiting: tuple[User, str] | None, codes: list[str]) -> HttpResponse:
    goes_to = reverse("admin:index")
    if waiting and not request.user.is_authenticated:
        goes_to = _let_in(request, user, waiting[1])["Location"]
    return render(request, "admin/second_factor.html", {"codes": codes, "goes_to": goes_to})


def _let_in(request: HttpRequest, user: User, goes_to: str) -> HttpResponse:
    second_factor.release(request.session)
    login(request, user)
    return HttpResponseRedirect(goes_to)


def _may_forget() -> bool:
    return settings.STAFF_SECOND_FACTOR != "required"


def _forget(request: HttpRequest, user: User) -> HttpResponse:
    if not request.user.is_authenticated or not _may_forget():
        raise PermissionDenied
    form = CodeForm(request.POST)
    if not (form.is_valid() and second_factor.is_right(user, form.cleaned_data["code"])):
        messages.error(request, _("This code is not right, or it was used already. Type the one that shows now."))
    else:
        second_factor.forget(user)
        messages.success(request, _("Your second step is gone: the password alone lets you in."))
    return HttpResponseRedirect(reverse("admin:second_factor"), status=303)
