"""One cleaner for what people type, whichever way it came in: form, socket or import."""

import re
import unicodedata

_KEPT_CONTROLS = "\n\t"
_COMBINING_MARKS_ALLOWED = 2
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Letters of other scripts that pass for Latin ones, and digits that pass for letters.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏмнктвοαρνιτκυl0134578@$",
    "aeopcyxijsdhimhktboapvitkuioieastbas",
)

# Latin letters that are no letter with an accent to Unicode, as whoever lacks the key types them ("ß" is case to it).
_PLAIN_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
    }
)


def clean_text(value: str) -> str:
    """`value` as it may be stored and shown: NFKC, without control, bidi, zero-width or lone surrogate characters,
    at most two combining marks on a letter, blanks and empty lines run together, no blank at either end.

    Markup stays as typed; it is escaped where it is shown.
    """
    if value.isascii() and value.isprintable():
        return " ".join(value.split())  # as most of it is
    shown = _limit_marks(_without_unseen(unicodedata.normalize("NFKC", value)))
    lines = (_BLANKS.sub(" ", line).strip() for line in shown.replace("\t", " ").split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(value: str) -> str:
    """`clean_text` on one line: for names, subjects, nicknames."""
    return " ".join(clean_text(value).split())


def _without_unseen(value: str) -> str:
    if value.isprintable():
        return value
    unseen = [character for character in set(value) if not _may_stay(character)]
    return value.translate(dict.fromkeys(map(ord, unseen))) if unseen else value


def _may_stay(character: str) -> bool:
    return character in _KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _limit_marks(value: str) -> str:
    if value.isascii() or not any(map(unicodedata.combining, set(value))):
        return value
    kept, marks = [], 0
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _COMBINING_MARKS_ALLOWED:
            kept.append(character)
    return "".join(kept)


def without_accents(value: str) -> str:
    """`value` in lower case and without accents, as search columns and search words hold it.

    Whoever changes what comes out changes what is stored too: see the migrations that fold stored columns anew.
    """
    if value.isascii():
        return value.lower()
    parts = unicodedata.normalize("NFKD", value.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c)).translate(_PLAIN_LETTERS)


def skeleton(name: str) -> str:
    """What `name` looks like at a glance: two names with one skeleton pass for each other."""
    plain = without_accents(name).translate(_LOOKALIKES)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[\W_]", "", plain))


def scripts(name: str) -> set[str]:
    """The scripts of its letters, by their Unicode names: {"LATIN"}, {"CYRILLIC", "LATIN"}…"""
    return {unicodedata.name(c, "UNKNOWN").split()[0] for c in name if c.isalpha()}
