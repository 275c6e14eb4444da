"""How many were in a room, kept minute by minute for its report."""

from datetime import timedelta

import pytest

from chat.services import keep_peaks
from tests.chat.conftest import NOW

pytestmark = pytest.mark.django_db
MINUTE = NOW.replace(second=0, microsecond=0)


def test_the_highest_count_of_a_minute_is_kept_whichever_process_saw_it(room):
    for seconds, count in ((0, 12), (10, 30), (20, 25), (60, 8)):
        keep_peaks({room.pk: count}, MINUTE + timedelta(seconds=seconds))
    room.refresh_from_db()
    assert room.peak_viewers == 30
    assert list(room.attendance.values_list("viewers", flat=True)) == [30, 8]
