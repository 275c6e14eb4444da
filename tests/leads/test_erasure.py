"""A person who was erased is nowhere; what was counted stays counted; a restored backup erases them anew."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from leads import erasures, mail, services
from leads.choices import FileStatus, Outcome, Stage
from leads.counts import fold_counts, rebuild_counts
from leads.errors import NotAllowed, NotFound
from leads.exports import as_xlsx
from leads.identity import suppression_hash
from leads.models import (
    Candidate,
    Consent,
    DailyCount,
    DuplicateGroup,
    Export,
    FollowUp,
    KeptView,
    Lead,
    Message,
    RegistrationFile,
    Suppression,
)
from recruitment import deployment
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, ask
from tests.leads.staff import recruiter
from tests.leads.test_pages import filled

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
AMINA = {
    "email": "amina.courtial@example.org",
    "first_name": "Aminata",
    "last_name": "Courtialle",
    "phone": "+33639981299",
}
TRACES = ("amina.courtial", "Aminata", "Courtialle", "aminata", "courtialle", "639981299", "sept langues")


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    """The folders of an installation."""
    settings.VAR_DIR = tmp_path
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
    }
    return tmp_path


def dump():
    """Every row of every table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def on_disk(folder):
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode(errors="replace")


def found(text):
    return [trace for trace in TRACES if trace in text]


@pytest.fixture
def amina(client):
    """Somebody with all that may happen to a person."""
    session = ContestSessionFactory(contest__slug="gardien")
    client.post("/contests/gardien/request/", filled(**AMINA, message="Je parle sept langues", heard_from="Aminata"))
    candidate = Candidate.objects.get(email=AMINA["email"])
    actor = recruiter(username="ines")
    services.verify_address(candidate_id=candidate.pk, now=NOW)
    ask(email=AMINA["email"], phone="+33639981299", first_name="Aminata C.", consents=("newsletter",), message="Encore")
    services.verify_address(candidate_id=candidate.pk, now=NOW)
    services.add_note(candidate_id=candidate.pk, text="Aminata parle sept langues", actor=actor, now=NOW)
    services.send_follow_link(email=AMINA["email"], language="fr", now=NOW)
    mail.sweep(now=NOW + timedelta(days=1))
    LogEntry.objects.create(
        user=actor,
        content_type=ContentType.objects.get_for_model(Candidate),
        object_id=str(candidate.pk),
        object_repr="Aminata Courtialle",
        action_flag=CHANGE,
        change_message="Aminata",
    )
    for query in ("q=amina.courtial%40example.org", "stage=new"):
        KeptView.objects.create(list_name="candidate", name=query[:5], query=query, owner=actor, at=NOW)
    default_storage.save("exports/people.csv", ContentFile(b"Nom;E-mail\nCourtialle;AMINA.COURTIAL@example.org\n"))
    default_storage.save("exports/people.xlsx", ContentFile(as_xlsx([["E-mail"], [AMINA["email"]]])))
    default_storage.save("exports/others.csv", ContentFile(b"Nom;E-mail\nAutre;autre@example.org\n"))
    assert session.files.count() == 1
    candidate.refresh_from_db()
    return candidate


def figures():
    fold_counts()
    counted = list(DailyCount.objects.order_by("pk").values_list("day", "dimension", "value", "kind", "leads"))
    return counted, Lead.objects.counted().count(), Candidate.objects.count(), RegistrationFile.objects.count()


# --- everywhere -----------------------------------------------------------------------------------------------------
def test_nothing_of_an_erased_person_is_left(amina, places):
    assert set(found(dump() + on_disk(places))) == set(TRACES)
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    assert found(dump()) == []
    assert found(on_disk(places)) == []
    assert sorted(default_storage.listdir("exports")[1]) == ["others.csv"]
    assert list(KeptView.objects.values_list("query", flat=True)) == ["stage=new"]


