"""What managers steer by: campaign links, costs, the press line, goals, mappings."""

from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from leads import services
from leads.admin.filters import WeekFilter
from leads.admin.reference import ReferenceAdmin
from leads.models import Campaign, Cost, Goal, HeardMapping, LinkMapping, PressLine, Source
from leads.steering_forms import CampaignForm, CostForm, GoalForm, HeardMappingForm, LinkMappingForm, PressLineForm
from leads.templatetags.reports import euros
from leads.weeks import week_name
from recruitment import geography
from recruitment.text import clean_line

DRAWN_AS = {"png": "image/png", "svg": "image/svg+xml"}
SCALE = 10  # pixels a module: sharp on a poster of A4


@admin.register(Campaign)
class CampaignAdmin(ReferenceAdmin):
    form = CampaignForm
    list_display = ("name", "path", "source", "medium", "target", "requests")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("name", "code")
    readonly_fields = ("address", "qr_code")
    view_on_site = False
    fieldsets = (
        (_("What it is"), {"fields": ("name", "source", "medium")}),
        (_("Link"), {"fields": ("target", "address", "qr_code")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        """The code is chosen once: it is printed on posters."""
        what, (title, link) = self.fieldsets
        return (what, (title, link if obj else {"fields": ("target", "code")}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).with_brought()  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Campaign, form: ModelForm, change: bool) -> None:
        services.keep_steering_row(row=obj)

    @admin.display(description=_("short address"))
    def path(self, campaign: Campaign) -> SafeString:
        """A row has no room for the host, which is the same in all."""
        address = address_of(campaign)
        return format_html('<a href="{}">{}</a>', address, urlsplit(address).path)

    @admin.display(description=_("short address"))
    def address(self, campaign: Campaign) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', address_of(campaign))

    @admin.display(description=_("QR code"))
    def qr_code(self, campaign: Campaign) -> SafeString:
        drawn = reverse("admin:leads_campaign_qr", args=[campaign.pk])
        return format_html(
            '<img class="qr" src="{0}?format=svg" width="180" height="180" alt="{1}">'
            '<br><a class="btn btn-secondary btn-sm" href="{0}?format=svg" download>SVG</a> '
            '<a class="btn btn-secondary btn-sm" href="{0}?format=png" download>PNG</a>',
            drawn,
            _("QR code of %s") % address_of(campaign),
        )

    @admin.display(description=_("requests"))
    def requests(self, campaign: Campaign) -> SafeString:
        url = f"{reverse('admin:leads_lead_changelist')}?campaign={campaign.code}"
        return format_html('<a href="{}">{}</a>', url, number_format(campaign.brought, force_grouping=True))

    # --- its picture ---

    def get_urls(self) -> list[Any]:
        drawn = path("<int:object_id>/qr/", self.admin_site.admin_view(self.qr_view), name="leads_campaign_qr")
        return [drawn, *super().get_urls()]

    def qr_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The short address as a picture to print: SVG, or PNG with `?format=png`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        campaign, kind = self.get_object(request, str(object_id)), request.GET.get("format", "svg")
        if campaign is None or kind not in DRAWN_AS:
            raise Http404
        body = BytesIO()
        segno.make(address_of(campaign), error="m", micro=False).save(body, kind=kind, scale=SCALE, light="#fff")
        response = HttpResponse(body.getvalue(), content_type=DRAWN_AS[kind])
        response["Content-Disposition"] = f'inline; filename="qr-{campaign.code}.{kind}"'
        return response


def address_of(campaign: Campaign) -> str:
    return f"{settings.SITE_URL}{campaign.get_absolute_url()}"


class SteeringAdmin(ReferenceAdmin):
    """Lines that nothing refers to: a wrong one may be taken away."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        services.keep_steering_row(row=obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.forget_steering_row(row=obj)


class CostWeekFilter(WeekFilter):
    def so_far(self, weeks: Any, moment: datetime) -> QuerySet:
        return weeks.filter(first_on__lte=timezone.localdate(moment))


class CostSourceFilter(admin.SimpleListFilter):
    """By its key, as the reports' addresses name it."""

    parameter_name = "source"
    title = _("source")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(source.key, str(source)) for source in Source.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.filter(source__key=clean_line(self.value() or "")) if self.value() else queryset


@admin.register(Cost)
class CostAdmin(SteeringAdmin):
    form = CostForm
    list_display = ("label", "source", "campaign", "period", "amount")
    list_filter = (CostWeekFilter, CostSourceFilter)
    list_select_related = ("source", "campaign")
    search_fields = ("label",)
    fieldsets = (
        (_("For what"), {"fields": ("label", "source", "campaign")}),
        (_("When, and how much"), {"fields": ("first_on", "last_on", "cents")}),
    )

    @admin.display(description=_("period"), ordering="first_on")
    def period(self, cost: Cost) -> str:
        """A row has no room for two days in words."""
        days = (date_format(day, "SHORT_DATE_FORMAT") for day in (cost.first_on, cost.last_on))
        return " – ".join(days)

    @admin.display(description=_("amount"), ordering="cents")
    def amount(self, cost: Cost) -> str:
        return euros(cost.cents)


@admin.register(PressLine)
class PressLineAdmin(SteeringAdmin):
    form = PressLineForm
    list_display = ("since", "lead_cost", "note")
    fieldsets = (
        (_("What an advertisement in the press costs"), {"fields": ("per_lead", "per_file", "per_registered")}),
        (_("Reference"), {"fields": ("since", "note")}),
    )

    @admin.display(description=_("per request"))
    def lead_cost(self, line: PressLine) -> str:
        return euros(line.per_lead)


@admin.register(Goal)
class GoalAdmin(SteeringAdmin):
    form = GoalForm
    list_display = ("contest_session", "region_name", "week", "target")
    list_filter = ("contest_session",)
    list_select_related = ("contest_session__contest",)
    fieldsets = ((_("Goal"), {"fields": ("contest_session", "region", "monday", "target")}),)

    @admin.display(description=_("region"))
    def region_name(self, goal: Goal) -> str:
        return geography.regions().get(goal.region) or str(_("anywhere"))

    @admin.display(description=_("week"), ordering="monday")
    def week(self, goal: Goal) -> str:
        return week_name(goal.monday)


@admin.register(LinkMapping)
class LinkMappingAdmin(SteeringAdmin):
    form = LinkMappingForm
    list_display = ("__str__", "source", "medium", "campaign")
    list_select_related = ("source",)
    fieldsets = (
        (_("Words of the link"), {"fields": ("utm_source", "utm_medium", "utm_campaign")}),
        (_("Count as"), {"fields": ("source", "medium", "campaign")}),
    )


@admin.register(HeardMapping)
class HeardMappingAdmin(SteeringAdmin):
    form = HeardMappingForm
    list_display = ("text", "source")
    list_select_related = ("source",)
    fieldsets = ((_("What people say"), {"fields": ("text", "source")}),)

    def save_model(self, request: HttpRequest, obj: HeardMapping, form: ModelForm, change: bool) -> None:
        services.map_answers(row=obj)
