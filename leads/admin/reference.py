"""What the follow-up refers to: contests and their sessions, sources, teams, the organisation."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from leads import services, texts
from leads.admin.assignment import AssignmentPage
from leads.admin.lists import actor_of
from leads.identity import name_of
from leads.models import AskedDocument, Contest, ContestSession, Organisation, Source, Team
from leads.reference_forms import OrganisationForm, TeamForm
from recruitment.plain import PlainForms


class ReferenceAdmin(PlainForms):
    """Rows that others point to: they change, and none is deleted."""

    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.label_lower.replace('.', '_')}_change", args=[object_id])
        )

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        services.keep_reference_row(row=obj)


@admin.register(Contest)
class ContestAdmin(ReferenceAdmin):
    list_display = ("title", "slug", "posting", "position")
    list_filter = ("posting",)
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (_("Title"), {"fields": ("title", "title_en", "slug", "position")}),
        (_("What it is"), {"fields": ("summary", "summary_en", "posting", "commitment_years")}),
        (_("Conditions"), {"fields": ("same_rules_as", "conditions")}),
    )
    readonly_fields = ("conditions",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Contest | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("title",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Contest | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields  # addresses and reports know it

    @admin.display(description=_("conditions in force"))
    def conditions(self, contest: Contest) -> SafeString | str:
        """As the contest's page tells them; they are dated data with sources and are loaded, not typed."""
        rules = texts.in_force((contest.same_rules_as or contest).rules, timezone.localdate().isoformat())
        told = ((*texts.condition(rule), texts.source_words(rule)) for rule in rules)
        lines = format_html_join("", "<li><b>{}</b> {} <small>{}</small></li>", told)
        return format_html("<ul>{}</ul>", lines) if lines else str(_("none yet"))


class AskedDocumentInline(admin.StackedInline):
    """The checklist of a session's files. A line that files know of stays."""

    model = AskedDocument
    extra = 1
    fields = ("label", "label_en", "instead", "instead_en", "is_required", "takes_uploads", "position")


@admin.register(ContestSession)
class ContestSessionAdmin(ReferenceAdmin):
    inlines = (AskedDocumentInline,)
    list_display = ("contest", "year", "status", "opens_on", "closes_on", "posts")
    list_filter = ("status",)
    list_select_related = ("contest",)
    search_fields = ("contest__title",)
    fieldsets = (
        (_("Which"), {"fields": ("contest", "year", "status", "posts")}),
        (_("Registrations"), {"fields": ("opens_on", "closes_on", "documents_due_on", "reminder_days")}),
    )


@admin.register(Source)
class SourceAdmin(ReferenceAdmin):
    list_display = ("label", "label_en", "key")
    search_fields = ("label", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()  # links that people have, and the counts, know it


@admin.register(Team)
class TeamAdmin(AssignmentPage, ReferenceAdmin):
    form = TeamForm
    list_display = ("name", "is_default")
    search_fields = ("name",)
    fields = ("name", "departments", "members")

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """By the service: whoever leaves gives back whom they followed up."""
        members = form.cleaned_data["members"]
        services.set_members(team_id=form.instance.pk, members=members, actor=actor_of(request), now=timezone.now())
        services.set_territories(team_id=form.instance.pk, departments=form.cleaned_data["departments"])

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = User.objects.filter(is_active=True, is_staff=True).order_by("last_name", "username")
        kwargs["widget"] = CheckboxSelectMultiple
        kwargs["help_text"] = ""
        field = db_field.formfield(**kwargs)
        field.label_from_instance = name_of
        return field


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    form = OrganisationForm
    fieldsets = (
        (_("Name"), {"fields": ("name", "tagline", "tagline_en", "reference_prefix", "aim_region")}),
        (_("Look"), {"fields": ("logo", ("accent", "accent_night"), ("signal", "tint"))}),
        (
            _("Service in charge"),
            {"fields": ("service", "service_en", "address", "email", "phone", "hours", "hours_en")},
        ),
        (
            _("Home page"),
            {
                "fields": (
                    *("hero_title", "hero_title_en", "hero_title_em", "hero_title_em_en"),
                    *("hero_text", "hero_text_en"),
                )
            },
        ),
        (_("Notices"), {"fields": ("publisher", "host", "dpo_email")}),
        (
            _("Months that data are kept"),
            {"fields": ("months_with_consent", "months_without_consent", "months_registered", "notice_days")},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # there is one

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:leads_organisation_change", args=[1]))
