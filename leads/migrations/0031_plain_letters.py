"""Stored search columns and name keys hold "ł" as "l", "ø" as "o": as words that are searched for are read from now on."""

from contextlib import suppress
from functools import reduce

from django.db import IntegrityError, migrations, transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Replace

LETTERS = {
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
PLAIN = str.maketrans(LETTERS)
AT_ONCE = 20_000


def holding(field):
    return reduce(Q.__or__, (Q(**{f"{field}__contains": letter}) for letter in LETTERS))


def folded(field):
    return reduce(lambda text, pair: Replace(text, *map(Value, pair)), LETTERS.items(), F(field))


def parts(model):
    last = model.objects.aggregate(last=Max("pk"))["last"] or 0
    for first in range(1, last + 1, AT_ONCE):
        with transaction.atomic():
            yield model.objects.filter(pk__range=(first, first + AT_ONCE - 1))


def fold(apps, schema_editor):
    for name in ("Candidate", "Lead"):
        for part in parts(apps.get_model("leads", name)):
            part.filter(holding("search")).update(search=folded("search"))
    for part in parts(apps.get_model("leads", "Candidate")):
        for pk, key in part.filter(holding("name_key")).values_list("pk", "name_key"):
            fold_key(part, pk, key)


def fold_key(people, pk, key):
    """Two without an e-mail who have a phone and now a name in common stay two: they are among the duplicates."""
    with suppress(IntegrityError), transaction.atomic():
        people.filter(pk=pk).update(name_key=key.translate(PLAIN))


class Migration(migrations.Migration):
    atomic = False  # part after part

    dependencies = [("leads", "0030_reference_tails")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
