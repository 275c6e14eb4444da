"""The environment, read as `docs/settings.md` says."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """An empty value counts as not set, a `$` is a character like others, and what cannot be read is named."""

    def get_value(self, var: str, cast: Any = None, default: Any = None, parse_default: bool = False) -> Any:
        value = self.ENVIRON.get(var, "")
        if not value:
            return default
        try:
            return self.parse_value(value, cast)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} is “{value}”, where a number is wanted.") from error

    @classmethod
    def db_url_config(cls, url: str, engine: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = super().db_url_config(url, engine)
        if "ENGINE" not in found:
            raise ImproperlyConfigured("DATABASE_URL is no address of a database: postgres://user:password@host/name")
        return found
