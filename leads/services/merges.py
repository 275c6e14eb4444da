"""Two sheets of one person become one, and two again within 30 days."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leads import freezing
from leads.choices import ActionKind, ConsentMethod, FileStatus, FollowUpKind, LeadKind, Purpose, Restated
from leads.errors import NotAllowed, NotFound, VersionConflict
from leads.models import Candidate, Consent, ContestSession, Merge, RegistrationFile
from leads.policies import can_be_called, require_can_follow_up
from leads.progress import keep_progress
from leads.services.duplicates import keys_of, look_again
from leads.services.files import open_file
from leads.services.timeline import as_json, changes_since, derive, give_back, record, save_change

Merged = dict[str, Any]  # column -> what the kept sheet will say
UNDONE_WITHIN = timedelta(days=30)
CHOICES = {  # what is taken from one sheet or the other, as a whole
    "name": ("first_name", "last_name"),
    "email": ("email", "verified_at"),
    "phone": ("phone",),
    "place": ("postal_code", "is_abroad"),
    "birth_date": ("birth_date",),
    "diploma_level": ("diploma_level",),
    "situation": ("situation",),
    "stage": (
        *("stage", "stage_at", "stage_before", "closed_reason"),
        *("next_action", "next_action_at", "next_action_note"),
    ),
}
TIMES = ("asked_at", "last_contact_at", "reached_at")  # the later one is the person's
MOVED = ("leads", "follow_ups", "consents", "messages")
FILE_ORDER = (FileStatus.CLOSED, *(status for status in FileStatus if status != FileStatus.CLOSED))


def merged_values(kept: Candidate, gone: Candidate, taken: Collection[str]) -> Merged:
    """What the kept sheet will say: its own, those of `CHOICES` that are `taken` from the other, gaps filled."""
    values: Merged = {}
    for choice, fields in CHOICES.items():
        is_gap = choice != "stage" and not any(getattr(kept, field) for field in fields)
        source = gone if choice in taken or is_gap else kept
        values |= {field: getattr(source, field) for field in fields}
    for field in TIMES:
        values[field] = max(filter(None, (getattr(kept, field), getattr(gone, field))), default=None)
    values["created_at"] = min(kept.created_at, gone.created_at)
    values["owner_id"] = kept.owner_id or gone.owner_id
    return values


@transaction.atomic
def merge_candidates(
    *,
    kept_id: int,
    gone_id: int,
    taken: Collection[str],
    expected_versions: tuple[int, int],
    actor: User,
    now: datetime,
) -> Merge:
    """Merge one sheet into another: `taken` names what of `CHOICES` comes from the one that goes.

    Requests, files, timeline, consents and mails move over, the strictest word on each purpose holds; the sheet that
    goes keeps what it says and points to the kept one. A file for the same session stays with it where the kept sheet
    has one. Raises `NotFound`, `NotAllowed` (its file is further along), `VersionConflict`.
    """
    kept, gone = _locked(kept_id, gone_id, actor)
    for candidate, version in zip((kept, gone), expected_versions, strict=True):
        if candidate.merged_into_id or candidate.version != version:
            raise VersionConflict(candidate.version, changes_since(candidate, version))
    stays = _files_that_stay(kept, gone)
    keys = keys_of(kept) | keys_of(gone)
    said = list(_strictest(kept, gone, now))
    people = [freezing.presence_of(kept.pk), freezing.presence_of(gone.pk)]
    data: dict[str, Any] = {"moved": _move(gone, kept, stays), "before": {}, "after": {}}
    gone.merged_into, gone.claimed_by, gone.claimed_until = kept, None, None
    save_change(gone, "merged_into", "claimed_by", "claimed_until")
    data["said"] = [row.pk for row in Consent.objects.bulk_create(said)]
    _take_over(kept, merged_values(kept, gone, taken), data, now)
    merge = Merge.objects.create(kept=kept, gone=gone, by=actor, at=now, data=data)
    record(kept, FollowUpKind.MERGE, actor=actor, now=now, merge=merge.pk, gone=gone.pk)
    look_again(keys | keys_of(kept), now=now)
    keep_progress([kept.pk])
    freezing.restate_people(people, [freezing.presence_of(kept.pk)], reason=Restated.MERGE, actor=actor, now=now)
    return merge


def _locked(kept_id: int, gone_id: int, actor: User) -> tuple[Candidate, Candidate]:
    """In the order of their ids, whichever is kept: two who merge the same pair wait for each other."""
    rows = Candidate.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    found = {row.pk: row for row in rows.filter(pk__in=[kept_id, gone_id]).order_by("pk")}
    if len(found) != 2:
        raise NotFound(_("There is no such candidate."))
    for candidate in found.values():
        require_can_follow_up(actor, candidate)
    return found[kept_id], found[gone_id]


def _files_that_stay(kept: Candidate, gone: Candidate) -> set[int]:
    own = {file.contest_session_id: file for file in kept.files.all()}
    twice = [file for file in gone.files.select_related("contest_session__contest") if file.contest_session_id in own]
    for file in twice:
        if _progress(file) > _progress(own[file.contest_session_id]):
            raise NotAllowed(
                _("The file for %s is further along on the sheet that would go: keep that sheet.")
                % file.contest_session
            )
    return {file.pk for file in twice}


def _progress(file: RegistrationFile) -> int:
    return FILE_ORDER.index(FileStatus(file.status))


def _move(gone: Candidate, kept: Candidate, stays: set[int]) -> dict[str, list[int]]:
    """Hang the rows of one sheet on the other; the ids of what moved."""
    moved = {}
    for name in MOVED:
        rows = getattr(gone, name)
        moved[name] = sorted(rows.values_list("pk", flat=True))
        rows.update(candidate=kept)
    files = gone.files.exclude(pk__in=stays)
    moved["files"] = sorted(files.values_list("pk", flat=True))
    files.update(candidate=kept)
    return moved


def _take_over(kept: Candidate, values: dict[str, Any], data: dict[str, Any], now: datetime) -> None:
    """Write what the kept sheet says now; `data` remembers what it said."""
    before = {field: getattr(kept, field) for field in values}
    for field, value in values.items():
        setattr(kept, field, value)
    if kept.next_action == ActionKind.CALL and kept.email and not can_be_called(kept, now):
        kept.next_action = values["next_action"] = ActionKind.WRITE
    changed = [field for field in values if before[field] != values[field]]
    data["before"] = as_json({field: before[field] for field in changed})
    data["after"] = as_json({field: values[field] for field in changed})
    save_change(kept, *changed, *derive(kept))


# --- consents -------------------------------------------------------------------------------------------------------
def strictest(kept: Candidate, gone: Candidate, now: datetime) -> dict[str, bool]:
    """What will hold on each purpose: yes where both said so, no where one did not."""
    mine, others = newest_words(kept), newest_words(gone)
    return {p: is_given(mine.get(p), now) and is_given(others.get(p), now) for p in Purpose.values}


def _strictest(kept: Candidate, gone: Candidate, now: datetime) -> Iterator[Consent]:
    """The words to append, where the newest of both is not the strictest."""
    mine, others = newest_words(kept), newest_words(gone)
    for purpose, given in strictest(kept, gone, now).items():
        words = [word for word in (mine.get(purpose), others.get(purpose)) if word]
        newest = max(words, key=lambda word: (word.at, word.pk), default=None)
        if newest is None:
            continue
        until = min((word.expires_at for word in words if word.expires_at), default=None) if given else None
        if is_given(newest, now) != given or (given and newest.expires_at != until):
            yield _word(kept, newest, given=given, expires_at=until, now=now)


def _word(candidate: Candidate, like: Consent, *, given: bool, expires_at: datetime | None, now: datetime) -> Consent:
    return Consent(
        candidate=candidate,
        purpose=like.purpose,
        given=given,
        text_version=like.text_version,
        method=ConsentMethod.MERGE,
        at=now,
        expires_at=expires_at,
    )


def newest_words(candidate: Candidate) -> dict[str, Consent]:
    """The newest word on each purpose that anything was said on."""
    return {word.purpose: word for word in candidate.consents.order_by("at", "pk")}


def is_given(word: Consent | None, now: datetime) -> bool:
    return word is not None and word.given and (word.expires_at is None or word.expires_at > now)


# --- undone ---------------------------------------------------------------------------------------------------------
def undoable(merges: Sequence[Merge], now: datetime) -> Merge | None:
    """Which of a sheet's merges that stand, the last first, may still be undone: the last one, for 30 days."""
    return merges[0] if merges and now < merges[0].at + UNDONE_WITHIN else None


