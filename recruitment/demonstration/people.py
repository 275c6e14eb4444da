"""Invented people: names, places, ages. `example.org` and the numbers that France keeps for films belong to nobody."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from leads.choices import DiplomaLevel, Purpose, Situation
from leads.services.requests import Typed
from recruitment.demonstration.data import shared
from recruitment.text import without_accents

NEAR_PARIS = "11"
NEAR_PARIS_WEIGHT = 2.2  # the campaigns aim at Île-de-France
SITUATIONS = {
    Situation.PUPIL: 16,
    Situation.STUDENT: 30,
    Situation.EMPLOYED: 27,
    Situation.PUBLIC_SERVICE: 9,
    Situation.JOB_SEEKING: 14,
    Situation.OTHER: 4,
}
DIPLOMAS = {
    DiplomaLevel.NONE: 3,
    DiplomaLevel.LEVEL_3: 9,
    DiplomaLevel.IN_PROGRESS: 14,
    DiplomaLevel.LEVEL_4: 38,
    DiplomaLevel.LEVEL_5: 17,
    DiplomaLevel.LEVEL_6: 13,
    DiplomaLevel.LEVEL_7: 6,
}
AGES = (16, 45, 21)  # youngest, oldest, most frequent
YEAR = 365.25


def person(number: int, on: date, random: Random) -> Typed:
    """What the person of this number, who exists once, types about themselves; much is optional and left out."""
    born = on - timedelta(days=random.triangular(*AGES) * YEAR + 1)
    first_name, last_name = first_name_of(born.year, random), random.choice(shared("people")["last_names"])
    has_email, has_phone = random.random() < 0.93, random.random() < 0.6
    return Typed(
        email=f"{spelled(first_name)}.{spelled(last_name)}{number}@example.org" if has_email else "",
        phone=f"+336399{80000 + number % 10000:05}" if has_phone or not has_email else "",
        first_name=first_name,
        last_name=last_name,
        birth_date=born if random.random() < 0.62 else None,
        diploma_level=drawn(DIPLOMAS, random) if random.random() < 0.55 else "",
        situation=drawn(SITUATIONS, random) if random.random() < 0.55 else "",
        consents=tuple(purpose for purpose in Purpose.values if random.random() < 0.3),
        language="fr" if random.random() < 0.97 else "en",
        **place(random),
    )


def first_name_of(year: int, random: Random) -> str:
    near = [name["name"] for name in shared("people")["first_names"] if abs(name["decade"] - year + 5) <= 12]
    return random.choice(near or [name["name"] for name in shared("people")["first_names"]])


def spelled(name: str) -> str:
    return "".join(letter for letter in without_accents(name) if letter.isalpha())


def drawn(weights: dict[Any, int], random: Random) -> Any:
    return random.choices(list(weights), list(weights.values()))[0]


def place(random: Random) -> dict[str, Any]:
    chance = random.random()
    if chance < 0.02:
        return {"is_abroad": True}
    if chance < 0.08:
        return {}
    codes, weights = departments_by_weight()
    return {"postal_code": postal_code(random.choices(codes, weights)[0], random)}


@cache
def departments_by_weight() -> tuple[list[str], list[float]]:
    france = shared("france")["departements"]
    weights = [
        department["population"] * (NEAR_PARIS_WEIGHT if department["region"] == NEAR_PARIS else 1)
        for department in france
        if department["population"]
    ]
    return [department["code"] for department in france if department["population"]], weights


def postal_code(department: str, random: Random) -> str:
    match department:
        case "2A":
            return random.choice(("20000", "20137", "20100"))
        case "2B":
            return random.choice(("20200", "20250", "20600"))
        case "75":
            return f"750{random.randint(1, 20):02}"
        case _:
            return (department + random.choice(("000", "100", "200", "300", "400", "500", "700")))[:5]
