import json
from functools import cache
from random import Random
from typing import Any

from django.conf import settings

SEED = "mai 2004"


@cache
def load(name: str) -> Any:
    """The demonstration's data, from data/`name`.json. Not to be changed by who reads it."""
    return json.loads((settings.BASE_DIR / "data" / f"{name}.json").read_text())


def random_for(*what: object) -> Random:
    """A source of its own for each thing, so that one more of something changes nothing of the rest."""
    return Random(":".join(map(str, (SEED, *what))))  # noqa: S311  invented people, no secrets
