"""May I present myself? Questions one at a time, by POST and without a trace, then a verdict per condition."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from leads import eligibility, eligibility_words, texts
from leads.choices import SessionStatus
from leads.eligibility import Finding, Verdict
from leads.eligibility_forms import AnswersForm
from leads.models import Contest, ContestSession
from leads.views import page, see_other

REVIEW = "review"
RESULT = "result"
JOIN = "join"
OTHERS = 3


@never_cache
@page
def check(request: HttpRequest, slug: str) -> HttpResponse:
    contest = get_object_or_404(Contest.objects.with_sessions(), slug=slug)
    today = timezone.localdate()
    session = _session(contest, request.GET.get("year", ""), today)
    on_date = date(session.year, 1, 1) if session else today
    rules = _rules(contest)
    context = {"contest": contest, "session": session, "on_date": on_date}
    if eligibility.unrecorded(rules, on_date):
        return render(request, "leads/eligibility_unrecorded.html", context)
    asked = eligibility.questions(rules, on_date)
    form = AnswersForm(request.POST, asked, texts.in_force(rules, on_date.isoformat()), today)
    to = _next(request, form)
    if to == JOIN:
        return _join(request, contest, session, eligibility.evaluate(form.answers(), rules, on_date), on_date)
    if to == RESULT:
        return _result(request, form, context)
    return _question(request, form, to, context)


def _session(contest: Contest, year: str, today: date) -> ContestSession | None:
    """The session of this year, where the address names one, else the open one, else the next."""
    sessions = list(contest.sessions.all())
    if named := next((s for s in sessions if str(s.year) == year), None):
        return named
    current = next((s for s in sessions if s.is_open_on(today)), None)
    return current or next((s for s in sessions if s.status != SessionStatus.ARCHIVED), None)


def _rules(contest: Contest) -> list[dict[str, Any]]:
    return (contest.same_rules_as or contest).rules


def _next(request: HttpRequest, form: AnswersForm) -> str:
    """Where the pressed button leads: on, unless the answer is faulty; anything else to where it says."""
    at, to = request.POST.get("at", ""), request.POST.get("to", "")
    places = [*form.asked, REVIEW]
    if to in (*places, RESULT, JOIN):
        return to
    if at not in form.asked:
        return places[0]
    return at if form.error_of(at)[0] else places[places.index(at) + 1]


def _question(request: HttpRequest, form: AnswersForm, name: str, context: dict[str, Any]) -> HttpResponse:
    is_review = name == REVIEW
    is_checked = request.POST.get("at") == name and not request.POST.get("to")
    step = None if is_review else form.step(name, is_checked=is_checked)
    place = len(form.asked) if is_review else form.asked.index(name)
    context |= {
        "step": step,
        "hidden": form.hidden(but=name),
        "said": form.summary(but=name),
        "parts": form.raw,
        "n": place if is_review else place + 1,
        "of": len(form.asked),
        "before": form.step(form.asked[place - 1], is_checked=False) if place and form.asked else None,
        "after": ([*form.asked, REVIEW])[place + 1] if not is_review else "",
    }
    return render(request, "leads/eligibility.html", context, status=422 if step and step.error else 200)


def _result(request: HttpRequest, form: AnswersForm, context: dict[str, Any]) -> HttpResponse:
    contest, on_date = context["contest"], context["on_date"]
    findings = eligibility.evaluate(form.answers(), _rules(contest), on_date)
    needs_others = any(finding.verdict in (Verdict.NO, Verdict.CHECK) for finding in findings)
    context |= {
        "headline": eligibility_words.headline(findings),
        "day": texts.day_words(on_date),
        "findings": [eligibility_words.said(finding) for finding in findings],
        "others": _others(contest, form, on_date) if needs_others else [],
        "hidden": form.hidden(),
        "said": form.summary(),
        "is_open": context["session"] is not None and context["session"].is_open_on(timezone.localdate()),
    }
    return render(request, "leads/eligibility_result.html", context)


def _others(contest: Contest, form: AnswersForm, on_date: date) -> list[dict[str, Any]]:
    """Contests that the same answers speak for: first those that need no further answer, then the least to check."""
    found: list[dict[str, Any]] = []
    for other in Contest.objects.with_sessions():
        if other.pk == contest.pk or _rules(other) == _rules(contest):
            continue
        findings = eligibility.evaluate(form.answers(), _rules(other), on_date)
        if eligibility.fits(findings):
            checks = [finding for finding in findings if finding.verdict == Verdict.CHECK]
            unsaid = sum(finding.reason.endswith("_unsaid") for finding in checks)
            titles = [eligibility_words.said(finding).title for finding in checks]
            found.append({"contest": other, "checks": titles, "order": (unsaid, len(titles))})
    found.sort(key=lambda row: row["order"])
    return found[:OTHERS]


def _join(
    request: HttpRequest, contest: Contest, session: ContestSession | None, findings: list[Finding], on_date: date
) -> HttpResponse:
    """Asked for by its button: the verdicts, never the answers, wait in the visit for the request to be sent."""
    verdicts = [[f.rule["kind"], f.rule.get("key", ""), f.verdict.value, f.reason] for f in findings]
    request.session["eligibility"] = {"contest": contest.slug, "on": on_date.isoformat(), "verdicts": verdicts}
    if session is not None and session.is_open_on(timezone.localdate()):
        return see_other("leads:request_file", contest.slug)
    return see_other("leads:request")
