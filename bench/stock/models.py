from django.conf import settings
from django.db import models


class Candidate(models.Model):
    """The columns that the stock list shows, filters and searches, of the product's own table."""

    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=20)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    postal_code = models.CharField(max_length=10)
    department = models.CharField(max_length=3)
    region = models.CharField(max_length=3)
    stage = models.CharField(max_length=10)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "leads_candidate"
