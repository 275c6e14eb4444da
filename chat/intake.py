"""Where a question goes as it comes in, and what it is found to hold. Nothing is dropped for what it says."""

import re
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from chat.choices import SLOW_PACES, Flag, Lane, QuestionState
from chat.errors import RateLimited
from chat.models import Participant, Room, Topic, WatchedWord
from recruitment.text import without_accents

WAITING_EACH, WAITING_NEWCOMER = 3, 1  # questions of one person that may wait in slow mode
FRESH_FOR = 30.0

_LINK = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|fr|net|org|info|biz|io|me|gg|ru|xyz|top|shop|link)\b", re.IGNORECASE
)
_PHONE = re.compile(r"(?:\+\s?\d{2}|\b0)[\s.\-/]?(?:\d[\s.\-/]?){9}")
_MAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.\w{2,}")
_ADDRESS = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter)?,?\s(?:rue|avenue|av|bd|boulevard|allee|chemin|impasse|quai|cours|square)\s\w"
)
_WORD = re.compile(r"[a-z0-9]+")


def holds_personal_data(text: str) -> bool:
    """Whether a phone number, a mail address or a street stands in it. A hint for people, no proof."""
    return bool(_PHONE.search(text) or _MAIL.search(text) or _ADDRESS.search(without_accents(text)))


def holds_link(text: str) -> bool:
    return bool(_LINK.search(_MAIL.sub(" ", text)))


class Words:
    """Words that staff keep in the database, by what they stand for; read again each half minute."""

    def __init__(self, read: Callable[[], Iterable[tuple[str, str]]]):
        self.read = read
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.read_at = -float("inf")
        self.beginnings: list[tuple[str, str]] = []

    def matching(self, text: str) -> list[str]:
        """What each word of the text stands for that begins with one of the list."""
        with self.lock:
            if time.monotonic() > self.read_at + FRESH_FOR:
                self.beginnings = [(without_accents(word), meaning) for word, meaning in self.read()]
                self.read_at = time.monotonic()
            words = _WORD.findall(without_accents(text))
            return [meaning for word in words for begin, meaning in self.beginnings if word.startswith(begin)]


def _topic_words() -> Iterable[tuple[str, str]]:
    for key, words in Topic.objects.exclude(words="").values_list("key", "words"):
        yield from ((word, key) for word in words.split())


watched = Words(lambda: ((word, word) for word in WatchedWord.objects.values_list("word", flat=True)))
topic_words = Words(_topic_words)


def suggested_topic(text: str) -> str | None:
    """The key of the topic most of whose words stand in it; a person decides. None where there is none, or a tie."""
    found = topic_words.matching(text)
    counts = sorted(((found.count(key), key) for key in set(found)), reverse=True)
    if not counts or (len(counts) > 1 and counts[0][0] == counts[1][0]):
        return None
    return counts[0][1]


def flags_of(text: str) -> list[Flag]:
    found = {
        Flag.WORD: bool(watched.matching(text)),
        Flag.LINK: holds_link(text),
        Flag.PERSONAL: holds_personal_data(text),
    }
    return [flag for flag, is_there in found.items() if is_there]


def lane_of(room: Room, person: Participant, flags: list[Flag], now: datetime) -> Lane:
    if person.flooding_until is not None and person.flooding_until > now:
        return Lane.FLOOD
    if room.shield_after is not None and person.number > room.shield_after:
        return Lane.NEWCOMERS
    return Lane.HELD if Flag.WORD in flags or Flag.LINK in flags else Lane.MAIN


class Pace:
    """Slow mode, over the asks of one moment: how many questions of a person wait, and since when the last."""

    def __init__(self, room: Room, people: Iterable[Participant], now: datetime):
        self.room, self.now = room, now
        self.history = self._read(people) if room.slow_seconds else {}

    def _read(self, people: Iterable[Participant]) -> dict[str, tuple[datetime, int, int]]:
        asked = self.room.questions.filter(participant__in=list(people)).order_by().values_list("participant__key")
        counted = asked.annotate(
            last=Max("asked_at"),
            waiting=Count("pk", filter=Q(state=QuestionState.ASKED)),
            shown=Count("pk", filter=Q(published_at__isnull=False)),
        )
        return {key: (last, waiting, shown) for key, last, waiting, shown in counted}

    def take(self, key: str) -> None:
        """One more question of that participant. Raises `RateLimited` where slow mode does not have it yet."""
        if not self.room.slow_seconds:
            return
        last, waiting, shown = self.history.get(key, (None, 0, 0))
        self._require_pause(last)
        if waiting >= (WAITING_EACH if shown else WAITING_NEWCOMER):
            raise RateLimited(_("The room is full: ask again once the moderators have read what you have asked."))
        self.history[key] = (self.now, waiting + 1, shown)

    def _require_pause(self, last: datetime | None) -> None:
        if last is None:
            return
        left = last + timedelta(seconds=self.room.slow_seconds) - self.now
        if left > timedelta(0):
            raise RateLimited(
                _("The room is in slow mode: one question each %s.") % SLOW_PACES[self.room.slow_seconds],
                retry_after=int(left.total_seconds()) + 1,
            )
