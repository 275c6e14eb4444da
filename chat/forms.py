"""The shape of what comes in, from frame, form or JSON. Cleaning is `recruitment.text`'s, refusals the protocol's."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.choices import NICKNAME_LENGTH
from chat.errors import BadMessage, Empty, TooLong
from recruitment.text import clean_line, clean_text, scripts, skeleton

_LARGEST_ID = 2**63 - 1
_CLIENT_ID_LENGTH = 64
_NAME_LENGTH = 200
_MOST_IDENTIFIERS = 200


def client_id(data: Mapping[str, Any]) -> str:
    """The frame's own `id`, as the client made it."""
    value = data.get("id")
    if not isinstance(value, str) or not 1 <= len(value) <= _CLIENT_ID_LENGTH:
        raise BadMessage(_("A frame needs an id: a string of 1 to 64 characters."))
    return value


def text(data: Mapping[str, Any], key: str, longest: int) -> str:
    """A text that must be there, cleaned. Raises `BadMessage`, `Empty`, `TooLong`."""
    cleaned = clean_text(_string(data, key))
    if not cleaned:
        raise Empty(_("Write something first."))
    if len(cleaned) > longest:
        over = len(cleaned) - longest
        raise TooLong(
            ngettext("Shorten your text by %d character.", "Shorten your text by %d characters.", over) % over
        )
    return cleaned


def line(data: Mapping[str, Any], key: str, longest: int) -> str:
    """`text` on one line."""
    return " ".join(text(data, key, longest).split())


def optional_key(data: Mapping[str, Any], key: str) -> str | None:
    """The key of something, or None where it is absent, null or empty."""
    value = data.get(key)
    if value is None or value == "":
        return None
    if not _is_key(value):
        raise BadMessage(_("“%s” must be a key.") % key)
    return value


def _is_key(value: object) -> TypeGuard[str]:
    """Whether it is short enough, and of signs that every database takes for a text (no NUL, no lone surrogate)."""
    return isinstance(value, str) and 0 < len(value) <= _CLIENT_ID_LENGTH and clean_line(value) == value


def nickname(data: Mapping[str, Any]) -> str:
    """The nickname as typed, cleaned; empty where none was given. Raises `BadMessage`, `TooLong`."""
    value = data.get("nickname")
    if value is None:
        return ""
    cleaned = clean_line(_string(data, "nickname"))
    if len(cleaned) > NICKNAME_LENGTH:
        raise TooLong(_("A nickname has at most %d characters.") % NICKNAME_LENGTH)
    return cleaned


def is_usable_nickname(name: str, reserved: frozenset[str]) -> bool:
    """Whether it can be shown beside staff: not of mixed scripts, and not passing for a name in `reserved`.

    `reserved` holds skeletons (`recruitment.text.skeleton`) of staff names and of the organisation.
    """
    if len(scripts(name)) > 1:
        return False
    shape = skeleton(name)
    return bool(shape) and not any(held in shape for held in reserved if held)


def identifier(data: Mapping[str, Any], key: str) -> int:
    value = data.get(key)
    if type(value) is not int or not 0 < value <= _LARGEST_ID:
        raise BadMessage(_("“%s” must be the number of something.") % key)
    return value


def optional_identifier(data: Mapping[str, Any], key: str) -> int | None:
    return None if data.get(key) is None else identifier(data, key)


def identifiers(data: Mapping[str, Any], key: str) -> list[int]:
    """Numbers of things, 200 at most."""
    value = data.get(key)
    if not isinstance(value, list) or len(value) > _MOST_IDENTIFIERS:
        raise BadMessage(_("“%s” must be a list of numbers.") % key)
    return [identifier({key: one}, key) for one in value]


def number(data: Mapping[str, Any], key: str) -> int:
    value = data.get(key)
    if type(value) is not int or not 0 <= value <= _LARGEST_ID:
        raise BadMessage(_("“%s” must be a number.") % key)
    return value


def optional_name(data: Mapping[str, Any], key: str) -> str | None:
    """The name of something, up to 200 characters; None where it is absent, null or empty."""
    value = data.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _NAME_LENGTH or clean_line(value) != value:
        raise BadMessage(_("“%s” must be a key.") % key)
    return value


def flag(data: Mapping[str, Any], key: str) -> bool:
    value = data.get(key)
    if type(value) is not bool:
        raise BadMessage(_("“%s” must be true or false.") % key)
    return value


def optional_flag(data: Mapping[str, Any], key: str) -> bool:
    """False where it is absent."""
    return flag(data, key) if key in data else False


def minutes(data: Mapping[str, Any]) -> int:
    """0 lifts a mute; at most a week."""
    value = data.get("minutes")
    if type(value) is not int or not 0 <= value <= 7 * 24 * 60:
        raise BadMessage(_("“minutes” must be a number from 0 to 10080."))
    return value


def participant(data: Mapping[str, Any]) -> str:
    value = data.get("participant")
    if not _is_key(value):
        raise BadMessage(_("“participant” must be somebody's id."))
    return value


def _string(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise BadMessage(_("“%s” must be a text.") % key)
    return value
