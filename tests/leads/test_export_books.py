"""A list as a workbook: written by a task, the same cells as the CSV, handed out by a link that ends, swept."""

import csv
import io
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage
from django.test import Client

from leads import candidate_book, services
from leads.admin import exported
from leads.batch_words import BatchKind, BatchState
from leads.errors import NotAllowed
from leads.models import Batch, Candidate, Export
from leads.services import exports
from leads.uploads import names_in
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, TeamFactory, ask, ask_for_file
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
EXPORT = "/admin/leads/candidate/export/"
XLSX = {"reason": "Forum de Bobigny", "format": "xlsx"}


@pytest.fixture(autouse=True)
def _private_storage(settings, tmp_path):
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


@async_to_sync
async def content_of(response) -> bytes:
    return b"".join([part async for part in response])


def begun(client, query=""):
    response = client.post(f"{EXPORT}?{query}", XLSX)
    assert response.status_code == 303
    return Batch.objects.get(pk=re.search(r"batch/(\d+)/", response["Location"])[1])


def run(batch, now=NOW):
    services.run_batches(clock=lambda: now)
    batch.refresh_from_db()
    return batch


def page_of(batch):
    return f"/admin/leads/batch/{batch.pk}/change/"


def rows_of(batch):
    with default_storage.open(batch.file) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    return [list(row) for row in book.active.iter_rows()]


def as_in_csv(cell):
    """What the CSV writes for a cell of the workbook."""
    value = cell.value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if "h" in cell.number_format else f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def some_people(me):
    full = ask_for_file(ContestSessionFactory(), postal_code="93100", email="amina@example.org", last_name="=1+1")
    Candidate.objects.filter(pk=full.lead.candidate_id).update(
        owner=me, phone="+33639981240", birth_date=date(1999, 3, 1), first_name="", next_action_at=NOW
    )
    ask(postal_code="75001", last_name="Été;\"<&>'", is_abroad=True)
    ask(postal_code="69001")


def test_the_workbook_holds_the_cells_of_the_csv_with_numbers_days_and_texts_as_such(client, me, monkeypatch):
    monkeypatch.setattr(candidate_book, "PAGE", 2)
    some_people(me)
    text = content_of(client.post(f"{EXPORT}?o=1", {"reason": "x", "format": "csv"})).decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(text), delimiter=";")
    top, *rows = rows_of(run(begun(client, "o=1")))
    assert [cell.value for cell in top] == heading
    assert [[as_in_csv(cell) for cell in row] for row in rows] == [
        [cell.removeprefix("'") for cell in line] for line in lines
    ]
    row = next(row for row in rows if row[1].value == "=1+1")
    assert [cell.data_type for cell in row[:5]] == ["n", "s", "n", "s", "s"]  # an empty cell counts as a number
    assert row[4].value == "+33639981240" and row[2].value is None
    assert row[9].value == datetime(1999, 3, 1) and row[16].is_date and row[21].is_date  # noqa: DTZ001


def test_it_is_the_list_on_screen_of_those_one_follows_up_and_it_is_recorded(client, me):
    mine, _other = ask(postal_code="93100").lead.candidate, ask(postal_code="69001")
    CandidateFactory(team=TeamFactory(), postal_code="93100", region="11")
    batch = begun(client, "region=11")
    ask(postal_code="93200")  # comes later than the list was taken
    assert [row[0].value for row in rows_of(run(batch))[1:]] == [mine.pk]
    export = Export.objects.get()
    assert (export.rows, export.by, export.query, export.reason) == (1, me, "region=11", "Forum de Bobigny")
    assert "Forum de Bobigny" in client.get(f"/admin/leads/candidate/{mine.pk}/change/").content.decode()