def _standing(kept: Candidate) -> list[Merge]:
    return list(kept.merges.filter(undone_at__isnull=True).order_by("-at", "-pk"))


@transaction.atomic
def undo_merge(*, merge_id: int, actor: User, now: datetime) -> Candidate:
    """Make two sheets of one again; the one that was gone. Each takes back what it had and nobody changed since; what
    came meanwhile stays with the kept one.

    Raises `NotFound`, `NotAllowed` (after 30 days, a later merge to be undone first, an address that another has now).
    """
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None:
        raise NotFound(_("There is no such merge."))
    kept, gone = _locked(merge.kept_id, merge.gone_id, actor)
    if not merge.data:
        raise NotAllowed(_("One of these people was erased: there is no way back to two sheets."))
    if kept.merged_into_id or undoable(_standing(kept), now) != merge:
        raise NotAllowed(_("This merge can no longer be undone: it is too old, or a later one stands before it."))
    people = [freezing.presence_of(kept.pk)]
    try:
        with transaction.atomic():
            _take_back(kept, gone, merge, now)
    except IntegrityError:
        raise NotAllowed(_("Somebody else has the old address or phone by now: look at that sheet first.")) from None
    Merge.objects.filter(pk=merge.pk).update(undone_at=now)
    for candidate in (kept, gone):
        record(candidate, FollowUpKind.MERGE, actor=actor, now=now, undone=merge.pk)
    look_again(keys_of(kept) | keys_of(gone), now=now)
    keep_progress([kept.pk, gone.pk])
    after = [freezing.presence_of(kept.pk), freezing.presence_of(gone.pk)]
    freezing.restate_people(people, after, reason=Restated.NO_MERGE, actor=actor, now=now)
    return gone


