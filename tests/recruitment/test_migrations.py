"""A new database runs each app's migrations in one; one that has some of them goes on one by one."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader


@pytest.mark.parametrize("app", ["chat", "leads"])
def test_in_one_or_one_by_one_they_come_to_the_same_models(app):
    in_one, one_by_one = (MigrationLoader(None, replace_migrations=is_new) for is_new in (True, False))
    replaced = [key for key, migration in in_one.disk_migrations.items() if key[0] == app and migration.replaces]
    assert len(replaced) == 1
    last = max(in_one.disk_migrations[replaced[0]].replaces)
    new, old = in_one.project_state(replaced), one_by_one.project_state([last])
    assert not MigrationAutodetector(old, new).changes(in_one.graph)
    assert not MigrationAutodetector(new, old).changes(in_one.graph)
    new.models.popitem()  # and a model less would be seen
    assert MigrationAutodetector(old, new).changes(in_one.graph)
