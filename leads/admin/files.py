"""Registration files, one by one; each opens on its candidate's sheet, where it is moved on."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from leads.admin.filters import SessionFilter, StatusFilter
from leads.admin.lists import WorkList
from leads.choices import FileStatus
from leads.lines import shortly
from leads.models import RegistrationFile

LOOKS = {
    FileStatus.REQUESTED: "accent",
    FileStatus.INCOMPLETE: "warn",
    FileStatus.COMPLETE: "ok",
    FileStatus.REGISTERED: "ok",
}


@admin.register(RegistrationFile)
class RegistrationFileAdmin(WorkList):
    list_display = ("person", "status_shown", "contest_session", "place", "asked_at", "since")
    list_display_links = ("person",)
    list_filter = (StatusFilter, SessionFilter)
    list_select_related = ("candidate", "contest_session__contest")
    search_fields = ("candidate__search",)
    search_help_text = _("Name, e-mail, phone, reference or postal code")
    ordering = ("-requested_at", "-pk")
    actions = None

    def rows_of(self, user: User) -> QuerySet[RegistrationFile]:
        return RegistrationFile.objects.in_scope_of(user).filter(candidate__merged_into__isnull=True)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        file = self.get_object(request, object_id)
        if file is None:
            raise Http404
        sheet = reverse("admin:leads_candidate_change", args=[file.candidate_id])
        return HttpResponseRedirect(f"{sheet}#file-{file.pk}", status=303)

    history_view = change_view

    @admin.display(description=_("name, e-mail"))
    def person(self, file: RegistrationFile) -> SafeString:
        return format_html("<span>{}</span><small>{}</small>", file.candidate.full_name, file.candidate.email)

    @admin.display(description=_("status"))
    def status_shown(self, file: RegistrationFile) -> SafeString:
        look = LOOKS.get(FileStatus(file.status), "")
        return format_html('<span class="badge {}">{}</span>', look, file.get_status_display())

    @admin.display(description=_("dépt"))
    def place(self, file: RegistrationFile) -> str:
        return str(_("abroad")) if file.candidate.is_abroad else file.candidate.department

    @admin.display(description=_("requested"), ordering="requested_at")
    def asked_at(self, file: RegistrationFile) -> str:
        return shortly(file.requested_at, timezone.now())

    @admin.display(description=_("since"))
    def since(self, file: RegistrationFile) -> str:
        return shortly(file.status_at, timezone.now())
