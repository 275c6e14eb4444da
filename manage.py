#!/usr/bin/env python
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError


def is_empty() -> bool:
    """Whether nobody has brought the database up yet."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    connection.close()
    return not MigrationRecorder(connection).has_table()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if settings.configured:
            raise
        sys.exit(f"{error}")  # of a value in the environment, whose name says more than where it was read
    except (OperationalError, ProgrammingError):
        if not is_empty():
            raise
        sys.exit("The database is empty: `manage.py migrate` makes its tables, and so do `make demo` and `make serve`.")
