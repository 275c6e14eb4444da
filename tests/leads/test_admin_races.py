"""Two recruiters on one sheet at one moment: real threads, real requests, real connections."""

from functools import partial

import pytest
from django.test import Client

from leads.choices import FollowUpKind
from leads.models import FollowUp
from tests.leads.factories import CandidateFactory, RegistrationFileFactory
from tests.leads.staff import recruiter
from tests.leads.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def browser(name):
    client = Client()
    client.force_login(recruiter(last_name=name))
    return client


def post(client, address, values):
    return client.post(address, values)


@pytest.mark.parametrize("_round", range(3))
def test_of_eight_on_one_sheet_one_is_faster_and_nobody_loses_their_text(_round):
    candidate = CandidateFactory()
    people = [browser(f"Recruiter {number}") for number in range(8)]
    address = f"/admin/leads/candidate/{candidate.pk}/outcome/"
    forms = [{"expected_version": 1, "outcome": "voicemail", "text": f"Note {number}"} for number in range(8)]
    answers = at_once(*[partial(post, who, address, form) for who, form in zip(people, forms, strict=True)])
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 7
    assert FollowUp.objects.filter(kind=FollowUpKind.CALL).count() == 1
    for answer, form in zip(answers, forms, strict=True):
        if answer.status_code == 409:
            assert form["text"] in answer.content.decode()
            assert answer.context["changes"]


def test_a_file_is_moved_once_by_two_at_once():
    file = RegistrationFileFactory()
    address = f"/admin/leads/candidate/{file.candidate_id}/files/{file.pk}/"
    values = {"expected_version": 1, "to": "sent"}
    answers = at_once(*[partial(post, browser(name), address, values) for name in ("Morvan", "Meunier")])
    assert sorted(answer.status_code for answer in answers) in ([303, 409], [303, 422])
    assert FollowUp.objects.filter(kind=FollowUpKind.FILE).count() == 1
