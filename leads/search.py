"""What somebody types into a search box, read once: what it may be as a whole, and what words it holds."""

import re
from dataclasses import dataclass, field

from leads.identity import normalised_email, normalised_phone
from leads.references import read_reference, read_tail
from recruitment.text import clean_line, without_accents

TRIGRAM = 3  # letters: what the index of the search column knows
_NUMBER = re.compile(r"[\d\s.()/+-]*\d[\d\s.()/+-]*")
_BETWEEN = re.compile(r"""[\s,;<>()"«»“”'’‘ʼ‐‑]+""")  # what names are pasted with, and apostrophes of every make
_LINK = re.compile(r"^(tel|mailto):")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`reference`, its `tail` or the columns of `whole`, each looked up in an index of its own; else `words`, all in
    one row. A name may read like a tail: where there is no such reference its words count.
    """

    reference: str = ""
    tail: str = ""
    whole: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether every word is so short that it is looked for at the beginning of words alone."""
        return all(len(word) < TRIGRAM for word in self.words)

    @property
    def patterns(self) -> list[str]:
        """What the search column is to hold: the words, with the blank before them where they are short."""
        return [word if len(word) >= TRIGRAM else f" {word}" for word in self.words]


def read_wanted(typed: str) -> Wanted:
    """A reference, an e-mail, a phone in any spelling, a postal code, or words of a name or an e-mail."""
    typed = _LINK.sub("", clean_line(typed))
    if reference := read_reference(typed):
        return Wanted(reference=reference)
    tail = read_tail(typed) or ""
    if _NUMBER.fullmatch(typed):
        return Wanted(tail=tail, whole=_phone(typed), words=(re.sub(r"\D", "", typed),))
    whole = {"email": normalised_email(typed)} if _ADDRESS.fullmatch(typed) else {}
    return Wanted(tail=tail, whole=whole, words=_words(typed))


def _words(typed: str) -> tuple[str, ...]:
    """Without what stands between them; of nothing but that, as it was typed, so that it finds nobody."""
    plain = without_accents(typed)
    return tuple(word for word in _BETWEEN.split(plain) if word) or tuple(plain.split())


def _phone(typed: str) -> dict[str, str]:
    try:
        return {"phone": normalised_phone(typed)}
    except ValueError:
        return {}  # part of one, or a postal code
