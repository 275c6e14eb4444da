"""From a list to an act on many of it: on those ticked, or on all that its address finds."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leads import services
from leads.admin.exported import see_batch
from leads.admin.lists import WorkList, actor_of
from leads.batch_words import BatchKind
from leads.errors import NotAllowed

ASK_NOTHING = (BatchKind.DEAL, BatchKind.SPAM, BatchKind.NO_SPAM)


class BulkActs(WorkList):
    bulk_kinds: ClassVar[tuple[BatchKind, ...]] = ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not (self.has_change_permission(request) and request.user.has_perm("leads.change_batch")):
            return {}
        return {f"bulk_{kind}": (partial(begin, kind=kind), f"bulk_{kind}", kind.label) for kind in self.bulk_kinds}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whoever takes the whole list need not tick a row of it, which Django asks for and then does not read."""
        if request.POST.get("select_across") == "1" and not request.POST.getlist(ACTION_CHECKBOX_NAME):
            chosen = request.POST.copy()
            chosen[ACTION_CHECKBOX_NAME] = "1"
            request.POST = chosen  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)


def begin(
    model_admin: WorkList,
    request: HttpRequest,
    queryset: QuerySet,
    *,
    kind: BatchKind,
    options: dict[str, Any] | None = None,
) -> HttpResponse | None:
    """The set is frozen here; what is asked, unless `options` say it, and the trial run are on the batch's page."""
    try:
        batch = services.begin_act(
            kind=kind,
            list_name=str(model_admin.opts.model_name),
            query=request.GET.urlencode(),
            ids=queryset.order_by().values_list("pk", flat=True),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        model_admin.message_user(request, str(refusal.message), messages.ERROR)
        return None
    if options is not None or kind in ASK_NOTHING:
        services.try_act(batch_id=batch.pk, options=options or {}, actor=actor_of(request), now=timezone.now())
    return see_batch(batch)