def _take_back(kept: Candidate, gone: Candidate, merge: Merge, now: datetime) -> None:
    moved = merge.data["moved"]
    for name, ids in moved.items():
        getattr(kept, name).filter(pk__in=ids).update(candidate=gone)
    _open_own_files(kept)
    Consent.objects.bulk_create(list(_words_back(kept, merge, now)))
    before, after = merge.data["before"], merge.data["after"]
    said = as_json({field: getattr(kept, field) for field in before})
    same = [field for field in before if said[field] == after[field]]
    same = [
        field for field in same if field not in CHOICES["stage"] or set(CHOICES["stage"]) & set(before) <= set(same)
    ]
    give_back(kept, {field: before[field] for field in same})
    save_change(kept, *same, *derive(kept))
    gone.merged_into = None
    save_change(gone, "merged_into")


def _open_own_files(kept: Candidate) -> None:
    """Who asked meanwhile for a file that was the other's gets one of their own."""
    asked = kept.leads.filter(kind=LeadKind.REGISTRATION_FILE).select_related("contest_session").order_by("at")
    for lead in asked.exclude(contest_session__in=kept.files.values("contest_session")):
        open_file(kept, cast(ContestSession, lead.contest_session), now=lead.at)


def _words_back(kept: Candidate, merge: Merge, now: datetime) -> Iterator[Consent]:
    """What the kept sheet had been told, said again where the merge's own word still holds."""
    newest = newest_words(kept)
    for said in kept.consents.filter(pk__in=merge.data["said"]):
        own = kept.consents.filter(purpose=said.purpose).exclude(pk__in=merge.data["said"]).order_by("-at", "-pk")
        if newest[said.purpose].pk == said.pk and (word := own.first()) and is_given(word, now):
            yield _word(kept, word, given=True, expires_at=word.expires_at, now=now)
