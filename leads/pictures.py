"""Pictures that somebody uploads: what they are is read from their bytes, never from their name."""

import secrets
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}  # no SVG: it can hold scripts
MOST_KIB = 512
MOST_PIXELS = 2_000  # a side


def name_for_logo(file: IO[bytes], size: int) -> str:
    """A random name with the ending of what the bytes are. Raises `ValidationError`: too large, or no such picture.

    The head alone is read; nothing is decoded before its size is known.
    """
    if size > MOST_KIB * 1024:
        raise ValidationError(_("This file is too large: %d KiB at most.") % MOST_KIB)
    try:
        with Image.open(file, formats=list(ENDINGS)) as picture:
            kind, sides = str(picture.format), picture.size
            if max(sides) <= MOST_PIXELS:
                picture.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValidationError(_("This is no picture that can be shown: PNG, JPEG or WebP.")) from error
    if max(sides) > MOST_PIXELS:
        raise ValidationError(_("This picture is too large: %d pixels a side at most.") % MOST_PIXELS)
    file.seek(0)
    return f"{secrets.token_hex(8)}.{ENDINGS[kind]}"
