"""Why a question is declined: what staff press, and what its asker reads."""

from django.utils.translation import gettext_lazy

REASONS = {
    "confidentiel": (
        gettext_lazy("Confidential"),
        gettext_lazy("Nobody here may answer this. It is no matter of trust: the answer is not ours to give."),
    ),
    "donnee-personnelle": (
        gettext_lazy("Name, number or address in it"),
        gettext_lazy(
            "Your message holds a name, a number or an address, and this room is public. We have not shown it."
            " To be called back, leave your number in the request form: only a recruiter sees it."
        ),
    ),
    "situation-personnelle": (
        gettext_lazy("Personal situation"),
        gettext_lazy("Your situation deserves more than a public answer. Ask for one by mail: one recruiter reads it."),
    ),
    "affaire-en-cours": (
        gettext_lazy("Ongoing case or named person"),
        gettext_lazy("We speak here neither of an ongoing case nor of anybody in particular."),
    ),
    "hors-sujet": (
        gettext_lazy("Off topic"),
        gettext_lazy("Your question is not about recruitment, and the hour is short."),
    ),
    "propos": (
        gettext_lazy("Hurtful words"),
        gettext_lazy("Your message attacks somebody. Put your question in other words: criticism is published."),
    ),
    "publicite": (
        gettext_lazy("Advertising or link"),
        gettext_lazy("Advertisements and links are not published in this room."),
    ),
    "incomprehensible": (
        gettext_lazy("Not understood"),
        gettext_lazy("We did not understand your message. Ask again in one sentence; never mind the spelling."),
    ),
}


def reason(key: str) -> str:
    """What the asker reads: the text of a reason's key; free text is its own."""
    return str(REASONS[key][1]) if key in REASONS else key


def reason_label(key: str) -> str:
    """What staff read: the name of a reason; free text is its own."""
    return str(REASONS[key][0]) if key in REASONS else key


def reasons() -> list[dict[str, str]]:
    """`[{"key", "label", "text"}]` of the ready-made reasons, in the order of their digits on the console."""
    return [{"key": key, "label": str(label), "text": str(text)} for key, (label, text) in REASONS.items()]
