"""Letters that no French keyboard has are found as they are typed without them, and stored columns are folded anew."""

import importlib
import itertools

import pytest
from django.apps import apps
from django.db import connection

from chat.models import Question
from leads import services
from leads.errors import NotAllowed
from leads.models import Candidate, Lead, Receipt
from leads.references import check_character
from recruitment.text import without_accents
from tests.factories import QuestionFactory
from tests.leads.factories import NOW, CandidateFactory, ask
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/candidate/"
NAMES = {
    "Łukasz Wałęsa": "lukasz walesa",
    "Đặng Thị": "dang thi",
    "Søren Ǿrsted": "soren orsted",
    "Straße": "strasse",
    "Æon Cœur Ǽgir": "aeon coeur aegir",
    "Þór Guðrún": "thor gudrun",
    "Ħal Ŧor Ŋai Kırım": "hal tor nai kirim",
    "Élodie Nuñez": "elodie nunez",
}


@pytest.fixture
def me(client):
    user = recruiter()
    client.force_login(user)
    return user


def shown(client, typed, path=LIST):
    return [str(row) for row in client.get(path, {"q": typed}).context["cl"].result_list]


@pytest.mark.parametrize(("name", "typed"), NAMES.items())
def test_a_name_is_found_as_it_is_written_and_without_its_letters(client, me, name, typed):
    CandidateFactory(first_name=name, last_name="")
    CandidateFactory()
    assert without_accents(name) == typed
    for words in (name, name.upper(), typed, typed.split()[0]):
        assert shown(client, words) == [name]


def test_what_was_stored_before_is_folded_anew():
    ask(email="a@example.org", first_name="Łukasz", last_name="Đặng")
    question = QuestionFactory(text="Søren demande")
    Candidate.objects.update(search=" łukasz đang a@example.org", name_key="đang łukasz")
    Lead.objects.update(search=" łukasz đang a@example.org")
    Question.objects.update(search_text="søren demande")
    for app, name in (("leads", "0031_plain_letters"), ("chat", "0008_plain_letters")):
        importlib.import_module(f"{app}.migrations.{name}").fold(apps, None)
    person = Candidate.objects.get()
    assert (person.search, person.name_key) == (" lukasz dang a@example.org", "dang lukasz")
    assert Lead.objects.get().search == " lukasz dang a@example.org"
    question.refresh_from_db()
    assert question.search_text == "soren demande"


def test_two_of_one_phone_who_have_a_name_in_common_by_now_stay_two():
    first = CandidateFactory(email="", first_name="Lukasz", last_name="Nowak")
    other = CandidateFactory(email="", first_name="Lukas", last_name="Nowak")
    Candidate.objects.filter(pk=other.pk).update(name_key="nowak łukasz", search=" łukasz nowak")
    importlib.import_module("leads.migrations.0031_plain_letters").fold(apps, None)
    keys = dict(Candidate.objects.values_list("pk", "name_key"))
    assert keys == {first.pk: "nowak lukasz", other.pk: "nowak łukasz"}
    assert Candidate.objects.get(pk=other.pk).search == " lukasz nowak"
    with pytest.raises(NotAllowed):  # until the two are compared
        services.correct_candidate(
            candidate_id=other.pk,
            values={"first_name": "Łukasz"},
            actor=recruiter(),
            expected_version=None,
            now=NOW,
        )


def whole(start, signs):
    """The first nine of `signs` that begin so and read like a reference without its prefix."""
    bodies = (start + "".join(end) for end in itertools.product(signs, repeat=4))
    return next(body + last for body in bodies if (last := check_character(body)) and last in signs)


# --- references -----------------------------------------------------------------------------------------------------
def test_a_reference_is_found_without_its_prefix(client, me):
    receipt = ask(first_name="Amina")
    ask(email="b@example.org", first_name="Yanis")
    tail = receipt.reference.partition("-")[2]
    for typed in (tail, tail.lower(), tail.replace("-", ""), f" {tail.replace('-', ' ')} "):
        assert shown(client, typed) == ["Amina Courtial"]
        leads = client.get("/admin/leads/lead/", {"q": typed}).context["cl"].result_list
        assert [lead.pk for lead in leads] == [receipt.lead_id]


def test_digits_alone_may_be_a_reference_or_the_middle_of_a_phone(client, me):
    digits = whole("2345", "23456789")
    CandidateFactory(phone=f"+33{digits}", first_name="Par", last_name="Téléphone")
    assert shown(client, digits) == ["Par Téléphone"]
    receipt = ask(email="b@example.org", first_name="Par", last_name="Référence")
    Receipt.objects.filter(pk=receipt.pk).update(reference=f"PN-{digits[:4]}-{digits[4:8]}-{digits[8]}")
    assert shown(client, digits) == ["Par Référence"]


def test_a_name_that_reads_like_a_reference_is_found_as_a_name(client, me):
    name = whole("BERN", "AEST")
    CandidateFactory(first_name="", last_name=name.title())
    assert shown(client, name) == [name.title()]


def test_managers_find_it_too_and_nothing_by_a_part_of_it(client):
    client.force_login(staff("managers"))
    receipt = ask()
    ask(email="b@example.org")
    tail = receipt.reference.partition("-")[2]
    found = client.get("/admin/leads/lead/", {"q": tail.lower()}).context["cl"].result_list
    assert [lead.pk for lead in found] == [receipt.lead_id]
    assert not client.get("/admin/leads/lead/", {"q": tail[:4]}).context["cl"].result_list


@pytest.mark.on_postgres
def test_letters_and_tails_are_looked_up_in_indexes():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Candidate.objects.filter(search__contains=without_accents("Łukasz")).explain()
    assert "candidate_search_trigrams" in plan or "Bitmap Index Scan" in plan
    assert "receipt_by_tail" in Receipt.objects.filter(tail="7K3M-9QTX-4").explain()
