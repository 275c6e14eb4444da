"""The registration file as a PDF to fill in, on screen or by hand; each bears whose it is, made when asked for."""

import io
from collections.abc import Mapping

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from leads import texts
from leads.identity import shown_phone
from leads.models import Candidate, ContestSession, Organisation, RegistrationFile
from recruitment.days import day_in_words

WIDTH, HEIGHT = A4
MARGIN = 56
LINE = 38
MODULE = 2.6  # of the QR code, in points
QUIET = 4  # modules of white around it, as ISO/IEC 18004 has it


def personal_file(file: RegistrationFile, reference: str, organisation: Organisation) -> bytes:
    """With the reference, as text and as a QR code, and what is known of the person filled in. Kept nowhere."""
    session = file.contest_session
    drawn = io.BytesIO()
    title = f"{_('Registration file')}, {texts.plain(session.contest, 'title')}, {session.year}"
    canvas = Canvas(drawn, pagesize=A4, invariant=1, lang=get_language())
    canvas.setTitle(printable(title))
    canvas.setAuthor(printable(organisation.name))
    y = _head(canvas, session, organisation)
    if reference:
        _code(canvas, reference)
    known = _known(file.candidate, reference)
    for name, label in _questions():
        y = _question(canvas, name, label, known.get(name, ""), y)
    _checklist(canvas, y, [texts.plain(one, "label") for one in session.asked_documents.all()], organisation)
    canvas.save()
    return drawn.getvalue()


def _known(candidate: Candidate, reference: str) -> Mapping[str, str]:
    born = candidate.birth_date
    return {
        "reference": reference,
        "last_name": candidate.last_name,
        "first_name": candidate.first_name,
        "birth_date": day_in_words(born, _("j F Y")) if born else "",
        "email": candidate.email,
        "phone": shown_phone(candidate.phone),
        "diploma": candidate.get_diploma_level_display() if candidate.diploma_level else "",
    }


def _code(canvas: Canvas, reference: str) -> None:
    """The reference for a scanner: whoever opens the envelope finds the sheet by it."""
    rows = list(segno.make(reference, error="m", micro=False).matrix)
    side = (len(rows) + 2 * QUIET) * MODULE
    left, top = WIDTH - MARGIN - side, HEIGHT - 65 + side / 2
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.rect(left, top - side, side, side, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#000000"))
    for line, row in enumerate(rows):
        for column, is_dark in enumerate(row):
            if is_dark:
                x, y = left + (column + QUIET) * MODULE, top - (line + QUIET + 1) * MODULE
                canvas.rect(x, y, MODULE, MODULE, stroke=0, fill=1)


def printable(text: str) -> str:
    """The standard fonts know the letters of Western Europe and no narrow no-break space; others become a "?"."""
    return str(text).replace("\u202f", "\u00a0").encode("cp1252", errors="replace").decode("cp1252")


def _write(canvas: Canvas, x: float, y: float, text: str, size: int, *, bold: bool = False) -> None:
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    canvas.drawString(x, y, printable(text))


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


def _question(canvas: Canvas, name: str, label: str, value: str, y: float) -> float:
    _write(canvas, MARGIN, y, label, 10)
    canvas.acroForm.textfield(
        name=name,
        value=printable(value),
        tooltip=printable(label),
        x=MARGIN,
        y=y - 26,
        width=WIDTH - 2 * MARGIN,
        height=20,
        fontSize=11,
        borderWidth=0.5,
        forceBorder=True,
    )
    return y - LINE - 6


def _checklist(canvas: Canvas, y: float, asked: list[str], organisation: Organisation) -> None:
    _write(canvas, MARGIN, y - 6, _("Documents to add"), 14, bold=True)
    for place, document in enumerate(asked):
        line = y - 32 - place * 22
        canvas.rect(MARGIN, line - 2, 10, 10)
        _write(canvas, MARGIN + 20, line, document, 11)
    _write(canvas, MARGIN, 90, _("Date and signature"), 10)
    back = ", ".join(part for part in (organisation.service, organisation.address) if part)
    if back:
        _write(canvas, MARGIN, 48, _("To be sent to: %s") % back, 9)
