"""What a visitor does without a socket: ask and vote, by form or JSON, and see what became of their questions."""

import json
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chat import actions
from chat.choices import QUESTION_LENGTH
from chat.errors import BadMessage, ChatError, NotFound
from chat.frames import Data, ack, refusal
from chat.identity import Actor, profile_key
from chat.intake import holds_personal_data
from chat.models import Room
from chat.services import keep_time, tell_profile
from chat.similarity import Entry, memory
from chat.views import get_room, own_questions, room_page
from chat.visits import actor_of, remember, visitor_of
from chat.waits import wait_in
from recruitment.limits import address_of
from recruitment.text import clean_line


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """POST asks, by form or JSON; GET tells the visitor alone, as JSON, what became of their own questions."""
    if request.method != "POST":
        room = get_room(slug)
        actor = actor_of(request, room, visitor_of(request)[0])
        wait = wait_in(room)
        return JsonResponse({"questions": own_questions(room, actor, wait), "wait": wait.as_data()})
    if asks_first(request):
        return _personal(request, get_room(slug))
    return _act(request, slug, "ask", "#mine")


def asks_first(request: HttpRequest) -> bool:
    """Whether our own page's form, sent without a script, holds what is personal and was not confirmed. Nobody else's
    request is ever asked: no text is refused for what it says."""
    return request.POST.get("asks_first") == "1" and holds_personal_data(request.POST.get("text", ""))


def _personal(request: HttpRequest, room: Room) -> HttpResponse:
    now = timezone.now()
    keep_time(now)
    return room_page(request, room, now, is_personal=True)


@never_cache
@require_POST
def votes(request: HttpRequest, slug: str) -> HttpResponse:
    """The `vote` frame by form or JSON: `question`, `value`, and `request_id` or `id`."""
    return _act(request, slug, "vote", f"#question-{request.POST.get('question', '')[:20]}")


@never_cache
@require_POST
def similar(request: HttpRequest, slug: str) -> HttpResponse:
    """What is answered already and reads like `text`, as JSON. By POST: a draft has no place in an address."""
    text = clean_line(request.POST.get("text", ""))[:QUESTION_LENGTH]
    return JsonResponse({"found": [_as_found(near.entry) for near in memory.answered_already(text)] if text else []})


def _as_found(entry: Entry) -> Data:
    """`{"text", "answer", "by", "url"}`: a question with its first answer, or a paragraph of the house."""
    if paragraph := entry.paragraph:
        return {"text": paragraph.title, "answer": paragraph.text, "by": paragraph.source, "url": paragraph.url}
    url = f"{reverse('chat:room', args=[entry.room])}#question-{entry.question_id}"
    return {"text": entry.text, "answer": entry.answer, "by": entry.speaker, "url": url}


@never_cache
@require_POST
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Three taps: `age_band`, `region`, `situation`, each as one likes; 303 to the room, or 204 to a script."""
    room = get_room(slug)
    visitor, cookie = visitor_of(request)
    said = {name: request.POST.get(name, "") for name in ("age_band", "region", "situation")}
    try:
        tell_profile(room=room, key=profile_key(visitor, room.pk), **said)
    except BadMessage as error:
        return JsonResponse(refusal(None, error), status=422)
    by_script = request.headers.get("Accept", "").startswith("application/json")
    return remember(HttpResponse(status=204) if by_script else _back_to_room(slug, "#profile"), cookie)


def _perform(request: HttpRequest, room: Room, actor: Actor, frame: Data, now: datetime) -> Data:
    outcome = actions.perform(room.pk, [actions.read(frame, actor, address_of(request))], now)[0]
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome


def _act(request: HttpRequest, slug: str, kind: str, anchor: str) -> HttpResponse:
    visitor, cookie = visitor_of(request)
    is_json, now = request.content_type == "application/json", timezone.now()
    frame: Data = {}
    room = None
    try:
        keep_time(now)
        frame = (_from_json(request) if is_json else _from_form(request, kind)) | {"type": kind}
        room = _find_room(slug)
        result = _perform(request, room, actor_of(request, room, visitor), frame, now)
    except ChatError as error:
        response = _refused(request, room, frame, error, now, is_json)
    else:
        response = JsonResponse(ack(frame["id"], result)) if is_json else _back_to_room(slug, anchor)
    return remember(response, cookie)


def _from_form(request: HttpRequest, kind: str) -> Data:
    """The form's fields as a frame; an empty one counts as left out."""
    fields: Data = {name: value for name, value in request.POST.dict().items() if value or name == "text"}
    fields["id"] = fields.get("request_id")
    if kind == "vote":
        number = fields.get("question", "")
        fields["question"] = int(number) if number.isascii() and number.isdigit() else None
        fields["value"] = {"true": True, "false": False}.get(fields.get("value", ""))
    return fields


def _from_json(request: HttpRequest) -> Data:
    """Raises `BadMessage`."""
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadMessage(_("The body must be a JSON object.")) from None
    if not isinstance(fields, dict):
        raise BadMessage(_("The body must be a JSON object."))
    return fields | {"id": fields.get("request_id", fields.get("id"))}


def _find_room(slug: str) -> Room:
    room = Room.objects.filter(slug=slug).first()
    if room is None:
        raise NotFound(_("There is no such room."))
    return room


def _back_to_room(slug: str, anchor: str) -> HttpResponse:
    response = redirect("chat:room", slug)
    response["Location"] += anchor
    response.status_code = 303
    return response


def _refused(
    request: HttpRequest, room: Room | None, frame: Data, error: ChatError, now: datetime, is_json: bool
) -> HttpResponse:
    if is_json:
        client_id = frame.get("id") if isinstance(frame.get("id"), str) else None
        response: HttpResponse = JsonResponse(refusal(client_id, error), status=actions.refusal_status(error))
    elif room is None:
        raise Http404(str(error.message))
    else:
        response = room_page(request, get_room(room.slug), now, refused=error)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response
