"""What every page may show."""

from typing import Any

from django.http import HttpRequest

from leads.public import Employer


def organisation(request: HttpRequest) -> dict[str, Any]:
    return {"organisation": Employer()}
