"""Staff accounts: who may log in, and in which groups. Rights come by groups alone."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from recruitment import second_factor
from recruitment.days import day_in_words
from recruitment.plain import PlainForms
from recruitment.roles import WORDS

admin.site.unregister([TOTPDevice, StaticDevice])  # `recruitment.second_factor` holds them
admin.site.unregister(User)
admin.site.unregister(Group)  # `recruitment.roles` holds them


def role_of(group: Group) -> str:
    return str(WORDS.get(group.name, group.name))


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(group.pk), role_of(group)) for group in Group.objects.order_by("pk")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        value = self.value() or ""
        is_one = value in {key for key, _words in self.lookup_choices}
        return queryset.filter(groups=int(value)) if is_one else queryset


@admin.register(User)
class StaffAdmin(PlainForms, UserAdmin):
    list_display = ("username", "full_name", "email", "roles", "access", "last_seen")
    list_filter = ("is_active", RoleFilter)
    search_help_text = _("Username, name or e-mail")
    actions = ("forget_devices",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    @admin.action(description=_("Forget their second step: the phone is lost"))
    def forget_devices(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset)
        for user in people:
            second_factor.forget(user)
            self.log_change(request, user, "second factor forgotten")
        told = ngettext("%d second step is forgotten.", "%d second steps are forgotten.", len(people))
        self.message_user(request, told % len(people))

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        names = [role_of(group) for group in user.groups.all()]
        return ", ".join([gettext("Administration"), *names] if user.is_superuser else names)

    @admin.display(description=_("access"), ordering="is_active")
    def access(self, user: User) -> SafeString:
        look, word = ("ok", _("open")) if user.is_active else ("warn", _("shut"))
        return format_html('<span class="badge {}">{}</span>', look, word)

    @admin.display(description=_("last seen"), ordering="last_login")
    def last_seen(self, user: User) -> str:
        return day_in_words(timezone.localtime(user.last_login), gettext("j F Y, H:i")) if user.last_login else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "groups":
            return db_field.formfield(**kwargs)
        field = db_field.formfield(**kwargs, widget=CheckboxSelectMultiple, help_text="")
        field.label_from_instance = role_of
        return field
