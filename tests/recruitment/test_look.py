from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from recruitment.templatetags import look

NOON = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "letters"), [("Inès Morvan", "IM"), ("Jean-Paul de la Tour", "JT"), ("Yara", "Y"), ("", "")]
)
def test_a_face_shows_first_and_last_initials(name, letters):
    assert look.initials(name) == letters


def test_one_name_always_has_the_same_colour():
    assert look.face("Inès Morvan") == look.face("Inès Morvan")


def test_an_iso_string_is_a_time_like_any_other():
    with translation.override("en"):
        assert look.clock("2026-11-19T11:05:00Z") == "12:05"
    assert look.iso(NOON) == "2026-11-19T11:00:00Z"


def test_what_is_no_time_is_refused():
    with pytest.raises(ValueError, match="not a time"):
        look.clock("soon")


@pytest.mark.parametrize(
    ("path", "mark"), [("/rooms/", ' aria-current="page"'), ("/rooms/x/", ' aria-current="true"'), ("/", "")]
)
def test_the_navigation_marks_where_the_reader_is(path, mark):
    page = Template('{% load look %}{% here "/rooms/" %}')
    assert page.render(Context({"request": RequestFactory().get(path)})) == mark
