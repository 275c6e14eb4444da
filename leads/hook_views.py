"""What a mail service tells of mails that came back or were called unwanted."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leads import services
from leads.choices import MailEventKind
from leads.mail_reports import MailReport, read_report

MOST_EVENTS = 1000
TOO_MANY = 413


@csrf_exempt  # a machine posts it, known by its secret
@require_POST
def mail_events(request: HttpRequest) -> HttpResponse:
    """A list of events as JSON, or one report of a mail server as it is (`message/rfc822`); how many were news."""
    _require_secret(request)
    if request.content_type == "message/rfc822":
        return JsonResponse({"taken": services.take_mail_reports(read_report(request.body), now=timezone.now())})
    try:
        events = json.loads(request.body)
        reports = [_report(event) for event in events]
    except (AttributeError, ValueError, TypeError, KeyError, RecursionError):
        return JsonResponse({"error": "a JSON list of objects with id, kind and recipient or message_id"}, status=400)
    if len(reports) > MOST_EVENTS:
        return JsonResponse({"error": f"at most {MOST_EVENTS} at once"}, status=TOO_MANY)
    return JsonResponse({"taken": services.take_mail_reports(reports, now=timezone.now())})


def _require_secret(request: HttpRequest) -> None:
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.MAIL_EVENTS_SECRET}"
    if not settings.MAIL_EVENTS_SECRET or not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Http404


def _report(event: Any) -> MailReport:
    texts = {name: event.get(name, "") for name in ("recipient", "message_id", "status")}
    if not all(isinstance(value, str) and "\0" not in value for value in (*texts.values(), event["id"])):
        raise TypeError
    return MailReport(key=event["id"], kind=MailEventKind(event["kind"]), **texts)
