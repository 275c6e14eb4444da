"""The letters that recruiters start from, and the times at which their teams call back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import services
from leads.admin.lists import actor_of
from leads.admin.reference import ReferenceAdmin
from leads.errors import LeadsError
from leads.identity import name_of
from leads.letter_forms import LetterTextForm, OpenSlotsForm
from leads.letters import FIELDS
from leads.lines import shortly
from leads.models import CallSlot, Letter, LetterVersion, Team
from recruitment.days import day_in_words
from recruitment.plain import PlainForms
from recruitment.templatetags.look import clock


@admin.register(Letter)
class LetterAdmin(ReferenceAdmin):
    form = LetterTextForm
    list_display = ("title", "subject", "needs", "use", "version")
    list_filter = ("is_active",)
    search_fields = ("title", "subject")
    readonly_fields = ("fields_known", "versions_before")
    fieldsets = (
        (gettext_lazy("Letter"), {"fields": ("title", "purpose", "offers_call", "is_active", "position")}),
        (gettext_lazy("Text"), {"fields": ("fields_known", "subject", "body")}),
        (gettext_lazy("In English"), {"fields": ("subject_en", "body_en")}),
        (gettext_lazy("As it was"), {"fields": ("versions_before",)}),
    )

    def save_model(self, request: HttpRequest, obj: Letter, form: ModelForm, change: bool) -> None:
        services.keep_letter(letter=obj, actor=actor_of(request), now=timezone.now())

    @admin.display(description=gettext_lazy("needs"))
    def needs(self, letter: Letter) -> str:
        """What has to be agreed to before it may be sent."""
        return _("only with consent") if letter.purpose else ""

    @admin.display(description=gettext_lazy("use"))
    def use(self, letter: Letter) -> str:
        offered = _("offers times to be called") if letter.offers_call else _("is offered")
        return offered if letter.is_active else _("is offered no more")

    @admin.display(description=gettext_lazy("fields"))
    def fields_known(self, letter: Letter) -> SafeString:
        named = ((f"{{{name}}}", meaning) for name, meaning in FIELDS.items())
        return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> {}</li>", named))

    @admin.display(description=gettext_lazy("versions"))
    def versions_before(self, letter: Letter) -> SafeString | str:
        if not letter.pk:
            return _("none yet")
        rows = letter.versions.select_related("by")
        lines = format_html_join("", "<li><b>{}</b> {}<br>{}</li>", (_told(row) for row in rows))
        return format_html("<ol class='lines'>{}</ol>", lines)


def _told(row: LetterVersion) -> tuple[int, str, str]:
    by = name_of(row.by) if row.by else _("delivered with the system")
    return row.version, f"{shortly(row.at, timezone.now())}, {by}", row.subject


@admin.register(CallSlot)
class CallSlotAdmin(PlainForms):
    """Opened in runs; one that nobody chose may be taken away."""

    list_display = ("day", "hours", "team", "taken")
    list_select_related = ("team",)
    fields = ("team", "starts_at", "ends_at", "capacity")
    readonly_fields = ("team", "starts_at", "ends_at")
    ordering = ("starts_at",)
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallSlot]:
        return CallSlot.objects.with_taken().filter(ends_at__gt=timezone.now(), team__in=_teams_of(actor_of(request)))

    def get_urls(self) -> list[Any]:
        page = path("add/", self.admin_site.admin_view(self.open_view), name="leads_callslot_add")
        return [page, *super().get_urls()]

    def open_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        teams = _teams_of(actor_of(request))
        form = OpenSlotsForm(data, teams=teams, today=timezone.localdate())
        if form.is_valid() and (done := _open(form, request)):
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:leads_callslot_changelist"), status=303)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Open times to be called"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/leads/callslot/open.html", context, status=422 if form.errors else 200)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The stock page tells even strangers whether there is such a row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: CallSlot | None = None) -> bool:
        is_chosen = obj is not None and CallSlot.objects.filter(pk=obj.pk).is_chosen()
        return not is_chosen and super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("day"), ordering="starts_at")
    def day(self, slot: CallSlot) -> str:
        return day_in_words(timezone.localtime(slot.starts_at), _("l j F"))

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, slot: CallSlot) -> str:
        start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
        return f"{clock(start)} – {clock(end)}"

    @admin.display(description=gettext_lazy("chosen"))
    def taken(self, slot: CallSlot) -> str:
        return _("%(taken)d of %(capacity)d") % {"taken": slot.taken, "capacity": slot.capacity}  # type: ignore[attr-defined]


def _teams_of(user: User) -> QuerySet[Team]:
    return Team.objects.all() if user.is_superuser else Team.objects.filter(members=user)


def _open(form: OpenSlotsForm, request: HttpRequest) -> str:
    try:
        new = services.open_call_slots(**form.cleaned_data, actor=actor_of(request))
    except LeadsError as refusal:
        form.add_error(None, str(refusal.message))
        return ""
    return ngettext("%d time is open.", "%d times are open.", new) % new
