"""Preparing a room: its hour and title, who is there, what is prepared."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chat import services
from chat.admin.own import WithoutDeletion, moment_of, rooms_of
from chat.choices import ANNOUNCEMENT_LENGTH
from chat.models import Programme, Room, Speaker
from recruitment.templatetags.look import clock

READINESS = {
    "intro": _("A word of welcome"),
    "times": _("Its hour is still to come"),
    "moderators": _("Two moderators"),
    "speakers": _("Speakers"),
    "accounts": _("Every speaker has an account"),
    "logins": _("Every speaker has logged in once"),
}


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
    list_display = ("named", "state", "hour", "answered", "console")
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

    @admin.display(description=_("when"), ordering="opens_at")
    def hour(self, room: Room) -> str:
        """A room is an hour of one day; one that is not says when it closes."""
        is_of_a_day = timezone.localdate(room.opens_at) == timezone.localdate(room.closes_at)
        end = clock(room.closes_at) if is_of_a_day else moment_of(room.closes_at)
        return _("%(start)s to %(end)s") % {"start": moment_of(room.opens_at), "end": end}

    @admin.display(description=_("answered"), ordering="answered")
    def answered(self, room: Room) -> int:
        return room.answered  # type: ignore[attr-defined]

    @admin.display(description=_("console"))
    def console(self, room: Room) -> str:
        return format_html('<a href="{}console/">{}</a>', room.get_absolute_url(), _("Open the console"))