def test_the_figures_stay(amina):
    ask(email="other@example.org")
    before = figures()
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    assert figures() == before
    rebuild_counts()
    assert figures()[1:] == before[1:]
    assert sorted(DailyCount.objects.values_list("dimension", "value", "leads")) == sorted(
        (dimension, value, leads) for _day, dimension, value, _kind, leads in before[0]
    )


def test_others_keep_what_is_theirs(amina):
    ask(email="brother@example.org", last_name="Courtialle", first_name="Karim", phone=AMINA["phone"])
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    brother = Candidate.objects.get(email="brother@example.org")
    assert (brother.first_name, brother.phone) == ("Karim", AMINA["phone"])
    assert Lead.objects.get(candidate=brother).email == "brother@example.org"
    assert Message.objects.filter(recipient="brother@example.org").exists()


def test_who_was_merged_into_them_goes_with_them():
    kept = CandidateFactory(email="one@example.org")
    merged = CandidateFactory(email="two@example.org", merged_into=kept)
    services.erase_candidate(candidate_id=merged.pk, now=LATER)
    assert not Candidate.objects.exclude(email="").exists()
    assert Suppression.objects.filter(erased_at=LATER).count() == 2


def test_a_merge_keeps_nothing_of_who_is_erased_and_is_not_undone(amina, places):
    ask(email="aminata.c@example.org", phone="+33639981299", first_name="Aminata", last_name="Courtialle")
    other, boss = Candidate.objects.get(email="aminata.c@example.org"), recruiter(is_superuser=True)
    assert DuplicateGroup.objects.filter(key="+33639981299").exists()
    merge = services.merge_candidates(
        kept_id=amina.pk,
        gone_id=other.pk,
        taken=[],
        expected_versions=(amina.version, other.version),
        actor=boss,
        now=NOW,
    )
    Export.objects.create(list_name="candidate", query="q=Courtialle", reason="relance", rows=1, at=NOW)
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    assert found(dump()) == []
    assert not DuplicateGroup.objects.exists()
    with pytest.raises((NotFound, NotAllowed)):
        services.undo_merge(merge_id=merge.pk, actor=boss, now=LATER)


def test_an_erased_person_is_closed_hidden_and_never_found_again(amina, client):
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    amina.refresh_from_db()
    assert (amina.stage, amina.next_action, amina.erased_at) == (Stage.CLOSED, "", LATER)
    assert RegistrationFile.objects.get().status == FileStatus.CLOSED
    assert not Candidate.objects.current().exists() and not Consent.objects.exists()
    with pytest.raises(NotFound):
        services.add_note(candidate_id=amina.pk, text="x", actor=recruiter(), now=LATER)
    with pytest.raises(NotFound):
        services.erase_candidate(candidate_id=amina.pk, now=LATER)


def test_the_timeline_keeps_what_happened_and_not_to_whom(amina):
    outcome = {"outcome": Outcome.REACHED, "text": "Aminata", "expected_version": amina.version}
    services.log_outcome(candidate_id=amina.pk, actor=recruiter(), now=NOW, **outcome)
    kinds = list(FollowUp.objects.order_by("pk").values_list("kind", "at"))
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    assert list(FollowUp.objects.order_by("pk").values_list("kind", "at")) == kinds
    assert not FollowUp.objects.exclude(text="").exists()


def test_no_mail_written_before_goes_out_and_a_new_request_starts_anew(amina):
    services.send_follow_link(email=AMINA["email"], language="fr", now=NOW + timedelta(hours=1))
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    assert not Message.objects.exists()
    ask(email=AMINA["email"], now=LATER + timedelta(days=1))
    again = Candidate.objects.current().get(email=AMINA["email"])
    assert again.pk != amina.pk
    assert mail.deliver(Message.objects.get().pk, now=LATER + timedelta(days=1))


