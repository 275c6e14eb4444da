"""The four groups of staff and what each may do, as one table; `docs/operations.md` says it in words.

Who may act inside a room is not decided here: that is the room's own staff list.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

# group -> "app.model" -> actions; a codename of a model's own (`view_rooms_report`) stands as it is.
ROLES: dict[str, dict[str, str]] = {
    "speakers": {},
    "moderators": {
        "chat.programme": "view",
        "chat.room": "add change view",
        "chat.question": "change view",
        "chat.answer": "change view",
        "chat.topic": "add change view",
        "chat.speaker": "add change view",
        "chat.paragraph": "add change view",
        "chat.watchedword": "add change view",
        "leads.lead": "view_rooms_report",
    },
    "recruiters": {
        "leads.lead": "add change view",
        "leads.candidate": "add change view",
        "leads.registrationfile": "change view",
        "leads.followup": "add view",
        "leads.duplicategroup": "change view",
        "leads.batch": "change view",
        "leads.consent": "view",
        "leads.message": "view",
        "leads.letter": "add change view",
        "leads.absence": "add change delete view",
        "leads.callslot": "add change delete view",
        "leads.contest": "view",
        "leads.contestsession": "view",
        "leads.askeddocument": "view",
    },
    "managers": {
        "leads.lead": "view view_weekly_report view_rooms_report",
        "leads.contest": "add change view",
        "leads.contestsession": "add change view",
        "leads.askeddocument": "add change delete view",
        "leads.source": "add change view",
        "leads.campaign": "add change view",
        "leads.cost": "add change delete view",
        "leads.goal": "add change delete view",
        "leads.heardmapping": "add change delete view",
        "leads.linkmapping": "add change delete view",
        "leads.pressline": "add change delete view",
    },
}
WORDS = {
    "speakers": _("Speakers"),
    "moderators": _("Moderators"),
    "recruiters": _("Recruiters"),
    "managers": _("Managers"),
}  # of the roles; a group of the operator's own has the name they gave it


def named_in(app: str) -> set[tuple[str, str]]:
    """(role, codename) of each permission on models of `app` that the table names."""
    return {
        (role, action if "_" in action else f"{action}_{model.partition('.')[2]}")
        for role, models in ROLES.items()
        for model, actions in models.items()
        for action in actions.split()
        if model.partition(".")[0] == app
    }


def give_permissions(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After an app's migrations: each group has just the table's permissions on this app's models, no more, no less.

    What the table names and no model has yet is left out; the migration that brings the model brings the permission.
    """
    named = named_in(sender.label)
    if named:
        create_permissions(sender, using=using, verbosity=0)  # its own handler may come after this one
    of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    held = set(of_app.filter(group__name__in=ROLES).values_list("group__name", "codename"))
    if held == named:
        return
    for role in ROLES:
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.remove(*of_app.filter(codename__in=_codenames(role, held - named)))
        group.permissions.add(*of_app.filter(codename__in=_codenames(role, named - held)))


def _codenames(role: str, permissions: set[tuple[str, str]]) -> list[str]:
    return [codename for of_role, codename in permissions if of_role == role]
