"""What may be said of people without naming them, in the same words wherever it is asked."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Situation(TextChoices):
    PUPIL = "pupil", _("at school")
    STUDENT = "student", _("student or apprentice")
    EMPLOYED = "employed", _("employed")
    PUBLIC_SERVICE = "public_service", _("in the public service")
    JOB_SEEKING = "job_seeking", _("looking for a job")
    OTHER = "other", _("other")


class AgeBand(TextChoices):
    UNDER_18 = "under_18", _("under 18")
    FROM_18 = "18_24", _("18 to 24")
    FROM_25 = "25_34", _("25 to 34")
    FROM_35 = "35_over", _("35 and over")
    UNKNOWN = "unknown", _("unknown")
