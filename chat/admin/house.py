"""What the house brings to every room: topics, speakers, programmes, approved paragraphs, watched words."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import slugify

from chat.admin.own import WithoutDeletion
from chat.models import Answer, Paragraph, Programme, Question, Speaker, Topic, WatchedWord
from recruitment.plain import PlainForms


@admin.register(Topic)
class TopicAdmin(WithoutDeletion):
    list_display = ("label", "label_en", "key", "position")
    search_fields = ("label", "key")
    fields = ("label", "label_en", "key", "position", "words")

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()  # clients and reports know topics by it


@admin.register(Speaker)
class SpeakerAdmin(WithoutDeletion):
    list_display = ("name", "title", "user")
    list_select_related = ("user",)
    search_fields = ("name", "title")
    raw_id_fields = ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True, is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Programme)
class ProgrammeAdmin(WithoutDeletion):
    list_display = ("title", "slug")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Paragraph)
class ParagraphAdmin(PlainForms):
    list_display = ("title", "topic", "source", "checked_on")
    list_filter = ("topic",)
    list_select_related = ("topic",)
    search_fields = ("title", "text")
    prepopulated_fields = {"key": ("title",)}
    fields = ("title", "key", "text", "topic", "source", "checked_on", "link")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With `?answer=<id>` of what is public: that answer, to be made a paragraph of."""
        number = request.GET.get("answer", "")
        answers = Answer.objects.filter(question__in=Question.objects.listed().answered())
        answer = answers.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
        return _worded(answer) if answer else super().get_changeform_initial_data(request)


def _worded(answer: Answer) -> dict[str, Any]:
    question = answer.question
    title = question.text[: Paragraph._meta.get_field("title").max_length]
    return {
        "title": title,
        "key": slugify(title)[:50],
        "text": answer.text,
        "topic": question.topic_id,
        "source": f"{answer.speaker.name}, {question.room.title}",
        "checked_on": timezone.localdate(),
    }


@admin.register(WatchedWord)
class WatchedWordAdmin(PlainForms):
    list_display = ("word",)
    search_fields = ("word",)
