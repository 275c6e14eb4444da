"""Requests from a file: read whatever a spreadsheet writes, tried line by line, written in bulk, undone exactly."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from leads import services
from leads.batch_words import BatchKind, BatchState, Why
from leads.choices import FollowUpKind, LeadKind, Stage
from leads.columns import Column, guess
from leads.errors import LeadsError
from leads.freezing import freeze_due_weeks
from leads.models import (
    Batch,
    BatchRow,
    Candidate,
    Consent,
    CountDelta,
    DuplicateGroup,
    FollowUp,
    FrozenWeek,
    Lead,
    Message,
    RegistrationFile,
    ToldApart,
)
from leads.services.duplicates import members_of
from leads.tables import rows_of
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, TeamFactory, ask
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
HEADINGS = "Prénom;NOM;Mail;Portable;CP;Naissance;Date;Message"
ENZO = "Enzo;Fontanel;e.fontanel@example.org;06 39 98 70 11;93000;04/07/2000;;Le concours ?"
ASSIA = "Assia;Meziane;a.meziane@example.org;;75011;;;"


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


def begun(actor, *lines, encoding="utf-8", name="forum.csv", content=None, now=NOW):
    data = content if content is not None else "\r\n".join(lines).encode(encoding)
    return services.begin_import(file=io.BytesIO(data), size=len(data), name=name, actor=actor, now=now)


def tried(actor, *lines, now=NOW, **options):
    batch = begun(actor, *lines, now=now)
    return services.try_import(batch_id=batch.pk, options=options, actor=actor, now=now)


def run(batch, actor, now=NOW):
    services.confirm_batch(batch_id=batch.pk, actor=actor, now=now)
    services.run_batches(clock=lambda: now)
    batch.refresh_from_db()
    return batch


def undo(batch, actor, now=NOW):
    services.undo_batch(batch_id=batch.pk, actor=actor, now=now)
    services.run_batches(clock=lambda: now)
    batch.refresh_from_db()


def verdicts(batch):
    return {row.number: (row.verdict, row.why) for row in batch.rows.all()}


def everything():
    """What an undone import must leave as it was."""
    models = (Candidate, Lead, FollowUp, RegistrationFile, Consent, Message, DuplicateGroup)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


# --- reading --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_whatever_a_spreadsheet_writes_is_read(encoding, delimiter):
    text = f'Prénom{delimiter}Mail\r\nZoé{delimiter}z@example.org\r\n\r\n"A;,\tb"{delimiter}é\r\n'
    data = text.encode(encoding)
    _sheet, rows = rows_of(io.BytesIO(data), len(data))
    assert list(rows) == [["Prénom", "Mail"], ["Zoé", "z@example.org"], [], ["A;,\tb", "é"]]


def book(rows, title="Contacts"):
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    made.save(file)
    return file.getvalue()


def test_a_book_is_read_with_its_days_and_numbers_as_they_are_shown():
    data = book([["Nom", "CP", "Né le"], ["Zoé", 93100, datetime(2000, 7, 4)], [None, None, None], ["=1+1", 1.5, None]])  # noqa: DTZ001
    sheet, rows = rows_of(io.BytesIO(data), len(data))
    assert sheet == "Contacts"
    assert list(rows)[:3] == [["Nom", "CP", "Né le"], ["Zoé", "93100", "2000-07-04"], []]


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (201 << 20))
    return file.getvalue()


def far_cell():
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active["A1"], made.active["XFD1"] = "Mail", "x"
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        bomb,
        far_cell,
        lambda: b"PK\x03\x04" + b"\0" * 200,
        lambda: b"",
        lambda: b"Mail\n",
        lambda: b"\0\1\2\3" * 100,
        lambda: b"a;b\n" + b'"' + b"x" * 200_000,
        lambda: (";".join("a" * 100) + "\n" + ";".join("b" * 100)).encode(),
        lambda: b"Mail\n" + b"a@example.org\n" * 100_001,
        lambda: b"x" * (21 << 20),
    ],
    ids=["bomb", "far", "broken", "empty", "headings", "binary", "quote", "wide", "long", "large"],
)
def test_a_hostile_or_broken_file_is_refused_with_a_reason_and_leaves_nothing(me, data):
    with pytest.raises(LeadsError) as refused:
        begun(me, content=data())
    assert str(refused.value.message)
    assert not Batch.objects.exists()


def test_headings_are_known_by_their_words_and_what_is_never_asked_is_never_read():
    headings = [
        "Prénom",
        "NOM",
        "Mail",
        "Portable",
        "CP",
        "Naissance",
        "N° sécu",
        "Situation de famille",
        "Commentaire",
    ]
    assert guess(headings) == [
        *(Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL, Column.PHONE, Column.POSTAL_CODE, Column.BIRTH_DATE),
        *(Column.LEAVE, Column.LEAVE, Column.NOTE),
    ]


def test_the_names_of_the_forms_fields_are_headings_too():
    fields = ["email", "phone", "first_name", "last_name", "postal_code", "abroad", "birth_date", "diploma_level"]
    fields += ["situation", "message", "heard_from"]
    assert guess(fields) == fields
    assert guess(["Adresse email", "Emails"]) == [Column.EMAIL, Column.LEAVE]


# --- the trial run --------------------------------------------------------------------------------------------------
def test_each_line_has_its_verdict_and_nothing_is_written(me):
    CandidateFactory(email="known@example.org", phone="")
    batch = tried(
        me,
        HEADINGS,
        ENZO,
        ENZO,
        "Mathis;Peyrot;m@example.org;;9310;;;",
        ";;;;;;;",
        "Ana;Silva;;;;;;",
        "Léo;Roy;leo@example.org;;;12/03/2013;;",
        "Lina;B;known@example.org;06 39 98 12 40;;;;",
        "",
        "Al;Bo;not an address;;;;;",
        "Al;Bo;;12;;;;",
        "Al;Bo;al@example.org;;;31/02/2000;;",
        "Al;Bo;al@example.org;;;;01/01/2030;",
    )
    assert verdicts(batch) == {
        2: ("new", ""),
        3: ("duplicate", Why.SAME_LINE),
        4: ("refused", Why.BAD_CODE),
        6: ("refused", Why.NO_ADDRESS),
        7: ("refused", Why.TOO_YOUNG),
        8: ("updated", Why.FILLED),
        10: ("refused", Why.BAD_EMAIL),
        11: ("refused", Why.BAD_PHONE),
        12: ("refused", Why.BAD_DATE),
        13: ("refused", Why.IN_FUTURE),
    }
    assert batch.rows.get(number=3).detail == {"line": 2}
    assert Candidate.objects.count() == 1 and not Lead.objects.exists() and not CountDelta.objects.exists()


def test_a_request_of_the_same_day_is_no_new_one(me):
    known = ask(email="e.fontanel@example.org", message="Le concours ?").lead
    batch = tried(me, HEADINGS, ENZO)
    assert verdicts(batch) == {2: ("duplicate", Why.ASKED_BEFORE)}
    assert verdicts(tried(me, HEADINGS, ENZO, now=NOW + timedelta(days=3))) == {2: ("updated", Why.FILLED)}
    assert known.candidate_id == batch.rows.get().candidate_id


def test_who_was_erased_is_not_taken_in_again_and_is_not_named(me, client):
    person = ask(email="e.fontanel@example.org").lead.candidate
    services.erase_candidate(candidate_id=person.pk, now=NOW)
    batch = tried(me, HEADINGS, ENZO, ASSIA)
    assert verdicts(batch) == {2: ("refused", Why.ERASED), 3: ("new", "")}
    shown = client.get(f"/admin/leads/batch/{batch.pk}/change/?show=refused").content.decode()
    assert "Fontanel" not in shown.split("dryrows")[1].split("</table>")[0]
    run(batch, me)
    assert not Lead.objects.filter(email="e.fontanel@example.org").exists()


def test_who_is_erased_between_the_trial_and_the_run_is_left_out_and_the_file_goes(me):
    person = ask(email="e.fontanel@example.org", now=NOW - timedelta(days=9)).lead.candidate
    batch = tried(me, HEADINGS, ENZO)
    services.erase_candidate(candidate_id=person.pk, now=NOW)
    assert not default_storage.exists(batch.file)
    assert run(batch, me).state == BatchState.FAILED and batch.problem
    assert Lead.objects.filter(email="e.fontanel@example.org").count() == 0


# --- written --------------------------------------------------------------------------------------------------------
def test_what_is_written_is_what_a_form_would_have_written_but_for_consents_and_mails(me):
    session = ContestSessionFactory()
    batch = tried(me, HEADINGS, ENZO, ASSIA, kind=LeadKind.REGISTRATION_FILE, session=session.pk)
    run(batch, me)
    enzo = Candidate.objects.get(email="e.fontanel@example.org")
    assert (enzo.first_name, enzo.phone, enzo.department, enzo.region) == ("Enzo", "+33639987011", "93", "11")
    assert (enzo.stage, enzo.next_action, enzo.version) == (Stage.NEW, "call", 1)
    assert Candidate.objects.found_by("fontanel").get() == enzo
    lead = enzo.leads.get()
    assert (lead.source.key, lead.kind, lead.age_band, lead.entered_by) == ("import", "registration_file", "25_34", me)
    assert RegistrationFile.objects.count() == 2
    assert FollowUp.objects.filter(kind=FollowUpKind.REQUEST).count() == 2
    assert not Message.objects.exists() and not Consent.objects.exists()
    assert sum(CountDelta.objects.values_list("leads", flat=True)) == 2
    assert set(batch.rows.values_list("outcome", flat=True)) == {"done"}


def test_signs_that_mean_something_to_a_database_are_kept_as_typed(me):
    said = ["a\n\\.\nb", "\\N", 'say "so", then; \\n', "NULL"]
    lines = [f'Zoé;R;z{n}@example.org;;;;;"{text.replace(chr(34), chr(34) * 2)}"' for n, text in enumerate(said)]
    run(tried(me, HEADINGS, *lines), me)
    assert list(Lead.objects.order_by("pk").values_list("message", flat=True)) == said


def test_a_known_person_gets_the_request_and_what_was_missing_and_keeps_the_rest(me):
    known = CandidateFactory(email="e.fontanel@example.org", phone="", last_name="Durand", first_name="Enzo")
    run(tried(me, HEADINGS, ENZO), me)
    known.refresh_from_db()
    assert (known.phone, known.last_name, known.postal_code) == ("+33639987011", "Durand", "93000")
    assert known.leads.get().last_name == "Fontanel"


def test_what_the_file_says_otherwise_is_proposed_on_the_sheet_and_never_written_over_it(me):
    known = CandidateFactory(
        email="e.fontanel@example.org", phone="+33639981240", first_name="ENZO", postal_code="75011"
    )
    batch = run(tried(me, HEADINGS, ENZO), me)
    known.refresh_from_db()
    assert (known.phone, known.first_name, known.postal_code) == ("+33639981240", "ENZO", "75011")
    proposal = known.follow_ups.get(kind=FollowUpKind.PROPOSAL)
    fields = proposal.data["fields"]
    assert fields["phone"] == ["+33639981240", "+33639987011"] and fields["postal_code"] == ["75011", "93000"]
    assert "first_name" not in fields
    services.verify_address(candidate_id=known.pk, now=NOW)
    assert known.follow_ups.filter(kind=FollowUpKind.PROPOSAL).count() == 1
    services.accept_proposal(follow_up_id=proposal.pk, fields=["phone"], actor=me, expected_version=None, now=NOW)
    known.refresh_from_db()
    assert (known.phone, known.postal_code) == ("+33639987011", "75011")
    undo(batch, me)
    known.refresh_from_db()
    assert known.phone == "+33639987011" and batch.rows.get().outcome == "kept"


def test_another_teams_candidate_gets_the_request_and_no_change(me):
    known = CandidateFactory(email="e.fontanel@example.org", phone="", team=TeamFactory())
    run(tried(me, HEADINGS, ENZO), me)
    known.refresh_from_db()
    assert known.phone == "" and known.leads.get().team == known.team


def test_two_requests_of_one_new_person_are_one_person(me):
    batch = tried(me, HEADINGS, ENZO, ENZO.replace("Le concours ?", "La visite ?"))
    assert verdicts(batch) == {2: ("new", ""), 3: ("updated", Why.KNOWN)}
    run(batch, me)
    assert Candidate.objects.get().leads.count() == 2


def test_a_line_with_a_day_of_its_own_counts_in_that_week_and_restates_it_where_frozen(me):
    ask(now=datetime(2026, 11, 10, 9, tzinfo=UTC))
    freeze_due_weeks(NOW)
    batch = tried(me, HEADINGS, ENZO[:-14] + "10/11/2026;Le concours ?")
    run(batch, me)
    first, second = FrozenWeek.objects.filter(monday="2026-11-09").order_by("version")
    assert (first.information, second.information, second.people, second.newcomers) == (1, 2, 2, 2)
    undo(batch, me)
    third = FrozenWeek.objects.filter(monday="2026-11-09").order_by("version").last()
    assert (third.information, third.people, third.newcomers) == (1, 1, 1)


def test_people_who_share_something_are_listed_as_duplicates(me):
    CandidateFactory(phone="+33639987011")
    run(tried(me, HEADINGS, ENZO), me)
    assert DuplicateGroup.objects.filter(kind="phone").exists()


def test_however_many_share_something_all_are_listed(me):
    phones = [f"06 39 98 70 {n}" for n in range(10, 40)]
    run(
        tried(me, HEADINGS, *(f"Zoé;R;{who}{n}@example.org;{tel};;;;" for n, tel in enumerate(phones) for who in "ab")),
        me,
    )
    assert DuplicateGroup.objects.filter(kind="phone", team__isnull=True, size=2).count() == len(phones)


# --- undone ---------------------------------------------------------------------------------------------------------
def test_undone_everything_is_as_it_was(me):
    ask(email="a.meziane@example.org", now=NOW - timedelta(days=9))
    Candidate.objects.update(stage="closed", closed_reason="withdrawn", next_action="", next_action_at=None)
    before = everything()
    batch = tried(
        me,
        HEADINGS,
        ENZO,
        ENZO.replace("Le concours ?", "La visite ?"),
        ASSIA,
        ASSIA.replace("75011;;;", "75011;;;Et ?"),
    )
    run(batch, me)
    assert everything() != before
    undo(batch, me)
    assert everything() == before
    assert sum(CountDelta.objects.values_list("leads", flat=True)) == 1
    assert batch.state == BatchState.UNDONE and set(batch.rows.values_list("outcome", flat=True)) == {"undone"}


@pytest.mark.parametrize("touch", ["note", "move", "ask"])
def test_whom_somebody_has_touched_since_stays_and_is_named(me, touch):
    batch = run(tried(me, HEADINGS, ENZO, ASSIA), me)
    enzo = Candidate.objects.get(email="e.fontanel@example.org")
    later = NOW + timedelta(hours=1)
    if touch == "note":
        services.add_note(candidate_id=enzo.pk, text="Rappelle lundi", actor=me, now=later)
    elif touch == "move":
        services.move_candidate(candidate_id=enzo.pk, to=Stage.QUALIFIED, actor=me, expected_version=None, now=later)
    else:
        ask(email=enzo.email, message="Autre chose", now=later)
    undo(batch, me, now=later)
    assert list(Candidate.objects.all()) == [enzo]
    kept = batch.rows.get(outcome="kept")
    assert (kept.candidate, kept.why) == (enzo, Why.CHANGED_AFTER)


def test_who_asks_between_the_trial_and_the_run_was_there_before_and_stays(me):
    batch = tried(me, HEADINGS, ENZO)
    assert verdicts(batch) == {2: ("new", "")}
    ask(email="e.fontanel@example.org", message="La visite ?", now=NOW)
    before, later = everything(), NOW + timedelta(minutes=1)
    run(batch, me, now=later)
    assert Candidate.objects.get().leads.count() == 2
    undo(batch, me, now=later)
    assert everything() == before


def test_what_was_said_of_the_duplicates_of_a_line_goes_with_it(me):
    known = ask(email="a.meziane@example.org", phone="", now=NOW - timedelta(days=9)).lead.candidate
    other = ask(phone="+33639987011").lead.candidate
    before = everything()
    batch = run(tried(me, HEADINGS, ENZO, ASSIA.replace(";;75011", ";06 39 98 70 11;75011")), me)
    group = DuplicateGroup.objects.get(kind="phone", team__isnull=True)
    enzo = Candidate.objects.get(email="e.fontanel@example.org")
    assert group.size == 3 and known.pk in [person.pk for person in members_of(group)]
    services.tell_apart(group_id=group.pk, candidate_ids=[enzo.pk, other.pk], actor=staff(is_superuser=True), now=NOW)
    undo(batch, me)
    assert everything() == before and not ToldApart.objects.exists()


def test_a_trial_run_of_something_else_does_not_keep_a_line_from_being_taken_back(me):
    batch = run(tried(me, HEADINGS, ENZO), me)
    told = {"list_name": "lead", "query": "", "ids": [Lead.objects.get().pk], "actor": me, "now": NOW}
    spam = services.begin_act(kind=BatchKind.SPAM, **told)
    services.try_act(batch_id=spam.pk, options={}, actor=me, now=NOW)
    undo(batch, me)
    assert batch.state == BatchState.UNDONE and spam.rows.get().lead is None


def test_it_can_be_undone_for_thirty_days_and_no_longer(me):
    batch = run(tried(me, HEADINGS, ENZO), me)
    with pytest.raises(LeadsError):
        services.undo_batch(batch_id=batch.pk, actor=me, now=NOW + timedelta(days=31))


# --- the pages, the command -----------------------------------------------------------------------------------------
def test_a_file_goes_from_upload_to_the_counts_on_the_pages(client, me):
    ContestSessionFactory()
    file = SimpleUploadedFile("forum.csv", f"{HEADINGS};N° sécu\n{ENZO};1 06 07\n{ASSIA};\nx;y;;;;;;;\n".encode())
    page = client.post("/admin/leads/lead/import/", {"file": file})
    batch = Batch.objects.get()
    assert page.status_code == 303 and page.url == f"/admin/leads/batch/{batch.pk}/change/"
    shown = client.get(page.url).content.decode()
    assert "e.fontanel@example.org" in shown and "1 06 07" not in shown
    options = {"kind": "information", "source": "import", "session": ""}
    columns = {f"column_{place}": name for place, name in enumerate(batch.options["columns"])}
    assert client.post(page.url, {**options, **columns, "column_2": "", "column_3": ""}).status_code == 422
    assert client.post(page.url, {**options, **columns, "column_8": "note"}).status_code == 303
    assert client.get(page.url).context["to_do"] == 2
    refused = b"".join(client.get(f"/admin/leads/batch/{batch.pk}/rows/?show=refused")).decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(refused), delimiter=";")][1:] == ["4"]
    client.post(page.url, {"act": "confirm"})
    services.run_batches(clock=lambda: NOW + timedelta(days=30))
    assert Lead.objects.count() == 2
    assert not any("1 06 07" in line.text for line in FollowUp.objects.all())


def test_columns_are_remembered_for_the_same_headings(me):
    run(tried(me, "Qui;Où", "x;x@example.org", columns=["last_name", "email"]), me)
    assert begun(me, "Qui;Où", "y;y@example.org").options["columns"] == ["last_name", "email"]


def test_without_a_file_or_with_a_bad_one_the_page_says_what_to_do(client, me):
    assert client.post("/admin/leads/lead/import/", {}).status_code == 422
    bad = SimpleUploadedFile("x.xlsx", b"PK\x03\x04" + b"\0" * 50)
    assert client.post("/admin/leads/lead/import/", {"file": bad}).status_code == 422
    client.force_login(staff("managers"))
    assert client.get("/admin/leads/lead/import/").status_code == 403


def test_the_command_tries_and_writes(tmp_path, me, capsys):
    staff(is_superuser=True, username="admin")
    path = tmp_path / "forum.csv"
    path.write_text(f"{HEADINGS}\n{ENZO}\nx;y;;;;;;\n", encoding="utf-8")
    call_command("import_leads", str(path), "--dry-run")
    assert not Lead.objects.exists() and not Batch.objects.exists()
    assert "line 3" in capsys.readouterr().out
    call_command("import_leads", str(path))
    assert Lead.objects.count() == 1
    assert BatchRow.objects.filter(outcome="done").count() == 1


def test_files_go_after_a_week(me):
    batch = begun(me, HEADINGS, ENZO)
    path = batch.file
    services.forget_old_batches(now=NOW + timedelta(days=8))
    assert not default_storage.exists(path) and not Batch.objects.exists()
