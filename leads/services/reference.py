"""The rows that the project cannot do without, and the demonstration's contests."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from leads.choices import INVITATION, SourceKey
from leads.models import Campaign, Contest, ContestSession, Letter, Organisation, Source, Team
from leads.services.documents import ensure_checklist
from leads.services.letters import keep_letter

SOURCES = {
    SourceKey.DECLARED: ("Déclarée par la personne", "Declared by the person"),
    SourceKey.PHONE: ("Téléphone", "Phone"),
    SourceKey.FRIEND: ("Inviter un ami", "Invite a friend"),
}
DATES = ("opens_on", "closes_on", "documents_due_on")
DEMONSTRATION = "police"  # whose data is read where no employer is named


def ensure_ground(**_signal: Any) -> None:
    """The organisation's one row, the default team, the sources that the code names: after every migration or flush."""
    Organisation.objects.get_or_create(pk=1, defaults={"name": "Recrutement", "tagline_en": "", "tagline": ""})
    Team.objects.get_or_create(is_default=True, defaults={"name": "Recrutement"})
    for key, (label, label_en) in SOURCES.items():
        Source.objects.get_or_create(key=key, defaults={"label": label, "label_en": label_en})
    _ensure_invitation()


def _ensure_invitation() -> None:
    """The link that everybody passes on: one for all, so that it counts what friends bring and names nobody."""
    friend = Source.objects.get(key=SourceKey.FRIEND)
    values = {"name": str(friend), "source": friend, "medium": "invitation"}
    Campaign.objects.get_or_create(code=INVITATION, defaults=values)


@transaction.atomic
def load_reference_data(employer: str = DEMONSTRATION) -> None:
    """An employer's organisation, sources and contests, from its folder of `EMPLOYERS_DIR`.

    May be run again: it restores what it once wrote.
    """
    folder = Path(settings.EMPLOYERS_DIR) / employer
    ensure_ground()
    told = _read(folder / "employer.json")
    Organisation.objects.filter(pk=1).update(**told["organisation"])
    for source in told.get("sources", []):
        labels = {name: source[name] for name in ("label", "label_en")}
        Source.objects.update_or_create(key=source["key"], defaults=labels)
    for position, data in enumerate(_read(folder / "contests.json")["contests"]):
        _load_contest(data, position)


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load_letters(*, now: datetime) -> None:
    """The letters that recruiters may start from. Each is loaded once: what they make of it stays."""
    letters = _read(settings.BASE_DIR / "data" / "letters.json")["letters"]
    for position, data in enumerate(letters):
        if not Letter.objects.filter(title=data["title"]).exists():
            keep_letter(letter=Letter(position=position, **data), actor=None, now=now)


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
        given = {"posts": session["posts"], "status": session["status"]} | _dates(session)
        kept, _is_new = ContestSession.objects.update_or_create(contest=contest, year=session["year"], defaults=given)
        ensure_checklist(session=kept)


def _dates(session: dict[str, Any]) -> dict[str, date]:
    """Those that are known; of the others nothing is changed."""
    return {name: date.fromisoformat(session[name]) for name in DATES if session.get(name)}


@transaction.atomic
def keep_reference_row(*, row: Contest | ContestSession | Organisation | Source | Team) -> None:
    """Keep what leads refer to, as its form has cleaned it; the constraints of the row hold."""
    row.save()
    if isinstance(row, ContestSession):
        ensure_checklist(session=row)
