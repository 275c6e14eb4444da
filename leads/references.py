"""References of requests, as `PN-7K3M-9QTX-4`: made to be read out on the phone, never a secret."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U: thirty signs that nobody confuses
LENGTH = 8
_BODY = rf"([{ALPHABET}]{{4}})-?([{ALPHABET}]{{4}})-?([{ALPHABET}])"
_SHAPE, _TAIL = re.compile(rf"([A-Z]{{2,4}})-?{_BODY}"), re.compile(_BODY)
TAIL_LENGTH = len("7K3M-9QTX-4")
_MODULUS = 31  # a prime above the alphabet: a wrong sign and two swapped ones always change the sum


def new_reference(prefix: str) -> str:
    """A reference drawn at random; unique by constraint alone, so draw again on a clash."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if check := check_character(body):
            return f"{prefix}-{body[:4]}-{body[4:]}-{check}"


def check_character(body: str) -> str:
    """The sign that makes a mistyped body show; empty for the one body in 31 that has none and is not used."""
    total = sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body)) % _MODULUS
    return ALPHABET[total] if total < len(ALPHABET) else ""


def read_tail(typed: str) -> str | None:
    """What follows the prefix of a reference, from what somebody typed without that; None as with `read_reference`."""
    match = _TAIL.fullmatch(re.sub(r"\s", "", typed).upper())
    if match is None or check_character(match[1] + match[2]) != match[3]:
        return None
    return "-".join(match.groups())


def read_reference(typed: str) -> str | None:
    """A reference as stored, from what somebody typed; None where it is none or holds a typing error."""
    match = _SHAPE.fullmatch(re.sub(r"\s", "", typed).upper())
    if match is None or check_character(match[2] + match[3]) != match[4]:
        return None
    return "-".join(match.groups())
