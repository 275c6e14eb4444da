import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

SEED = "mai 2004"
POLICE = "police"  # the demonstration where none is named


def folder_of(employer: str) -> Path:
    return Path(settings.EMPLOYERS_DIR) / employer


@cache
def load(part: str, employer: str = POLICE) -> Any:
    """`part`.json of an employer's folder. Not to be changed by who reads it."""
    return json.loads((folder_of(employer) / f"{part}.json").read_text())


@cache
def shared(name: str) -> Any:
    """data/`name`.json, which is the same for every employer."""
    return json.loads((settings.BASE_DIR / "data" / f"{name}.json").read_text())


def random_for(*what: object) -> Random:
    """A source of its own for each thing, so that one more of something changes nothing of the rest."""
    return Random(":".join(map(str, (SEED, *what))))  # noqa: S311  invented people, no secrets
