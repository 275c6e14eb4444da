"""Keys to the follow page: a row's id and an HMAC of it. They exist in mails; the rows keep hashes."""

import base64
import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from leads.models import Candidate, FollowToken


def follow_token(candidate: Candidate, *, now: datetime) -> str:
    """The candidate's key, the same until it is revoked or `SECRET_KEY` changes; then a new one is made."""
    row = FollowToken.objects.filter(candidate=candidate, revoked_at__isnull=True).order_by("-pk").first()
    if row is None or row.hash != _hash(_token(row.pk)):
        row = _new_row(candidate, now)
    return _token(row.pk)


@transaction.atomic
def _new_row(candidate: Candidate, now: datetime) -> FollowToken:
    """The hash needs the id that the row gets: until then, a value that no token has."""
    row = FollowToken.objects.create(candidate=candidate, created_at=now, hash=secrets.token_hex(32))
    FollowToken.objects.filter(pk=row.pk).update(hash=_hash(_token(row.pk)))
    return row


def candidate_of_token(token: str) -> Candidate | None:
    """Whose key it is; None for unknown and revoked ones alike."""
    rows = FollowToken.objects.select_related("candidate__merged_into")
    row = rows.filter(hash=_hash(token), revoked_at__isnull=True).first()
    return sheet_kept_of(row.candidate) if row else None


def sheet_kept_of(candidate: Candidate) -> Candidate:
    """Where a merged sheet has gone, over however many merges."""
    while candidate.merged_into is not None:
        candidate = candidate.merged_into
    return candidate


def revoke_tokens(candidate: Candidate, *, now: datetime) -> int:
    return FollowToken.objects.filter(candidate=candidate, revoked_at__isnull=True).update(revoked_at=now)


def _token(row_id: int) -> str:
    mac = salted_hmac("leads.follow", str(row_id), algorithm="sha256").digest()
    return f"{row_id}-{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
