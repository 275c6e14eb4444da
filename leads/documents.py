"""The registration file as a PDF to fill in, on screen or by hand: one per session, kept in private storage."""

import hashlib
import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from leads import texts
from leads.models import ContestSession, Organisation

WIDTH, HEIGHT = A4
MARGIN = 56
LINE = 38
LAYOUT_VERSION = 1  # a change of what is drawn is a new file


def registration_file(session: ContestSession, organisation: Organisation) -> str:
    """Name of the session's PDF in the default storage, made when it is first asked for."""
    told = "|".join(
        [texts.plain(session.contest, "title"), organisation.name, organisation.address, organisation.accent]
    )
    digest = hashlib.sha256(f"{LAYOUT_VERSION}|{told}".encode()).hexdigest()[:12]
    name = f"registration-files/{session.contest.slug}-{session.year}-{get_language()}-{digest}.pdf"
    if not default_storage.exists(name):
        # Two who ask first make two equal files; the storage gives the second another name and nobody misses it.
        default_storage.save(name, ContentFile(draw(session, organisation)))
    return name


def draw(session: ContestSession, organisation: Organisation) -> bytes:
    file = io.BytesIO()
    title = f"{_('Registration file')}, {texts.plain(session.contest, 'title')}, {session.year}"
    canvas = Canvas(file, pagesize=A4, invariant=1, lang=get_language())
    canvas.setTitle(_printable(title))
    canvas.setAuthor(_printable(organisation.name))
    y = _head(canvas, session, organisation)
    for name, label in _questions():
        y = _question(canvas, name, label, y)
    _checklist(canvas, y, organisation)
    canvas.save()
    return file.getvalue()


def _printable(text: str) -> str:
    """The standard fonts know no narrow no-break space."""
    return str(text).replace("\u202f", "\u00a0")


def _write(canvas: Canvas, x: float, y: float, text: str, size: int, *, bold: bool = False) -> None:
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    canvas.drawString(x, y, _printable(text))


def _head(canvas: Canvas, session: ContestSession, organisation: Organisation) -> float:
    canvas.setFillColor(HexColor(organisation.accent))
    canvas.rect(0, HEIGHT - 130, WIDTH, 130, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    _write(canvas, MARGIN, HEIGHT - 44, organisation.name, 12)
    _write(canvas, MARGIN, HEIGHT - 76, _("Registration file"), 24, bold=True)
    session_words = _("%(contest)s, session %(year)d") % {
        "contest": texts.plain(session.contest, "title"),
        "year": session.year,
    }
    _write(canvas, MARGIN, HEIGHT - 102, session_words, 12)
    canvas.setFillColor(HexColor("#000000"))
    return HEIGHT - 160


def _questions() -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference of your request")),
        ("last_name", _("Last name")),
        ("first_name", _("First name")),
        ("birth_date", _("Birth date")),
        ("address", _("Address")),
        ("email", _("E-mail")),
        ("phone", _("Phone")),
        ("diploma", _("Diploma")),
    ]


def _question(canvas: Canvas, name: str, label: str, y: float) -> float:
    _write(canvas, MARGIN, y, label, 10)
    canvas.acroForm.textfield(
        name=name,
        tooltip=_printable(label),
        x=MARGIN,
        y=y - 26,
        width=WIDTH - 2 * MARGIN,
        height=20,
        fontSize=11,
        borderWidth=0.5,
        forceBorder=True,
    )
    return y - LINE - 6


def _checklist(canvas: Canvas, y: float, organisation: Organisation) -> None:
    _write(canvas, MARGIN, y - 6, _("Documents to add"), 14, bold=True)
    for place, document in enumerate(asked_for()):
        line = y - 32 - place * 22
        canvas.rect(MARGIN, line - 2, 10, 10)
        _write(canvas, MARGIN + 20, line, document, 11)
    _write(canvas, MARGIN, 90, _("Date and signature"), 10)
    back = ", ".join(part for part in (organisation.service, organisation.address) if part)
    if back:
        _write(canvas, MARGIN, 48, _("To be sent to: %s") % back, 9)


def asked_for() -> list[str]:
    """What goes into the envelope with the file."""
    return [
        _("a copy of your identity card or passport, both sides"),
        _("a copy of your diploma, or a certificate of enrolment"),
        _("this file, filled in and signed"),
    ]
