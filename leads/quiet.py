"""The hours in which nobody wants a mail that they do not wait for."""

from datetime import datetime, time, timedelta

from django.utils import timezone


def after_quiet(at: datetime, *, quiet_from: time, quiet_until: time) -> datetime:
    """`at`, or the end of the quiet hours that it falls into, by the site's clock; equal ends mean that none are."""
    local = timezone.localtime(at)
    if not _is_quiet(local.time(), quiet_from, quiet_until):
        return at
    day = local.date() if local.time() < quiet_until else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, quiet_until))


def _is_quiet(clock: time, start: time, end: time) -> bool:
    if start < end:
        return start <= clock < end
    return start != end and (clock >= start or clock < end)
