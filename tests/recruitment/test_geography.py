import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruitment.geography import ABROAD, department_of, departments, region_of, regions


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("93100", "93"),
        ("01000", "01"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20620", "2B"),
        ("97400", "974"),
        ("98713", "987"),
        ("75700", "75"),  # CEDEX
        ("94390", "91"),  # the four exceptions
        ("97133", "977"),
        ("97150", "978"),
        ("98799", "989"),
        ("98000", ABROAD),
        ("00100", None),
        ("99000", None),
        ("9310", None),
        ("931000", None),
        ("٩٣١٠٠", None),
        ("", None),
    ],
)
def test_a_postal_code_tells_its_departement(code, department):
    assert department_of(code) == department


@given(st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_every_postal_code_has_a_departement_with_a_region_or_is_abroad_or_unknown(code):
    department = department_of(code)
    assert department in (None, ABROAD) or (department in departments() and region_of(department) in regions())


@given(st.text())
def test_no_text_breaks_it(text):
    assert department_of(text) is None or len(text) == 5


def test_every_departement_has_a_region():
    assert all(region_of(code) in regions() for code in departments())
    assert len(departments()) == 109
    assert len(regions()) == 26
