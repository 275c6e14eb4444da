"""What is held about a person, as a PDF to read and to print; the JSON of the same holds it to the last code."""

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from leads.documents import printable
from leads.models import Candidate, Consent, FileDocument, FollowUp, Lead, Message, Organisation, RegistrationFile
from recruitment.days import day_in_words

SECTIONS: Mapping[str, tuple[type[Model], Promise]] = {
    "candidate": (Candidate, gettext_lazy("Who you are")),
    "requests": (Lead, gettext_lazy("What you asked")),
    "files": (RegistrationFile, gettext_lazy("Your files")),
    "documents": (FileDocument, gettext_lazy("Your documents")),
    "consents": (Consent, gettext_lazy("What you accepted or refused")),
    "follow_ups": (FollowUp, gettext_lazy("What happened")),
    "mails": (Message, gettext_lazy("What we wrote to you")),
}
LABELS: Mapping[str, Promise] = {
    "kept_until": gettext_lazy("Erased on, if you do nothing"),
    "contest": gettext_lazy("Contest"),
    "references": gettext_lazy("References"),
    "source": gettext_lazy("Source"),
    "room": gettext_lazy("Room"),
    "document": gettext_lazy("Document"),
    "size": gettext_lazy("Bytes"),
}
CODES = ("data", "touches")  # for machines: in the JSON alone
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=20, leading=24, spaceAfter=6)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=13, leading=17, spaceBefore=14, spaceAfter=4)
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=9.5, leading=13)
LABEL = ParagraphStyle("label", parent=TEXT, textColor=HexColor("#5a646d"))
WIDTHS = (150, 330)
HAIRLINE = [("LINEABOVE", (0, 0), (-1, 0), 0.5, HexColor("#c9c4bb")), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def as_pdf(data: Mapping[str, Any], organisation: Organisation, *, on: date) -> bytes:
    """`data`: what `services.my_data` gives."""
    file = io.BytesIO()
    title = _("Everything we hold about you")
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        title=printable(title),
        author=printable(organisation.name),
        lang=get_language(),
        invariant=1,
    )
    head = _("%(name)s, on %(day)s") % {"name": organisation.name, "day": day_in_words(on, _("j F Y"))}
    story = [_paragraph(title, TITLE), _paragraph(head, LABEL)]
    for key, (model, heading) in SECTIONS.items():
        rows = data[key] if isinstance(data[key], list) else [data[key]]
        story += [_paragraph(heading, HEADING), *_tables(model, rows)]
    document.build(story)
    return file.getvalue()


def _tables(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    tables = [KeepTogether([_table(model, row), Spacer(0, 6)]) for row in rows]
    return tables or [_paragraph(_("Nothing."), TEXT)]


def _table(model: type[Model], row: Mapping[str, Any]) -> Table:
    told = [(_label(model, name), _words(model, name, value)) for name, value in row.items() if name not in CODES]
    lines = [[_paragraph(label, LABEL), _paragraph(words, TEXT)] for label, words in told if words]
    return Table(lines or [["", ""]], colWidths=WIDTHS, style=HAIRLINE)


def _label(model: type[Model], name: str) -> str:
    if name in LABELS:
        return str(LABELS[name])
    label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _words(model: type[Model], name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return day_in_words(timezone.localtime(value), _("j F Y, H:i"))
    if isinstance(value, date):
        return day_in_words(value, _("j F Y"))
    if isinstance(value, list):
        return ", ".join(value)
    return str(_choices(model, name).get(value, value if value is not None else ""))


def _choices(model: type[Model], name: str) -> Mapping[Any, Any]:
    return {} if name in LABELS else dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]


def _paragraph(text: str | Promise, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(str(text))).replace("\n", "<br/>"), style)
