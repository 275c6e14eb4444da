"""Who would be given whom, and why; how many each recruiter takes, and when they are away."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import services
from leads.admin.exported import see_batch
from leads.admin.lists import actor_of
from leads.batch_words import BatchKind
from leads.errors import NotAllowed
from leads.identity import name_of
from leads.models import Absence, Candidate, Capacity, Team
from leads.reference_forms import WhereForm
from leads.row_filters import id_in
from leads.services.assignment import seats_of, team_for
from leads.services.timeline import place_of
from recruitment import geography
from recruitment.plain import PlainForms

TEMPLATE = "admin/leads/team/assignment.html"


class AssignmentPage(admin.ModelAdmin):
    """A postal code is typed, and who would be given somebody from there is told with the reason."""

    def get_urls(self) -> list[Any]:
        page = path("assignment/", self.admin_site.admin_view(self.assignment_view), name="leads_team_assignment")
        return [page, *super().get_urls()]

    def assignment_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("leads.change_candidate"):
            raise PermissionDenied
        if request.method == "POST":
            return self.hand_over(request)
        form = WhereForm(request.GET if "code" in request.GET else None)
        place = place_of(form.cleaned_data["code"], is_abroad=False) if form.is_valid() else None
        team = team_for(place["department"]) if place else _shown_team(request)
        seats = seats_of(team.pk, timezone.localdate())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assignment"),
            "opts": self.opts,
            "form": form,
            "place": place,
            "department": geography.departments().get(place["department"], "") if place else "",
            "team": team,
            "departments": [territory.department for territory in team.territories.all()],
            "teams": Team.objects.all(),
            "seats": seats,
            "next": next((seat for seat in seats if seat.is_free), None),
        }
        return TemplateResponse(request, TEMPLATE, context, status=422 if form.errors else 200)

    def hand_over(self, request: HttpRequest) -> HttpResponse:
        """Of one who is away all open sheets, as an act on many: tried first."""
        actor, now = actor_of(request), timezone.now()
        member = id_in(request.POST.get("member", ""))
        theirs = Candidate.objects.current().open().in_scope_of(actor).filter(owner=member)
        told: dict[str, Any] = {"list_name": "candidate", "query": f"owner={member}", "actor": actor, "now": now}
        try:
            batch = services.begin_act(kind=BatchKind.DEAL, ids=theirs.values_list("pk", flat=True), **told)
        except NotAllowed as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(reverse("admin:leads_team_assignment"), status=303)
        services.try_act(batch_id=batch.pk, options={}, actor=actor, now=now)
        return see_batch(batch)


def _shown_team(request: HttpRequest) -> Team:
    """The one of the address, else the reader's first, else the default one."""
    asked = Team.objects.filter(pk=id_in(request.GET.get("team", ""))).first()
    return asked or Team.objects.of(actor_of(request)).first() or Team.objects.default()


class OfRecruiters(PlainForms):
    """Rows of recruiters, of the reader's teams alone."""

    show_full_result_count = False
    actions = None
    list_select_related = ("member",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(member__in=_colleagues(actor_of(request)))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = db_field.formfield(queryset=_colleagues(actor_of(request)))
        field.label_from_instance = name_of
        return field

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:leads_{self.opts.model_name}_change", args=[object_id]))

    @admin.display(description=gettext_lazy("recruiter"))
    def who(self, row: Any) -> str:
        return name_of(row.member)


def _colleagues(reader: User) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, is_staff=True)
    if not reader.is_superuser:
        people = people.filter(pk__in=User.objects.filter(teams__in=Team.objects.of(reader)))
    return people.order_by("last_name", "username")


@admin.register(Absence)
class AbsenceAdmin(OfRecruiters):
    list_display = ("who", "since", "until")


@admin.register(Capacity)
class CapacityAdmin(OfRecruiters):
    list_display = ("who", "most")
