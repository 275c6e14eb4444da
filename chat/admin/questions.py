"""What was asked and answered: corrected and withdrawn by the services that the console uses."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat import services
from chat.admin.own import OwnRoomFilter, WithoutDeletion, actor_of, moment_of, name_of, rooms_of
from chat.errors import ChatError
from chat.models import Answer, Question
from chat.reasons import reason_label
from recruitment.text import without_accents


class AnswerInline(admin.TabularInline):
    model = Answer
    fields = ("speaker", "said", "when", "typist")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=_("text"))
    def said(self, answer: Answer) -> SafeString:
        """Opens the answer, where it is corrected."""
        return format_html('<a href="{}">{}</a>', reverse("admin:chat_answer_change", args=[answer.pk]), answer.text)

    @admin.display(description=_("answered at"))
    def when(self, answer: Answer) -> str:
        return moment_of(answer.at)

    @admin.display(description=_("typed by"))
    def typist(self, answer: Answer) -> str:
        return name_of(answer.typed_by)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(WithoutDeletion):
    list_display = ("asked", "state", "topic", "when", "votes")
    list_filter = ("state", ("room", OwnRoomFilter), "topic")
    list_select_related = ("topic", "room")
    search_fields = ("search_text",)
    search_help_text = _("Words of the question")
    show_full_result_count = False
    actions = ("withdraw",)
    inlines = (AnswerInline,)
    fields = ("text", "topic", "state", "nickname", "room", "when", "shown", "assigned_to", "merged_into")
    readonly_fields = tuple(name for name in (*fields, "why", "decider") if name != "topic")

    def get_fields(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        return (*self.fields, *(["why"] if obj and obj.reject_reason else []), "decider")

    @admin.display(description=_("reason"))
    def why(self, question: Question) -> str:
        return reason_label(question.reject_reason)

    @admin.display(description=_("text"), ordering="text")
    def asked(self, question: Question) -> SafeString:
        where = f"{question.nickname}, {question.room}"
        return format_html("<span>{}</span><small>{}</small>", question.text, where)

    @admin.display(description=_("asked at"), ordering="asked_at")
    def when(self, question: Question) -> str:
        return moment_of(question.asked_at)

    @admin.display(description=_("published at"))
    def shown(self, question: Question) -> str:
        return moment_of(question.published_at)

    @admin.display(description=_("decided by"))
    def decider(self, question: Question) -> str:
        return name_of(question.decided_by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return Question.objects.filter(room__in=rooms_of(request)).with_tally()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, without_accents(search_term))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Question, form: ModelForm, change: bool) -> None:
        topic = form.cleaned_data.get("topic")
        try:
            services.tag_question(
                room_id=obj.room_id,
                actor=actor_of(request, obj.room_id),
                question_id=obj.pk,
                topic=topic and topic.key,
                now=timezone.now(),
            )
        except ChatError as error:
            self.refuse(request, error)

    @admin.action(description=_("Withdraw from the room"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        done = 0
        for question_id, room_id in queryset.values_list("pk", "room"):
            try:
                services.withdraw_question(
                    room_id=room_id,
                    actor=actor_of(request, room_id),
                    question_id=question_id,
                    now=timezone.now(),
                )
            except ChatError as error:
                self.refuse(request, error)
            else:
                done += 1
        if done:
            self.message_user(
                request, ngettext("%d question is withdrawn.", "%d questions are withdrawn.", done) % done
            )

    @admin.display(description=_("votes"), ordering="tally")
    def votes(self, question: Question) -> int:
        return question.tally


@admin.register(Answer)
class AnswerAdmin(WithoutDeletion):
    list_display = ("said", "speaker", "when")
    list_select_related = ("speaker", "question")
    search_fields = ("search_text",)
    show_full_result_count = False
    fields = ("question", "speaker", "text", "when", "edited", "typist")
    readonly_fields = ("question", "speaker", "when", "edited", "typist")

    @admin.display(description=_("text"), ordering="text")
    def said(self, answer: Answer) -> SafeString:
        return format_html("<span>{}</span><small>{}</small>", answer.text, answer.question.text)

    @admin.display(description=_("answered at"), ordering="at")
    def when(self, answer: Answer) -> str:
        return moment_of(answer.at)

    @admin.display(description=_("corrected at"))
    def edited(self, answer: Answer) -> str:
        return moment_of(answer.edited_at)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the report of a room links to, besides the fields of an answer."""
        reported = ("question__room__id__exact", "question__state__exact")
        return lookup in reported or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("typed by"))
    def typist(self, answer: Answer) -> str:
        return name_of(answer.typed_by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return Answer.objects.filter(question__room__in=rooms_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Answer, form: ModelForm, change: bool) -> None:
        try:
            services.edit_answer(
                room_id=obj.question.room_id,
                actor=actor_of(request, obj.question.room_id),
                answer_id=obj.pk,
                text=form.cleaned_data["text"],
                now=timezone.now(),
            )
        except ChatError as error:
            self.refuse(request, error)

    def view_on_site(self, obj: Answer) -> str:
        return f"{reverse('chat:room', args=[obj.question.room.slug])}#question-{obj.question_id}"
