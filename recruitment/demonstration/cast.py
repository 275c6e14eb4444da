"""Who and what the demonstration's rooms share: topics, speakers."""

from collections.abc import Iterable
from datetime import date, timedelta

from chat.models import Paragraph, PreparedAnnouncement, Room, Speaker, Topic, WatchedWord
from leads.models import ContestSession
from recruitment.demonstration.employers import POLICE, Employer


def make_topics(employer: Employer = POLICE) -> dict[str, Topic]:
    topics, words = {}, employer.part("moderation").get("topic_words", {})
    for position, topic in enumerate(employer.topics):
        texts = {"label": topic["label"], "label_en": topic["label_en"], "position": position}
        texts["words"] = words.get(topic["key"], "")
        topics[topic["key"]], _ = Topic.objects.get_or_create(key=topic["key"], defaults=texts)
    return topics


def make_texts(topics: dict[str, Topic], employer: Employer = POLICE) -> None:
    """Approved paragraphs and watched words, where there are none yet."""
    for told in employer.part("room_today").get("paragraphs", []):
        fields = {
            "title": told["title"],
            "text": told["text"],
            "topic": topics[told["topic"]],
            "source": told["source"] or "",
            "checked_on": date.fromisoformat(told["dated"]),
            "link": f"/contests/{told['contest']}/" if told["contest"] else "",
        }
        Paragraph.objects.get_or_create(key=told["key"], defaults=fields)
    for word in employer.part("moderation").get("watched_words", []):
        WatchedWord.objects.get_or_create(word=word)


def prepare_announcements(room: Room, announcements: Iterable[dict[str, str]]) -> None:
    for position, told in enumerate(announcements):
        fields = {"text": told["text"], "position": position}
        PreparedAnnouncement.objects.get_or_create(room=room, title=told["title"], defaults=fields)


def date_sessions(employer: Employer, today: date) -> None:
    """Registrations of an invented employer open and close around the day of the first seeding, and stay there."""
    for slug, told in employer.told.get("sessions", {}).items():
        days = {"opens_on": told["opens"], "closes_on": told["closes"], "documents_due_on": told["documents"]}
        dates = {name: today + timedelta(days=after) for name, after in days.items()}
        ContestSession.objects.filter(contest__slug=slug, opens_on=None).update(**dates)


def make_speakers(people: Iterable[dict[str, str]]) -> list[Speaker]:
    titles = [(person["name"], f"{person['rank']}, {person['unit']}") for person in people]
    return [Speaker.objects.get_or_create(name=name, title=title)[0] for name, title in titles]
