"""Why an action was refused, in the codes of the room's protocol."""

from typing import ClassVar

from django.utils.functional import Promise


class ChatError(Exception):
    """Refused, nothing changed. `message` says in the user's language what to do."""

    code: ClassVar[str]
    retry_after: int | None = None

    def __init__(self, message: str | Promise, *, retry_after: int | None = None):
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class BadMessage(ChatError):
    code = "bad_message"


class TooLong(ChatError):
    code = "too_long"


class Empty(ChatError):
    code = "empty"


class NotOpen(ChatError):
    code = "not_open"


class Forbidden(ChatError):
    code = "forbidden"


class NotFound(ChatError):
    code = "not_found"


class RateLimited(ChatError):
    code = "rate_limited"


class Muted(ChatError):
    code = "muted"


class Duplicate(ChatError):
    code = "duplicate"


class Conflict(ChatError):
    code = "conflict"


class Unavailable(ChatError):
    code = "unavailable"
