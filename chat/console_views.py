"""The pages of a room's staff, and the projector's: read, call, render."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import desk, reasons, texts
from chat.choices import ANNOUNCEMENT_LENGTH, ANSWER_LENGTH, NOTE_LENGTH, QUESTION_LENGTH, Role
from chat.errors import ChatError, Forbidden
from chat.frames import Data, snapshot
from chat.hub import hub
from chat.identity import Actor
from chat.models import Room, Speaker
from chat.policies import role_in
from chat.services import begin_rehearsal, invite_speaker, keep_time, wipe_rehearsal
from chat.views import ZONE, topic_labels
from recruitment.drawn import qr_code

NEAR_AT_ONCE = 60


def _staffed(request: HttpRequest, slug: str) -> tuple[Room, Role]:
    """The room, and the reader's role on its staff list. Raises `PermissionDenied` for who has none."""
    room = get_object_or_404(Room.objects.select_related("programme").prefetch_related("speakers"), slug=slug)
    role = role_in(Actor.staff(request.user, room.pk), room) if request.user.is_authenticated else Role.VISITOR
    if role == Role.VISITOR and request.user.is_authenticated:
        raise PermissionDenied
    return room, role


def _login(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))


@never_cache
@require_safe
def console(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk of a moderator, the prompter of a speaker; with `?as=<speaker>` a moderator types for that speaker."""
    now = timezone.now()
    keep_time(now)
    room, role = _staffed(request, slug)
    if role == Role.VISITOR:
        return _login(request)
    speaker = _speaker_shown(request, room, role)
    context = {
        "room": room,
        "role": role,
        "prompts": speaker,
        "is_scribe": role == Role.MODERATOR and speaker is not None,
        "board": desk.board(room, role, request.user.pk),
        "staff": _staff_of(request, room, role, speaker),
        "topics": topic_labels(),
        "reasons": reasons.reasons(),
        "paragraphs": desk.paragraphs(),
        "pace": desk.pace(room, now),
        "prepared": list(room.prepared.all()),
        "texts": texts.console(),
        "now": now,
        "viewers": hub.viewers(room.pk),
        "limits": {
            "answer": ANSWER_LENGTH,
            "announcement": ANNOUNCEMENT_LENGTH,
            "note": NOTE_LENGTH,
            "question": QUESTION_LENGTH,
        },
        **ZONE,
    }
    return render(request, "chat/console.html", context)


def _speaker_shown(request: HttpRequest, room: Room, role: Role) -> Speaker | None:
    """Whose prompter it is: one's own, or the one that a moderator types for; None for the desk."""
    wanted = request.GET.get("as", "")
    if role == Role.SPEAKER:
        return next(person for person in room.speakers.all() if person.user_id == request.user.pk)
    return next((person for person in room.speakers.all() if str(person.pk) == wanted), None)


def _staff_of(request: HttpRequest, room: Room, role: Role, speaker: Speaker | None) -> Data:
    """Who speaks here, who of them is shown the prompter, and under which name the reader is known."""
    speakers = [{"id": person.pk, "name": person.name, "title": person.title} for person in room.speakers.all()]
    reader = Actor.staff(request.user, room.pk)  # type: ignore[arg-type]  # logged in, or there is no console
    is_scribe = role == Role.MODERATOR and speaker is not None
    shown = speaker.pk if speaker else None
    return {
        "role": role,
        "speakers": speakers,
        "me": shown,
        "scribe": is_scribe,
        "key": reader.key,
        "name": reader.name,
    }


@never_cache
@require_safe
def near(request: HttpRequest, slug: str) -> HttpResponse:
    """What is like the questions named by `?questions=1,2`, as JSON, for the room's staff."""
    room, role = _staffed(request, slug)
    if role == Role.VISITOR:
        return _login(request)
    named = [part for part in request.GET.get("questions", "").split(",") if part.isdecimal() and len(part) < 19]
    return JsonResponse({"near": desk.near(room, map(int, named[:NEAR_AT_ONCE]), role, request.user.pk)})


@never_cache
@require_safe
def passed_on(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits and was given to the reader, as JSON: a speaker's page holds no other question that waits."""
    room, role = _staffed(request, slug)
    if role == Role.VISITOR:
        return _login(request)
    return JsonResponse({"waiting": desk.passed_on(room, request.user.pk)})


@never_cache
@require_safe
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """One sheet for whoever takes the desk over."""
    room, role = _staffed(request, slug)
    if role == Role.VISITOR:
        return _login(request)
    if role != Role.MODERATOR:
        raise PermissionDenied
    context: dict[str, Any] = {"room": room, "now": timezone.now(), **desk.hand_over(room), **ZONE}
    return render(request, "chat/hand_over.html", context)


class InvitationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    title = forms.CharField(label=_("Title"), max_length=160, required=False, help_text=_("Rank and unit, as shown."))
    email = forms.EmailField(label=_("E-mail"), max_length=150)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite a speaker to the room: a mail with a link, good once, to set a password."""
    room, role = _staffed(request, slug)
    if role == Role.VISITOR:
        return _login(request)
    if role != Role.MODERATOR:
        raise PermissionDenied
    form = InvitationForm(request.POST or None)
    _dress(form)
    if form.is_valid() and _invited(request, room, form):
        return redirect("chat:console", room.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "chat/invite.html", {"room": room, "form": form}, status=status)


def _dress(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs["class"] = "form-control"


def _invited(request: HttpRequest, room: Room, form: InvitationForm) -> bool:
    actor = Actor.staff(request.user, room.pk)  # type: ignore[arg-type]  # a moderator, so logged in
    language = get_language() or settings.LANGUAGE_CODE
    try:
        invite_speaker(room_id=room.pk, actor=actor, now=timezone.now(), language=language, **form.cleaned_data)
    except ChatError as error:
        form.add_error("email", str(error.message))
        return False
    messages.success(request, _("The invitation is on its way."))
    return True


@require_POST
def rehearse(request: HttpRequest, slug: str) -> HttpResponse:
    """To the console of a room's rehearsal, begun if none runs."""
    return _rehearsal(request, slug, begin_rehearsal)


@require_POST
def wipe(request: HttpRequest, slug: str) -> HttpResponse:
    return _rehearsal(request, slug, wipe_rehearsal)


def _rehearsal(request: HttpRequest, slug: str, act: Callable[..., Room]) -> HttpResponse:
    room, role = _staffed(request, slug)
    if role == Role.VISITOR:
        return _login(request)
    actor = Actor.staff(request.user, room.pk)  # type: ignore[arg-type]  # on the staff list, so logged in
    try:
        return redirect("chat:console", act(room_id=room.pk, actor=actor, now=timezone.now()).slug)
    except Forbidden as error:
        raise PermissionDenied from error
    except ChatError as error:
        messages.error(request, str(error.message))
        return redirect("chat:console", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Whoever was invited sets a password, once; then logs in like everybody."""
    user = _invited_user(uid, token)
    form = SetPasswordForm(user, request.POST or None)
    _dress(form)
    if form.is_valid():
        form.save()
        return redirect(settings.LOGIN_URL)
    status = 422 if request.method == "POST" else 200
    return render(request, "chat/accept.html", {"form": form, "who": user}, status=status)


def _invited_user(uid: str, token: str) -> User:
    """Raises 404 for a link that is used, old, or nobody's: which of them is not told."""
    try:
        number = int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        raise Http404 from None
    user = User.objects.filter(pk=number, is_active=True, speaker__guest_until__isnull=False).first()
    if user is None or user.has_usable_password() or not default_token_generator.check_token(user, token):
        raise Http404
    return user


@require_safe
def short(request: HttpRequest, room_id: int) -> HttpResponse:
    """The room under an address that one can type from the back of a hall."""
    return redirect(get_object_or_404(Room, pk=room_id))


@never_cache
@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """The projector: what everybody may read, large; staff choose what is up."""
    now = timezone.now()
    keep_time(now)
    room = get_object_or_404(Room.objects.prefetch_related("speakers"), slug=slug)
    address = f"{settings.SITE_URL}{reverse('chat:short', args=[room.pk])}"
    board = snapshot(room)
    context = {
        "room": room,
        "board": board,
        "up": desk.on_screen(board),
        "texts": texts.screen(),
        "now": now,
        "viewers": hub.viewers(room.pk),
        "address": address.partition("://")[2].rstrip("/"),
        "code": qr_code(address),
        **ZONE,
    }
    return render(request, "chat/screen.html", context)
