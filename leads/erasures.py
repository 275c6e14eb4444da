"""Who was erased, outside the database and its backups: an append-only file of keyed hashes.

A line: the moment in ISO form, a blank, the hash (`leads.identity.person_hash`). An older backup that is restored
knows the erased people again; the file tells whom to erase anew.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

NAME = "erasures.log"


def path() -> Path:
    return Path(settings.VAR_DIR) / NAME


def append(hashes: Iterable[str], *, at: datetime) -> None:
    """On the disk before it returns."""
    descriptor = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.writelines(f"{at.isoformat()} {digest}\n" for digest in hashes)
        file.flush()
        os.fsync(file.fileno())


def read() -> dict[str, datetime]:
    """The last moment of each hash. A line cut short by a power cut is left out."""
    if not path().exists():
        return {}
    lines = (line.split() for line in path().read_text(encoding="ascii").splitlines())
    whole = [(parts[1], parts[0]) for parts in lines if len(parts) == 2 and len(parts[1]) == 64]
    return {digest: datetime.fromisoformat(at) for digest, at in sorted(whole, key=lambda line: line[1])}
