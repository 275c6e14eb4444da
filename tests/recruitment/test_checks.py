import pytest

from leads.models import Organisation
from recruitment.checks import check_colours, contrast_with_white


@pytest.mark.parametrize(("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_contrast_is_that_of_the_standard(colour, contrast):
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)


@pytest.mark.django_db
def test_a_dark_accent_is_no_matter():
    assert check_colours() == []


@pytest.mark.django_db
def test_a_pale_accent_is_a_warning():
    Organisation.objects.update(accent="#3a7bd5")
    assert [found.id for found in check_colours()] == ["recruitment.W003"]
