"""The checklist of a registration file: each asked document with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from leads.choices import DocumentStatus, FileStatus
from leads.models import AskedDocument, FileDocument, RegistrationFile

# In these a file waits for its candidate.
WITH_THE_CANDIDATE = (FileStatus.REQUESTED, FileStatus.SENT, FileStatus.DOWNLOADED, FileStatus.INCOMPLETE)
IN_HAND = (DocumentStatus.RECEIVED, DocumentStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Item:
    asked: AskedDocument
    document: FileDocument | None

    @property
    def status(self) -> str:
        return self.document.status if self.document else ""

    @property
    def is_lacking(self) -> bool:
        """To be sent still, or once more: whoever said that they have none is not asked again."""
        return self.asked.is_required and self.status not in (*IN_HAND, DocumentStatus.NOT_HAD)


def checklist(file: RegistrationFile) -> list[Item]:
    """In the session's order. Two queries."""
    return _items(file.contest_session.asked_documents.all(), file.documents.all())


def checklists(files: Iterable[RegistrationFile]) -> dict[int, list[Item]]:
    """By the id of the file, for several of them. Two queries."""
    rows = list(files)
    asked = list(AskedDocument.objects.filter(session__in={file.contest_session_id for file in rows}))
    documents = list(FileDocument.objects.filter(file__in=[file.pk for file in rows]).select_related("by"))
    return {
        file.pk: _items(
            [one for one in asked if one.session_id == file.contest_session_id],
            [one for one in documents if one.file_id == file.pk],
        )
        for file in rows
    }


def _items(asked: Iterable[AskedDocument], documents: Iterable[FileDocument]) -> list[Item]:
    known = {document.asked_id: document for document in documents}
    return [Item(one, known.get(one.pk)) for one in asked]


def lacking(items: Iterable[Item]) -> list[AskedDocument]:
    return [item.asked for item in items if item.is_lacking]


def is_in_hand(items: list[Item]) -> bool:
    """Nothing is waited for any more; a session that asks for nothing has nothing to wait for."""
    return bool(items) and not lacking(items)


def is_accepted(items: list[Item]) -> bool:
    required = [item for item in items if item.asked.is_required]
    return bool(required) and all(item.status == DocumentStatus.ACCEPTED for item in required)
