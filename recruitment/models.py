from django.db import models


class JobRun(models.Model):
    """Which period of a periodic job was taken last, so that no second scheduler takes it too."""

    job = models.CharField(max_length=40, unique=True)
    period_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.job}: {self.period_at:%Y-%m-%d %H:%M}"
