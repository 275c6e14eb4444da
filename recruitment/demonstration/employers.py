"""The demonstration's employers: each is a folder of data, and a part that it has not is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from chat.models import Room
from recruitment.demonstration import data


@dataclass(frozen=True, slots=True)
class Plan:
    """A room around today: `days` from it (before, for a past one), at `hour`; speakers are those of the open room."""

    slug: str
    title: str
    title_en: str
    days: int
    hour: int = 18
    speakers: tuple[int, ...] = (0, 1, 2, 3)
    topics: tuple[str, ...] = ()  # whose questions of the open room a past one has, where it has none of its own


class UnknownEmployer(LookupError):
    """No folder of this name; says which there are."""


@dataclass(frozen=True)
class Employer:
    """`name` is that of the folder. Its files are described in docs/operations.md."""

    name: str

    def part(self, part: str) -> Any:
        """What the file says; empty where there is none."""
        is_there = (data.folder_of(self.name) / f"{part}.json").exists()
        return data.load(part, self.name) if is_there else {}

    @cached_property
    def told(self) -> dict[str, Any]:
        return data.load("employer", self.name)

    @cached_property
    def topics(self) -> list[dict[str, str]]:
        return self.part("room_today").get("topics", [])

    @cached_property
    def open(self) -> Plan | None:
        return next(iter(self._plans("open")), None)

    @cached_property
    def past(self) -> tuple[Plan, ...]:
        return self._plans("past")

    @cached_property
    def coming(self) -> tuple[Plan, ...]:
        return self._plans("coming")

    def _plans(self, when: str) -> tuple[Plan, ...]:
        told = self.told.get("rooms", {}).get(when, [])
        return tuple(plan_of(plan) for plan in (told if isinstance(told, list) else [told]))


def plan_of(told: dict[str, Any]) -> Plan:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Plan(**fields)


def employer_of(name: str) -> Employer:
    """Raises `UnknownEmployer`."""
    known = {employer.name: employer for employer in employers()}
    if name not in known:
        raise UnknownEmployer(f"There is no employer “{name}” in {settings.EMPLOYERS_DIR}: {', '.join(known)}.")
    return known[name]


def employers() -> Iterator[Employer]:
    """Those that have a folder, by name."""
    for told in sorted(Path(settings.EMPLOYERS_DIR).glob("*/employer.json")):
        yield Employer(told.parent.name)


def installed() -> Employer | None:
    """Whose demonstration is in this database; None where there is none. Told by its open room."""
    rooms = Room.objects.filter(is_demonstration=True)
    here = {plan.slug: employer for employer in employers() if (plan := employer.open)}
    slug = rooms.filter(slug__in=here).values_list("slug", flat=True).first()
    return here[slug] if slug else None


POLICE = Employer(data.POLICE)
