"""The seam between the event loop and the database."""

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import Error, connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chat.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")

KEPT_FOR = 60.0
_executor = ThreadPoolExecutor(settings.DATABASE_THREADS, thread_name_prefix="database")


async def in_database(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `function` in one of a bounded number of threads, each with a connection of its own.

    Raises `Unavailable` where the database fails. The caller's language is active in the call.
    """
    call = functools.partial(_call, translation.get_language(), function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_executor, call)


def _call(language: str | None, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        with translation.override(language):
            return function(*args, **kwargs)
    except Error as error:
        connection.close()
        raise Unavailable(_("The room cannot be reached just now. Try again in a moment."), retry_after=2) from error
    finally:
        _close_if_old()


def _close_if_old() -> None:
    """A connection is kept for a minute: under load a new one for each call costs more than the call."""
    if connection.connection is None:
        return
    born = getattr(connection, "born_at", None)
    if connection.errors_occurred:
        connection.close_if_unusable_or_obsolete()
    elif born is None or born[0] is not connection.connection:
        connection.born_at = (connection.connection, time.monotonic())  # type: ignore[attr-defined]
    elif time.monotonic() - born[1] > KEPT_FOR:
        connection.close()


def close_all() -> None:
    """End the threads; each takes its connection with it."""
    _executor.shutdown(wait=True)