# --- what stays -----------------------------------------------------------------------------------------------------
def test_a_keyed_hash_stays_in_the_database_and_in_a_file_beside_it(amina, settings):
    services.erase_candidate(candidate_id=amina.pk, now=LATER)
    digest = suppression_hash(AMINA["email"])
    assert Suppression.objects.get().hash == digest
    assert erasures.read() == {digest: LATER}
    assert erasures.path().stat().st_mode & 0o077 == 0
    settings.SUPPRESSION_KEY = "another"
    assert suppression_hash(AMINA["email"]) != digest


def test_a_line_cut_short_is_left_out_and_the_last_moment_holds():
    erasures.append(["a" * 64], at=NOW)
    erasures.append(["a" * 64, "b" * 64], at=LATER)
    with erasures.path().open("a") as file:
        file.write("2026-11-24T12:00:00+00:00 cccc")
    assert erasures.read() == {"a" * 64: LATER, "b" * 64: LATER}


@pytest.mark.parametrize("person", [{}, {"email": ""}], ids=["with an e-mail", "without"])
def test_a_restored_backup_erases_them_anew(person):
    candidate = CandidateFactory(**{"email": "amina@example.org", **person})
    services.erase_candidate(candidate_id=candidate.pk, now=LATER)
    Suppression.objects.all().delete()
    back = CandidateFactory(**{"email": "amina@example.org", **person})
    other = CandidateFactory(phone="+33639981200")
    assert services.replay_erasures(now=LATER) == 1
    back.refresh_from_db()
    assert (back.email, back.phone, back.erased_at) == ("", "", LATER)
    assert Candidate.objects.current().get() == other
    assert services.replay_erasures(now=LATER) == 0


def test_who_came_back_by_themselves_is_not_erased_again():
    candidate = CandidateFactory(email="amina@example.org")
    services.erase_candidate(candidate_id=candidate.pk, now=LATER)
    Suppression.objects.all().delete()
    CandidateFactory(email="amina@example.org", created_at=LATER + timedelta(days=1))
    assert services.replay_erasures(now=LATER + timedelta(days=2)) == 0
    assert Candidate.objects.current().filter(email="amina@example.org").exists()


def test_an_erasure_that_only_the_database_knows_is_written_to_the_file():
    candidate = CandidateFactory(email="amina@example.org")
    services.erase_candidate(candidate_id=candidate.pk, now=LATER)
    erasures.path().unlink()
    services.replay_erasures(now=LATER)
    assert erasures.read() == {suppression_hash("amina@example.org"): LATER}


def test_serving_replays_erasures(monkeypatch):
    candidate = CandidateFactory(email="amina@example.org")
    erasures.append([suppression_hash("amina@example.org")], at=LATER)
    monkeypatch.setattr(deployment, "gather_static", lambda: None)
    monkeypatch.setattr(deployment.connection, "close", lambda: None)
    deployment.prepare()
    candidate.refresh_from_db()
    assert candidate.erased_at == LATER


# --- commands -------------------------------------------------------------------------------------------------------
def test_the_command_erases_by_address_in_any_case(amina, capsys):
    call_command("erase_candidate", " Amina.COURTIAL@example.org", yes=True)
    assert capsys.readouterr().out == "Erased.\n"
    assert not Candidate.objects.current().exists()
    with pytest.raises(CommandError, match="Nobody has this address"):
        call_command("erase_candidate", AMINA["email"], yes=True)


def test_the_command_asks_first_who_sits_at_a_terminal_and_no_script(amina, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_candidate", AMINA["email"])
    assert Candidate.objects.current().exists()
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    call_command("erase_candidate", AMINA["email"])
    assert not Candidate.objects.current().exists()


def test_the_export_holds_what_the_person_may_have(amina, capsys):
    call_command("export_candidate", AMINA["email"])
    data = json.loads(capsys.readouterr().out)
    assert data["candidate"]["email"] == AMINA["email"]
    assert len(data["requests"]) == 2
    with pytest.raises(CommandError, match="Nobody has this address"):
        call_command("export_candidate", "nobody@example.org")
