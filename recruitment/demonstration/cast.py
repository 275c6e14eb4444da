"""Who and what the demonstration's rooms share: topics, speakers."""

from collections.abc import Iterable
from datetime import date

from chat.models import Paragraph, PreparedAnnouncement, Room, Speaker, Topic, WatchedWord
from recruitment.demonstration.data import load

TOPICS_EN = {
    "conditions-acces": "Conditions of entry",
    "informatique": "Computing",
    "missions-specialisees": "Specialised missions",
    "securite-publique-pj": "Public safety or investigation",
    "prefecture": "The prefecture",
    "remuneration": "Pay",
    "formation": "School and training",
    "affectation": "Postings",
    "vie-personnelle": "Private life",
    "deroulement-concours": "How a contest goes",
    "autre": "Other",
}


def make_topics() -> dict[str, Topic]:
    topics, words = {}, load("moderation")["topic_words"]
    for position, topic in enumerate(load("rooms_2004")["topics"]):
        texts = {"label": topic["label"], "label_en": TOPICS_EN[topic["key"]], "position": position}
        texts["words"] = words.get(topic["key"], "")
        topics[topic["key"]], _ = Topic.objects.get_or_create(key=topic["key"], defaults=texts)
    return topics


def make_texts(topics: dict[str, Topic]) -> None:
    """Approved paragraphs and watched words, where there are none yet."""
    for told in load("room_today")["paragraphs"]:
        fields = {
            "title": told["title"],
            "text": told["text"],
            "topic": topics[told["topic"]],
            "source": told["source"] or "",
            "checked_on": date.fromisoformat(told["dated"]),
            "link": f"/contests/{told['contest']}/" if told["contest"] else "",
        }
        Paragraph.objects.get_or_create(key=told["key"], defaults=fields)
    for word in load("moderation")["watched_words"]:
        WatchedWord.objects.get_or_create(word=word)


def prepare_announcements(room: Room) -> None:
    for position, told in enumerate(load("room_today")["announcements"]):
        fields = {"text": told["text"], "position": position}
        PreparedAnnouncement.objects.get_or_create(room=room, title=told["title"], defaults=fields)


def make_speakers(people: Iterable[dict[str, str]]) -> list[Speaker]:
    titles = [(person["name"], f"{person['rank']}, {person['unit']}") for person in people]
    return [Speaker.objects.get_or_create(name=name, title=title)[0] for name, title in titles]
