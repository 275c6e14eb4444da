import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS

from recruitment.roles import ROLES, give_permissions

pytestmark = pytest.mark.django_db


def permissions_of(role):
    return {f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=role).permissions.all()}


def migrate_again():
    for app in apps.get_app_configs():
        give_permissions(sender=app, using=DEFAULT_DB_ALIAS)


def test_every_migrated_database_has_the_four_groups():
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_moderators_add_and_change_rooms_and_delete_none():
    held = permissions_of("moderators")
    assert {"chat.add_room", "chat.change_room", "chat.view_room", "chat.change_question", "chat.add_topic"} <= held
    assert not any("delete" in permission for permission in held)


def test_speakers_hold_no_permission_of_a_model():
    assert permissions_of("speakers") == set()


def test_managers_have_no_permission_on_candidates_nor_on_users():
    assert not any("candidate" in p or p.startswith("auth.") for p in permissions_of("managers"))


def test_what_a_group_has_beyond_the_table_goes_with_the_next_migration():
    Group.objects.get(name="speakers").permissions.add(Permission.objects.get(codename="delete_user"))
    migrate_again()
    assert permissions_of("speakers") == set()


def test_migrating_again_changes_nothing():
    before = {role: permissions_of(role) for role in ROLES}
    migrate_again()
    call_command("migrate", verbosity=0)
    assert {role: permissions_of(role) for role in ROLES} == before
    assert Group.objects.count() == len(ROLES)


def test_every_named_model_of_an_app_that_has_models_exists():
    named = {tuple(model.split(".")) for models in ROLES.values() for model in models}
    known = {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
    assert {pair for pair in named if pair[0] == "chat"} <= known
