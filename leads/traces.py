"""What is known of a person outside their own rows: visits, staff's history and kept views, files on the disk."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage

from leads.identity import shown_phone
from leads.models import Candidate, Consent, Export, FollowUp, KeptView, Lead, RegistrationFile
from leads.uploads import names_in
from recruitment.text import without_accents

# Folders of the private storage with files about many people; a file that names an erased one is removed whole.
SHARED_FOLDERS = ("exports", "imports")


@dataclass(frozen=True, slots=True)
class Known:
    """What a person is recognised by: e-mails, phones (E.164), full names."""

    emails: frozenset[str]
    phones: frozenset[str]
    names: frozenset[str]

    @property
    def strings(self) -> list[str]:
        """As they stand in texts, in lower case without accents."""
        phones = [spelling for phone in self.phones for spelling in (phone, shown_phone(phone))]
        compact = [phone.replace(" ", "") for phone in phones]
        found = (*self.emails, *phones, *compact, *self.names)
        return sorted({without_accents(string) for string in found if string})

    def is_named_in(self, text: str) -> bool:
        plain = without_accents(text)
        return any(string in plain for string in self.strings)


def of(people: Iterable[Candidate], leads: Iterable[Lead]) -> Known:
    """All that these people's rows and requests call them."""
    rows: list[Candidate | Lead] = [*people, *leads]
    names = (f"{row.first_name} {row.last_name}".strip() for row in rows if row.first_name and row.last_name)
    return Known(
        frozenset(row.email for row in rows if row.email),
        frozenset(row.phone for row in rows if row.phone),
        frozenset(names),
    )


def remove(known: Known, people: list[int]) -> None:
    """Remove all of it. Harmless to run again."""
    _forget_visits(known)
    _clean_history(people)
    _forget_views(known)
    _forget_searches(known)
    for name in _shared_files():
        if _mentions(name, known):
            default_storage.delete(name)
    _remove_kept_mails(known)


def _forget_visits(known: Known) -> None:
    """A visit keeps what was typed for the receipt, until it ends."""
    told = [s.pk for s in Session.objects.iterator() if _receipt_email(s) in known.emails]
    Session.objects.filter(pk__in=told).delete()


def _receipt_email(session: Session) -> str:
    return (session.get_decoded().get("receipt") or {}).get("email", "")


def _clean_history(people: list[int]) -> None:
    """The admin's history names its objects as they were called."""
    for model in (Candidate, Lead, RegistrationFile, FollowUp, Consent):
        field = "pk" if model is Candidate else "candidate"
        ids = model._default_manager.filter(**{f"{field}__in": people}).values_list("pk", flat=True)
        entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
        entries.filter(object_id__in=[str(pk) for pk in ids]).update(object_repr="", change_message="")


def _forget_views(known: Known) -> None:
    views = KeptView.objects.values_list("pk", "name", "query")
    told = [pk for pk, name, query in views if known.is_named_in(f"{name} {unquote_plus(query)}")]
    KeptView.objects.filter(pk__in=told).delete()


def _forget_searches(known: Known) -> None:
    """What was searched for as a list was taken away: half a name too, since a search takes no more."""
    words = [*known.strings, *(word for name in known.names for word in without_accents(name).split())]
    queries = Export.objects.values_list("pk", "query", "reason")
    said = ((pk, without_accents(f"{unquote_plus(query)} {reason}")) for pk, query, reason in queries)
    told = [pk for pk, text in said if any(word in text for word in words)]
    Export.objects.filter(pk__in=told).update(query="", reason="-")


def _shared_files() -> Iterator[str]:
    for folder in SHARED_FOLDERS:
        yield from names_in(folder)


def _mentions(name: str, known: Known) -> bool:
    """Reads text files as they are, and what is packed in an .xlsx."""
    with default_storage.open(name) as file:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                return any(known.is_named_in(packed.read(part).decode(errors="replace")) for part in packed.namelist())
        file.seek(0)
        return any(known.is_named_in(line.decode(errors="replace")) for line in file)


def _remove_kept_mails(known: Known) -> None:
    """Where mails are written to files instead of being sent: a demonstration, a trial."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder or not Path(folder).is_dir():
        return
    for path in Path(folder).iterdir():
        head = path.read_text(encoding="utf-8", errors="replace")
        if any(f"To: {email}" in head for email in known.emails):
            path.unlink(missing_ok=True)
