"""What happened, in order, and what was understood already."""

from django.db import models
from django.db.models import Q

from chat.choices import EventStream
from chat.models.rooms import Room
from chat.querysets import RoomEventQuerySet


class RoomEvent(models.Model):
    """The room's journal. `seq` rises by one per room and stream; redaction scrubs `data` in place."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="events")
    stream = models.CharField(max_length=6, choices=EventStream)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=30)
    data = models.JSONField()
    at = models.DateTimeField()

    objects = RoomEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "stream", "seq"], name="event_seq_once"),
            models.CheckConstraint(condition=Q(stream__in=EventStream.values), name="event_stream_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}: {self.kind}"


class FrameReceipt(models.Model):
    """A frame that changed something, so that its resend gets the same ack and changes nothing. Purged after a day."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="+")
    actor = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of the frame's `id`, which may hold characters that no database takes
    ack = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "actor", "digest"], name="frame_once")]

    def __str__(self) -> str:
        return self.digest
