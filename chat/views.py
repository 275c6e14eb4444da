"""The rooms' pages: read, call, render."""

import secrets
from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat import actions, calendars, reasons, texts
from chat.choices import NICKNAME_LENGTH, QUESTION_LENGTH, RoomState
from chat.errors import ChatError
from chat.frames import Data, moment, snapshot
from chat.hub import hub
from chat.identity import Actor, profile_key
from chat.models import Profile, Room, Topic, Vote
from chat.policies import role_in
from chat.programme import declined, is_archived, latest_exchanges, most_wanted, said, schedule, sums
from chat.public import answers_by_mail
from chat.services import keep_time, my_questions
from chat.services.profiles import AGE_BANDS
from chat.visits import actor_of, remember, visitor_of
from chat.waits import Wait, wait_in
from recruitment import geography
from recruitment.people import Situation
from recruitment.text import clean_line, without_accents

ZONE = {"zone": settings.TIME_ZONE, "zone_city": settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")}


# --- the programme --------------------------------------------------------------------------------------------------


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    rooms = schedule(timezone.now())
    on_now = rooms.live[0] if rooms.live else None
    context = {
        "schedule": rooms,
        "room": on_now,
        "viewers": hub.viewers(on_now.pk) if on_now else 0,
        "exchanges": latest_exchanges(on_now, 1) if on_now else [],
        **ZONE,
    }
    return render(request, "chat/programme.html", context)


@require_safe
def programme_calendar(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    keep_time(now)
    return _calendar(Room.objects.listed().select_related("programme").order_by("opens_at"), "rooms", now)


@require_safe
def room_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    room = get_object_or_404(Room, slug=slug)
    return _calendar([room], room.slug, timezone.now())


def _calendar(rooms: Any, name: str, now: datetime) -> HttpResponse:
    response = HttpResponse(calendars.calendar_of(rooms, now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


# --- a room ---------------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def room(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    keep_time(now)
    return room_page(request, get_room(slug), now)


def get_room(slug: str) -> Room:
    return get_object_or_404(Room.objects.select_related("programme").prefetch_related("speakers"), slug=slug)


def room_page(
    request: HttpRequest, room: Room, now: datetime, *, refused: ChatError | None = None, is_personal: bool = False
) -> HttpResponse:
    """The waiting page, the live room or the transcript; with `refused`, what the visitor typed and why it stays; where
    it `is_personal`, what they typed and whether it should leave as it is."""
    visitor, cookie = visitor_of(request)
    actor = actor_of(request, room, visitor)
    board, topics, wait = snapshot(room), topic_labels(), wait_in(room)
    is_sent_back = is_personal or refused is not None
    context = {
        "room": room,
        "board": board,
        "topics": topics,
        "now": now,
        "role": role_in(actor, room),
        "mine": own_questions(room, actor, wait),
        "wait": wait.as_data(),
        "voted": sorted(_voted(room, actor.key)),
        "archive": is_archived(room, now),
        "refused": refused,
        "is_personal": is_personal,
        "typed": request.POST if is_sent_back else {},
        "request_id": request.POST.get("request_id") or secrets.token_urlsafe(12),
        "limits": {"question": QUESTION_LENGTH, "nickname": NICKNAME_LENGTH},
        "spoken": spoken(),
        "profile": Profile.objects.filter(room=room, key=profile_key(visitor, room.pk)).first(),
        "profile_choices": profile_choices(),
        "takes_early": settings.ROOM_EARLY_QUESTIONS,
        **ZONE,
    }
    page = _transcript if room.state == RoomState.CLOSED and not is_sent_back else _live_room
    response = page(request, context)
    if is_sent_back:
        response.status_code = actions.refusal_status(refused) if refused else 422
    return remember(response, cookie)


def _live_room(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    questions, room = context["board"]["questions"], context["room"]
    answered = [question for question in questions if question["answers"]]
    unanswered = [question for question in questions if not question["answers"]]
    context |= {
        "answered": sorted(answered, key=lambda question: question["answers"][0]["at"], reverse=True),
        "unanswered": sorted(unanswered, key=lambda question: -question["votes"]),
        "viewers": hub.viewers(room.pk),
        "is_coming": room.state == RoomState.SCHEDULED,
        "wanted": most_wanted(context["now"], 4) if room.state == RoomState.SCHEDULED else [],
        "texts": texts.room(),
        "mine_ids": [question["question"] for question in context["mine"]],
    }
    return render(request, "chat/room.html", context)


def _transcript(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    topics, words = context["topics"], clean_line(request.GET.get("q", ""))[:100]
    board = context["board"]["questions"]
    questions = sorted(_holding(board, words), key=_answered_first)
    closed_at = moment(context["room"].closes_at)
    used = [key for key in topics if any(question["topic"] == key for question in questions)]
    groups = [(topics[key], key, [q for q in questions if q["topic"] == key]) for key in used]
    if others := [question for question in questions if question["topic"] not in topics]:
        groups.append((_("Other questions"), "other", others))
    context |= {
        "groups": groups,
        "words": words,
        "found": len(questions),
        "added": sum(answer["at"] > closed_at for question in board for answer in question["answers"]),
        "sums": sums(context["room"]),
        "declined": _reasons(declined(context["room"])),
        "by_mail": answers_by_mail(context["room"].pk),
        "permalinks": True,
        "speaker_names": get_text_list([person.name for person in context["room"].speakers.all()], _("and")),
        "mine_ids": [question["question"] for question in context["mine"]],
    }
    return render(request, "chat/transcript.html", context)


def _holding(questions: list[Data], words: str) -> list[Data]:
    """Those that hold each of the words, in the question or an answer, accents and case aside."""
    wanted = without_accents(words).split()

    def plain(question: Data) -> str:
        return without_accents(" ".join([question["text"], *(answer["text"] for answer in question["answers"])]))

    return [question for question in questions if all(word in plain(question) for word in wanted)]


def _answered_first(question: Data) -> tuple[bool, str, int]:
    """In the order of the answers; then what is unanswered, the most wanted first."""
    answers = question["answers"]
    return (False, answers[0]["at"], 0) if answers else (True, "", -question["votes"])


def own_questions(room: Room, actor: Actor, wait: Wait) -> list[Data]:
    """`services.my_questions`, with what the asker reads of a reason, and `before`: how many wait longer."""
    mine = my_questions(room, actor.key)
    return [
        question | {"reason_text": reasons.reason(question["reason"]), "before": wait.before(question["question"])}
        for question in mine
    ]


def profile_choices() -> dict[str, list[tuple[str, Any]]]:
    return {
        "age_band": list(AGE_BANDS),
        "situation": list(Situation.choices),
        "region": sorted(geography.regions().items(), key=lambda region: without_accents(region[1])),
    }


def spoken() -> str:
    """The language of what people write here, where it is not the page's: for `lang` attributes."""
    return "" if get_language() == settings.LANGUAGE_CODE else settings.LANGUAGE_CODE


def _voted(room: Room, key: str) -> list[int]:
    votes = Vote.objects.filter(participant__room=room, participant__key=key)
    return list(votes.values_list("question_id", flat=True))


def topic_labels() -> dict[str, str]:
    return {topic.key: said(topic, "label") for topic in Topic.objects.all()}


def _reasons(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """By the reasons' names; what was written to one asker in free words is nobody else's to read."""
    named = Counter[str]()
    for reason, count in counts:
        named[reasons.reason_label(reason) if reason in reasons.REASONS else _("Another reason")] += count
    return named.most_common()
