"""The rows that the project cannot do without, and the demonstration's contests."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from leads.choices import SourceKey
from leads.models import Contest, ContestSession, Organisation, Source, Team

_DATA = Path(__file__).resolve().parent.parent.parent / "data" / "contests.json"
SOURCES = {
    SourceKey.DECLARED: ("Déclarée par la personne", "Declared by the person"),
    SourceKey.PHONE: ("Téléphone", "Phone"),
}
DEMONSTRATION_SOURCES = {
    "ministere": ("Site de l’employeur", "The employer’s site"),
    "presse-regionale": ("Presse régionale", "Regional press"),
    "ami": ("Inviter un ami", "Invite a friend"),
    "moteur": ("Moteur de recherche", "Search engine"),
    "affiche": ("QR code, affiches", "QR code, posters"),
}
DEMONSTRATION_ORGANISATION = {
    "name": "Police nationale",
    "tagline": "Le recrutement en direct",
    "tagline_en": "Recruitment, live",
    "reference_prefix": "PN",
    "service": "Délégation au recrutement",
    "service_en": "Recruitment office",
    "address": "12 rue de l’Exemple, 75000 Paris",
    "email": "recrutement@example.org",
    "phone": "01 99 00 47 17",
    "publisher": "Délégation au recrutement",
    "dpo_email": "donnees-personnelles@example.org",
    "hours": "du lundi au vendredi, de 9 h à 17 h 30",
    "hours_en": "Monday to Friday, 9:00 to 17:30",
    "hero_title": "Posez votre question.",
    "hero_title_en": "Ask your question.",
    "hero_title_em": "Un policier vous répond.",
    "hero_title_em_en": "A police officer answers.",
    "hero_text": "En direct, sans compte, sans donner votre nom.",
    "hero_text_en": "Live, without an account, without giving your name.",
}


def ensure_ground(**_signal: Any) -> None:
    """The organisation's one row, the default team, the sources that the code names: after every migration or flush."""
    Organisation.objects.get_or_create(pk=1, defaults={"name": "Recrutement", "tagline_en": "", "tagline": ""})
    Team.objects.get_or_create(is_default=True, defaults={"name": "Recrutement"})
    for key, (label, label_en) in SOURCES.items():
        Source.objects.get_or_create(key=key, defaults={"label": label, "label_en": label_en})


@transaction.atomic
def load_reference_data() -> None:
    """The demonstration's employer, contests and sources. May be run again: it restores what it once wrote."""
    ensure_ground()
    Organisation.objects.filter(pk=1).update(**DEMONSTRATION_ORGANISATION)
    for key, (label, label_en) in DEMONSTRATION_SOURCES.items():
        Source.objects.update_or_create(key=key, defaults={"label": label, "label_en": label_en})
    for position, data in enumerate(json.loads(_DATA.read_text(encoding="utf-8"))["contests"]):
        _load_contest(data, position)


def _load_contest(data: dict[str, Any], position: int) -> None:
    same = data.get("same_rules_as")
    values = {
        "title": data["name"],
        "title_en": data.get("name_en", ""),
        "summary": data.get("summary", ""),
        "summary_en": data.get("summary_en", ""),
        "posting": data["assignment"],
        "commitment_years": data.get("commitment_years"),
        "rules": data.get("rules", []),
        "same_rules_as": Contest.objects.get(slug=same) if same else None,
        "position": position,
    }
    contest, _made = Contest.objects.update_or_create(slug=data["code"], defaults=values)
    for session in data["sessions"]:
        given = {"posts": session["posts"], "status": session["status"]}
        ContestSession.objects.update_or_create(contest=contest, year=session["year"], defaults=given)


@transaction.atomic
def keep_reference_row(*, row: Contest | ContestSession | Organisation | Source | Team) -> None:
    """Keep what leads refer to, as its form has cleaned it; the constraints of the row hold."""
    row.save()
