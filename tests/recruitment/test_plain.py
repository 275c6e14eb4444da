"""Forms of the back office: choices, days and titles as the house has them, not as they come with the stock."""

import pytest

from leads.models import Absence
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
FORMS = {
    "moderators": ["chat/topic", "chat/speaker", "chat/paragraph", "chat/watchedword"],
    "managers": [
        "leads/cost",
        "leads/campaign",
        "leads/goal",
        "leads/pressline",
        "leads/contestsession",
        "leads/source",
    ],
    "recruiters": ["leads/absence"],
}


@pytest.mark.parametrize(("role", "form"), [(role, form) for role, forms in FORMS.items() for form in forms])
def test_a_new_row_has_one_way_to_be_saved_and_no_stock_furniture(client, role, form):
    client.force_login(recruiter() if role == "recruiters" else staff(role))
    page = client.get(f"/admin/{form}/add/").content.decode()
    assert "<h1>Ajouter\u00a0: " in page
    assert page.count('type="submit" value=') == 1
    for stock in ("related-widget-wrapper", "vDateField", "Ajout de"):
        assert stock not in page, stock


def test_a_day_is_taken_as_the_browsers_own_field_writes_it(client):
    user = recruiter()
    client.force_login(user)
    days = {"member": user.pk, "since": "2026-12-21", "until": "2026-12-24"}
    page = client.post("/admin/leads/absence/add/", days)
    assert page.status_code == 302
    row = Absence.objects.get()
    assert 'value="2026-12-21"' in client.get(f"/admin/leads/absence/{row.pk}/change/").content.decode()
