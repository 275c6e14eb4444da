"""Candidates: the list that a recruiter works from, and the sheet of one person."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import services
from leads.admin.acts import ACTS, FILE, PROPOSAL, Act
from leads.admin.bulk import BulkActs, begin
from leads.admin.calling import CallingPages, see_sheet, tell_of_call
from leads.admin.documents import DocumentPages
from leads.admin.exporting import ExportedList
from leads.admin.filters import (
    ContestFilter,
    DepartmentFilter,
    KindFilter,
    OwnerFilter,
    RegionFilter,
    SourceFilter,
    StageFilter,
    names_of,
)
from leads.admin.lists import actor_of
from leads.admin.piles import ViewFilter, counted_views
from leads.admin.writing import WritePage
from leads.batch_words import BatchKind
from leads.choices import FollowUpKind, Stage
from leads.comparison import duplicates_of, merges_of
from leads.errors import LeadsError, NotAllowed, NotFound, VersionConflict
from leads.identity import ADULT_AGE, age_on, name_of
from leads.lines import Known, line_of, shortly
from leads.models import Candidate, FollowUp, Lead, RegistrationFile
from leads.querysets import CandidateQuerySet
from leads.row_filters import id_in
from leads.services.claims import is_held_by, is_held_by_another
from leads.sheet import sheet
from leads.sheet_forms import ActForm, FileForm, ProposalForm
from leads.stages import may_move
from recruitment import geography

STAGE_LOOKS = {Stage.NEW: "accent", Stage.WAITING: "warn", Stage.REGISTERED: "ok"}
TEMPLATE = "admin/leads/candidate/sheet.html"


def _age_badge(candidate: Candidate) -> SafeString | str:
    """Tells staff that somebody is under 18."""
    age = age_on(candidate.birth_date, timezone.localdate()) if candidate.birth_date else ADULT_AGE
    return format_html(' <span class="badge warn">{}</span>', _("%d years old") % age) if age < ADULT_AGE else ""


@admin.register(Candidate)
class CandidateAdmin(CallingPages, WritePage, DocumentPages, BulkActs, ExportedList):
    list_display = ("person", "stage_shown", "contest", "place", "came_from", "requested_at", "owner_shown")
    list_display_links = ("person",)
    list_filter = (
        ViewFilter,
        RegionFilter,
        KindFilter,
        StageFilter,
        DepartmentFilter,
        ContestFilter,
        SourceFilter,
        OwnerFilter,
    )
    list_select_related = ("owner",)
    search_fields = ("search",)
    search_help_text = gettext_lazy("Name, e-mail, phone, reference or postal code")
    ordering = ("-asked_at", "-pk")
    bulk_kinds = (BatchKind.STAGE, BatchKind.CLOSE, BatchKind.PLAN, BatchKind.ASSIGN, BatchKind.TEAM, BatchKind.DEAL)

    def rows_of(self, user: User) -> CandidateQuerySet:
        return Candidate.objects.current().in_scope_of(user)

    def views_of(self, request: HttpRequest) -> Mapping[str, QuerySet[Candidate]]:
        return counted_views(self.rows_of(actor_of(request)), request)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What is due, or comes back, by its day; else the newest first."""
        by_day = request.GET.get(ViewFilter.parameter_name) in ("due", "waiting")
        return ("next_action_at", "pk") if by_day else self.ordering

    def dressed(self, rows: list[Candidate]) -> list[Candidate]:
        newest = Lead.objects.select_related("contest_session__contest", "source", "room").order_by("-at", "-pk")
        prefetch_related_objects(rows, Prefetch("leads", newest, to_attr="requests"))
        return rows

    # --- columns ---

    @admin.display(description=gettext_lazy("name, e-mail"), ordering="name_key")
    def person(self, candidate: Candidate) -> SafeString:
        name = candidate.full_name or candidate.phone or f"n° {candidate.pk}"
        return format_html("<span>{}{}</span><small>{}</small>", name, _age_badge(candidate), candidate.email)

    @admin.display(description=gettext_lazy("stage"))
    def stage_shown(self, candidate: Candidate) -> SafeString:
        stage = Stage(candidate.stage)
        return format_html('<span class="badge {}">{}</span>', STAGE_LOOKS.get(stage, ""), stage.label)

    @admin.display(description=gettext_lazy("contest"))
    def contest(self, candidate: Candidate) -> str:
        sessions = (lead.contest_session for lead in candidate.requests)  # type: ignore[attr-defined]
        return str(next((session for session in sessions if session), ""))

    @admin.display(description=gettext_lazy("dépt"))
    def place(self, candidate: Candidate) -> str:
        return _("abroad") if candidate.is_abroad else candidate.department

    @admin.display(description=gettext_lazy("came from"))
    def came_from(self, candidate: Candidate) -> str:
        lead = next(iter(candidate.requests), None)  # type: ignore[attr-defined]
        if lead is None:
            return ""
        return lead.room.title if lead.room else str(lead.source or "")

    @admin.display(description=gettext_lazy("request"), ordering="asked_at")
    def requested_at(self, candidate: Candidate) -> str:
        return shortly(candidate.asked_at, timezone.now()) if candidate.requests else ""  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("followed by"))
    def owner_shown(self, candidate: Candidate) -> str | SafeString:
        return name_of(candidate.owner) if candidate.owner else format_html('<span class="dim">{}</span>', _("nobody"))

    # --- bulk ---

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """A line for everybody whom the checked candidates may be given to."""
        if not self.has_change_permission(request):
            return {}
        people = [*names_of(request, "candidate", "owner"), ("", "")]
        handing = {name: (act, name, label) for name, act, label in (_handing(*person, request) for person in people)}
        return super().get_actions(request) | handing

    # --- the sheet ---

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path(f"<int:object_id>/{name}/", view(self.act_view), {"name": name}, name=f"leads_candidate_{name}")
            for name in ACTS
        ]
        own += [
            path(f"<int:object_id>/{part}/<int:part_id>/{rest}", view(page), name=f"leads_candidate_{name}")
            for name, part, rest, page in (
                ("file", "files", "", self.file_view),
                ("undo", "merges", "undo/", self.undo_view),
                ("take_back", "calls", "undo/", self.take_back_view),
                ("proposal", "proposals", "", self.proposal_view),
            )
        ]
        return own + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(request, self.candidate_for(request, object_id))

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return see_sheet(self.candidate_for(request, object_id))  # the timeline is the history

    def act_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)
        return self.act(request, candidate, ACTS[name], name)

    def file_view(self, request: HttpRequest, object_id: int, part_id: int) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)
        file = candidate.files.filter(pk=part_id).first()
        return self.act(request, candidate, FILE, f"file_{part_id}", file=file or _missing())

    def proposal_view(self, request: HttpRequest, object_id: int, part_id: int) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)
        proposal = candidate.follow_ups.filter(pk=part_id, kind="proposal", data__has_key="fields").first()
        return self.act(request, candidate, PROPOSAL, f"proposal_{part_id}", proposal=proposal or _missing())

    def undo_view(self, request: HttpRequest, object_id: int, part_id: int) -> HttpResponse:
        """Make the sheet that was merged into this one a sheet of its own again, and show it."""
        candidate = self.candidate_for(request, object_id)
        if request.method != "POST":
            return see_sheet(candidate)
        merge = candidate.merges.filter(pk=part_id).first() or _missing()
        try:
            gone = services.undo_merge(merge_id=merge.pk, actor=actor_of(request), now=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, str(refusal.message))
            return see_sheet(candidate)
        messages.success(request, _("These are two sheets again; this is the one that was gone."))
        return see_sheet(gone)

    def candidate_for(self, request: HttpRequest, object_id: int | str) -> Candidate:
        """Theirs; 403 for whoever has no candidates at all, 404 for another team's as for none."""
        allowed = self.has_change_permission if request.method == "POST" else self.has_view_permission
        if not allowed(request):
            raise PermissionDenied
        found = (
            self.get_queryset(request)
            .select_related("team", "owner", "claimed_by")
            .filter(pk=id_in(str(object_id)))
            .first()
        )
        return found or _missing()

    def act(self, request: HttpRequest, candidate: Candidate, act: Act, key: str, **part: Any) -> HttpResponse:
        if request.method != "POST":
            return see_sheet(candidate)
        now = timezone.now()
        form = act.form(request.POST, candidate=candidate, now=now, **part)
        if not form.is_valid():
            return self.show(request, candidate, {key: form}, status=422)
        try:
            done = act.do(form, actor_of(request), now)
        except VersionConflict as conflict:
            form.conflict = conflict
            return self.show(request, self.candidate_for(request, candidate.pk), {key: form}, status=409)
        except NotFound as error:
            raise Http404 from error
        except LeadsError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(request, candidate, {key: form}, status=422)
        if isinstance(done, FollowUp) and done.kind == FollowUpKind.CALL:
            tell_of_call(request, candidate, done)
        else:
            messages.success(request, str(act.done))
        return self.go_on(request) if "go_on" in request.POST else see_sheet(candidate)

    def show(
        self, request: HttpRequest, candidate: Candidate, typed: Mapping[str, ActForm] | None = None, status: int = 200
    ) -> HttpResponse:
        now = timezone.now()
        calls_only = request.GET.get("only") == "calls"
        shown = sheet(candidate, now, calls_only=calls_only)
        forms = {name: act.form(candidate=candidate, now=now) for name, act in ACTS.items()} | dict(typed or {})
        conflict = next((form.conflict for form in forms.values() if form.conflict), None)
        context = {
            **self.admin_site.each_context(request),
            "title": str(candidate),
            "opts": self.opts,
            "sheet": shown,
            "candidate": candidate,
            "forms": forms,
            "files": [(file, _file_form(file, candidate, now, forms), items) for file, items in shown.files],
            "proposals": [(p, _proposal_form(p.row, candidate, now, forms)) for p in shown.proposals],
            "duplicates": duplicates_of(candidate, actor_of(request)),
            "merges": merges_of(candidate, now),
            "changes": [line_of(row, Known()) for row in conflict.changes] if conflict else [],
            "calls_only": calls_only,
            "opened": request.GET.get("do", ""),
            "refused": status != 200,
            "may_wait": may_move(candidate.stage, Stage.WAITING),
            "may_close": may_move(candidate.stage, Stage.CLOSED),
            "department": geography.departments().get(candidate.department, ""),
            "region": geography.regions().get(candidate.region, ""),
            "owner": name_of(candidate.owner) if candidate.owner else "",
            "can_change": self.has_change_permission(request),
            "is_held": is_held_by(candidate, actor_of(request), now),
            "is_held_elsewhere": is_held_by_another(candidate, actor_of(request), now),
        }
        return TemplateResponse(request, TEMPLATE, context, status=status)


