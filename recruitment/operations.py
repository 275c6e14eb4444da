"""What migrations do to a database that is being served from."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexWhileServing(AddIndexConcurrently):
    """An index that no writer waits for; on SQLite, which has one writer, as any other.

    Its migration says `atomic = False`.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        is_beside = schema_editor.connection.vendor == "postgresql"
        forwards = super().database_forwards if is_beside else super(AddIndexConcurrently, self).database_forwards
        forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        is_beside = schema_editor.connection.vendor == "postgresql"
        backwards = super().database_backwards if is_beside else super(AddIndexConcurrently, self).database_backwards
        backwards(app_label, schema_editor, from_state, to_state)
