"""Documents that candidates send: what they are is read from their bytes, and nothing is decoded before it is measured.

Kept under random names in the private storage, served as attachments alone. `UPLOAD_SCANNER` names a command that
reads a file from its standard input and ends with 0 where it is clean; when it cannot be asked, nothing is kept.
"""

import secrets
import shlex
import subprocess
from collections.abc import Container
from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

FOLDER = "uploads"
MOST_MIB = 8
MOST_PIXELS = 12_000  # a side: a page scanned at 1,000 dots an inch
PDF_HEAD, HEAD_WITHIN = b"%PDF-", 1024  # ISO 32000-1, annex H.3.4.1, allows for bytes before it
PICTURES = {"JPEG": "jpg", "PNG": "png"}
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
SCAN_SECONDS = 30


def keep(file: IO[bytes], size: int) -> str:
    """Check and keep what was sent; its name in the storage.

    Raises `ValidationError`: empty, too large, neither PDF nor picture, refused by the scanner, or no scanner answers.
    """
    ending = _ending(file, size)
    file.seek(0)
    _scan(file)
    file.seek(0)
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.{ending}", File(file))


def remove(name: str) -> None:
    if name:
        default_storage.delete(name)


def remove_older(*, than: datetime, but: Container[str], folder: str = FOLDER) -> int:
    """Remove what was kept before `than` and is not in `but`; how many."""
    kept = (name for name in names_in(folder) if name not in but)
    old = [name for name in kept if default_storage.get_modified_time(name) < than]
    for name in old:
        default_storage.delete(name)
    return len(old)


def names_in(folder: str) -> list[str]:
    """What a folder of the private storage holds; a bucket has no folders that could be missing."""
    try:
        return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        return []


def content_type(name: str) -> str:
    return TYPES[name.rpartition(".")[2]]


def _ending(file: IO[bytes], size: int) -> str:
    if size == 0:
        raise ValidationError(_("This file is empty: choose another."))
    if size > MOST_MIB * 1024 * 1024:
        raise ValidationError(
            _("This file is too large: %d MiB at most. A photo of lesser quality will do.") % MOST_MIB
        )
    if PDF_HEAD in file.read(HEAD_WITHIN):
        return "pdf"
    file.seek(0)
    return PICTURES[_picture(file)]


def _picture(file: IO[bytes]) -> str:
    try:
        with Image.open(file, formats=list(PICTURES)) as picture:
            kind, sides = str(picture.format), picture.size
            if max(sides) <= MOST_PIXELS:
                picture.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValidationError(_("This is neither a PDF nor a photo: send a PDF, JPEG or PNG.")) from error
    if max(sides) > MOST_PIXELS:
        raise ValidationError(_("This picture is too large: %d pixels a side at most.") % MOST_PIXELS)
    return kind


def _scan(file: IO[bytes]) -> None:
    """Fails closed: what nobody has looked at is not kept."""
    if not settings.UPLOAD_SCANNER:
        return
    command = shlex.split(settings.UPLOAD_SCANNER)
    try:
        done = subprocess.run(  # noqa: S603  the operator's own command
            command, input=file.read(), capture_output=True, timeout=SCAN_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ValidationError(_("The file cannot be checked at the moment: try again in some minutes.")) from error
    if done.returncode == 1:
        raise ValidationError(_("This file was refused by the virus scanner: nothing was kept."))
    if done.returncode != 0:
        raise ValidationError(_("The file cannot be checked at the moment: try again in some minutes."))
