"""What a person keeps of a request: a reference to name when they call, and a mail that carries it."""

from datetime import datetime
from typing import Any

from leads import mail
from leads.models import Candidate, ContestSession, Lead, Message, Organisation, Receipt, RegistrationFile
from leads.references import new_reference

DRAWS = 20  # of a reference; a clash is rare, twenty in a row are a fault


def write_receipt(lead: Lead, *, request_id: str, digest: str, now: datetime) -> Receipt:
    """The receipt of what came in as `request_id`, under a reference that nobody else has."""
    prefix = Organisation.objects.current().reference_prefix
    for _draw in range(DRAWS):
        reference = new_reference(prefix)
        if not Receipt.objects.filter(reference=reference).exists():
            break
    return Receipt.objects.create(reference=reference, lead=lead, at=now, request_id=request_id, digest=digest)


def send_receipt(
    receipt: Receipt, candidate: Candidate, *, session: ContestSession | None, language: str, now: datetime
) -> None:
    """Put its mail into the outbox; `session`: the one whose file was asked for.

    The same for a repeat: whoever repeats a request learns nothing.
    """
    context: dict[str, Any] = {
        "reference": receipt.reference,
        "received_at": now.isoformat(),
        "first_name": candidate.first_name,
    }
    if session:
        file = RegistrationFile.objects.values_list("pk", flat=True).get(candidate=candidate, contest_session=session)
        context |= {"session": session.pk, "file": file}
    mail.post(
        Message(
            intent=f"receipt:{receipt.reference}",
            recipient=candidate.email,
            candidate=candidate,
            template="receipt_file" if session else "receipt_information",
            language=language,
            context=context,
            created_at=now,
            due_at=now,
        )
    )
