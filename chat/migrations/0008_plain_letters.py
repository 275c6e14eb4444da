"""Stored search columns hold "ł" as "l", "ø" as "o": as words that are searched for are read from now on."""

from functools import reduce

from django.db import migrations
from django.db.models import F, Q, Value
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


def fold(apps, schema_editor):
    holding = reduce(Q.__or__, (Q(search_text__contains=letter) for letter in LETTERS))
    folded = reduce(lambda text, pair: Replace(text, *map(Value, pair)), LETTERS.items(), F("search_text"))
    for name in ("Question", "Answer"):
        apps.get_model("chat", name).objects.filter(holding).update(search_text=folded)


class Migration(migrations.Migration):
    dependencies = [("chat", "0007_floods_and_attendance")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
