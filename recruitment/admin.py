"""Staff accounts: who may log in, and in which groups. Rights come by groups alone."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from recruitment import second_factor

admin.site.unregister([TOTPDevice, StaticDevice])  # `recruitment.second_factor` holds them
admin.site.unregister(User)
admin.site.unregister(Group)  # `recruitment.roles` holds them


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = ("username", "full_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "groups")
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

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple
            kwargs["help_text"] = ""
        return db_field.formfield(**kwargs)
