"""Who and what the demonstration's rooms share: topics, speakers."""

from collections.abc import Iterable

from chat.models import Speaker, Topic
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
    topics = {}
    for position, topic in enumerate(load("rooms_2004")["topics"]):
        texts = {"label": topic["label"], "label_en": TOPICS_EN[topic["key"]], "position": position}
        topics[topic["key"]], _ = Topic.objects.get_or_create(key=topic["key"], defaults=texts)
    return topics


def make_speakers(people: Iterable[dict[str, str]]) -> list[Speaker]:
    titles = [(person["name"], f"{person['rank']}, {person['unit']}") for person in people]
    return [Speaker.objects.get_or_create(name=name, title=title)[0] for name, title in titles]