def _file_form(file: RegistrationFile, candidate: Candidate, now: Any, forms: Mapping[str, ActForm]) -> ActForm:
    return forms.get(f"file_{file.pk}") or FileForm(file=file, candidate=candidate, now=now)


def _proposal_form(row: FollowUp, candidate: Candidate, now: Any, forms: Mapping[str, ActForm]) -> ActForm:
    return forms.get(f"proposal_{row.pk}") or ProposalForm(proposal=row, candidate=candidate, now=now)


def _missing() -> Any:
    raise Http404


def _handing(key: str, name: str, request: HttpRequest) -> tuple[str, Any, str]:
    if not key:
        return "assign_nobody", partial(hand_over, to=""), _("Give back to the team")
    label = _("Entrust to me") if key == str(request.user.pk) else _("Entrust to %s") % name
    return f"assign_{key}", partial(hand_over, to=key), label


def hand_over(
    model_admin: CandidateAdmin, request: HttpRequest, queryset: QuerySet[Candidate], *, to: str
) -> HttpResponse | None:
    """Those checked on this page, at once; of all that match a filter there is a trial run first."""
    if request.POST.get("select_across") == "1":
        return begin(model_admin, request, queryset, kind=BatchKind.ASSIGN, options={"owner": id_in(to) or None})
    ids = [id_in(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)]
    person = User.objects.get(pk=to) if to else None
    done = services.assign_candidates(candidate_ids=ids, to=person, actor=actor_of(request), now=timezone.now())
    told = ngettext("%d candidate has changed hands.", "%d candidates have changed hands.", done) % done
    model_admin.message_user(request, told, messages.SUCCESS if done else messages.WARNING)
    return None
