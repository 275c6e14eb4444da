"""The back office of the rooms: preparing them, their questions, topics and speakers."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat import services
from chat.choices import ANNOUNCEMENT_LENGTH
from chat.errors import ChatError
from chat.identity import Actor
from chat.models import Answer, Paragraph, Programme, Question, Room, Speaker, Topic, WatchedWord
from recruitment.text import without_accents

READINESS = {
    "intro": _("A word of welcome"),
    "times": _("Its hour is still to come"),
    "moderators": _("Two moderators"),
    "speakers": _("Speakers"),
    "accounts": _("Every speaker has an account"),
    "logins": _("Every speaker has logged in once"),
}


def actor_of(request: HttpRequest, room_id: int) -> Actor:
    return Actor.staff(cast(User, request.user), room_id)  # the site lets nobody else in


def rooms_of(request: HttpRequest) -> QuerySet[Room]:
    """A moderator's own rooms; all of them for a superuser. Lists, pages, filters and searches all ask here."""
    rooms = Room.objects.all()
    return rooms if request.user.is_superuser else rooms.filter(moderators=request.user.pk)


class OwnRoomFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(room.pk), str(room)) for room in rooms_of(request)]


class WithoutDeletion(admin.ModelAdmin):
    """What was said stays: rooms keep their journals, questions their counts."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied  # Django looks for the row first, and would tell that there is none
        return super().history_view(request, object_id, extra_context)

    def refuse(self, request: HttpRequest, error: ChatError) -> None:
        request.is_refused = True  # type: ignore[attr-defined]
        self.message_user(request, str(error.message), messages.ERROR)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Django says that all went well, whatever the service said."""
        if getattr(request, "is_refused", False):
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)


class Moment(forms.SplitDateTimeField):
    """A day and a time in the browser's own fields, which need no script."""

    widget = forms.SplitDateTimeWidget(
        date_attrs={"type": "date"}, date_format="%Y-%m-%d", time_attrs={"type": "time"}, time_format="%H:%M"
    )


class People(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        if isinstance(person, Speaker):
            return f"{person.name}, {person.title}" if person.title else person.name
        return person.get_full_name() or person.get_username()


class RoomForm(forms.ModelForm):
    opens_at = Moment(label=_("opens at"))
    closes_at = Moment(label=_("closes at"))
    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("programme"), required=False)
    speakers = People(Speaker.objects.none(), label=_("speakers"), required=False)
    moderators = People(User.objects.none(), label=_("moderators"), required=False)
    prepared = forms.CharField(
        label=_("prepared announcements"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: a short title, a vertical bar, the text. Said with one press during the hour."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        present = Q(user__is_active=True) | Q(rooms=self.instance.pk)
        of_staff = User.objects.filter(is_active=True, is_staff=True)
        self.choose("speakers", Speaker.objects.filter(present).distinct())
        self.choose("moderators", of_staff.order_by("last_name", "username"))
        for name in ("intro", "intro_en"):
            self.fields[name].widget.attrs["rows"] = 3
        if self.instance.pk:
            self.initial["prepared"] = "\n".join(f"{row.title} | {row.text}" for row in self.instance.prepared.all())

    def clean_prepared(self) -> list[tuple[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["prepared"].splitlines() if line.strip()]
        told = [[part.strip() for part in line.rpartition("|")[::2]] for line in lines]
        if any(not text or len(text) > ANNOUNCEMENT_LENGTH for _title, text in told):
            raise forms.ValidationError(_("An announcement has a text of at most %d characters.") % ANNOUNCEMENT_LENGTH)
        return [(title or text, text) for title, text in told]

    def choose(self, name: str, people: QuerySet) -> None:
        field = self.fields[name]
        assert isinstance(field, People)
        field.queryset = people


@admin.register(Room)
class RoomAdmin(WithoutDeletion):
    form = RoomForm
    list_display = ("named", "state", "opens_at", "closes_at", "answered", "console")
    list_filter = ("state", "programme")
    search_fields = ("title", "slug")
    date_hierarchy = "opens_at"
    prepopulated_fields = {"slug": ("title",)}
    show_full_result_count = False
    fieldsets = (
        (_("Hour and title"), {"fields": ("title", "title_en", "slug", "opens_at", "closes_at", "programme")}),
        (_("Word of welcome"), {"fields": ("intro", "intro_en")}),
        (_("Afterwards"), {"fields": ("is_indexed",)}),
        (_("Who is there"), {"fields": ("speakers", "moderators")}),
        (_("Prepared"), {"fields": ("prepared",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        return rooms_of(request).with_counts()  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Room, form: ModelForm, change: bool) -> None:
        services.plan_room(room=obj)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "prepared" in form.data:  # a form without the field leaves them as they are
            services.prepare_announcements(room=form.instance, texts=form.cleaned_data["prepared"])
        services.keep_moderator(room=form.instance, user_id=cast(User, request.user).pk, is_new=not change)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> Any:
        room = kwargs.get("obj")
        if room is not None:
            checks = services.readiness(room, timezone.now())
            context["readiness"] = [(is_done, READINESS[key]) for is_done, key in checks]
            context["ready"] = sum(is_done for is_done, _key in checks)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("title"), ordering="title")
    def named(self, room: Room) -> str:
        return str(room)

    @admin.display(description=_("answered"), ordering="answered")
    def answered(self, room: Room) -> int:
        return room.answered  # type: ignore[attr-defined]

    @admin.display(description=_("console"))
    def console(self, room: Room) -> str:
        return format_html('<a href="{}console/">{}</a>', room.get_absolute_url(), _("Open the console"))


def name_of(user: User | None) -> str:
    """As colleagues know them; the login is for the door."""
    return (user.get_full_name() or user.get_username()) if user else "-"


class AnswerInline(admin.TabularInline):
    model = Answer
    fields = ("speaker", "text", "at", "typist")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    @admin.display(description=_("typed by"))
    def typist(self, answer: Answer) -> str:
        return name_of(answer.typed_by)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(WithoutDeletion):
    list_display = ("text", "state", "topic", "nickname", "room", "asked_at", "votes")
    list_filter = ("state", ("room", OwnRoomFilter), "topic")
    list_select_related = ("topic", "room")
    search_fields = ("search_text",)
    search_help_text = _("Words of the question")
    show_full_result_count = False
    actions = ("withdraw",)
    inlines = (AnswerInline,)
    fields = ("text", "topic", "state", "nickname", "room", "asked_at", "published_at", "assigned_to", "merged_into")
    readonly_fields = tuple(name for name in (*fields, "reject_reason", "decider") if name != "topic")

    def get_fields(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        return (*self.fields, "reject_reason", "decider")

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
    list_display = ("text", "speaker", "question", "at", "edited_at")
    list_select_related = ("speaker", "question")
    search_fields = ("search_text",)
    show_full_result_count = False
    fields = ("question", "speaker", "text", "at", "edited_at", "typist")
    readonly_fields = ("question", "speaker", "at", "edited_at", "typist")

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
class ParagraphAdmin(admin.ModelAdmin):
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
class WatchedWordAdmin(admin.ModelAdmin):
    list_display = ("word",)
    search_fields = ("word",)
