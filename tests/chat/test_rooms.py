from datetime import timedelta

import pytest

from chat import services
from chat.errors import Forbidden, NotOpen
from chat.models import Room
from tests.chat.conftest import NOW, kinds
from tests.factories import RoomFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def planned(moderator_user):
    """Opens in an hour, for an hour."""
    return RoomFactory(state="scheduled", opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR, moderators=[moderator_user])


def state_of(room):
    return Room.objects.get(pk=room.pk).state


def test_a_room_opens_and_closes_by_its_times_once(planned):
    assert services.keep_time(NOW) == 0
    assert services.keep_time(NOW + HOUR) == 1
    assert services.keep_time(NOW + HOUR) == 0
    assert state_of(planned) == "open"
    services.keep_time(NOW + 2 * HOUR)
    services.keep_time(NOW + 3 * HOUR)
    assert kinds(planned) == ["room.opened", "room.closed"]


def test_a_room_whose_hour_nobody_noticed_is_closed_without_having_been_open(planned):
    services.keep_time(NOW + 3 * HOUR)
    assert kinds(planned) == ["room.closed"]


@pytest.mark.parametrize("count", [1, 3])
def test_time_is_kept_in_one_read_while_nothing_is_due(count, db, django_assert_num_queries):
    RoomFactory.create_batch(count, state="scheduled", opens_at=NOW + HOUR)
    with django_assert_num_queries(1):
        services.keep_time(NOW)


def test_a_moderators_word_wins_over_the_times_until_the_next_planned_time(planned, moderator):
    services.open_room(room_id=planned.pk, actor=moderator, now=NOW)
    services.keep_time(NOW + timedelta(minutes=1))
    assert state_of(planned) == "open"
    services.close_room(room_id=planned.pk, actor=moderator, now=NOW + timedelta(minutes=2))
    services.keep_time(NOW + timedelta(minutes=3))
    assert state_of(planned) == "closed"
    services.keep_time(NOW + HOUR)
    assert state_of(planned) == "open"


def test_a_pause_or_close_within_the_hour_lasts_until_its_end(room, moderator):
    services.pause_room(room_id=room.pk, actor=moderator, now=NOW)
    services.keep_time(NOW + timedelta(minutes=1))
    assert state_of(room) == "paused"
    services.keep_time(room.closes_at)
    assert kinds(room) == ["room.paused", "room.closed"]


def test_a_room_opened_after_its_end_closes_an_hour_later(room, moderator):
    late = room.closes_at + HOUR
    services.keep_time(late)
    services.open_room(room_id=room.pk, actor=moderator, now=late)
    services.keep_time(late)
    room.refresh_from_db()
    assert (room.state, room.closes_at) == ("open", late + HOUR)
    services.keep_time(late + HOUR)
    assert state_of(room) == "closed"


def test_a_room_that_is_still_open_at_its_end_goes_on_for_an_hour_when_told_to(room, moderator):
    services.open_room(room_id=room.pk, actor=moderator, now=room.closes_at)
    services.keep_time(room.closes_at)
    assert state_of(room) == "open" and kinds(room) == ["room.opened"]
    assert Room.objects.get(pk=room.pk).closes_at == room.closes_at + HOUR


def test_the_same_state_again_is_an_ack_and_tells_nobody(room, moderator):
    for service in (services.open_room, services.pause_room, services.pause_room, services.close_room):
        service(room_id=room.pk, actor=moderator, now=NOW)
    services.close_room(room_id=room.pk, actor=moderator, now=NOW)
    assert kinds(room) == ["room.paused", "room.closed"]


@pytest.mark.parametrize("service", [services.open_room, services.pause_room, services.close_room])
def test_only_its_moderators_open_pause_and_close_a_room(service, room, speaker_actor, stranger):
    for actor in (speaker_actor, stranger):
        with pytest.raises(Forbidden):
            service(room_id=room.pk, actor=actor, now=NOW)
    assert kinds(room) == []


@pytest.mark.parametrize("service", [services.pause_room, services.close_room])
def test_a_scheduled_room_can_only_be_opened(service, planned, moderator):
    with pytest.raises(NotOpen):
        service(room_id=planned.pk, actor=moderator, now=NOW)
    assert kinds(planned) == []


def test_announcements_go_to_everybody_in_an_open_room_and_in_no_other(room, planned, moderator):
    services.announce(room_id=room.pk, actor=moderator, text="Bonsoir.", now=NOW)
    assert room.events.get().data == {"text": "Bonsoir."}
    with pytest.raises(NotOpen):
        services.announce(room_id=planned.pk, actor=moderator, text="Bonsoir.", now=NOW)
