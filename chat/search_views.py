"""`/questions/`: all that was answered, found by words, topic, room and year."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chat.models import Question, Room
from chat.querysets import QuestionQuerySet
from chat.views import spoken, topic_labels
from recruitment.text import clean_line, without_accents

PER_PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=&topic=&room=&year=&page=`; what is no topic, room or year counts as none. Each facet counts what it would
    find beside the other two: one query each."""
    words, topics = clean_line(request.GET.get("q", ""))[:100], topic_labels()
    topic = _named(request, "topic", topics)
    rooms = {room.slug: room for room in Room.objects.listed().order_by("-opens_at", "-pk")}
    room = _named(request, "room", rooms)
    year = _named(request, "year", {str(room.opens_at.year) for room in rooms.values()})
    plain = without_accents(words).split()
    found = Question.objects.listed().answered().matching(plain)
    by_topic = _narrowed(found, room=room, year=year).by_topic()
    by_room = dict(_narrowed(found, topic=topic, year=year).by_room())
    pages = Paginator(_narrowed(found, topic=topic, room=room, year=year).nearest_first(plain), PER_PAGE)
    by_year = list(_narrowed(found, topic=topic, room=room).by_year())
    page = pages.get_page(request.GET.get("page"))
    context = {
        "words": words,
        "chosen": {"q": words, "topic": topic, "room": room, "year": year},
        "topic": topic,
        "topics": topics,
        "facets": by_topic,
        "total": sum(count for _, count in by_topic),
        "by_room": [(one, by_room[slug]) for slug, one in rooms.items() if slug in by_room],
        "in_rooms": sum(by_room.values()),
        "by_year": by_year,
        "in_years": sum(count for _year, count in by_year),
        "page": page,
        "page_range": pages.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "now": timezone.now(),
        "live": Room.objects.live().first(),
        "spoken": spoken(),
    }
    return render(request, "chat/search.html", context)


def _named(request: HttpRequest, name: str, known: "dict | set") -> str:
    wanted = request.GET.get(name, "")
    return wanted if wanted in known else ""


def _narrowed(found: QuestionQuerySet, *, topic: str = "", room: str = "", year: str = "") -> QuestionQuerySet:
    wanted = {"topic__key": topic, "room__slug": room, "room__opens_at__year": year and int(year)}
    return found.filter(**{name: value for name, value in wanted.items() if value})
