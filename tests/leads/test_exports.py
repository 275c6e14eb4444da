"""A list taken away: just what is on screen, harmless to a spreadsheet, with a reason that each sheet tells."""

import csv
import io
from datetime import date

import pytest
from asgiref.sync import async_to_sync
from django.utils.dateparse import parse_datetime

from leads import candidate_file
from leads.admin.lists import WorkList
from leads.admin.paging import BoundedPaginator
from leads.choices import DiplomaLevel
from leads.idsets import BLOCK, block_of, holds, packed
from leads.models import Candidate, Export, ExportedBlock, Organisation
from leads.readers import may_read_at_once
from leads.retention import retain_until
from tests.leads.factories import CandidateFactory, ContestSessionFactory, TeamFactory, ask, ask_for_file
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/candidate/"
EXPORT = f"{LIST}export/"
SHEET = "/admin/leads/candidate/{}/change/"


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


@async_to_sync
async def parts_of(response) -> list[bytes]:
    return [part async for part in response]


def lines_of(client, query="", reason="Relance de Bobigny"):
    response = client.post(f"{EXPORT}?{query}", {"reason": reason})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(parts_of(response)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def on_screen(client, query):
    return [str(row.pk) for row in client.get(f"{LIST}?{query}").context["cl"].result_list]


@pytest.mark.parametrize(
    "query", ["", "region=11", "q=delorme", "q=delorme&region=11", "o=1", "o=-1", "view=due", "p=1"]
)
def test_the_file_holds_the_list_on_screen_in_its_order(client, me, query):
    for code, name in (("93100", "Delorme"), ("75019", "Vanier"), ("69001", "Delorme"), ("75001", "Abdou")):
        ask(postal_code=code, last_name=name)
    Candidate.objects.filter(last_name="Abdou").update(asked_at="2020-01-01T00:00:00Z")
    assert [line[0] for line in lines_of(client, query)] == on_screen(client, query)


def test_the_button_says_how_many_it_takes_away_and_takes_just_those(client, me, monkeypatch):
    for code in ("93100", "75019", "69001"):
        ask(postal_code=code)
    page = client.get(f"{LIST}?region=11&o=1", headers={"accept-language": "fr"}).content.decode()
    assert f'href="{EXPORT}?region=11&amp;o=1"' in page and "Exporter ces 2</a>" in page
    assert len(lines_of(client, "region=11&o=1")) == 2
    assert (
        "Exporter celui-ci</a>" in client.get(f"{LIST}?region=84", headers={"accept-language": "fr"}).content.decode()
    )
    monkeypatch.setattr(BoundedPaginator, "counted_to", 1)
    monkeypatch.setattr(WorkList, "list_per_page", 1)
    assert "Exporter toute la liste</a>" in client.get(LIST, headers={"accept-language": "fr"}).content.decode()


@pytest.mark.on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_connections_read_a_file_whose_order_stays(client, me, monkeypatch):
    monkeypatch.setattr(candidate_file, "PAGE", 2)
    for _ in range(7):
        CandidateFactory()
    assert may_read_at_once()
    assert [int(line[0]) for line in lines_of(client)] == [int(pk) for pk in on_screen(client, "")]


def test_other_teams_and_merged_sheets_are_in_no_file(client, me):
    mine, merged = CandidateFactory(), CandidateFactory()
    Candidate.objects.filter(pk=merged.pk).update(merged_into=mine)
    CandidateFactory(team=TeamFactory())
    assert [line[0] for line in lines_of(client)] == [str(mine.pk)]


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")'])
def test_no_cell_begins_like_a_formula(client, me, bad):
    Candidate.objects.filter(pk=ask(phone="+33639981240").lead.candidate_id).update(last_name=bad, first_name=bad)
    (line,) = lines_of(client)
    assert line[1] == line[2] == f"'{bad}"
    assert line[4] == "'+33639981240"
    assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_line_says_what_the_sheet_says(client, me):
    session = ContestSessionFactory()
    lead = ask_for_file(session, postal_code="93100", email="amina@example.org").lead
    Candidate.objects.update(owner=me)
    (line,) = lines_of(client)
    assert line[:6] == [str(lead.candidate_id), "Courtial", "Amina", "amina@example.org", "", "93100"]
    assert line[6:8] == ["Seine-Saint-Denis", "Île-de-France"]
    assert "Inès Morvan" in line and str(session) in line


@pytest.mark.parametrize(
    ("place", "word"),
    [({"postal_code": "00999"}, "inconnu"), ({"postal_code": ""}, "inconnu"), ({"is_abroad": True}, "à l’étranger")],
)
def test_a_place_that_is_not_known_is_told_in_a_word(client, me, place, word):
    ask(email="x@example.org", **place)
    (line,) = lines_of(client)
    assert line[6:8] == [word, word]


def test_the_reason_is_asked_and_without_it_nothing_is_handed_out_or_written(client, me):
    ask()
    assert client.get(EXPORT).status_code == 200
    assert client.post(EXPORT, {"reason": " "}).status_code == 422
    assert Export.objects.count() == 0


def test_the_export_stands_on_the_sheet_of_those_in_it_alone(client, me):
    taken, other = ask(postal_code="93100").lead.candidate, ask(postal_code="69001").lead.candidate
    lines_of(client, "region=11", reason="Forum de Bobigny")
    export = Export.objects.get()
    assert (export.rows, export.by, export.query) == (1, me, "region=11")
    assert "Forum de Bobigny" in client.get(SHEET.format(taken.pk)).content.decode()
    assert "Forum de Bobigny" not in client.get(SHEET.format(other.pk)).content.decode()


def test_who_may_follow_nobody_up_exports_nothing(client, me):
    ask()
    for groups in (["managers"], ["moderators"]):
        client.force_login(staff(*groups))
        assert client.post(EXPORT, {"reason": "x"}).status_code == 403
    assert Export.objects.count() == 0


def test_a_filter_that_is_none_leads_back_to_the_list(client, me):
    assert client.get(f"{EXPORT}?nonsense__x=1").status_code in (303, 400)
    assert client.post(f"{EXPORT}?nonsense__x=1", {"reason": "x"}).status_code in (303, 400)


def test_a_long_list_goes_out_in_pages(client, me, monkeypatch):
    monkeypatch.setattr(candidate_file, "PAGE", 2)
    CandidateFactory.create_batch(5)
    parts = parts_of(client.post(EXPORT, {"reason": "x"}))
    assert [part.count(b"\r\n") for part in parts] == [1, 2, 2, 1]


def test_a_file_takes_as_many_queries_for_three_people_as_for_one(client, me, django_assert_max_num_queries):
    ask()
    lines_of(client)
    with django_assert_max_num_queries(16) as one:
        lines_of(client)
    for _ in range(2):
        ask()
    with django_assert_max_num_queries(16) as three:
        lines_of(client)
    assert len(one) == len(three)


@pytest.mark.parametrize("name", ['d\'Été; dit "le grand"', "a\\b", "\\.", '"', "été 100 %", ""])
def test_every_sign_of_a_cell_comes_through(client, me, name):
    Candidate.objects.filter(pk=ask().lead.candidate_id).update(last_name=name)
    ((_number, last, *_more),) = lines_of(client)
    assert last == name


@pytest.mark.parametrize("stage", ["new", "registered"])
@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize("at", ["2024-01-31T22:30Z", "2024-01-31T23:30Z", "2023-02-28T12:00Z", "2024-02-29T12:00Z"])
def test_kept_until_is_what_the_sheet_says(client, me, stage, agreed, at):
    given = ("recontact",) if agreed else ()
    Organisation.objects.filter(pk=Organisation.objects.current().pk).update(months_without_consent=13)
    person = ask(consents=given).lead.candidate
    Candidate.objects.filter(pk=person.pk).update(last_contact_at=parse_datetime(at), stage=stage)
    person.refresh_from_db()
    (line,) = lines_of(client)
    assert line[-1] == retain_until(person, Organisation.objects.current(), agreed=agreed).isoformat()


def test_moments_are_those_of_the_site_and_choices_are_called_by_their_names(client, me):
    person = ask(birth_date=date(1999, 3, 1), diploma_level=DiplomaLevel.values[1]).lead.candidate
    Candidate.objects.filter(pk=person.pk).update(
        asked_at=parse_datetime("2026-07-01T22:05Z"), created_at=parse_datetime("2026-01-01T23:05Z"), is_abroad=True
    )
    (line,) = lines_of(client)
    assert line[8:11] == ["oui", "1999-03-01", str(DiplomaLevel.labels[1])]
    assert line[17:19] == ["2026-07-02 00:05", "2026-01-02 00:05"]


def test_a_packed_set_holds_what_was_put_in_and_nothing_else():
    ids = {1, 7, 8, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 3}
    blocks = packed(ids)
    assert sorted(blocks) == [0, 1, 5]
    tried = ids | {pk + 1 for pk in ids} | {pk - 1 for pk in ids}
    assert {pk for pk in tried if block_of(pk) in blocks and holds(blocks[block_of(pk)], pk)} == ids


def test_a_million_ids_are_sixteen_rows():
    assert len(packed(range(1, 1_000_001))) == 16
    assert ExportedBlock.objects.count() == 0
