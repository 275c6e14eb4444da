"""The employer as templates see it: texts in the reader’s language, colours and logo under changing addresses."""

import hashlib
from functools import cached_property

from django.db import DatabaseError
from django.urls import reverse

from leads import texts
from leads.models import Organisation

COLOURS = ("accent", "accent_night", "signal", "tint")


class Employer:
    """`row` is read when a template first asks: JSON never does."""

    @cached_property
    def row(self) -> Organisation:
        try:
            return Organisation.objects.current()
        except (DatabaseError, Organisation.DoesNotExist):  # an error page needs no name to say what is wrong
            return Organisation()

    def __getattr__(self, name: str) -> object:
        return getattr(self.row, name)

    tagline = property(lambda self: texts.said(self.row, "tagline"))
    service = property(lambda self: texts.said(self.row, "service"))
    hours = property(lambda self: texts.said(self.row, "hours"))
    headline = property(lambda self: texts.said(self.row, "hero_title"))
    promise = property(lambda self: texts.said(self.row, "hero_title_em"))
    intro = property(lambda self: texts.said(self.row, "hero_text"))

    @property
    def stylesheet_url(self) -> str:
        """Empty where the colours are the ones that the style sheets have anyway."""
        if stylesheet(self.row) == stylesheet(Organisation()):
            return ""
        return reverse("leads:colours", args=[digest_of(stylesheet(self.row))])

    @property
    def logo_url(self) -> str:
        return reverse("leads:logo", args=[digest_of(str(self.row.logo))]) if self.row.logo else ""


def stylesheet(organisation: Organisation) -> str:
    values = (f"--brand-{name.replace('_', '-')}: {getattr(organisation, name)};" for name in COLOURS)
    return f":root {{ {' '.join(values)} }}\n"


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
