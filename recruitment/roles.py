"""The four groups of staff and what each may do, as one table; `docs/operations.md` says it in words.

Who may act inside a room is not decided here: that is the room's own staff list.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

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
        "leads.consent": "view",
        "leads.message": "view",
        "leads.contest": "view",
        "leads.contestsession": "view",
    },
    "managers": {
        "leads.lead": "view view_weekly_report view_rooms_report",
        "leads.contest": "add change view",
        "leads.contestsession": "add change view",
        "leads.source": "add change view",
        "leads.campaign": "add change delete view",
        "leads.cost": "add change delete view",
        "leads.goal": "add change delete view",
    },
}


def codenames(model: str, actions: str) -> Iterator[tuple[str, str]]:
    """(app label, codename) of each of the actions on "app.model"."""
    app, _, name = model.partition(".")
    for action in actions.split():
        yield app, action if "_" in action else f"{action}_{name}"


def give_permissions(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After an app's migrations: each group has just the table's permissions on this app's models, no more, no less.

    What the table names and no model has yet is left out; the migration that brings the model brings the permission.
    """
    create_permissions(sender, using=using, verbosity=0)  # its own handler may come after this one
    of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    for role, models in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        named = {
            code for model, actions in models.items() for app, code in codenames(model, actions) if app == sender.label
        }
        group.permissions.remove(
            *group.permissions.filter(content_type__app_label=sender.label).exclude(codename__in=named)
        )
        group.permissions.add(*of_app.filter(codename__in=named))
