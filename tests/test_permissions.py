"""Who may open what: every address of the project x everybody x GET and POST. An address without a row fails."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from leads import services
from leads.batch_words import BatchKind
from leads.choices import INVITATION
from leads.models import (
    Absence,
    CallSlot,
    Campaign,
    Capacity,
    Contest,
    Cost,
    DuplicateGroup,
    Goal,
    HeardMapping,
    Letter,
    LinkMapping,
    Organisation,
    PressLine,
    RegistrationFile,
    Source,
    Team,
)
from tests.factories import (
    AnswerFactory,
    ParagraphFactory,
    ProgrammeFactory,
    QuestionFactory,
    RoomFactory,
    SpeakerFactory,
    TopicFactory,
    UserFactory,
    WatchedWordFactory,
)
from tests.leads.factories import NOW, ContestSessionFactory, RegistrationFileFactory, ask

pytestmark = [pytest.mark.django_db, pytest.mark.either]

WHO = ("nobody", "speaker", "moderator", "recruiter", "manager", "superuser")
GROUPS = {"speaker": "speakers", "moderator": "moderators", "recruiter": "recruiters", "manager": "managers"}
LOGIN = 302
EVERYBODY = [200] * 6


def only(*who: str, status: int = 200, nobody: int = LOGIN) -> list[int]:
    """`status` for those named, 403 for other staff, the login for nobody."""
    return [status if name in who else nobody if name == "nobody" else 403 for name in WHO]


REFUSED = [405] * 6
STAFF = only(*WHO[1:])
SUPERUSER = only("superuser")
OF_ROOMS = only("moderator", "superuser")

# name of the route -> statuses of GET, statuses of POST, in the order of WHO
PAGES: dict[str, tuple[list[int], list[int]]] = {
    "home": (EVERYBODY, REFUSED),
    "language": (REFUSED, [303] * 6),
    "favicon": ([302] * 6, REFUSED),
    "privacy": (EVERYBODY, REFUSED),
    "accessibility": (EVERYBODY, REFUSED),
    "legal": (EVERYBODY, REFUSED),
    "healthz": (EVERYBODY, REFUSED),
    "readyz": (EVERYBODY, REFUSED),
    "metrics": ([404] * 6, REFUSED),
    "chat:programme": (EVERYBODY, REFUSED),
    "chat:programme-calendar": (EVERYBODY, REFUSED),
    "chat:room": (EVERYBODY, REFUSED),
    "chat:questions": (EVERYBODY, [422] * 6),
    "chat:votes": (REFUSED, [422] * 6),
    "chat:profile": (REFUSED, [303] * 6),
    "chat:similar": (REFUSED, EVERYBODY),
    "chat:room-calendar": (EVERYBODY, REFUSED),
    "chat:console": (only("speaker", "moderator"), REFUSED),
    "chat:near": (only("speaker", "moderator"), REFUSED),
    "chat:passed-on": (only("speaker", "moderator"), REFUSED),
    "chat:hand-over": (only("moderator"), REFUSED),
    "chat:rehearse": (REFUSED, only("moderator", status=302)),
    "chat:wipe": (REFUSED, only("moderator", status=302)),
    "chat:invite": (only("moderator"), only("moderator", status=422)),
    "chat:accept": ([404] * 6, [404] * 6),
    "chat:short": ([302] * 6, REFUSED),
    "chat:screen": (EVERYBODY, REFUSED),
    "chat:search": (EVERYBODY, REFUSED),
    "leads:contests": (EVERYBODY, REFUSED),
    "leads:contest": (EVERYBODY, REFUSED),
    "leads:eligibility": (EVERYBODY, EVERYBODY),
    "leads:request_file": (EVERYBODY, [422] * 6),
    "leads:request": (EVERYBODY, [422] * 6),
    "leads:campaign": ([302] * 6, REFUSED),
    "leads:answer_by_mail": (EVERYBODY, [422] * 6),
    "leads:reminder": ([404] * 6, [404] * 6),
    "leads:received": ([303] * 6, REFUSED),
    "leads:lost_link": (EVERYBODY, [422] * 6),
    "leads:follow_page": ([404] * 6, [404] * 6),
    "leads:verify": ([404] * 6, [404] * 6),
    "leads:download": ([404] * 6, [404] * 6),
    "leads:say_unavailable": ([404] * 6, [404] * 6),
    "leads:write": ([404] * 6, [404] * 6),
    "leads:data": ([404] * 6, [404] * 6),
    "leads:correct": ([404] * 6, [404] * 6),
    "leads:consents": ([404] * 6, [404] * 6),
    "leads:stop": ([404] * 6, [404] * 6),
    "leads:erase": ([404] * 6, [404] * 6),
    "leads:erased": (EVERYBODY, REFUSED),
    "leads:keep": ([404] * 6, [404] * 6),
    "leads:renew": ([404] * 6, [404] * 6),
    "leads:unsubscribe": ([404] * 6, [404] * 6),
    "leads:choose_call": ([404] * 6, [404] * 6),
    "leads:give_up_call": ([404] * 6, [404] * 6),
    "leads:send_document": ([404] * 6, [404] * 6),
    "leads:document": ([410] * 6, REFUSED),
    "leads:mail_events": (REFUSED, [404] * 6),
    "leads:colours": ([404] * 6, REFUSED),
    "leads:logo": ([404] * 6, REFUSED),
    "leads:file": ([410] * 6, REFUSED),
    "admin:weekly_report": (only("manager", "superuser"), only("manager", "superuser", status=405)),
    "admin:rooms_report": (
        only("moderator", "manager", "superuser"),
        only("moderator", "manager", "superuser", status=405),
    ),
    "admin:room_report": (
        only("moderator", "manager", "superuser"),
        only("moderator", "manager", "superuser", status=405),
    ),
    "admin:index": (STAFF, STAFF),
    "admin:login": ([200, 302, 302, 302, 302, 302], [422] * 6),
    "admin:second_step": ([302] * 6, [302] * 6),
    "admin:second_factor": (STAFF, only(*WHO[1:], status=422)),
    "admin:logout": ([302, 405, 405, 405, 405, 405], [302, 200, 200, 200, 200, 200]),
    "admin:password_change": (STAFF, STAFF),
    "admin:password_change_done": (STAFF, only(*WHO[1:], status=405)),
    "admin:autocomplete": (only(), only(*WHO[1:], status=405)),
    "admin:jsi18n": (STAFF, only(*WHO[1:], status=405)),
    "admin:view_on_site": (only(*WHO[1:], status=302), only(*WHO[1:], status=302)),
    "admin:auth_user_password_change": (SUPERUSER, SUPERUSER),
    "admin/(?P<url>.*)$": (only(*WHO[1:], status=404), only(*WHO[1:], status=404)),
}
# what the sheet of a candidate posts: without a field filled in it shows itself again
ACTS = ("outcome", "plan", "stage", "wait", "close", "assign", "note", "correct", "file", "proposal")
RECRUITERS = ("recruiter", "superuser")
PAGES |= {
    f"admin:leads_candidate_{act}": (only(*RECRUITERS, status=303), only(*RECRUITERS, status=422)) for act in ACTS
}
# what is decided on duplicates leads to the next ones
PAGES |= {
    f"admin:leads_duplicategroup_{act}": (only(*RECRUITERS, status=303),) * 2 for act in ("merge", "apart", "ignore")
}
NO_SUCH_PART = (only(*RECRUITERS, status=404), only(*RECRUITERS, status=404))
PAGES["admin:leads_candidate_document"] = NO_SUCH_PART
PAGES["admin:leads_candidate_take_back"] = (only(*RECRUITERS, status=303), only(*RECRUITERS, status=404))
PAGES["admin:leads_candidate_undo"] = (only(*RECRUITERS, status=303), only(*RECRUITERS, status=404))
PAGES |= {"admin:leads_candidate_file": NO_SUCH_PART, "admin:leads_candidate_proposal": NO_SUCH_PART}
# these lead to the sheet of their candidate, where everything stands
TO_THE_SHEET = {
    f"admin:leads_{page}"
    for page in (
        "candidate_history",
        "registrationfile_change",
        "registrationfile_history",
        "followup_change",
        "followup_history",
    )
}
PAGES |= {
    "admin:leads_lead_spam": (only(*RECRUITERS, status=303), only(*RECRUITERS, status=303)),
    "admin:leads_candidate_export": (only(*RECRUITERS), only(*RECRUITERS, status=422)),
    "admin:leads_lead_phone": (only(*RECRUITERS), only(*RECRUITERS, status=422)),
    "admin:leads_lead_import": (only(*RECRUITERS), only(*RECRUITERS, status=422)),
    "admin:leads_team_assignment": (only(*RECRUITERS), only(*RECRUITERS, status=303)),
    "admin:leads_batch_history": (only(*RECRUITERS, status=303), only(*RECRUITERS, status=303)),
    "admin:leads_batch_change": (only(*RECRUITERS), only(*RECRUITERS, status=422)),
    "admin:leads_batch_file": (only(*RECRUITERS, status=303), only(*RECRUITERS, status=405)),
    "admin:leads_batch_rows": (only(*RECRUITERS), only(*RECRUITERS)),
}
# these hold somebody, or give them back: from the day to a sheet, and on
PAGES |= {
    f"admin:leads_candidate_{act}": (only(*RECRUITERS, status=303),) * 2 for act in ("next", "take", "take_on", "pass")
}
# views of a list that somebody keeps: an empty form shows the list again, one that is none is not found
for model in ("lead", "candidate", "registrationfile", "followup", "duplicategroup", "batch"):
    readers = (*RECRUITERS, "manager") if model == "lead" else RECRUITERS
    PAGES[f"admin:leads_{model}_keep"] = (only(*readers, status=303),) * 2
    PAGES[f"admin:leads_{model}_forget"] = (only(*readers, status=303), only(*readers, status=404))
PAGES["admin:leads_campaign_qr"] = (only("manager", "superuser"), only("manager", "superuser"))
PAGES["admin:leads_candidate_write"] = PAGES["admin:leads_callslot_add"] = (
    only(*RECRUITERS),
    only(*RECRUITERS, status=422),
)
PAGES["admin:leads_organisation_changelist"] = (only("superuser", status=302), only("superuser", status=302))
# model -> who may list it, add to it, change one, read one
MODELS: dict[str, tuple[str, str, str, str]] = {
    "auth_user": ("superuser", "superuser", "superuser", "superuser"),
    "chat_room": ("moderator superuser", "moderator superuser", "moderator superuser", "moderator superuser"),
    "chat_question": ("moderator superuser", "", "moderator superuser", "moderator superuser"),
    "chat_answer": ("moderator superuser", "", "moderator superuser", "moderator superuser"),
    "chat_topic": ("moderator superuser", "moderator superuser", "moderator superuser", "moderator superuser"),
    "chat_speaker": ("moderator superuser", "moderator superuser", "moderator superuser", "moderator superuser"),
    "chat_paragraph": ("moderator superuser", "moderator superuser", "moderator superuser", "moderator superuser"),
    "chat_watchedword": ("moderator superuser", "moderator superuser", "moderator superuser", "moderator superuser"),
    "chat_programme": ("moderator superuser", "superuser", "superuser", "moderator superuser"),
    "leads_lead": ("recruiter manager superuser", "", "recruiter superuser", "recruiter superuser"),
    "leads_candidate": ("recruiter superuser", "", "recruiter superuser", "recruiter superuser"),
    "leads_registrationfile": ("recruiter superuser", "", "recruiter superuser", "recruiter superuser"),
    "leads_followup": ("recruiter superuser", "", "", "recruiter superuser"),
    "leads_batch": ("recruiter superuser", "", "recruiter superuser", "recruiter superuser"),
    "leads_duplicategroup": ("recruiter superuser", "", "recruiter superuser", "recruiter superuser"),
    "leads_contest": (
        "recruiter manager superuser",
        "manager superuser",
        "manager superuser",
        "recruiter manager superuser",
    ),
    "leads_contestsession": (
        "recruiter manager superuser",
        "manager superuser",
        "manager superuser",
        "recruiter manager superuser",
    ),
    "leads_source": ("manager superuser", "manager superuser", "manager superuser", "manager superuser"),
    **dict.fromkeys(
        (f"leads_{name}" for name in ("campaign", "cost", "pressline", "goal", "linkmapping", "heardmapping")),
        ("manager superuser", "manager superuser", "manager superuser", "manager superuser"),
    ),
    "leads_letter": ("recruiter superuser",) * 4,
    "leads_callslot": ("recruiter superuser",) * 4,
    "leads_absence": ("recruiter superuser",) * 4,
    "leads_capacity": ("superuser",) * 4,
    "leads_team": ("superuser", "superuser", "superuser", "superuser"),
    "leads_organisation": ("superuser", "", "superuser", "superuser"),
}
# their history is no page of its own: it leads to the row, which asks again who may
STEERING = ("cost", "pressline", "goal", "linkmapping", "heardmapping")
TO_THEIR_PAGE = {
    f"leads_{name}"
    for name in (
        "contest",
        "contestsession",
        "letter",
        "source",
        "team",
        "organisation",
        "campaign",
        "absence",
        "capacity",
        *STEERING,
    )
}
DELETABLE = {
    "auth_user": "superuser",
    "chat_paragraph": "superuser",
    "chat_watchedword": "superuser",
    **{f"leads_{name}": "manager superuser" for name in STEERING},
    "leads_callslot": "recruiter superuser",
    "leads_absence": "recruiter superuser",
    "leads_capacity": "superuser",
}


def call_slot():
    starts_at = timezone.now() + timedelta(days=1)
    ends_at = starts_at + timedelta(minutes=20)
    return CallSlot.objects.create(team=Team.objects.default(), starts_at=starts_at, ends_at=ends_at)


def routes():
    """(name or pattern, pattern) of every address, by the resolver."""

    def walk(resolver, prefix, names):
        for pattern in resolver.url_patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, address, (*names, pattern.namespace) if pattern.namespace else names)
            else:
                yield ":".join((*names, pattern.name)) if pattern.name else address, address

    return dict(walk(get_resolver(), "", ()))


def expected(name: str, pattern: str) -> tuple[list[int], list[int]] | None:
    if name in PAGES:
        return PAGES[name]
    if name == "admin:app_list":
        return APP_LISTS, APP_LISTS
    if name in TO_THE_SHEET:
        return only(*RECRUITERS, status=303), only(*RECRUITERS, status=303)
    model, _, page = name.removeprefix("admin:").rpartition("_")
    if not page.isalpha():  # the old address of one row, which leads to its page
        return only(*WHO[1:], status=302), only(*WHO[1:], status=302)
    return of_model(model, page)


APP_LISTS = [LOGIN, 404, 200, 404, 404, 200]


def of_model(model: str, page: str) -> tuple[list[int], list[int]] | None:
    if model not in MODELS:
        return None
    lists, adds, changes, reads = (names.split() for names in MODELS[model])
    deletes = DELETABLE.get(model, "").split()
    if page == "history" and model in TO_THEIR_PAGE:
        return only(*WHO[1:], status=302), only(*WHO[1:], status=302)
    pages = {
        "changelist": (only(*lists), only(*lists)),
        "add": (only(*adds), only(*adds)),
        "change": (only(*reads), only(*changes)),
        "history": (only(*reads), only(*reads)),
        "delete": (only(*deletes), only(*deletes)),
    }
    return pages.get(page)


@pytest.fixture
def people(db):
    made = {who: UserFactory(username=who) for who in WHO[1:-1]}
    for who, user in made.items():
        user.groups.add(Group.objects.get(name=GROUPS[who]))
    made["superuser"] = UserFactory(username="superuser", is_superuser=True)
    return made


@pytest.fixture
def rows(people):
    """One of everything, in the scope of those who have one."""
    speaker = SpeakerFactory(user=people["speaker"])
    room = RoomFactory(slug="room", moderators=[people["moderator"]], speakers=[speaker], programme=ProgrammeFactory())
    question = QuestionFactory(room=room, state="answered", topic=TopicFactory())
    session = ContestSessionFactory()
    Team.objects.default().members.add(people["recruiter"])
    return {
        "auth_user": people["speaker"],
        "chat_room": room,
        "chat_question": question,
        "chat_answer": AnswerFactory(question=question),
        "chat_topic": question.topic,
        "chat_speaker": speaker,
        "chat_programme": room.programme,
        "chat_paragraph": ParagraphFactory(),
        "chat_watchedword": WatchedWordFactory(),
        "leads_lead": ask().lead,
        "leads_candidate": ask().lead.candidate,
        "leads_registrationfile": RegistrationFileFactory(contest_session=session),
        "leads_followup": ask().lead.candidate.follow_ups.first(),
        "leads_duplicategroup": duplicates(),
        "leads_batch": services.begin_act(
            kind=BatchKind.CLOSE, list_name="candidate", query="", ids=[1], actor=people["recruiter"], now=NOW
        ),
        "leads_letter": services.keep_letter(letter=Letter(title="Lettre", subject="s", body="b"), actor=None, now=NOW),
        "leads_callslot": call_slot(),
        "leads_absence": Absence.objects.create(member=people["recruiter"], since=NOW.date()),
        "leads_capacity": Capacity.objects.create(member=people["recruiter"], most=5),
        "leads_contest": session.contest,
        "leads_contestsession": session,
        "leads_source": Source.objects.first(),
        "leads_team": Team.objects.default(),
        "leads_organisation": Organisation.objects.current(),
        **steering(session),
    }


def steering(session):
    source, day = Source.objects.first(), date(2026, 11, 16)
    return {
        "leads_campaign": Campaign.objects.get(code=INVITATION),
        "leads_cost": Cost.objects.create(source=source, label="x", first_on=day, last_on=day, cents=1),
        "leads_pressline": PressLine.objects.create(since=day, per_lead=1),
        "leads_goal": Goal.objects.create(contest_session=session, monday=day, target=1),
        "leads_linkmapping": LinkMapping.objects.create(utm_source="x", source=source),
        "leads_heardmapping": HeardMapping.objects.create(text="x", source=source),
    }


def duplicates():
    """A group of two of the default team, who see everybody included."""
    for _ in range(2):
        ask(phone="+33639981240")
    return DuplicateGroup.objects.get(team__isnull=False)


def address_of(name, pattern, rows):
    """The route's address with the rows' own names in it."""
    model = re.match(r"(?:admin:|admin/)(\w+?)[_/](\w+?)[_/]", name)
    row = rows.get(f"{model[1]}_{model[2]}") if model else None
    room = rows["chat_room"]
    values = {
        "slug:slug": rows["leads_contest"].slug if "contests" in pattern else room.slug,
        "slug:code": INVITATION,
        "path:object_id": row.pk if row else room.pk,
        "id": rows["auth_user"].pk,
        "path:content_type_id": ContentType.objects.get_for_model(room).pk,
        "int:object_id": row.pk if row else room.pk,
        "int:room_id": room.pk,
        "int:part_id": 1,
        "int:asked_id": 0,
        "int:file_id": 1,
        "str:uid": "MQ",
        "int:view_id": 1,
        "str:token": "unknown",
        "str:digest": "unknown",
        "str:signed": "unknown",
    }
    address = re.sub(r"<([\w:]+)>", lambda found: str(values[found[1]]), pattern)
    return "/" + re.sub(r"\^?\(\?P<(\w+)>[^)]*\)", {"app_label": "chat", "url": "nowhere/"}.get("x", r"\1"), address)


def concrete(name, pattern, rows):
    if name == "admin:app_list":
        return "/admin/chat/"
    if pattern.endswith("(?P<url>.*)$"):
        return "/admin/nowhere/"
    return address_of(name, pattern, rows)


def test_every_address_has_a_row():
    assert [name for name, pattern in routes().items() if expected(name, pattern) is None] == []


def test_no_row_is_left_of_an_address_that_is_gone():
    assert [name for name in PAGES if name not in routes()] == []


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_may_open_just_what_the_table_says(client, rows, people, who, method):
    faults = []
    for name, pattern in routes().items():
        wanted = expected(name, pattern)[method == "post"][WHO.index(who)]
        client.logout()
        if who != "nobody":
            client.force_login(people[who])
        got = client.generic(method.upper(), concrete(name, pattern, rows)).status_code
        if got != wanted:
            faults.append(f"{name} {method}: {got}, not {wanted}")
    assert not faults, "\n".join(faults)


def test_a_recruiter_of_another_team_finds_no_request(client, rows):
    stranger = UserFactory()
    stranger.groups.add(Group.objects.get(name="recruiters"))
    client.force_login(stranger)
    assert client.get("/admin/leads/lead/").context["cl"].result_count == 0
    assert client.get(f"/admin/leads/lead/{rows['leads_lead'].pk}/change/").status_code == 404


def test_a_moderator_of_another_room_finds_no_question(client, rows):
    stranger = UserFactory()
    stranger.groups.add(Group.objects.get(name="moderators"))
    client.force_login(stranger)
    for model in ("room", "question", "answer"):
        assert client.get(f"/admin/chat/{model}/").context["cl"].result_count == 0


def test_the_rows_are_those_of_the_models(rows):
    assert isinstance(rows["leads_contest"], Contest)
    assert isinstance(rows["leads_registrationfile"], RegistrationFile)