def test_its_page_says_how_far_it_is_and_then_hands_out_the_file_by_a_link_that_ends(client, me, monkeypatch):
    ask()
    batch = begun(client)
    waiting = client.get(page_of(batch))
    assert waiting["Refresh"] and "download" not in waiting.content.decode().split("</header>")[-1]
    assert client.post(page_of(batch), {"act": "download"})["Location"] == page_of(batch)  # not there yet
    run(batch)
    done = client.get(page_of(batch))
    assert "Refresh" not in done and 'value="download"' in done.content.decode()
    link = client.post(page_of(batch), {"act": "download"})["Location"]
    response = client.get(link)
    assert response["Content-Disposition"].endswith('.xlsx"') and "no-store" in response["Cache-Control"]
    with default_storage.open(batch.file) as file:
        assert content_of(response) == file.read()
    assert client.post(link).status_code == 405
    assert client.get(link[:-2] + "x/")["Location"] == page_of(batch)
    other = Client()
    other.force_login(recruiter())
    assert other.get(link).status_code == other.get(page_of(batch)).status_code == 404
    monkeypatch.setattr(exported, "LINK_SECONDS", -1)
    assert client.get(link)["Location"] == page_of(batch)


def test_more_rows_than_a_sheet_has_are_refused_and_nothing_is_recorded(client, me, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    for _ in range(2):
        ask()
    begun(client)
    ask()
    response = client.post(EXPORT, XLSX)
    assert response.status_code == 422
    assert "CSV" in " ".join(response.context["form"].errors["format"])
    assert Export.objects.count() == Batch.objects.count() == 1


def test_an_export_is_not_undone(client, me):
    ask()
    batch = run(begun(client))
    with pytest.raises(NotAllowed):
        services.undo_batch(batch_id=batch.pk, actor=me, now=NOW)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE and Export.objects.count() == 1


def test_what_a_dead_worker_left_is_written_anew_by_the_next(client, me, monkeypatch):
    monkeypatch.setattr(candidate_book, "PAGE", 1)
    for _ in range(3):
        ask()
    batch = begun(client)
    abandoned = exports.write_list(batch.pk)
    next(abandoned)
    batch.refresh_from_db()
    assert batch.options["written"] == 1
    assert len(rows_of(run(batch))) == 4
    assert list(abandoned) == [None, None]  # it was slow, not dead: the file of the other stays
    batch.refresh_from_db()
    assert names_in("lists") == [batch.file] and batch.state == BatchState.DONE


def test_a_file_goes_after_a_week_and_one_that_no_export_names_after_a_day(client, me):
    ask()
    batch = run(begun(client))
    left = default_storage.save("lists/left.xlsx", io.BytesIO(b"x"))
    at = batch.created_at
    services.forget_old_batches(now=at + timedelta(days=6))
    assert default_storage.exists(batch.file) and not default_storage.exists(left)
    services.forget_old_batches(now=at + timedelta(days=8))
    assert names_in("lists") == []
    assert "download" not in client.get(page_of(batch)).content.decode().split("</header>")[-1]
    assert client.post(page_of(batch), {"act": "download"})["Location"] == page_of(batch)


def test_who_is_erased_is_in_no_file_that_is_kept_or_being_written(
    client, me, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(candidate_book, "PAGE", 1)
    gone, stays = ask(postal_code="93100").lead.candidate, ask(postal_code="69001").lead.candidate
    kept, other = run(begun(client)), run(begun(client, "region=84"))
    going = begun(client)
    writing = exports.write_list(going.pk)
    next(writing)
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_candidate(candidate_id=gone.pk, now=NOW)
    assert list(writing) == [None]
    for batch in (kept, other, going):
        batch.refresh_from_db()
    assert [batch.state for batch in (kept, other, going)] == ["failed", "done", "failed"]
    assert names_in("lists") == [other.file] and rows_of(other)[1][0].value == stays.pk


def test_three_people_take_as_many_queries_as_one(client, me, django_assert_max_num_queries):
    def queries():
        batch = begun(client)
        with django_assert_max_num_queries(17) as written:
            run(batch)
        with django_assert_max_num_queries(10) as shown:
            client.get(page_of(batch))
        return len(written), len(shown)

    ask()
    one = queries()
    for _ in range(2):
        ask()
    assert queries() == one


def test_the_list_of_batches_names_it(client, me):
    ask()
    begun(client)
    page = client.get("/admin/leads/batch/").content.decode()
    assert str(BatchKind.EXPORT.label) in page
