"""Duplicates: the groups that wait, two sheets side by side, and what is decided on them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import services
from leads.admin.lists import WorkList, actor_of
from leads.comparison import compare, with_people
from leads.errors import LeadsError, NotFound, VersionConflict
from leads.lines import Known, line_of, shortly
from leads.models import Candidate, DuplicateGroup
from leads.row_filters import id_in
from leads.services.duplicates import MANY, members_of, told_apart
from leads.services.merges import CHOICES

TEMPLATE = "admin/leads/duplicategroup/pair.html"
SHOWN_BESIDE = 8
NAMED = 3


class Pair(NamedTuple):
    """Which two of a group are compared, as an address names them; the versions are 0 where it was none."""

    kept: Candidate
    gone: Candidate
    kept_version: int
    gone_version: int


@admin.register(DuplicateGroup)
class DuplicateGroupAdmin(WorkList):
    list_display = ("people_shown", "why_shown", "number", "since")
    list_display_links = ("people_shown",)
    ordering = ("-at", "-pk")
    sortable_by = ()
    actions = None

    def rows_of(self, user: User) -> QuerySet[DuplicateGroup]:
        return DuplicateGroup.objects.open().in_scope_of(user)

    def dressed(self, rows: list[DuplicateGroup]) -> list[DuplicateGroup]:
        return with_people(rows)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset, False

    @admin.display(description=gettext_lazy("people"))
    def people_shown(self, group: DuplicateGroup) -> SafeString:
        if not group.people:
            return format_html("<span>{}</span>", _("%d people") % group.size)
        names = format_html_join(", ", "{}", ((person,) for person in group.people[:NAMED]))
        return format_html("<span>{}{}</span>", names, "…" if group.size > NAMED else "")

    @admin.display(description=gettext_lazy("why"))
    def why_shown(self, group: DuplicateGroup) -> str:
        return group.why

    @admin.display(description=gettext_lazy("how many"))
    def number(self, group: DuplicateGroup) -> int:
        return group.size

    @admin.display(description=gettext_lazy("since"))
    def since(self, group: DuplicateGroup) -> str:
        return shortly(group.at, timezone.now())

    # --- one group ---

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        acts = {"merge": self.merge_view, "apart": self.apart_view, "ignore": self.ignore_view}
        own = [path(f"<int:object_id>/{n}/", view(v), name=f"leads_duplicategroup_{n}") for n, v in acts.items()]
        return own + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        group = self.group_for(request, object_id)
        return self.show(request, group)

    history_view = change_view

    def merge_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.decide(request, object_id, self._merge)

    def apart_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.decide(request, object_id, _tell_apart)

    def ignore_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.decide(request, object_id, _ignore)

    def group_for(self, request: HttpRequest, object_id: int | str) -> DuplicateGroup:
        allowed = self.has_change_permission if request.method == "POST" else self.has_view_permission
        if not allowed(request):
            raise PermissionDenied
        theirs = DuplicateGroup.objects.open().open_to(actor_of(request))
        found = theirs.filter(pk=id_in(str(object_id))).first()
        if found is None:
            raise Http404
        return found

    def decide(self, request: HttpRequest, object_id: int, act: Callable[..., str]) -> HttpResponse:
        """Do it, say so, and go on with the group, or with the next one once nothing of it waits."""
        group = self.group_for(request, object_id)
        if request.method != "POST":
            return _see(group)
        try:
            told = act(request, group, _pair(request, group), actor_of(request), timezone.now())
        except VersionConflict as conflict:
            return self.show(request, group, conflict, status=409)
        except NotFound as refusal:
            messages.warning(request, str(refusal.message))
        except LeadsError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, told)
        return _see(self.get_queryset(request).filter(pk=group.pk).first() or self.get_queryset(request).first())

    def _merge(self, request: HttpRequest, group: DuplicateGroup, pair: Pair | None, actor: User, now: datetime) -> str:
        if pair is None:
            raise NotFound(_("These people are no longer in this group: have another look."))
        services.merge_candidates(
            kept_id=pair.kept.pk,
            gone_id=pair.gone.pk,
            taken=_taken(request),
            expected_versions=(pair.kept_version, pair.gone_version),
            actor=actor,
            now=now,
        )
        sheet = reverse("admin:leads_candidate_change", args=[pair.kept.pk])
        told = _("The two sheets are one now. It can be undone for 30 days, on the sheet of {}.")
        return format_html(told, format_html('<a href="{}">{}</a>', sheet, pair.kept))

    def show(
        self, request: HttpRequest, group: DuplicateGroup, conflict: VersionConflict | None = None, status: int = 200
    ) -> HttpResponse:
        now = timezone.now()
        waiting = self.get_queryset(request)
        pair = _pair(request, group)
        members = members_of(group)
        beside = with_people(waiting[:SHOWN_BESIDE])
        ids = [row.pk for row in beside]
        context = {
            **self.admin_site.each_context(request),
            "title": _title(pair) if pair else _("One key of many people"),
            "opts": self.opts,
            "group": with_people([group])[0],
            "compared": compare(pair.kept, pair.gone, _taken(request), now) if pair else None,
            "members": members[:MANY],
            "is_large": group.size > MANY,
            "beside": beside,
            "waiting": waiting.count(),
            "place": ids.index(group.pk) + 1 if group.pk in ids else 0,
            "next": _after(group, beside),
            "changes": [line_of(row, Known()) for row in conflict.changes] if conflict else [],
            "conflict": conflict,
            "can_change": self.has_change_permission(request),
        }
        return TemplateResponse(request, TEMPLATE, context, status=status)


def _title(pair: Pair) -> str:
    return _("%(one)s and %(other)s: one person?") % {"one": pair.kept, "other": pair.gone}


def _after(group: DuplicateGroup, groups: list[DuplicateGroup]) -> DuplicateGroup | None:
    later = [one for one in groups if (one.at, one.pk) < (group.at, group.pk)]
    return later[0] if later else next((one for one in groups if one.pk != group.pk), None)


def _see(group: DuplicateGroup | None) -> HttpResponse:
    if group is None:
        return HttpResponseRedirect(reverse("admin:leads_duplicategroup_changelist"), status=303)
    return HttpResponseRedirect(reverse("admin:leads_duplicategroup_change", args=[group.pk]), status=303)


def _taken(request: HttpRequest) -> set[str]:
    return {choice for choice in CHOICES if request.POST.get(choice) == "gone"}


def _pair(request: HttpRequest, group: DuplicateGroup) -> Pair | None:
    """The two that the address or the form names; else the first two of whom nobody has said that they are two."""
    people = {person.pk: person for person in members_of(group)} if group.size <= MANY else {}
    data = request.POST if request.method == "POST" else request.GET
    kept, gone = (people.get(id_in(data.get(name, ""))) for name in ("kept", "gone"))
    if request.method == "POST":
        versions = [id_in(data.get(f"{name}_version", "")) for name in ("kept", "gone")]
        return Pair(kept, gone, *versions) if kept and gone and kept != gone else None
    if kept is None or gone is None or kept == gone:
        kept, gone = _first_pair(list(people.values()))
    return Pair(kept, gone, kept.version, gone.version) if kept and gone else None


def _first_pair(people: list[Candidate]) -> tuple[Candidate | None, Candidate | None]:
    apart = told_apart([person.pk for person in people])
    for index, one in enumerate(people):
        for other in people[index + 1 :]:
            if (min(one.pk, other.pk), max(one.pk, other.pk)) not in apart:
                return one, other
    return None, None


def _tell_apart(request: HttpRequest, group: DuplicateGroup, pair: Pair | None, actor: User, now: datetime) -> str:
    ids = [pair.kept.pk, pair.gone.pk] if pair else []
    services.tell_apart(group_id=group.pk, candidate_ids=ids, actor=actor, now=now)
    return _("It is remembered: these are two people.")


def _ignore(request: HttpRequest, group: DuplicateGroup, pair: Pair | None, actor: User, now: datetime) -> str:
    services.ignore_key(group_id=group.pk, actor=actor, now=now)
    told = ngettext(
        "What %d person shares tells nothing from now on.",
        "What these %d people share tells nothing from now on.",
        group.size,
    )
    return told % group.size
